"""Duties that come round again: each link falls due an interval after the one before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from alongside.rulebook.calendar import end_of_london_day, london_day
from alongside.rulebook.evidence import departures, doings
from alongside.rulebook.history import History
from alongside.rulebook.limits import Every
from alongside.rulebook.model import Duty, Event
from alongside.rulebook.opened import Opened

Links = tuple[list[Duty], datetime | None]


def links(history: History, opened: Opened, successor: Opened | None, as_of: datetime) -> Links:
    """The links of one chain so far, and when time alone will add to them or change them.

    The chain runs until the record is closed or `successor`, a later trigger of the same rule, starts anew.
    """
    application = opened.application
    if application.waived:
        return [opened.duty("waived")], None
    ended_at = _ended_at(history, opened, successor)
    done = _answers(history, opened, successor, ended_at)
    days = _interval(opened)
    if not days:
        return _without_interval(opened, done, ended_at), None
    reasons = list(departures(history, application.rule, opened.kind, opened.position))
    return _run(opened, timedelta(days=days), done, reasons, ended_at, as_of)


def _interval(opened: Opened) -> int | None:
    limit = opened.application.limit
    if opened.trigger.precision == "month" or not isinstance(limit, Every):
        return None
    return limit.interval(opened.trigger.data)


def _run(
    opened: Opened,
    interval: timedelta,
    done: list[Event],
    reasons: list[Event],
    ended_at: datetime | None,
    as_of: datetime,
) -> Links:
    rows: list[Duty] = []
    due = london_day(opened.trigger.at) + interval
    while True:
        link = len(rows) + 1
        due_by, too_late = end_of_london_day(due), end_of_london_day(due + interval)
        answer = done[0] if done and done[0].at < too_late else None
        reason = reasons[0] if reasons and reasons[0].at < too_late else None
        if answer and (answer.at < due_by or reason is None or answer.at < reason.at):
            rows.append(opened.duty("met" if answer.at < due_by else "late", due, due_by, answer, link))
            due = london_day(answer.at) + interval
            del done[0]
            reasons = [reason for reason in reasons if reason.at > answer.at]
        elif reason:
            rows.append(opened.duty("departed", due, due_by, None, link))
            due += interval
            del reasons[0]
        elif ended_at is not None and ended_at < due_by:
            return rows, None
        elif ended_at is not None or too_late <= as_of:
            rows.append(opened.duty("missed", due, due_by, None, link))
            due += interval
        else:
            return _running(opened, rows, due, interval, as_of)


def _running(opened: Opened, rows: list[Duty], due: date, interval: timedelta, as_of: datetime) -> Links:
    """The end of a live chain: the link that is open, and before it the one that is overdue if one is."""
    due_by = end_of_london_day(due)
    if as_of >= due_by:
        rows.append(opened.duty("overdue", due, due_by, None, len(rows) + 1))
        due += interval
        due_by = end_of_london_day(due)
    rows.append(opened.duty("open", due, due_by, None, len(rows) + 1))
    return rows, due_by


def _without_interval(opened: Opened, done: list[Event], ended_at: datetime | None) -> list[Duty]:
    """No interval was agreed, or its start is known only to the month: one duty without a date."""
    if done:
        return [opened.duty("met", done=done[0])]
    return [opened.duty("open")] if ended_at is None else []


def _ended_at(history: History, opened: Opened, successor: Opened | None) -> datetime | None:
    ends = [history.closing_after(opened.trigger.at), successor.trigger.at if successor else None]
    return min((end for end in ends if end is not None), default=None)


def _answers(
    history: History, opened: Opened, successor: Opened | None, ended_at: datetime | None
) -> list[Event]:
    """The doing events within the chain. The event that starts the next chain may be the last of them."""
    found = doings(history, opened.application.rule, opened.kind, opened.position)
    if successor is not None:
        found = [position for position in found if position <= successor.position]
    events = [history.events[position] for position in found]
    return [event for event in events if ended_at is None or event.at <= ended_at]
