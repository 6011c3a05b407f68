"""How a due date was counted, day by day, for whoever wants to count along."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from alongside.rulebook.calendar import (
    LONDON,
    PUBLISHED_UNTIL,
    bank_holidays,
    day_is_published,
    in_words,
    is_working_day,
    london_day,
)
from alongside.rulebook.limits import AsPromised, Days, Every, Hours, Limit, WorkingDays
from alongside.rulebook.model import Duty, Event
from alongside.rulebook.words import day_in_words, due_in_words, moment_in_words

_A_DAY = timedelta(days=1)
_SATURDAY = 5


def count(duty: Duty, limit: Limit, trigger: Event, previous: Duty | None) -> list[str]:
    """The sentences from the trigger (or the link before) to the due date of a duty that has one."""
    if duty.due is None:
        return []
    if isinstance(limit, WorkingDays):
        return _working_days(london_day(trigger.at), limit.count)
    if isinstance(limit, Days):
        return _days(london_day(trigger.at), limit.count)
    if isinstance(limit, Hours):
        return _hours(trigger.at, limit.count)
    if isinstance(limit, AsPromised):
        return [f"The promise was for {due_in_words(duty.due)}."]
    if isinstance(limit, Every) and not isinstance(duty.due, datetime):
        return _link(duty, duty.due, trigger, previous)
    return []


def _working_days(start: date, wanted: int) -> list[str]:
    said = [f"{day_in_words(start)} is the day of the trigger and never counts."]
    day, counted = start, 0
    while counted < wanted:
        day += _A_DAY
        counted += is_working_day(day)
        said.append(f"{day_in_words(day)}: {_what_it_is(day, counted)}.")
    said.append(f"So it is due by the end of {day_in_words(day)}, London time.")
    if not day_is_published(day):
        said.append(
            f"Bank holidays after {PUBLISHED_UNTIL.year} follow from standing law; a single day may still be added."
        )
    return said


def _what_it_is(day: date, counted: int) -> str:
    if is_working_day(day):
        return f"working day {counted}"
    if (holiday := bank_holidays().get(day)) is not None and day.weekday() < _SATURDAY:
        return f"{holiday}, a bank holiday, not counted"
    return "a weekend, not counted"


def _days(start: date, wanted: int) -> list[str]:
    if wanted == 0:
        return [
            f"It is due on the day of the trigger itself: by the end of {day_in_words(start)}, London time."
        ]
    due = start + timedelta(days=wanted)
    return [
        f"{wanted} calendar days after {day_in_words(start)}, weekends and bank holidays included, "
        f"it is due by the end of {day_in_words(due)}, London time."
    ]


def _hours(start: datetime, wanted: int) -> list[str]:
    due = start + timedelta(hours=wanted)
    said = [f"{wanted} hours after {moment_in_words(start)} it is due: {moment_in_words(due)}, London time."]
    if start.astimezone(LONDON).utcoffset() != due.astimezone(LONDON).utcoffset():
        said.append("The clocks change in between; the hours are counted as they pass.")
    return said


def _link(duty: Duty, due: date, trigger: Event, previous: Duty | None) -> list[str]:
    if previous is None:
        start, since = london_day(trigger.at), "the day of the trigger"
    elif previous.done_at is not None:
        start, since = london_day(previous.done_at), f"the day on which link {previous.link} was done"
    elif previous.due is not None:
        start, since = london_day(trigger.at), f"the day on which link {previous.link} was due"
        start = previous.due if not isinstance(previous.due, datetime) else start
    days = (due - start).days
    return [
        f"This is link {duty.link} of a chain: {days} calendar days after {in_words(start)}, {since}, "
        f"it is due by the end of {day_in_words(due)}, London time."
    ]
