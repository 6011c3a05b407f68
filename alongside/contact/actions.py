"""What can be done to keep somebody told. For now by hand: this records what was said, and sends nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from alongside.access.actors import Actor
from alongside.care import history
from alongside.care.history import Happening
from alongside.care.models import CareRecord, Event
from alongside.contact import queries, wording
from alongside.kernel.errors import Refused
from alongside.kernel.formats import in_london, moment

SPOKEN = frozenset({"phone", "in_person", "video_call"})
ROUTES = ("phone", "in_person", "video_call", "letter", "email", "through_someone")
REASONS = ("no_answer", "wrong_number", "not_safe", "asked_to_call_back")


class Closed(Refused):
    """The care record is closed: nothing more is owed, and nothing can be told on it."""


@transaction.atomic
def tell_victim(
    *,
    care_record: CareRecord,
    about: Sequence[str],
    route: str,
    told_at: datetime,
    words: str,
    next_promise: str,
    next_promise_by: date | None,
    actor: Actor,
    now: datetime,
    submission: UUID,
) -> Event:
    """Record that the person was told of these events, in these words, and what they were promised next.

    Every duty that waits for it is met in the same transaction. First contact is recorded as well where one
    of the events asks for it. The same submission twice is once.
    """
    events = _told_of(care_record, about, told_at=told_at)
    _check_words(words)
    _check_promise(next_promise, next_promise_by, now=now)
    happenings = [
        Happening(
            "victim.informed",
            told_at,
            data={"route": _known(route)},
            about=[event.event_id for event in events],
            event_id=str(submission),
            words=words,
        )
    ]
    if any(queries.asks_for_contact(event) for event in events):
        happenings.append(_contact(route, told_at, submission))
    if next_promise_by:
        happenings.append(
            Happening(
                "promise.made",
                told_at,
                data={"by": next_promise_by.isoformat()},
                event_id=f"{submission}/promise",
                words=next_promise,
            )
        )
    return history.record_all(care_record=care_record, happenings=happenings, actor=actor, now=now)[0]


@transaction.atomic
def note_attempt(
    *,
    care_record: CareRecord,
    route: str,
    reason: str,
    tried_at: datetime,
    words: str,
    actor: Actor,
    now: datetime,
    submission: UUID,
) -> Event:
    """Record that somebody tried and could not reach the person. Nothing has been told: those duties stay open."""
    if before := history.sent_before(care_record, str(submission)):
        return before
    if reason not in REASONS:
        raise Refused("Select why you could not reach them.", field="reason")
    attempt = Happening(
        "contact.attempted",
        tried_at,
        data={"route": _known(route), "reason": reason},
        event_id=str(submission),
        words=words,
    )
    return history.record(care_record=care_record, happening=attempt, actor=actor, now=now)


@transaction.atomic
def keep_promise(
    *, care_record: CareRecord, promise: str, words: str, actor: Actor, now: datetime, submission: UUID
) -> Event:
    """Record that what was promised has been done. `promise` is the id of the event that made it."""
    if before := history.sent_before(care_record, str(submission)):
        return before
    if not Event.objects.filter(care_record=care_record, event_id=promise, kind="promise.made").exists():
        raise Refused("There is no such promise on this care record.", field="promise")
    kept = Happening("promise.kept", now, about=[promise], event_id=str(submission), words=words)
    return history.record(care_record=care_record, happening=kept, actor=actor, now=now)


def _told_of(care_record: CareRecord, about: Sequence[str], *, told_at: datetime) -> list[Event]:
    if care_record.closed_at and care_record.closed_at <= told_at:
        raise Closed("This care record is closed. Open it again before you record that they were told.")
    events = queries.standing_events(care_record, about)
    if len(events) != len(set(about)):
        raise Refused(
            "Something that you selected is no longer on the record. Select again what you told them.",
            field="about",
        )
    late = [event for event in events if event.at > told_at]
    if late:
        happened = moment(max(event.at for event in late))
        raise Refused(
            f"What you told them of happened on {happened}. They can not have been told before.",
            field="told_at",
        )
    return events


def _contact(route: str, told_at: datetime, submission: UUID) -> Happening:
    if route not in SPOKEN:
        raise Refused(
            "First contact counts when you have spoken. Untick it, or choose how you spoke.", field="route"
        )
    return Happening("victim.contacted", told_at, data={"route": route}, event_id=f"{submission}/contact")


def _known(route: str) -> str:
    if route not in ROUTES:
        raise Refused("Select how you told them.", field="route")
    return route


def _check_words(words: str) -> None:
    if not words.strip():
        raise Refused("Enter what you told them.", field="words")
    if left := wording.left_to_fill_in(words):
        raise Refused(f"Replace {left[0]} with what you told them, or take it out.", field="words")


def _check_promise(promise: str, by: date | None, *, now: datetime) -> None:
    if promise.strip() and by is None:
        raise Refused("Enter the day by which you promised it.", field="next_promise_by")
    if by and not promise.strip():
        raise Refused("Enter what you promised.", field="next_promise")
    if by and by < in_london(now):
        raise Refused("The day of the promise must be today or later.", field="next_promise_by")
