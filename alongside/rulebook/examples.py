"""Worked examples: each rule's own small timelines, which are its tests and its published explanation.

An example writes an event on one line, in London time:

    2026-03-06 15:00 victim.informed about suspect.arrested topic=rights
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from alongside.rulebook import catalogue
from alongside.rulebook.book_file import Mistake
from alongside.rulebook.calendar import LONDON, BeyondCalendar
from alongside.rulebook.engine import derive
from alongside.rulebook.model import Book, Duty, Event, Example, Rule
from alongside.rulebook.rulebook import Rulebook

_SHOWN = ("due", "state", "done")


class UnreadableExample(ValueError):
    """An example that cannot be run, and why."""


def failures(book: Book) -> list[Mistake]:
    """Every example of the book that does not come out as written, with what came out instead."""
    return [
        Mistake(f"{book.name}.yaml", rule.id, f"example {example.name!r}", wrong)
        for rule, example in examples_of(book)
        if (wrong := run(book, rule, example)) is not None
    ]


def examples_of(book: Book) -> Iterator[tuple[Rule, Example]]:
    for rule in book.rules:
        for example in rule.examples:
            yield rule, example


def run(book: Book, rule: Rule, example: Example) -> str | None:
    """What is wrong with the example; nothing when it comes out as written."""
    try:
        duties = work_out(book, rule, example)
    except (UnreadableExample, BeyondCalendar) as error:
        return str(error)
    expected = [{key: _in_text(row[key]) for key in _SHOWN if key in row} for row in example.expect]
    if unknown := [key for row in example.expect for key in row if key not in _SHOWN]:
        return f"expect may say {', '.join(_SHOWN)}, not {unknown[0]}"
    came_out = [
        {key: _shown(duty)[key] for key in (expected[number] if number < len(expected) else _SHOWN)}
        for number, duty in enumerate(duties)
    ]
    if came_out == expected:
        return None
    return f"expected {_rows(expected)}; came out {_rows(came_out)}"


def work_out(book: Book, rule: Rule, example: Example) -> list[Duty]:
    """The duties that the rule, alone, makes of the example's timeline."""
    events = timeline(example)
    as_of = read_moment(example.as_of) if example.as_of else max(event.at for event in events)
    return derive(events, Rulebook([replace(book, rules=(rule,))]), as_of=as_of).duties


def timeline(example: Example) -> list[Event]:
    """The example's events, opened with its facts at the instant of the first."""
    events = [read_event(line, f"e{number}") for number, line in enumerate(example.events, start=1)]
    if not events:
        raise UnreadableExample("an example needs at least one event")
    opened_at = min(event.at for event in events)
    return [Event("e0", "care.opened", opened_at, data={"facts": list(example.facts)}), *events]


def read_event(line: str, event_id: str) -> Event:
    """`DATE TIME KIND [about KIND[,KIND]] [key=value ...]`; `precision=month` is the event's own."""
    day, clock, kind, *rest = [*line.split(), "", "", ""][: max(len(line.split()), 3)]
    if kind not in catalogue.kinds():
        raise UnreadableExample(f"{line!r}: {catalogue.unknown_kind(kind)}")
    about: tuple[str, ...] = ()
    if rest[:1] == ["about"]:
        about, rest = tuple(rest[1].split(",")), rest[2:]
    said = dict(_pair(word, line) for word in rest)
    precision = said.pop("precision", "minute")
    data = {key: _value(kind, key, value) for key, value in said.items()}
    if wrong := catalogue.check_payload(kind, data):
        raise UnreadableExample(f"{line!r}: {wrong[0]}")
    return Event(event_id, kind, read_moment(f"{day} {clock}"), about, data, precision)  # type: ignore[arg-type]


def read_moment(text: str) -> datetime:
    """`2026-03-06 15:00`, as clocks in London show it, as an instant."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON).astimezone(UTC)
    except ValueError:
        raise UnreadableExample(f"{text!r} is not a moment; write 2026-03-06 15:00") from None


def _pair(word: str, line: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise UnreadableExample(f"{line!r}: {word!r} should be key=value")
    return key, value


def _value(kind: str, key: str, text: str) -> Any:
    declared = catalogue.kinds()[kind].data.get(key)
    if declared is not None and declared.type == "codes":
        return text.split(",")
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() else text


def _shown(duty: Duty) -> dict[str, str | None]:
    return {"due": _in_text(duty.due), "state": duty.state, "done": _in_text(duty.done_at)}


def _in_text(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else str(value)


def _rows(rows: list[Mapping[str, str | None]] | list[dict[str, str | None]]) -> str:
    if not rows:
        return "no duty"
    return "; ".join(", ".join(f"{key} {value or 'none'}" for key, value in row.items()) for row in rows)
