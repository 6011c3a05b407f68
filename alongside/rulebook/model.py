"""The words of the contract as values: event, rule, book, duty. Nothing here acts; everything is immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from alongside.rulebook.limits import Limit

State = Literal["open", "overdue", "met", "late", "missed", "waived", "departed"]
Precision = Literal["minute", "day", "month"]
NO_DATA: Mapping[str, Any] = {}


class Event(msgspec.Struct, frozen=True, gc=False):
    """One thing that happened, once, at an instant, on one care record."""

    id: str
    kind: str
    at: datetime
    about: tuple[str, ...] = ()
    data: Mapping[str, Any] = NO_DATA
    precision: Precision = "minute"
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """An event kind and, where the rule narrows it, one value that its data must carry: `kind[key=value]`."""

    kind: str
    key: str | None = None
    value: str | None = None

    def matches(self, event: Event) -> bool:
        """Whether the event is of this kind and carries the value. The kind is checked by whoever indexed it."""
        return self.key is None or event.data.get(self.key) == self.value

    def __str__(self) -> str:
        return self.kind if self.key is None else f"{self.kind}[{self.key}={self.value}]"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a reader can check the rule."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: a small timeline in London time and the duties that one rule makes of it."""

    name: str
    facts: tuple[str, ...]
    events: tuple[str, ...]
    as_of: str | None
    expect: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """When this happens to such a person, this body must do that within this limit."""

    book: str
    id: str
    title: str
    good: str
    right: int | None
    owner: str
    who: tuple[frozenset[str], ...]
    trigger: tuple[Condition, ...]
    unless: str | None
    done_by: tuple[Condition, ...]
    about_trigger: bool
    limit: Limit
    enhanced_limit: Limit | None
    grade: str
    source: Source
    note: str | None = None
    commenced: date | None = None
    examples: tuple[Example, ...] = field(default=(), repr=False, compare=False)

    def applies_to(self, facts: frozenset[str]) -> bool:
        """Whether these facts make one of the persons that the rule is for."""
        return any(needed <= facts for needed in self.who)

    def limit_for(self, *, enhanced: bool) -> Limit:
        return self.enhanced_limit if enhanced and self.enhanced_limit else self.limit

    @property
    def is_to_be_checked(self) -> bool:
        """Grades U and S-old: nobody has yet seen the current text say so."""
        return self.grade in ("U", "S-old")


@dataclass(frozen=True, slots=True)
class Book:
    """One dated edition of a series of rules."""

    name: str
    title: str
    series: str
    in_force_from: date
    in_force_until: date | None
    source: Source
    rules: tuple[Rule, ...] = field(repr=False)


class Duty(msgspec.Struct, frozen=True, gc=False):
    """One rule applied to one trigger on one care record.

    `due_by` is the first instant that is too late: midnight in London after the due date, or the
    microsecond after an exact hour. Done before it is in time; undone at it is overdue.
    """

    book: str
    rule: str
    right: int | None
    owner: str
    trigger: str
    trigger_id: str
    triggered_at: datetime
    link: int
    enhanced: bool
    limit: str
    due: date | datetime | None
    due_by: datetime | None
    state: State
    done_at: datetime | None = None
    done_id: str | None = None


class Derived(msgspec.Struct, frozen=True):
    """Everything that follows from one care record's timeline at one moment.

    `next_change_at` is the first instant after that moment at which deriving again from the same events
    would give other rows (`open` turning `overdue` apart, which any reader can tell from `due_by`).
    """

    duties: list[Duty]
    facts: frozenset[str]
    closed_at: datetime | None
    next_change_at: datetime | None
