"""From a care record's events to the rows of its duties, and what differs from the rows that stand.

Nothing here touches the database: `history` (one record) and `loading` (many) share it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from alongside.care import rules
from alongside.care.models import CareRecord, Duty, Event
from alongside.kernel import bulk
from alongside.kernel.ids import new_id
from alongside.rulebook import engine, model

# What a rebuild must reproduce to the letter.
DERIVED_FIELDS = (
    "book", "rule", "right", "owner", "trigger", "trigger_event", "triggered_at", "link", "enhanced", "limit",
    "due_on", "due_by", "state", "done_at", "done_event", "assigned_to_id", "team_id", "risk", "restricted",
)  # fmt: skip
# What the timeline says of the record itself.
RECORD_FIELDS = ("facts", "enhanced", "risk", "closed_at", "derived_at", "next_change_at")

_RISK_OF_FACT = {"risk:standard": 1, "risk:medium": 2, "risk:high": 3}
# Whose duties each part on a record is.
RESPONSIBLE = {
    "police": "officer_id",
    "victim-care-unit": "coordinator_id",
    "witness-care-unit": "witness_care_officer_id",
}


@dataclass(frozen=True, slots=True)
class Differences:
    """Rows to write (new or changed) and the keys of rows that are owed no longer."""

    write: list[Duty]
    vanished: list[UUID]


def derive(care_record: CareRecord, events: Sequence[Event], *, now: datetime) -> list[Duty]:
    """The duties of a record as unsaved rows; sets the record's derived fields as well.

    `events` are the record's own, in order of recording.
    """
    derived = engine.derive([as_engine_event(event) for event in events], rules.current(), as_of=now)
    _set_record_fields(care_record, derived, now=now)
    recorded_by = {event.event_id: event.by_id for event in events}
    return [_row(care_record, duty, recorded_by.get(duty.trigger_id)) for duty in derived.duties]


def as_engine_event(event: Event) -> model.Event:
    return model.Event(
        id=event.event_id,
        kind=event.kind,
        at=event.at,
        recorded_at=event.recorded_at,
        about=tuple(event.about),
        precision=cast("model.Precision", event.precision),  # the table has no other
        data=event.data,
    )


def differences(standing: Iterable[Duty], derived: Iterable[Duty]) -> Differences:
    """What to write so that `standing` becomes `derived`. A row keeps its key for as long as it is owed."""
    before = {_key(duty): duty for duty in standing}
    write = []
    for duty in derived:
        row = before.pop(_key(duty), None)
        if row is None:
            write.append(duty)
        elif _values(row) != _values(duty):
            duty.id = row.id
            write.append(duty)
    return Differences(write=write, vanished=[row.id for row in before.values()])


def responsible(care_record: CareRecord, owner: str, *, recorded_by: UUID | None = None) -> UUID | None:
    """Whose worklist a duty is on. What anybody may owe falls to whoever recorded its trigger, then the officer."""
    if owner in RESPONSIBLE:
        return getattr(care_record, RESPONSIBLE[owner])
    if owner != "any":
        return None  # another body's duty: watched, not worked, here
    on_record = [getattr(care_record, field) for field in RESPONSIBLE.values()]
    if recorded_by in on_record:
        return recorded_by
    return next((user_id for user_id in on_record if user_id), None)


def _row(care_record: CareRecord, duty: model.Duty, recorded_by: UUID | None) -> Duty:
    return bulk.row(
        Duty,
        {
            "id": new_id(),
            "force_id": care_record.force_id,
            "care_record_id": care_record.pk,
            "book": duty.book,
            "rule": duty.rule,
            "right": duty.right,
            "owner": duty.owner,
            "trigger": duty.trigger,
            "trigger_event": duty.trigger_id,
            "triggered_at": duty.triggered_at,
            "link": duty.link,
            "enhanced": duty.enhanced,
            "limit": duty.limit,
            "due_on": duty.due if type(duty.due) is date else None,
            "due_by": duty.due_by,
            # Overdue is a question about a moment, asked when the row is read.
            "state": Duty.State.OPEN if duty.state == "overdue" else duty.state,
            "done_at": duty.done_at,
            "done_event": duty.done_id,
            "assigned_to_id": responsible(care_record, duty.owner, recorded_by=recorded_by),
            "team_id": care_record.team_id,
            "risk": care_record.risk,
            "restricted": care_record.restricted,
        },
    )


def _set_record_fields(care_record: CareRecord, derived: model.Derived, *, now: datetime) -> None:
    care_record.facts = sorted(derived.facts)
    care_record.enhanced = "enhanced" in derived.facts
    care_record.risk = max((_RISK_OF_FACT.get(fact, 0) for fact in derived.facts), default=0)
    care_record.closed_at = derived.closed_at
    care_record.derived_at = now
    care_record.next_change_at = derived.next_change_at


def _key(duty: Duty) -> tuple[str, str, int]:
    return (duty.rule, duty.trigger_event, duty.link)


def _values(duty: Duty) -> tuple[Any, ...]:
    return tuple(getattr(duty, field) for field in DERIVED_FIELDS)
