"""Limits as rules write them, and when each falls due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from alongside.rulebook.calendar import LONDON, end_of_london_day, london_day, working_day_after

_INSTANT = timedelta(microseconds=1)

# A due date (or exact hour) with the first instant that is too late for it.
Deadline = tuple[date | datetime, datetime]


class MalformedLimit(ValueError):
    """The text is none of the forms a limit can take."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The Nth working day after the day of the trigger, to the end of that day."""

    count: int

    def due(self, at: datetime, data: Mapping[str, Any]) -> Deadline | None:
        return working_day_due(london_day(at), self.count)

    def __str__(self) -> str:
        return _counted(self.count, "working day")


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar days, to the end of the last of them."""

    count: int

    def due(self, at: datetime, data: Mapping[str, Any]) -> Deadline | None:
        return day_due(london_day(at) + timedelta(days=self.count))

    def __str__(self) -> str:
        return _counted(self.count, "day")


@dataclass(frozen=True, slots=True)
class Hours:
    """Exact hours: 48 hours are 48 hours on the weekend when the clocks change too."""

    count: int

    def due(self, at: datetime, data: Mapping[str, Any]) -> Deadline | None:
        return hour_due(at.astimezone(UTC) + timedelta(hours=self.count))

    def __str__(self) -> str:
        return _counted(self.count, "hour")


@dataclass(frozen=True, slots=True)
class AsPromised:
    """The date, or date and time, that the promise named."""

    def due(self, at: datetime, data: Mapping[str, Any]) -> Deadline | None:
        return promised_due(data.get("by"))

    def __str__(self) -> str:
        return "as promised"


@dataclass(frozen=True, slots=True)
class AsSoonAsPossible:
    """No due date: what is measured is the time it took."""

    def due(self, at: datetime, data: Mapping[str, Any]) -> Deadline | None:
        return None

    def __str__(self) -> str:
        return "as soon as possible"


@dataclass(frozen=True, slots=True)
class Before:
    """Done before the next event of one of these kinds."""

    kinds: tuple[str, ...]

    def due(self, at: datetime, data: Mapping[str, Any]) -> Deadline | None:
        return None

    def __str__(self) -> str:
        return "before:" + "|".join(self.kinds)


@dataclass(frozen=True, slots=True)
class Every:
    """A chain of links, each `days` after the last; None is the interval agreed with the person."""

    days: int | None

    def interval(self, data: Mapping[str, Any]) -> int | None:
        return self.days if self.days is not None else data.get("every_days")

    def due(self, at: datetime, data: Mapping[str, Any]) -> Deadline | None:
        days = self.interval(data)
        return day_due(london_day(at) + timedelta(days=days)) if days else None

    def __str__(self) -> str:
        return "every:agreed interval" if self.days is None else "every:" + _counted(self.days, "day")


Limit = WorkingDays | Days | Hours | AsPromised | AsSoonAsPossible | Before | Every

_COUNTS: dict[str, type[WorkingDays] | type[Days] | type[Hours]] = {
    "working day": WorkingDays,
    "day": Days,
    "hour": Hours,
}
_COUNTED = re.compile(r"(\d{1,3}) (working day|day|hour)s?")
_EVERY = re.compile(r"every:(\d{1,3}) days?")
_BEFORE = re.compile(r"before:([a-z_]+\.[a-z_]+(?:\|[a-z_]+\.[a-z_]+)*)")


def parse_limit(text: str) -> Limit:
    """The limit that a rule writes; `MalformedLimit` lists the forms when it is none of them."""
    if text == "as soon as possible":
        return AsSoonAsPossible()
    if text == "as promised":
        return AsPromised()
    if text == "every:agreed interval":
        return Every(None)
    if found := _COUNTED.fullmatch(text):
        return _COUNTS[found[2]](int(found[1]))
    if (found := _EVERY.fullmatch(text)) and int(found[1]) > 0:
        return Every(int(found[1]))
    if found := _BEFORE.fullmatch(text):
        return Before(tuple(found[1].split("|")))
    raise MalformedLimit(
        f"{text!r} is not a limit; write `5 working days`, `2 days`, `48 hours`, `as soon as possible`, "
        "`before:trial.started`, `every:28 days`, `every:agreed interval` or `as promised`"
    )


@lru_cache(maxsize=65_536)
def working_day_due(day: date, count: int) -> Deadline:
    return day_due(working_day_after(day, count))


def day_due(day: date) -> Deadline:
    return day, end_of_london_day(day)


def hour_due(instant: datetime) -> Deadline:
    return instant, instant + _INSTANT


def promised_due(by: object) -> Deadline | None:
    """What `data.by` of a promise says. A date lasts to the end of the London day."""
    if isinstance(by, datetime):
        return hour_due(by.astimezone(UTC))
    if isinstance(by, date):
        return day_due(by)
    if not isinstance(by, str):
        return None
    if len(by) == len("2026-03-02"):
        return day_due(date.fromisoformat(by))
    instant = datetime.fromisoformat(by)
    return hour_due((instant if instant.tzinfo else instant.replace(tzinfo=LONDON)).astimezone(UTC))


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
