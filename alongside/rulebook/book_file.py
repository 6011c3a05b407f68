"""One book file read into rules, with every mistake in it named by file, rule and key, all at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from alongside.rulebook import catalogue
from alongside.rulebook.limits import Before, Limit, MalformedLimit, parse_limit
from alongside.rulebook.model import Book, Condition, Example, Rule, Source
from alongside.rulebook.yaml_files import read_yaml

GRADES = ("P", "S", "S-old", "U", "L")
OWNERS = (
    "any",
    "cps",
    "hmcts",
    "isva-service",
    "police",
    "probation",
    "victim-care-unit",
    "witness-care-unit",
)
ANYONE = "anyone"

_BOOK_KEYS = ("name", "title", "series", "in_force", "source", "rules")
_RULE_KEYS = (
    "id", "title", "good", "right", "owner", "who", "trigger", "unless", "done_by", "about_trigger", "limit",
    "enhanced_limit", "grade", "source", "note", "commenced", "examples",
)  # fmt: skip
_OPTIONAL = ("right", "unless", "about_trigger", "enhanced_limit", "note", "commenced")
_CONDITION = re.compile(r"([a-z_]+\.[a-z_]+)(?:\[([a-z_]+)=([A-Za-z0-9_-]+)\])?")
_RULE_ID = re.compile(r"[A-Z][A-Z0-9]{0,3}-[A-Z0-9]{1,4}")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RIGHTS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a book, and where."""

    file: str
    rule: str | None
    key: str | None
    says: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.rule, self.key, self.says) if part)


@dataclass(slots=True)
class BookReader:
    """Reads one book and gathers what is wrong with it."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)

    def read(self, text: str) -> Book | None:
        """The book, or none where mistakes leave nothing to hold on to."""
        try:
            said = read_yaml(text)
        except yaml.YAMLError as error:
            self._add(None, None, f"is not YAML: {' '.join(str(error).split())}")
            return None
        if not isinstance(said, dict):
            self._add(
                None, None, "is not a book: it should begin with name, title, series, in_force and rules"
            )
            return None
        self._check_keys(None, said, _BOOK_KEYS, optional=())
        name = self._text(None, said, "name", matching=_NAME) or "?"
        rules = [rule for entry in self._entries(said) if (rule := self._rule(name, entry)) is not None]
        self._check_ids(rules)
        in_force = self._in_force(said.get("in_force"))
        source = self._source(None, said.get("source"))
        title = self._text(None, said, "title")
        series = self._text(None, said, "series", matching=_NAME)
        if self.mistakes or not (in_force and source and title and series):
            return None
        return Book(name, title, series, in_force[0], in_force[1], source, tuple(rules))

    def _entries(self, said: Mapping[str, Any]) -> list[dict[str, Any]]:
        entries = said.get("rules")
        if not isinstance(entries, list) or not entries:
            self._add(None, "rules", "must be a list of rules")
            return []
        for number, entry in enumerate(entries, start=1):
            if not isinstance(entry, dict):
                self._add(None, f"rules[{number}]", "must be a rule with an id, a title and so on")
        return [entry for entry in entries if isinstance(entry, dict)]

    def _rule(self, book: str, said: dict[str, Any]) -> Rule | None:
        before = len(self.mistakes)
        rule_id = str(said.get("id", "a rule without an id"))
        self._check_keys(rule_id, said, _RULE_KEYS, optional=_OPTIONAL)
        self._text(rule_id, said, "id", matching=_RULE_ID)
        text = {key: self._text(rule_id, said, key) for key in ("title", "good")}
        chosen = {
            "owner": self._one_of(rule_id, said, "owner", OWNERS),
            "grade": self._one_of(rule_id, said, "grade", GRADES),
        }
        right = said.get("right")
        if right is not None and right not in _RIGHTS:
            self._add(rule_id, "right", f"must be a number from 1 to 12, not {right!r}")
        about_trigger = said.get("about_trigger", False)
        if not isinstance(about_trigger, bool):
            self._add(rule_id, "about_trigger", f"must be true or false, not {about_trigger!r}")
        note, commenced = said.get("note"), said.get("commenced")
        if commenced is not None and not isinstance(commenced, date):
            self._add(rule_id, "commenced", f"must be a date such as 2026-01-12, not {commenced!r}")
        who = self._who(rule_id, said.get("who"))
        trigger = self._conditions(rule_id, said, "trigger")
        done_by = self._conditions(rule_id, said, "done_by")
        unless = said.get("unless")
        if unless is not None:
            self._check_fact(rule_id, "unless", unless)
        limit = self._limit(rule_id, said, "limit")
        enhanced_limit = self._limit(rule_id, said, "enhanced_limit") if "enhanced_limit" in said else None
        source = self._source(rule_id, said.get("source"))
        examples = self._examples(rule_id, said.get("examples"))
        if len(self.mistakes) > before or limit is None or source is None:
            return None
        return Rule(
            book=book, id=rule_id, title=str(text["title"]), good=str(text["good"]), right=right,
            owner=str(chosen["owner"]), who=who, trigger=trigger, unless=unless, done_by=done_by,
            about_trigger=about_trigger, limit=limit, enhanced_limit=enhanced_limit,
            grade=str(chosen["grade"]), source=source, note=note, commenced=commenced, examples=examples,
        )  # fmt: skip

    def _add(self, rule: str | None, key: str | None, says: str) -> None:
        self.mistakes.append(Mistake(self.file, rule, key, says))

    def _check_keys(
        self, rule: str | None, said: Mapping[str, Any], known: tuple[str, ...], *, optional: tuple[str, ...]
    ) -> None:
        for key in said:
            if key not in known:
                close = catalogue.closest(str(key), known)
                self._add(rule, str(key), f"is not a key; did you mean {close}?")
        for key in known:
            if key not in said and key not in optional:
                self._add(rule, key, "is missing")

    def _text(
        self,
        rule: str | None,
        said: Mapping[str, Any],
        key: str,
        *,
        matching: re.Pattern[str] | None = None,
    ) -> str | None:
        value = said.get(key)
        if key not in said:
            return None
        if not isinstance(value, str) or not value.strip():
            self._add(rule, key, f"must be text, not {value!r}")
            return None
        if matching and not matching.fullmatch(value):
            self._add(rule, key, f"{value!r} is not the form of {key}s here; compare those of other rules")
            return None
        return " ".join(value.split())

    def _one_of(self, rule: str, said: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str | None:
        value = said.get(key)
        if key in said and value not in known:
            self._add(rule, key, f"{value!r} is none of {', '.join(known)}")
        return value

    def _in_force(self, said: object) -> tuple[date, date | None] | None:
        if not isinstance(said, dict) or not isinstance(said.get("from"), date):
            self._add(None, "in_force", "must say from (a date) and until (a date or null)")
            return None
        until = said.get("until")
        if until is not None and (not isinstance(until, date) or until <= said["from"]):
            self._add(None, "in_force", "until must be a date after from, or null")
            return None
        return said["from"], until

    def _source(self, rule: str | None, said: object) -> Source | None:
        if not isinstance(said, dict) or not isinstance(said.get("title"), str):
            self._add(rule, "source", "must have a title, and a url where there is one")
            return None
        url = said.get("url")
        if url is not None and not str(url).startswith("https://"):
            self._add(rule, "source", f"url must begin with https://, not {url!r}")
        return Source(said["title"], url)

    def _who(self, rule: str, said: object) -> tuple[frozenset[str], ...]:
        persons = self._list(rule, "who", said, "the persons, such as `victim and enhanced`")
        alternatives = []
        for person in persons:
            tags = [] if person == ANYONE else person.split(" and ")
            for tag in tags:
                self._check_fact(rule, "who", tag)
            alternatives.append(frozenset(tags))
        return tuple(alternatives)

    def _conditions(self, rule: str, said: Mapping[str, Any], key: str) -> tuple[Condition, ...]:
        if key not in said:
            return ()
        found = []
        for text in self._list(rule, key, said[key], "event kinds"):
            parts = _CONDITION.fullmatch(text)
            if parts is None:
                self._add(rule, key, f"{text!r} is not a kind of event, nor a kind[key=value]")
                continue
            if (wrong := _wrong_condition(parts[1], parts[2], parts[3])) is not None:
                self._add(rule, key, wrong)
            found.append(Condition(parts[1], parts[2], parts[3]))
        return tuple(found)

    def _limit(self, rule: str, said: Mapping[str, Any], key: str) -> Limit | None:
        if key not in said:
            return None
        try:
            limit = parse_limit(str(said[key]))
        except MalformedLimit as error:
            self._add(rule, key, str(error))
            return None
        for kind in limit.kinds if isinstance(limit, Before) else ():
            if kind not in catalogue.kinds():
                self._add(rule, key, catalogue.unknown_kind(kind))
        return limit

    def _examples(self, rule: str, said: object) -> tuple[Example, ...]:
        if not isinstance(said, list) or not said:
            if said is not None:
                self._add(rule, "examples", "must be a list of at least one worked example")
            return ()
        examples = [self._example(rule, number, each) for number, each in enumerate(said, start=1)]
        return tuple(example for example in examples if example is not None)

    def _example(self, rule: str, number: int, said: object) -> Example | None:
        key = f"examples[{number}]"
        needed = {"name", "events", "expect"}
        if not isinstance(said, dict) or not needed <= said.keys() <= needed | {"facts", "as_of"}:
            self._add(rule, key, "must have name, events and expect, and may have facts and as_of")
            return None
        expect = said["expect"] if isinstance(said["expect"], list) else [said["expect"]]
        if not all(isinstance(row, dict) for row in expect):
            self._add(rule, key, "expect must be what the duty shows, such as {due: 2026-03-09, state: open}")
            return None
        facts = said.get("facts") or []
        for tag in facts:
            self._check_fact(rule, key, tag)
        events = tuple(str(event) for event in said["events"])
        as_of = said.get("as_of")
        return Example(
            str(said["name"]), tuple(facts), events, as_of if as_of is None else str(as_of), tuple(expect)
        )

    def _list(self, rule: str, key: str, said: object, what: str) -> list[str]:
        if said is None:
            return []
        if not isinstance(said, list) or not said or not all(isinstance(each, str) for each in said):
            self._add(rule, key, f"must be a list of {what}")
            return []
        return said

    def _check_fact(self, rule: str, key: str, tag: object) -> None:
        if tag not in catalogue.facts():
            close = catalogue.closest(str(tag), catalogue.facts())
            self._add(rule, key, f"{tag!r} is not a declared fact; the nearest is {close}")

    def _check_ids(self, rules: list[Rule]) -> None:
        seen: set[str] = set()
        for rule in rules:
            if rule.id in seen:
                self._add(rule.id, "id", "is used twice in this book")
            seen.add(rule.id)


def _wrong_condition(kind: str, key: str | None, value: str | None) -> str | None:
    known = catalogue.kinds().get(kind)
    if known is None:
        return catalogue.unknown_kind(kind)
    if key is None:
        return None
    if key not in known.data:
        return f"{kind} has no data.{key}; it has {', '.join(known.data) or 'no data'}"
    values = known.data[key].values
    if values and value not in values:
        return f"data.{key} of {kind} is never {value!r}; it is one of {', '.join(values)}"
    return None
