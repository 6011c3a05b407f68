"""What can be asked of the care file. Row-level security has already limited it to the asker's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from alongside.access import log
from alongside.access.actors import Actor
from alongside.access.models import Access, Force, User
from alongside.care.models import CareRecord, Duty, Event, Grant, Named, Note, Party
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
    """Everything that has happened on the record, latest first. One statement."""
    note = Note.objects.filter(care_record_id=OuterRef("care_record_id")).annotate(
        key=Cast("pk", TextField())
    )
    events = list(
        Event.objects.filter(care_record=care_record)
        # Compared as text, because an imported payload may hold anything.
        .annotate(note_key=KT("data__note"))
        .annotate(words=Subquery(note.filter(key=OuterRef("note_key")).values("words")[:1]))
        .select_related("by")
        .order_by("-at", "-number")
    )
    voids = voided(events)
    return [
        Line(event=event, words=event.words or "", voided_by=voids.get(event.event_id)) for event in events
    ]


def voided(events: Iterable[Event]) -> dict[str, Event]:
    """The ids of events that were voided, each with what voided it. A voiding may itself be voided."""
    voids: dict[str, Event] = {}
    for event in sorted(events, key=attrgetter("number"), reverse=True):
        if event.kind == "event.voided" and event.event_id not in voids:
            voids[str(event.data.get("event"))] = event
    return voids


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


def colleagues(actor: Actor) -> QuerySet[User]:
    """Who works at the asker's force now, by name."""
    return (
        User.objects.filter(force_id=actor.force_id, is_active=True).select_related("team").order_by("name")
    )


def other_forces(actor: Actor) -> QuerySet[Force]:
    """With whom a record may be shared."""
    return Force.objects.exclude(pk=actor.force_id).order_by("name")


def force_name(care_record: CareRecord) -> str:
    """Whose record it is."""
    return Force.objects.values_list("name", flat=True).get(pk=care_record.force_id)


def readers(care_record: CareRecord) -> QuerySet[Named]:
    """Who may see the record while it is restricted."""
    return Named.objects.filter(care_record=care_record).select_related("user").order_by("named_at")


def grants(care_record: CareRecord) -> QuerySet[Grant]:
    """With which forces the record was shared, the latest first."""
    return (
        Grant.objects.filter(care_record=care_record)
        .select_related("to_force", "granted_by")
        .order_by("-granted_at")
    )


def grant(care_record: CareRecord, grant_id: UUID) -> Grant:
    """One sharing of the record. Raises NotFound."""
    try:
        return Grant.objects.select_related("care_record").get(care_record=care_record, pk=grant_id)
    except Grant.DoesNotExist as error:
        raise NotFound from error


def records_changed_by_time(*, now: datetime, limit: int) -> list[UUID]:
    """Records whose duties are no longer what the passing of time has made them, longest ago first."""
    return list(
        CareRecord.objects.filter(next_change_at__lte=now)
        .order_by("next_change_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )
