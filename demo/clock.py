"""Minutes since 1970, in which timelines are made up: adding and comparing them is quick and never wrong."""

from datetime import UTC, datetime
from random import Random

HOUR = 60
DAY = 24 * HOUR
_THURSDAY = 3  # 1 January 1970, with Monday as 0


def minute_of(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def moment_of(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def day_of(minute: int) -> str:
    return moment_of(minute).date().isoformat()


def weekday(minute: int) -> int:
    """Monday is 0."""
    return (minute // DAY + _THURSDAY) % 7


def at_work(random: Random, minute: int) -> int:
    """The same or the next day, at a time when somebody is on duty to telephone: mostly Monday to Friday."""
    day = minute // DAY
    off = weekday(minute) - 4
    if off > 0 and random.random() < 0.85:
        day += 3 - off
        return day * DAY + 8 * HOUR + int(random.random() * 9 * HOUR)
    start = max(minute - day * DAY, 8 * HOUR)
    if start > 18 * HOUR:
        return (day + 1) * DAY + 8 * HOUR + int(random.random() * 9 * HOUR)
    return day * DAY + start + int(random.random() * (19 * HOUR - start))


def working_days_later(random: Random, minute: int, days: int) -> int:
    """Some time on the working day that is so many after this one. Bank holidays are worked here."""
    while days:
        minute += DAY
        if weekday(minute) < 5:
            days -= 1
    return minute // DAY * DAY + 8 * HOUR + int(random.random() * 10 * HOUR)


def days_later(random: Random, minute: int, least: float, most: float) -> int:
    """At work, between so many days after."""
    return at_work(random, minute + int((least + random.random() * (most - least)) * DAY))
