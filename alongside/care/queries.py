"""What can be asked of the care file. Row-level security has already limited it to the asker's own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from alongside.access import log
from alongside.access.actors import Actor
from alongside.access.models import Access
from alongside.care.models import CareRecord, Duty, Event, Note, Party
from alongside.kernel.errors import NotFound


def open_record(
    reference: str, *, actor: Actor, now: datetime, what: str = "record", reason: str = ""
) -> CareRecord:
    """A care record by its reference, and a line in the access log that says who looked and at what.

    A record of one's own force comes before one that another force shares under the same reference.
    Raises NotFound where there is none for this asker.
    """
    found = CareRecord.objects.filter(reference=reference).select_related(
        "person", "crime", "officer", "coordinator", "witness_care_officer", "team"
    )
    record = min(found, key=lambda one: one.force_id != actor.force_id, default=None)
    if record is None:
        raise NotFound
    log.write(act=Access.Act.LOOK, what=what, actor=actor, now=now, care_record_id=record.pk, reason=reason)
    return record


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a timeline, with its words and whether a later event voided it."""

    event: Event
    words: str
    voided_by: Event | None


def timeline(care_record: CareRecord) -> list[Line]:
    """Everything that has happened on the record, latest first. Two statements."""
    events = list(
        Event.objects.filter(care_record=care_record).select_related("by").order_by("-at", "-number")
    )
    words = {str(note.pk): note.words for note in Note.objects.filter(care_record=care_record)}
    voids = {event.data.get("event"): event for event in events if event.kind == "event.voided"}
    return [
        Line(
            event=event, words=words.get(event.data.get("note", ""), ""), voided_by=voids.get(event.event_id)
        )
        for event in events
    ]


def duties(care_record: CareRecord) -> QuerySet[Duty]:
    """Every duty of the record, open ones first in the order they fall due."""
    return Duty.objects.filter(care_record=care_record).order_by("due_by", "triggered_at", "rule", "link")


def duty(care_record: CareRecord, duty_id: UUID) -> Duty:
    """One duty of the record. Raises NotFound."""
    try:
        return Duty.objects.get(care_record=care_record, pk=duty_id)
    except Duty.DoesNotExist as error:
        raise NotFound from error


def parties(care_record: CareRecord) -> QuerySet[Party]:
    """Everybody else on the record."""
    return Party.objects.filter(care_record=care_record).select_related("person").order_by("relation", "pk")


def others_on_the_crime(care_record: CareRecord) -> QuerySet[CareRecord]:
    """The other care records of the same crime that the asker may see."""
    if care_record.crime_id is None:
        return CareRecord.objects.none()
    return (
        CareRecord.objects.filter(crime_id=care_record.crime_id)
        .exclude(pk=care_record.pk)
        .select_related("person")
        .order_by("reference")
    )


def records_changed_by_time(*, now: datetime, limit: int) -> list[UUID]:
    """Records whose duties are no longer what the passing of time has made them, longest ago first."""
    return list(
        CareRecord.objects.filter(next_change_at__lte=now)
        .order_by("next_change_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )
