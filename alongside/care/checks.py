"""Proof that the duties are what the timelines say: nobody has written one by hand, none was forgotten."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from alongside.care import derivation
from alongside.care.models import CareRecord, Duty, Event

AT_A_TIME = 1000
# The worker brings records up to date every minute; an hour behind means that it does not run.
PATIENCE = timedelta(hours=1)


def duties(*, now: datetime) -> Iterator[str]:
    """Faults of the records that the scope shows, each record derived again as of when it was derived."""
    last: UUID | None = None
    while records := _some_records(after=last):
        yield from _faults(records, now=now)
        last = records[-1].pk


def _some_records(*, after: UUID | None) -> list[CareRecord]:
    records = CareRecord.objects.order_by("pk")
    if after is not None:
        records = records.filter(pk__gt=after)
    return list(records[:AT_A_TIME])


def _faults(records: Sequence[CareRecord], *, now: datetime) -> Iterator[str]:
    keys = [record.pk for record in records]
    events: dict[UUID, list[Event]] = {key: [] for key in keys}
    for event in Event.objects.filter(care_record_id__in=keys).order_by("number"):
        events[event.care_record_id].append(event)
    standing: dict[UUID, list[Duty]] = {key: [] for key in keys}
    for duty in Duty.objects.filter(care_record_id__in=keys):
        standing[duty.care_record_id].append(duty)
    for record in records:
        if record.derived_at is None:
            yield f"care record {record.pk}: its duties were never worked out"
            continue
        if record.next_change_at and record.next_change_at < now - PATIENCE:
            yield f"care record {record.pk}: should have been worked out again at {record.next_change_at:%Y-%m-%d %H:%M} UTC"
        yield from _differences(record, events[record.pk], standing[record.pk])


def _differences(record: CareRecord, events: Sequence[Event], standing: Sequence[Duty]) -> Iterator[str]:
    before = _fields(record)
    assert record.derived_at is not None
    derived = derivation.derive(record, events, now=record.derived_at)
    difference = derivation.differences(standing, derived)
    known = {duty.pk for duty in standing}
    for duty in difference.write:
        fault = "is not what the timeline says" if duty.pk in known else "is missing"
        yield f"care record {record.pk}: duty {duty.rule} for {duty.trigger_event}, link {duty.link}, {fault}"
    for key in difference.vanished:
        yield f"care record {record.pk}: duty {key} is owed by no rule"
    if before != _fields(record):
        yield f"care record {record.pk}: its facts, risk or closing are not what the timeline says"


def _fields(record: CareRecord) -> list[object]:
    return [getattr(record, name) for name in derivation.RECORD_FIELDS]
