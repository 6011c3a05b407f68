"""Duties that are done once: with a due date, behind a gate, or as soon as possible."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime

from alongside.rulebook.evidence import departures, doings, withdrawal
from alongside.rulebook.history import History
from alongside.rulebook.limits import AsSoonAsPossible, Before, Deadline
from alongside.rulebook.model import Duty, Event
from alongside.rulebook.opened import Opened

# A row, or none where the closing of the record took it away, and when time alone will change it.
Settled = tuple[Duty | None, datetime | None]


def settle(history: History, opened: Opened, as_of: datetime) -> Settled:
    """What has become of a duty that is done once."""
    application = opened.application
    if application.waived:
        return opened.duty("waived"), None
    found = doings(history, application.rule, opened.kind, opened.position)
    deadline = None
    if type(application.limit) is Before:
        return _gated(history, opened, application.limit.kinds, found), None
    if type(application.limit) is not AsSoonAsPossible and opened.trigger.precision != "month":
        deadline = application.limit.due(opened.trigger.at, opened.trigger.data)
    done = history.events[found[0]] if found else None
    if opened.kind == "promise.made" and (withdrawn := _withdrawn(history, opened, done)) is not None:
        return _taken_back(opened, deadline, withdrawn), None
    if deadline is None:
        return _undated(history, opened, done), None
    return _dated(history, opened, deadline, done, as_of)


def _dated(
    history: History, opened: Opened, deadline: Deadline, done: Event | None, as_of: datetime
) -> Settled:
    due, due_by = deadline
    if done is not None and done.at < due_by:
        return opened.duty("met", due, due_by, done), None
    if _is_departed(history, opened, done):
        return opened.duty("departed", due, due_by, done), None
    if done is not None:
        return opened.duty("late", due, due_by, done), None
    is_closed = history.closing_after(opened.trigger.at) is not None
    if as_of >= due_by:
        return opened.duty("missed" if is_closed else "overdue", due, due_by), None
    return opened.duty("open", due, due_by), due_by if is_closed else None


def _undated(history: History, opened: Opened, done: Event | None) -> Duty | None:
    if done is not None:
        return opened.duty("met", done=done)
    if _is_departed(history, opened, done):
        return opened.duty("departed")
    # Nothing dated was owed when the record was closed, so nothing is left to measure.
    return opened.duty("open") if history.closing_after(opened.trigger.at) is None else None


def _gated(history: History, opened: Opened, kinds: tuple[str, ...], found: list[int]) -> Duty | None:
    gate = _first_after(history, kinds, opened.position)
    done = history.events[found[0]] if found else None
    if done is not None and (gate is None or found[0] < gate):
        return _undated(history, opened, done)
    if _is_departed(history, opened, done):
        return opened.duty("departed")
    if done is not None:
        return opened.duty("late", done=done)
    if gate is None or _is_closed_before(history, opened, gate):
        return _undated(history, opened, None)
    return opened.duty("missed")


def _is_departed(history: History, opened: Opened, done: Event | None) -> bool:
    """Whether good reasons for not doing it were recorded, and not only after it was done."""
    if "departure.recorded" not in history.by_kind:
        return False
    reasons = departures(history, opened.application.rule, opened.kind, opened.position)
    return any(done is None or reason.at <= done.at for reason in reasons)


def _withdrawn(history: History, opened: Opened, done: Event | None) -> Event | None:
    withdrawn = withdrawal(history, opened.kind, opened.position)
    if withdrawn is None or (done is not None and done.at <= withdrawn.at):
        return None
    return withdrawn


def _taken_back(opened: Opened, deadline: Deadline | None, withdrawn: Event) -> Duty:
    """A promise taken back in time is waived. One taken back after its date was broken, and stays so."""
    if deadline is None or withdrawn.at < deadline[1]:
        return opened.duty("waived")
    return opened.duty("missed", *deadline)


def _is_closed_before(history: History, opened: Opened, gate: int) -> bool:
    closing = history.closing_after(opened.trigger.at)
    return closing is not None and closing < history.events[gate].at


def _first_after(history: History, kinds: tuple[str, ...], position: int) -> int | None:
    """The first event of one of these kinds after the trigger: the gate."""
    found: int | None = None
    for kind in kinds:
        positions = history.by_kind.get(kind)
        if positions is None:
            continue
        index = bisect_right(positions, position)
        if index < len(positions) and (found is None or positions[index] < found):
            found = positions[index]
    return found
