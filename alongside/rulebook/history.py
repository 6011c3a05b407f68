"""What a timeline says at a moment: which events stand, in which order, and which facts hold at each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter

from msgspec.structs import replace

from alongside.rulebook.model import Event

_BY_TIME = attrgetter("at")
_NO_FACTS: frozenset[str] = frozenset()
FACT_KINDS = frozenset(
    {
        "care.opened",
        "facts.changed",
        "needs.assessed",
        "risk.graded",
        "updates.declined",
        "updates.resumed",
        "vcs.declined",
        "vcs.rejoined",
    }
)
_RISKS = frozenset({"risk:standard", "risk:medium", "risk:high"})
_SWITCHES = {
    "updates.declined": ("updates-declined", True),
    "updates.resumed": ("updates-declined", False),
    "vcs.declined": ("vcs-declined", True),
    "vcs.rejoined": ("vcs-declined", False),
}


@dataclass(slots=True)
class History:
    """The standing events of one care record up to a moment, oldest first, and what can be asked of them."""

    events: list[Event]
    facts_at: list[frozenset[str]]
    established: int | None
    by_kind: dict[str, list[int]]
    next_event_at: datetime | None
    closed: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    @property
    def facts(self) -> frozenset[str]:
        return self.facts_at[-1] if self.facts_at else _NO_FACTS

    @property
    def closed_at(self) -> datetime | None:
        """When the record was closed, if it is closed now."""
        if self.closed and self.closed[-1][1] is None:
            return self.closed[-1][0]
        return None

    def is_closed_at(self, instant: datetime) -> bool:
        return any(start <= instant and (end is None or instant < end) for start, end in self.closed)

    def closing_after(self, instant: datetime) -> datetime | None:
        """The first closing after an instant: what was open then was closed with the record."""
        return next((start for start, _ in self.closed if start > instant), None)


def read(events: Iterable[Event], *, as_of: datetime) -> History:
    """The history of one care record as anybody could know it at `as_of`. Events keep their order at ties."""
    ordered = sorted(map(_in_utc, events), key=_BY_TIME)
    seen, next_event_at = _until(ordered, as_of)
    by_kind = _positions(seen)
    if "event.voided" in by_kind:
        seen = _without_voided(seen, by_kind["event.voided"])
        by_kind = _positions(seen)
    facts_at, established = _facts(seen, by_kind)
    history = History(seen, facts_at, established, by_kind, next_event_at)
    if "care.closed" in by_kind:
        history.closed = _closings(seen, by_kind)
    return history


def _in_utc(event: Event) -> Event:
    # Two datetimes of one named zone compare by the wall clock, which runs twice through an October hour.
    return event if event.at.tzinfo is UTC else replace(event, at=event.at.astimezone(UTC))


def _until(ordered: list[Event], as_of: datetime) -> tuple[list[Event], datetime | None]:
    if not ordered or ordered[-1].at <= as_of:
        return ordered, None
    seen = [event for event in ordered if event.at <= as_of]
    return seen, ordered[len(seen)].at


def _positions(events: Sequence[Event]) -> dict[str, list[int]]:
    by_kind: dict[str, list[int]] = {}
    for position, event in enumerate(events):
        if (found := by_kind.get(event.kind)) is None:
            by_kind[event.kind] = [position]
        else:
            found.append(position)
    return by_kind


def _without_voided(events: list[Event], voids: list[int]) -> list[Event]:
    """The events that stand. A voiding may itself be voided: then the event it took away is back."""
    targets: dict[str, list[str]] = {}
    for position in voids:
        targets.setdefault(str(events[position].data.get("event")), []).append(events[position].id)
    stands: dict[str, bool] = {}
    for target in targets:
        _settle(target, targets, stands)
    return [event for event in events if stands.get(event.id, True)]


def _settle(target: str, targets: dict[str, list[str]], stands: dict[str, bool]) -> None:
    """Whether this event stands, once it is known of everything that voids it, voids that, and so on.

    Not by recursion: a file may hold a chain of voidings of any length.
    """
    if target in stands:
        return
    # Of voidings that void each other in a ring, the one asked about first falls.
    stands[target] = False
    waiting = [(target, iter(targets[target]))]
    while waiting:
        asked, voidings = waiting[-1]
        unknown = next((voiding for voiding in voidings if voiding not in stands), None)
        if unknown is None:
            stands[asked] = not any(stands[voiding] for voiding in targets.get(asked, ()))
            waiting.pop()
        else:
            stands[unknown] = False
            waiting.append((unknown, iter(targets.get(unknown, ()))))


def _facts(events: list[Event], by_kind: dict[str, list[int]]) -> tuple[list[frozenset[str]], int | None]:
    """The facts at each event, all changes of the same instant included, and where Enhanced Rights began."""
    held = _NO_FACTS
    facts_at = [held] * len(events)
    established: int | None = None
    changes = sorted(position for kind in FACT_KINDS & by_kind.keys() for position in by_kind[kind])
    for number, position in enumerate(changes):
        event = events[position]
        held = changed(held, event)
        if established is None and event.kind == "needs.assessed" and event.data.get("enhanced") is True:
            established = position
        first = position
        while first and events[first - 1].at == event.at:
            first -= 1
        after = changes[number + 1] if number + 1 < len(changes) else len(events)
        facts_at[first:after] = [held] * (after - first)
    return facts_at, established


def changed(held: frozenset[str], event: Event) -> frozenset[str]:
    """The facts that hold once this event has happened."""
    if event.kind == "care.opened":
        return held.union(event.data.get("facts", ()))
    if event.kind == "facts.changed":
        return held.difference(event.data.get("remove", ())).union(event.data.get("add", ()))
    if event.kind == "needs.assessed":
        enhanced = event.data.get("enhanced")
        if enhanced is None:
            return held
        return held | {"enhanced"} if enhanced else held - {"enhanced"}
    if event.kind == "risk.graded":
        return held.difference(_RISKS).union(_RISKS & {f"risk:{event.data.get('grade')}"})
    if event.kind in _SWITCHES:
        fact, on = _SWITCHES[event.kind]
        return held | {fact} if on else held - {fact}
    return held


def _closings(events: list[Event], by_kind: dict[str, list[int]]) -> list[tuple[datetime, datetime | None]]:
    """The spans for which the record was closed: each from a closing to the next re-opening."""
    spans: list[tuple[datetime, datetime | None]] = []
    turns = sorted(by_kind["care.closed"] + by_kind.get("care.reopened", []))
    for position in turns:
        event = events[position]
        is_closed = bool(spans) and spans[-1][1] is None
        if event.kind == "care.closed" and not is_closed:
            spans.append((event.at, None))
        elif event.kind == "care.reopened" and is_closed:
            spans[-1] = (spans[-1][0], event.at)
    return spans
