"""Which events count as doing what a rule asks, and which give reasons for not doing it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from alongside.rulebook.history import History
from alongside.rulebook.limits import AsSoonAsPossible
from alongside.rulebook.model import Event, Rule

DEPARTURE = "departure.recorded"
WITHDRAWAL = "promise.withdrawn"


def is_about(event: Event, kind: str, trigger: Event) -> bool:
    """Whether the event says that it is about the trigger, by kind or by id."""
    return kind in event.about or trigger.id in event.about


def doings(history: History, rule: Rule, kind: str, position: int) -> list[int]:
    """Where the trigger at `position`, counting as `kind`, was answered: all answers, the first one first.

    An answer counts at the trigger's own instant too, wherever the file has it. The trigger never answers
    itself. An event known only to the month discharges no limit that has a date or a gate.
    """
    found: list[int] = []
    by_kind = history.by_kind
    for condition in rule.done_by:
        if (positions := by_kind.get(condition.kind)) is None:
            continue
        events = history.events
        trigger = events[position]
        for candidate in positions[bisect_left(positions, _instant_of(history, position)) :]:
            event = events[candidate]
            if candidate == position or not condition.matches(event):
                continue
            if rule.about_trigger and not is_about(event, kind, trigger):
                continue
            if event.precision == "month" and type(rule.limit) is not AsSoonAsPossible:
                continue
            found.append(candidate)
    if len(rule.done_by) > 1:
        return sorted(set(found))
    return found


def departures(history: History, rule: Rule, kind: str, position: int) -> Iterator[Event]:
    """The recorded good reasons for not doing this duty (Victims and Prisoners Act 2024, section 5)."""
    for event in _said_about(history, DEPARTURE, kind, position):
        if event.data.get("duty") == rule.id:
            yield event


def withdrawal(history: History, kind: str, position: int) -> Event | None:
    """The event that withdrew a promise, if the trigger is one and it was."""
    if kind != "promise.made":
        return None
    return next(_said_about(history, WITHDRAWAL, kind, position), None)


def _said_about(history: History, said: str, kind: str, position: int) -> Iterator[Event]:
    positions = history.by_kind.get(said, ())
    for candidate in positions[bisect_left(positions, _instant_of(history, position)) :]:
        if is_about(history.events[candidate], kind, history.events[position]):
            yield history.events[candidate]


def _instant_of(history: History, position: int) -> int:
    """The first position that shares the instant of this one."""
    events = history.events
    at = events[position].at
    while position and events[position - 1].at == at:
        position -= 1
    return position
