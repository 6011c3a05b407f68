"""The one door for history. Whatever happens on a care record is added here and nowhere else.

Adding an event works out every duty of the record again, in the same transaction: no caller can forget
it, and no page shows a date that no longer holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.access import log
from alongside.access.actors import Actor
from alongside.access.models import Access
from alongside.care import derivation, names
from alongside.care.models import CareRecord, Duty, Event, Note
from alongside.kernel import bulk
from alongside.kernel.errors import NotFound, Refused
from alongside.kernel.ids import new_id
from alongside.rulebook import calendar, catalogue

# A force's clocks may differ a little from ours.
CLOCK_TOLERANCE = timedelta(minutes=2)
# Before it no bank holiday is known, so no working day could be counted.
EARLIEST = datetime(calendar.KNOWN_FROM.year, 1, 1, tzinfo=UTC)
_PRECISIONS = frozenset(Event.Precision.values)
_NEXT_NUMBER = Event._meta.get_field("number").get_default()  # the database gives it


class OtherContent(Refused):
    """An event with this id is on the record already, and says something else."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be recorded: an event before it is on the timeline."""

    kind: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    about: Sequence[str] = ()
    precision: str = "minute"
    recorded_at: datetime | None = None
    event_id: str | None = None
    # Kept beside the timeline, in a row that the event points to.
    words: str = ""
    # False for what another system sent: it may carry keys of its own.
    is_ours: bool = True


def record(*, care_record: CareRecord, happening: Happening, actor: Actor, now: datetime) -> Event:
    """Add one event. The same `event_id` with the same content is the same event, and changes nothing.

    Raises Refused where the event can not be: an unknown kind, a missing field, a date to come.
    """
    return record_all(care_record=care_record, happenings=[happening], actor=actor, now=now)[0]


@transaction.atomic
def record_all(
    *, care_record: CareRecord, happenings: Sequence[Happening], actor: Actor, now: datetime
) -> list[Event]:
    """Add several events of one record at once: all of them or none."""
    return record_on_each([(lock(care_record.pk), happenings)], actor=actor, now=now)[0]


@transaction.atomic
def record_on_each(
    entries: Sequence[tuple[CareRecord, Sequence[Happening]]], *, actor: Actor, now: datetime
) -> list[list[Event]]:
    """Add events of several records at once, in as many statements as for one. The records are locked already."""
    timelines: dict[UUID, list[Event]] = {record.pk: [] for record, _ in entries}
    for event in Event.objects.filter(care_record_id__in=timelines).order_by("number"):
        timelines[event.care_record_id].append(event)
    added: list[Event] = []
    changed: list[CareRecord] = []
    events = []
    for record, happenings in entries:
        admitted = _admit_all(record, happenings, timelines[record.pk], actor=actor, now=now)
        events.append([event for event, _ in admitted])
        new = [event for event, is_new in admitted if is_new]
        if new:
            timelines[record.pk] += new
            added += new
            changed.append(record)
    if added:
        Event.objects.bulk_create(added)
        _store_duties(changed, timelines, now=now)
    for event in added:
        log.write(
            act=Access.Act.CHANGE, what=event.kind, actor=actor, now=now, care_record_id=event.care_record_id
        )
    return events


def lock(care_record_id: UUID) -> CareRecord:
    """The record, held until the end of the transaction: two writers take turns."""
    try:
        return CareRecord.objects.select_for_update().get(pk=care_record_id)
    except CareRecord.DoesNotExist as error:
        raise NotFound from error


def sent_before(care_record: CareRecord, submission: str | None) -> Event | None:
    """The event that this very page made when it was sent the first time.

    Holds the record: of two that are sent at once, the second waits and then finds the event of the first.
    """
    lock(care_record.pk)
    if submission is None:
        return None
    return Event.objects.filter(care_record_id=care_record.pk, event_id=submission).first()


def check(happening: Happening, *, now: datetime) -> None:
    """Refuse what can not have happened, saying everything that is wrong at once."""
    # The row of its words is written, and its id known, only once the record is held.
    data = {**happening.data, "note": "to come"} if happening.words else happening.data
    reasons = catalogue.check_payload(happening.kind, data, strict=happening.is_ours)
    if happening.at.tzinfo is None:
        raise Refused("When it happened needs an offset from UTC, such as Z or +01:00.", *reasons, field="at")
    about_when = []
    if happening.at > now + CLOCK_TOLERANCE:
        about_when.append(
            "When it happened is in the future. Enter when it took place, or wait until it has."
        )
    if happening.at < EARLIEST:
        about_when.append(f"When it happened is before {EARLIEST.year}. Check the year.")
    if happening.recorded_at and happening.recorded_at > now + CLOCK_TOLERANCE:
        reasons.append("When it was recorded is in the future.")
    if happening.event_id is not None:
        reasons += names.faults(happening.event_id, called="the id")
    if any(len(one) > names.LONGEST for one in happening.about):
        reasons.append(f"What it is about is longer than {names.LONGEST} characters.")
    if happening.precision not in _PRECISIONS:
        reasons.append(f"“{happening.precision}” is not a precision. Use minute, day or month.")
    if reasons or about_when:
        raise Refused(*about_when, *reasons, field=None if reasons else "at")


def admit(
    happening: Happening, known: dict[str, Event], *, care_record: CareRecord, actor: Actor, now: datetime
) -> tuple[Event, bool]:
    """The event of a happening: a new one, or the one already known by the same id and content."""
    key = new_id()
    event = bulk.row(
        Event,
        {
            "id": key,
            "number": _NEXT_NUMBER,
            "force_id": care_record.force_id,
            "care_record_id": care_record.pk,
            "event_id": happening.event_id or str(key),
            "kind": happening.kind,
            "at": happening.at,
            "recorded_at": happening.recorded_at or now,
            "precision": happening.precision,
            "about": list(happening.about),
            "data": dict(happening.data),
            "by_id": actor.user_id,
            "by_label": actor.label,
        },
    )
    if event.event_id not in known:
        known[event.event_id] = event
        return event, True
    if _content(known[event.event_id]) != _content(event):
        raise OtherContent(
            f"There is another event with the id “{event.event_id}” on this care record.", field="id"
        )
    return known[event.event_id], False


def _keep_words(
    happening: Happening, known: dict[str, Event], *, care_record: CareRecord, actor: Actor, now: datetime
) -> Happening:
    """The happening, pointing to the row of its words. Sent again, to the row that is there."""
    if not happening.words:
        return happening
    before = known.get(happening.event_id or "")
    note: Note | None
    if before is None:
        note = Note.objects.create(
            force_id=care_record.force_id,
            care_record_id=care_record.pk,
            words=happening.words,
            written_at=now,
            by_id=actor.user_id,
        )
    else:
        note = Note.objects.filter(pk=before.data.get("note"), words=happening.words).first()
    return replace(happening, data={**happening.data, **({"note": str(note.pk)} if note else {})})


def _admit_all(
    record: CareRecord,
    happenings: Sequence[Happening],
    timeline: Sequence[Event],
    *,
    actor: Actor,
    now: datetime,
) -> list[tuple[Event, bool]]:
    known = {event.event_id: event for event in timeline}
    admitted = []
    for happening in happenings:
        check(happening, now=now)
        worded = _keep_words(happening, known, care_record=record, actor=actor, now=now)
        admitted.append(admit(worded, known, care_record=record, actor=actor, now=now))
    return admitted


def _content(event: Event) -> tuple[Any, ...]:
    return (event.kind, event.at, event.precision, event.about, event.data)


def _store_duties(
    records: Sequence[CareRecord], timelines: Mapping[UUID, Sequence[Event]], *, now: datetime
) -> None:
    standing: dict[UUID, list[Duty]] = {record.pk: [] for record in records}
    for duty in Duty.objects.filter(care_record_id__in=standing):
        standing[duty.care_record_id].append(duty)
    write: list[Duty] = []
    vanished: list[UUID] = []
    for record in records:
        derived = derivation.derive(record, timelines[record.pk], now=now)
        difference = derivation.differences(standing[record.pk], derived)
        write += difference.write
        vanished += difference.vanished
    write_duties(write)
    if vanished:
        Duty.objects.filter(pk__in=vanished).delete()
    CareRecord.objects.bulk_update(records, derivation.RECORD_FIELDS)


def write_duties(duties: Iterable[Duty]) -> None:
    Duty.objects.bulk_create(
        duties,
        update_conflicts=True,
        unique_fields=["force", "care_record", "rule", "trigger_event", "link"],
        update_fields=[
            name for name in derivation.DERIVED_FIELDS if name not in ("rule", "trigger_event", "link")
        ],
    )
