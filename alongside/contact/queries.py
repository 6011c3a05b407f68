"""What can be asked about keeping somebody told: what there is to tell, what was agreed, what was promised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q

from alongside.care import rules
from alongside.care.models import CareRecord, Duty, Event
from alongside.care.queries import Line, voided
from alongside.rulebook.model import Rule

TOLD = "victim.informed"
CONTACTED = "victim.contacted"
# Whose duties the people who use these pages do themselves; another body's are watched.
OURS = frozenset({"police", "victim-care-unit", "witness-care-unit", "any"})


@dataclass(frozen=True, slots=True)
class ToTell:
    """One event that somebody is owed word of, and the duties that telling meets."""

    event: Event
    duties: Sequence[Duty]

    @property
    def is_ours(self) -> bool:
        return any(duty.owner in OURS for duty in self.duties)

    @property
    def due_by(self) -> datetime | None:
        return min((duty.due_by for duty in self.duties if duty.due_by), default=None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything there is to tell, the most pressing first, and the regular update where one is open."""

    events: Sequence[ToTell]
    update: Duty | None


def waiting(care_record: CareRecord) -> Waiting:
    """What telling the person now would settle. Two statements."""
    owed: dict[str, list[Duty]] = {}
    updates = []
    for duty in Duty.objects.filter(care_record=care_record, state=Duty.State.OPEN).order_by("due_by", "pk"):
        rule = rules.current().rule(duty.book, duty.rule)
        if _is_told(rule, about=True) or _asks_for_contact(rule):
            owed.setdefault(duty.trigger_event, []).append(duty)
        elif _is_told(rule, about=False):
            updates.append(duty)
    events = {event.event_id: event for event in standing_events(care_record, list(owed))}
    # In the order of their first duty, which is the order in which they fall due.
    return Waiting([ToTell(events[key], due) for key, due in owed.items()], next(iter(updates), None))


def standing_events(care_record: CareRecord, event_ids: Sequence[str]) -> list[Event]:
    """These events of the record, oldest first, those that were voided left out. One statement."""
    asked = set(event_ids)
    rows = list(
        Event.objects.filter(
            Q(event_id__in=asked) | Q(kind="event.voided"), care_record=care_record
        ).order_by("at", "number")
    )
    gone = voided(rows)
    return [event for event in rows if event.event_id in asked and event.event_id not in gone]


def asks_for_contact(event: Event) -> bool:
    """Whether a rule waits for personal contact after this event."""
    return any(
        _asks_for_contact(rule) and any(one.kind == event.kind for one in rule.trigger)
        for rule in rules.current().rules
    )


class PromiseState(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    KEPT = "kept"
    KEPT_LATE = "kept late"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Promise:
    event: Event
    words: str
    by: date | datetime | None
    state: PromiseState


def promises(lines: Iterable[Line], duties: Iterable[Duty], *, now: datetime) -> list[Promise]:
    """What was promised and what became of it, from rows that the page has read already; the open first."""
    said = {line.event.event_id: line for line in lines if line.event.kind == "promise.made"}
    found = [
        Promise(
            said[duty.trigger_event].event, said[duty.trigger_event].words, duty.due_on or duty.due_by, state
        )
        for duty in duties
        if duty.trigger == "promise.made" and duty.trigger_event in said
        for state in [_became(duty, now)]
    ]
    return sorted(
        found, key=lambda one: (one.state not in (PromiseState.OVERDUE, PromiseState.OPEN), str(one.by))
    )


def agreement(lines: Iterable[Line]) -> Line | None:
    """The latest agreement on how often and how to be in touch. `lines` come latest first."""
    return next((line for line in lines if line.event.kind == "contact.agreed" and not line.voided_by), None)


def _became(duty: Duty, now: datetime) -> PromiseState:
    if duty.state == Duty.State.OPEN:
        return PromiseState.OVERDUE if duty.due_by and duty.due_by <= now else PromiseState.OPEN
    return {
        Duty.State.MET: PromiseState.KEPT,
        Duty.State.LATE: PromiseState.KEPT_LATE,
        Duty.State.WAIVED: PromiseState.WITHDRAWN,
        Duty.State.DEPARTED: PromiseState.WITHDRAWN,
    }.get(Duty.State(duty.state), PromiseState.BROKEN)


def is_met_by_telling(rule: Rule) -> bool:
    """Whether the page that records a telling is where this is done."""
    return any(one.kind == TOLD for one in rule.done_by) or _asks_for_contact(rule)


def _is_told(rule: Rule, *, about: bool) -> bool:
    return rule.about_trigger is about and any(one.kind == TOLD for one in rule.done_by)


def _asks_for_contact(rule: Rule) -> bool:
    return rule.owner in OURS and any(one.kind == CONTACTED for one in rule.done_by)


def settled_by(told: Event) -> int:
    """How many duties a telling has done."""
    return Duty.objects.filter(
        care_record_id=told.care_record_id, done_event__startswith=told.event_id
    ).count()
