"""A set of books made ready for the engine: rules found by what triggers them and whom they are for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alongside.rulebook.calendar import end_of_london_day
from alongside.rulebook.limits import Limit
from alongside.rulebook.model import Book, Condition, Event, Rule

_MEMO_SIZE = 20_000


class UnknownBook(LookupError):
    """A book was named that is not held."""


@dataclass(frozen=True, slots=True)
class Application:
    """A rule as it applies to a person with certain facts."""

    rule: Rule
    waived: bool
    enhanced: bool
    limit: Limit
    limit_text: str
    conditions: tuple[Condition, ...]
    governs_from: datetime | None
    governs_until: datetime | None
    is_unconditional: bool

    def is_opened_by(self, event: Event) -> bool:
        """Whether this very event triggers it: its data fits, and the edition governs that moment."""
        if self.conditions and not any(condition.matches(event) for condition in self.conditions):
            return False
        if self.governs_from is not None and event.at < self.governs_from:
            return False
        return self.governs_until is None or event.at < self.governs_until


class Rulebook:
    """Books, and the questions the engine asks of them."""

    def __init__(self, books: Iterable[Book]) -> None:
        self.books = tuple(books)
        self.rules = tuple(rule for book in self.books for rule in book.rules)
        self._rules = {(rule.book, rule.id): rule for rule in self.rules}
        self._spans = _governing_spans(self.books)
        self._by_kind: dict[str, list[Rule]] = {}
        for book in self.books:
            for rule in book.rules:
                for kind in dict.fromkeys(condition.kind for condition in rule.trigger):
                    self._by_kind.setdefault(kind, []).append(rule)
        self._relevant = _facts_spoken_of(self.rules)
        self._memo: dict[tuple[str, frozenset[str]], tuple[Application, ...]] = {}

    def only(self, names: Iterable[str]) -> Rulebook:
        """The same rulebook with just the named books."""
        wanted = list(names)
        held = {book.name: book for book in self.books}
        if unknown := [name for name in wanted if name not in held]:
            raise UnknownBook(f"there is no book {unknown[0]!r}; the books are {', '.join(sorted(held))}")
        return Rulebook(held[name] for name in dict.fromkeys(wanted))

    def book(self, name: str) -> Book:
        found = next((book for book in self.books if book.name == name), None)
        if found is None:
            names = ", ".join(sorted(book.name for book in self.books))
            raise UnknownBook(f"there is no book {name!r}; the books are {names}")
        return found

    def rule(self, book: str, rule_id: str) -> Rule:
        """One rule of one edition; `KeyError` where there is none."""
        return self._rules[book, rule_id]

    def applications(self, kind: str, facts: frozenset[str]) -> tuple[Application, ...]:
        """The rules that an event of this kind triggers for a person with these facts."""
        rules = self._by_kind.get(kind)
        if rules is None:
            return ()
        key = (kind, facts & self._relevant)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) >= _MEMO_SIZE:
                self._memo.clear()
            found = self._memo[key] = tuple(
                self._application(rule, kind, facts) for rule in rules if rule.applies_to(facts)
            )
        return found

    def _application(self, rule: Rule, kind: str, facts: frozenset[str]) -> Application:
        enhanced = "enhanced" in facts
        limit = rule.limit_for(enhanced=enhanced)
        narrowed = tuple(condition for condition in rule.trigger if condition.kind == kind)
        conditions = () if any(condition.key is None for condition in narrowed) else narrowed
        governs_from, governs_until = self._spans[rule.book]
        return Application(
            rule=rule,
            waived=rule.unless is not None and rule.unless in facts,
            enhanced=enhanced,
            limit=limit,
            limit_text=str(limit),
            conditions=conditions,
            governs_from=governs_from,
            governs_until=governs_until,
            is_unconditional=not conditions and governs_from is None and governs_until is None,
        )


def _facts_spoken_of(rules: Iterable[Rule]) -> frozenset[str]:
    spoken = {"enhanced"}
    for rule in rules:
        spoken.update(*rule.who)
        if rule.unless:
            spoken.add(rule.unless)
    return frozenset(spoken)


def _governing_spans(books: Iterable[Book]) -> dict[str, tuple[datetime | None, datetime | None]]:
    """For each edition the span of triggers it measures: the latest in force, and the first also what is older."""
    spans: dict[str, tuple[datetime | None, datetime | None]] = {}
    series: dict[str, list[Book]] = {}
    for book in books:
        series.setdefault(book.series, []).append(book)
    for editions in series.values():
        editions.sort(key=lambda book: book.in_force_from)
        followers: list[Book | None] = [*editions[1:], None]
        for position, (book, following) in enumerate(zip(editions, followers, strict=True)):
            ends = [day for day in (book.in_force_until, following and following.in_force_from) if day]
            begins = None if position == 0 else _start_of(book.in_force_from)
            spans[book.name] = (begins, _start_of(min(ends)) if ends else None)
    return spans


def _start_of(day: date) -> datetime:
    return end_of_london_day(day - timedelta(days=1))
