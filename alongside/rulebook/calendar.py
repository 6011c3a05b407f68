"""London days and the working days of England and Wales, and how far they are known.

A working day is Monday to Friday and not a bank holiday in England and Wales. Bank holidays follow the
Banking and Financial Dealings Act 1971 and the royal proclamations made under it; the `holidays` library
carries both, and a test compares it with the list that the government publishes.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")

# Before it the library is wrong about days (the first New Year's Day holiday, 1974; the royal wedding of 1973).
KNOWN_FROM = date(1975, 1, 1)
# Published by the government up to here; beyond, the standing law alone decides and a
# one-off day may still be proclaimed.
PUBLISHED_UNTIL = date(2028, 12, 31)
KNOWN_UNTIL = date(2031, 12, 31)

_SATURDAY = 5
_A_DAY = timedelta(days=1)


class BeyondCalendar(ValueError):
    """Asked about working days in years whose bank holidays nobody knows.

    `event_id` is the trigger whose limit was being counted, where the engine asked.
    """

    event_id: str | None = None

    def __init__(self, day: date) -> None:
        self.day = day
        super().__init__(
            f"working days are known from {in_words(KNOWN_FROM)} to {in_words(KNOWN_UNTIL)}, "
            f"and {in_words(day)} is outside"
        )


def in_words(day: date) -> str:
    """`3 April 2026`, as a letter would say it."""
    return f"{day.day} {day:%B %Y}"


@lru_cache(maxsize=1)
def bank_holidays() -> dict[date, str]:
    """Every bank holiday in England and Wales that the calendar knows, by day, with its name."""
    years = range(KNOWN_FROM.year, KNOWN_UNTIL.year + 1)
    found = holidays.country_holidays("GB", subdiv="ENG", years=years)
    return {day: found[day] for day in sorted(found)}


@lru_cache(maxsize=1)
def _working_days() -> list[int]:
    """The ordinals of all known working days, ascending: counting becomes a look-up."""
    closed = bank_holidays()
    span = range(KNOWN_FROM.toordinal(), KNOWN_UNTIL.toordinal() + 1)
    days = ((ordinal, date.fromordinal(ordinal)) for ordinal in span)
    return [ordinal for ordinal, day in days if day.weekday() < _SATURDAY and day not in closed]


def is_working_day(day: date) -> bool:
    _require_known(day)
    return day.weekday() < _SATURDAY and day not in bank_holidays()


def working_day_after(day: date, count: int) -> date:
    """The `count`th working day after `day`, which itself never counts. The 0th is the day itself."""
    _require_known(day)
    if count == 0:
        return day
    table = _working_days()
    index = bisect_right(table, day.toordinal()) + count - 1
    if index >= len(table):
        raise BeyondCalendar(day + timedelta(days=count))
    return date.fromordinal(table[index])


def london_day(instant: datetime) -> date:
    """The day it was in London: 23:30 UTC in summer is already tomorrow there."""
    return instant.astimezone(LONDON).date()


@lru_cache(maxsize=65_536)
def end_of_london_day(day: date) -> datetime:
    """The first instant after the day, in UTC. Days of 23 and 25 hours end at London's midnight too."""
    return datetime.combine(day + _A_DAY, time(), tzinfo=LONDON).astimezone(UTC)


def day_is_published(day: date) -> bool:
    """Whether the government has published the bank holidays of that day's year."""
    return day <= PUBLISHED_UNTIL


def _require_known(day: date) -> None:
    if not KNOWN_FROM <= day <= KNOWN_UNTIL:
        raise BeyondCalendar(day)
