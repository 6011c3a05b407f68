"""What can be done with a care record. The only writes; each is one transaction and leaves its event."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alongside.access import log
from alongside.access.actors import Actor
from alongside.access.models import Access, User
from alongside.care import history, reassignment
from alongside.care.history import Happening
from alongside.care.models import CareRecord, Duty, Event, Grant, Named, Party, Person
from alongside.kernel.errors import Refused, Stale
from alongside.kernel.ids import new_id

_ASSIGNED = ("officer", "coordinator", "witness_care_officer")


class NotTheirForce(Refused):
    """Somebody of another force can not be given work here."""


@transaction.atomic
def add_event(
    *,
    care_record: CareRecord,
    kind: str,
    at: datetime,
    actor: Actor,
    now: datetime,
    data: dict[str, Any] | None = None,
    about: Sequence[str] = (),
    words: str = "",
    precision: str = "minute",
    event_id: str | None = None,
) -> Event:
    """Record something that happened, with any words about it kept beside the timeline."""
    return history.record(
        care_record=care_record,
        happening=Happening(
            kind, at, data=dict(data or {}), about=about, precision=precision, event_id=event_id, words=words
        ),
        actor=actor,
        now=now,
    )


@transaction.atomic
def void_event(
    *,
    care_record: CareRecord,
    event_id: str,
    reason: str,
    actor: Actor,
    now: datetime,
    submission: str | None = None,
) -> Event:
    """Treat an event as if it had never happened. It stays on the timeline, struck out, with the reason."""
    if before := history.sent_before(care_record, submission):
        return before
    if not reason.strip():
        raise Refused("Enter why this event was a mistake.", field="reason")
    event = Event.objects.filter(care_record=care_record, event_id=event_id).first()
    if event is None:
        raise Refused("There is no such event on this care record.", field="event")
    if event.kind == "care.opened":
        raise Refused("The opening of the record can not be voided. Change the facts instead.", field="event")
    if Event.objects.filter(care_record=care_record, kind="event.voided", data__event=event_id).exists():
        raise Refused("This event has been voided already.", field="event")
    return add_event(
        care_record=care_record,
        kind="event.voided",
        at=now,
        data={"event": event_id},
        words=reason,
        event_id=submission,
        actor=actor,
        now=now,
    )


@transaction.atomic
def set_facts(
    *,
    care_record: CareRecord,
    add: Iterable[str],
    remove: Iterable[str],
    version: int,
    actor: Actor,
    now: datetime,
    submission: str | None = None,
) -> CareRecord:
    """Say what holds of this person from now on. Limits that run already stay as they are."""
    record = history.lock(care_record.pk)
    added = sorted(set(add) - set(record.facts))
    removed = sorted(set(remove) & set(record.facts))
    if added or removed:
        _change(record, version)
        history.record(
            care_record=record,
            happening=Happening(
                "facts.changed", now, data={"add": added, "remove": removed}, event_id=submission
            ),
            actor=actor,
            now=now,
        )
    return record


@transaction.atomic
def assign(
    *,
    care_record: CareRecord,
    officer: User | None,
    coordinator: User | None,
    witness_care_officer: User | None,
    version: int,
    actor: Actor,
    now: datetime,
) -> CareRecord:
    """Say who looks after this person. Every open duty moves to the right worklist at once.

    The record is worked by the officer's team. On a restricted record the newly assigned are named readers.
    """
    record = history.lock(care_record.pk)
    people = {
        "officer.assigned": ("officer", officer),
        "coordinator.assigned": ("coordinator", coordinator),
        "witness_care_officer.assigned": ("witness_care_officer", witness_care_officer),
    }
    happenings = []
    for kind, (role, user) in people.items():
        if user is not None and user.force_id != record.force_id:
            raise NotTheirForce("Choose somebody of this force.", field=role)
        if getattr(record, f"{role}_id") != (user.pk if user else None):
            setattr(record, role, user)
            happenings.append(Happening(kind, now, data={role: str(user.pk)} if user else {}))
    if not happenings:
        return record
    record.team_id = officer.team_id if officer else record.team_id
    _change(record, version, "officer", "coordinator", "witness_care_officer", "team")
    if record.restricted:
        name_readers(
            care_record=record, users=[user for _, user in people.values() if user], actor=actor, now=now
        )
    history.record_all(care_record=record, happenings=happenings, actor=actor, now=now)
    return record


@transaction.atomic
def reassign(
    *, duty_ids: Sequence[UUID], to: User, seen: str, submission: str, actor: Actor, now: datetime
) -> reassignment.Plan:
    """Hand the care records of these duties to somebody else, in whichever part each duty belongs to.

    All of it or nothing, in a number of statements that does not grow with the records. `seen` is the plan's:
    raises Stale where a record has changed since. The same `submission` again changes nothing.
    """
    if to.force_id != actor.force_id:
        raise NotTheirForce("Choose somebody of this force.", field="to")
    records = _locked(Duty.objects.filter(pk__in=duty_ids, force_id=actor.force_id))
    plan = reassignment.plan(duty_ids, to=to, asker=actor)
    if Event.objects.filter(
        care_record_id__in=records, event_id__in=[f"{submission}/{part}" for part in _ASSIGNED]
    ).exists():
        return plan
    if plan.seen != seen:
        raise Stale
    entries = []
    for key, parts in plan.parts.items():
        if parts:
            entries.append(
                (records[key], _hand_over(records[key], parts, to, submission=submission, now=now))
            )
    changed = [record for record, _ in entries]
    CareRecord.objects.bulk_update(changed, [*_ASSIGNED, "team", "version"])
    _name_readers([(record, to) for record in changed if record.restricted], actor=actor, now=now)
    history.record_on_each(entries, actor=actor, now=now)
    return plan


@transaction.atomic
def restrict(
    *, care_record: CareRecord, reason: str, version: int, actor: Actor, now: datetime
) -> CareRecord:
    """Only those named may see this record from now on: whoever restricts it and those assigned to it."""
    record = history.lock(care_record.pk)
    if not reason.strip():
        raise Refused("Enter why this record is to be restricted.", field="reason")
    if record.restricted:
        return record
    assigned = [record.officer_id, record.coordinator_id, record.witness_care_officer_id, actor.user_id]
    readers = User.objects.filter(pk__in={key for key in assigned if key})
    name_readers(care_record=record, users=readers, actor=actor, now=now)
    record.restricted = True
    _change(record, version, "restricted")
    add_event(care_record=record, kind="restriction.set", at=now, words=reason, actor=actor, now=now)
    return record


@transaction.atomic
def lift_restriction(
    *, care_record: CareRecord, reason: str, version: int, actor: Actor, now: datetime
) -> CareRecord:
    """Let the whole force's staff see this record again."""
    record = history.lock(care_record.pk)
    if not reason.strip():
        raise Refused("Enter why this record need not be restricted any longer.", field="reason")
    if not record.restricted:
        return record
    record.restricted = False
    _change(record, version, "restricted")
    add_event(care_record=record, kind="restriction.lifted", at=now, words=reason, actor=actor, now=now)
    return record


def name_readers(*, care_record: CareRecord, users: Iterable[User], actor: Actor, now: datetime) -> None:
    """Let these people see the record while it is restricted. Naming somebody twice changes nothing."""
    _name_readers([(care_record, user) for user in users], actor=actor, now=now)


@transaction.atomic
def share_with_force(
    *,
    care_record: CareRecord,
    to_force_id: UUID,
    reason: str,
    until: datetime,
    actor: Actor,
    now: datetime,
    submission: UUID | None = None,
) -> Grant:
    """Let another force read this one record until a day. It can write nothing here."""
    history.lock(care_record.pk)
    if submission and (before := Grant.objects.filter(care_record=care_record, pk=submission).first()):
        return before
    if until <= now:
        raise Refused("The sharing must end in the future.", field="until")
    grant = Grant.objects.create(
        id=submission or new_id(),
        force_id=care_record.force_id,
        care_record=care_record,
        to_force_id=to_force_id,
        reason=reason,
        granted_by_id=actor.user_id,
        granted_at=now,
        until=until,
    )
    history.record(
        care_record=care_record,
        happening=Happening("record.shared", now, data={"grant": str(grant.pk)}),
        actor=actor,
        now=now,
    )
    return grant


@transaction.atomic
def stop_sharing(*, grant: Grant, actor: Actor, now: datetime) -> None:
    """End a sharing at once."""
    history.lock(grant.care_record_id)
    grant.refresh_from_db()
    if grant.revoked_at:
        return
    grant.revoked_at = now
    grant.save(update_fields=["revoked_at"])
    history.record(
        care_record=grant.care_record,
        happening=Happening("record.sharing_ended", now, data={"grant": str(grant.pk)}),
        actor=actor,
        now=now,
    )


@transaction.atomic
def add_party(
    *, care_record: CareRecord, person: Person, relation: str, actor: Actor, now: datetime
) -> Party:
    """Note somebody else on the record, such as a parent or a spokesperson."""
    if person._state.adding:
        person.save(force_insert=True)
    party = Party.objects.create(
        force_id=care_record.force_id, care_record=care_record, person=person, relation=relation
    )
    history.record(
        care_record=care_record,
        happening=Happening("party.added", now, data={"party": str(party.pk), "relation": relation}),
        actor=actor,
        now=now,
    )
    return party


def _change(record: CareRecord, version: int, *fields: str) -> None:
    """Save what a person changed. Raises Stale where somebody else changed the record since `version` was shown.

    Asking for what already is never comes here, so the same button pressed twice is not a conflict.
    """
    if record.version != version:
        raise Stale
    record.version += 1
    record.save(update_fields=[*fields, "version"])


def _locked(duties: QuerySet[Duty]) -> dict[UUID, CareRecord]:
    """The records of these duties, held in one order, so that two people can not wait for each other."""
    records = CareRecord.objects.select_for_update().filter(pk__in=duties.values("care_record_id"))
    return {record.pk: record for record in records.order_by("pk")}


def _hand_over(
    record: CareRecord, parts: Iterable[str], to: User, *, submission: str, now: datetime
) -> list[Happening]:
    """Put somebody into these parts of the record. Returns what to add to its timeline."""
    happenings = []
    for part in sorted(name.removesuffix("_id") for name in parts):
        setattr(record, part, to)
        kind = f"{part}.assigned"
        happenings.append(Happening(kind, now, data={part: str(to.pk)}, event_id=f"{submission}/{part}"))
        if part == "officer":
            record.team_id = to.team_id
    record.version += 1
    return happenings


def _name_readers(named: Sequence[tuple[CareRecord, User]], *, actor: Actor, now: datetime) -> None:
    Named.objects.bulk_create(
        [
            Named(
                force_id=record.force_id,
                care_record=record,
                user=user,
                named_by_id=actor.user_id,
                named_at=now,
            )
            for record, user in named
        ],
        ignore_conflicts=True,
    )
    for key in dict.fromkeys(record.pk for record, _ in named):
        log.write(act=Access.Act.CHANGE, what="record.readers", actor=actor, now=now, care_record_id=key)
