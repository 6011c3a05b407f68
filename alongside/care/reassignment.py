"""What handing the care records of some duties to somebody else would move, before anybody does it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from alongside.access import log
from alongside.access.actors import Actor
from alongside.access.models import Access, User
from alongside.access.permissions import Permission
from alongside.care import derivation
from alongside.care.models import CareRecord, Duty, Event
from alongside.kernel.errors import NotFound

COLLEAGUES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """Which part changes hands on which record, and the open duties that go with it.

    `seen` is the state of the records that this was worked out from; `left_out` counts duties that were
    chosen but are owed no longer, are another body's, or are not the asker's to move.
    """

    records: Sequence[CareRecord]
    parts: Mapping[UUID, frozenset[str]]
    moving: Sequence[Duty]
    left_out: int
    seen: str

    @property
    def from_whom(self) -> list[tuple[UUID | None, int]]:
        """Each person with the number of duties that they lose, the most first. None: nobody had them."""
        return Counter(duty.assigned_to_id for duty in self.moving).most_common()


def plan(duty_ids: Sequence[UUID], *, to: User | None, asker: Actor) -> Plan:
    """What would move. Without `to`, what is chosen. Two statements."""
    chosen = [duty for duty in _open_duties(asker).filter(pk__in=duty_ids) if _is_ours(duty)]
    records = {duty.care_record_id: duty.care_record for duty in chosen}
    parts: dict[UUID, frozenset[str]] = {}
    for duty in chosen:
        parts[duty.care_record_id] = parts.get(duty.care_record_id, frozenset()) | {_part(duty)}
    if to is not None:
        parts = {key: _changing(records[key], names, to) for key, names in parts.items()}
        records = {key: record for key, record in records.items() if parts[key]}
    open_there = _open_duties(asker).filter(care_record_id__in=records) if to is not None else ()
    ordered = sorted(records.values(), key=lambda record: record.pk)
    return Plan(
        records=ordered,
        parts=parts,
        moving=[duty for duty in open_there if to and _moves(duty, parts[duty.care_record_id], to)],
        left_out=len(set(duty_ids)) - len(chosen),
        seen=sha256("".join(f"{record.pk} {record.version} " for record in ordered).encode()).hexdigest()[
            :32
        ],
    )


def preview(duty_ids: Sequence[UUID], *, to: User | None, asker: Actor, now: datetime) -> Plan:
    """The plan for somebody to look at before they decide; the look is logged."""
    log.write(act=Access.Act.LOOK, what="worklist.reassign", actor=asker, now=now)
    return plan(duty_ids, to=to, asker=asker)


def names(user_ids: Sequence[UUID | None]) -> dict[UUID, str]:
    """The names of people, those who have left included."""
    return dict(User.objects.filter(pk__in=[key for key in user_ids if key]).values_list("pk", "name"))


def colleagues(words: str, *, asker: Actor) -> list[User]:
    """People who can be given work, by part of a name or the collar number; without words, one's own team."""
    people = _may_have_work(asker).select_related("team").order_by("name", "pk")
    if words:
        people = people.filter(Q(name__icontains=words) | Q(collar_number__iexact=words))
    elif asker.team_id is not None:
        people = people.filter(team_id=asker.team_id)
    return list(people[: COLLEAGUES_SHOWN + 1])


def colleague(user_id: UUID, *, asker: Actor) -> User:
    """Somebody who can be given work. Raises NotFound: of another force, gone, or without a worklist."""
    try:
        return _may_have_work(asker).get(pk=user_id)
    except User.DoesNotExist as error:
        raise NotFound from error


def _may_have_work(asker: Actor) -> QuerySet[User]:
    return User.objects.filter(
        force_id=asker.force_id, is_active=True, roles__permissions__contains=[Permission.VIEW_WORKLIST]
    ).distinct()


def _open_duties(asker: Actor) -> QuerySet[Duty]:
    """With the record, and who recorded the trigger: what anybody may owe falls to them."""
    trigger = Event.objects.filter(
        force_id=OuterRef("force_id"),
        care_record_id=OuterRef("care_record_id"),
        event_id=OuterRef("trigger_event"),
    )
    return (
        Duty.objects.filter(force_id=asker.force_id, state=Duty.State.OPEN)
        .annotate(recorded_by=Subquery(trigger.values("by_id")))
        .select_related("care_record")
        .order_by("pk")
    )


def _is_ours(duty: Duty) -> bool:
    return duty.owner == "any" or duty.owner in derivation.RESPONSIBLE


def _part(duty: Duty) -> str:
    """The part on the record that a duty belongs to: what anybody may owe, to the part of whoever has it now."""
    if duty.owner in derivation.RESPONSIBLE:
        return derivation.RESPONSIBLE[duty.owner]
    held = (part for part in derivation.RESPONSIBLE.values() if getattr(duty.care_record, part) is not None)
    return next(
        (part for part in held if getattr(duty.care_record, part) == duty.assigned_to_id), "officer_id"
    )


def _changing(record: CareRecord, parts: frozenset[str], to: User) -> frozenset[str]:
    return frozenset(part for part in parts if getattr(record, part) != to.pk)


def _moves(duty: Duty, parts: frozenset[str], to: User) -> bool:
    after = copy(duty.care_record)
    for part in parts:
        setattr(after, part, to.pk)
    recorded_by: UUID | None = duty.recorded_by  # type: ignore[attr-defined]  # annotated by _open_duties
    falls_to = derivation.responsible(after, duty.owner, recorded_by=recorded_by)
    return falls_to == to.pk != duty.assigned_to_id
