"""The fold: from one care record's timeline to every duty that follows from it, as of a moment.

The same events, rulebook and moment always give the same rows: duties are derived, never truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from alongside.rulebook.calendar import BeyondCalendar
from alongside.rulebook.chains import links
from alongside.rulebook.history import History, read
from alongside.rulebook.limits import Every
from alongside.rulebook.model import Derived, Duty, Event
from alongside.rulebook.opened import Opened
from alongside.rulebook.rulebook import Rulebook
from alongside.rulebook.single import settle

ESTABLISHED = "enhanced.established"


def derive(events: Iterable[Event], rulebook: Rulebook, *, as_of: datetime) -> Derived:
    """Every duty that one care record's events give rise to, as anybody could know it at `as_of`.

    Events may come in any order; those of one instant keep theirs. Their ids must be unique.
    """
    history = read(events, as_of=as_of)
    duties: list[Duty] = []
    changes = [history.next_event_at] if history.next_event_at else []
    chains: dict[str, list[Opened]] = {}
    for opened in openings(history, rulebook):
        if type(opened.application.limit) is Every:
            chains.setdefault(opened.application.rule.id, []).append(opened)
            continue
        try:
            duty, changes_at = settle(history, opened, as_of)
        except BeyondCalendar as beyond:
            beyond.event_id = opened.trigger.id
            raise
        if duty is not None:
            duties.append(duty)
        if changes_at is not None:
            changes.append(changes_at)
    for started in chains.values():
        for opened, end in zip(started, [*started[1:], None], strict=True):
            rows, changes_at = links(history, opened, end, as_of)
            duties.extend(rows)
            if changes_at is not None:
                changes.append(changes_at)
    duties.sort(key=_in_order)
    return Derived(duties, history.facts, history.closed_at, min(changes, default=None))


def openings(history: History, rulebook: Rulebook) -> Iterator[Opened]:
    """Each rule that an event opens, in the order of the events. A closed record opens no duties."""
    applications = rulebook.applications
    for position, event in enumerate(history.events):
        if history.closed and history.is_closed_at(event.at):
            continue
        facts = history.facts_at[position]
        for application in applications(event.kind, facts):
            if application.is_unconditional or application.is_opened_by(event):
                yield Opened(application, event.kind, position, event)
        if position == history.established:
            for application in applications(ESTABLISHED, facts):
                if application.is_unconditional or application.is_opened_by(event):
                    yield Opened(application, ESTABLISHED, position, event)


def _in_order(duty: Duty) -> tuple[datetime, str]:
    return duty.triggered_at, duty.rule
