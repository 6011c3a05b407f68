"""Telling somebody settles what it is about, in one go, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from alongside.access import scope
from alongside.care import actions as care_actions
from alongside.care import queries as care_queries
from alongside.care.models import Duty, Event, Note
from alongside.contact import actions, queries
from alongside.kernel.errors import Refused
from tests.factories import NOW, Happening, actor, care_record, force, user

pytestmark = pytest.mark.django_db

ARREST = datetime(2026, 6, 25, 20, 10, tzinfo=UTC)
BAIL = ARREST + timedelta(hours=9)
TOLD = datetime(2026, 6, 29, 9, 0, tzinfo=UTC)


@pytest.fixture
def here():
    return force("WM")


@pytest.fixture
def officer(here):
    return actor(user(here))


@pytest.fixture
def record(here):
    return care_record(
        here,
        Happening("contact.agreed", ARREST - timedelta(days=20), data={"every_days": 28}, event_id="agreed"),
        Happening("suspect.arrested", ARREST, event_id="arrest"),
        Happening("suspect.bailed", BAIL, event_id="bail"),
        Happening("crime.reported", ARREST, event_id="report"),
    )


def states(record):
    return {
        f"{duty.rule} {duty.link}": duty.state
        for duty in Duty.objects.filter(
            care_record=record, rule__in=["R6-03", "R6-06", "R6-17", "L-01", "L-08"]
        )
    }


def tell(record, teller, **changes):
    said = {
        "about": ["arrest", "bail"],
        "route": "phone",
        "told_at": TOLD,
        "words": "We arrested someone.",
        "next_promise": "",
        "next_promise_by": None,
        "now": NOW,
        "submission": uuid4(),
        **changes,
    }
    with scope.enter(teller.scope):
        return actions.tell_victim(care_record=record, actor=teller, **said)


def everything(record):
    return (
        states(record),
        Event.objects.filter(care_record=record).count(),
        Note.objects.filter(care_record=record).count(),
    )


def test_one_telling_meets_every_duty_it_is_about_and_the_regular_update(record, officer):
    before = states(record)

    told = tell(record, officer)

    assert before == {"R6-03 1": "open", "R6-06 1": "open", "R6-17 1": "open", "L-01 1": "open"}
    assert states(record) == {
        "R6-03 1": "met", "R6-06 1": "met", "R6-17 1": "met", "L-01 1": "open", "R6-17 2": "open",
    }  # fmt: skip
    assert (told.kind, told.about, told.data["route"]) == ("victim.informed", ["arrest", "bail"], "phone")
    assert Note.objects.get(pk=told.data["note"]).words == "We arrested someone."


def test_only_what_was_told_is_met(record, officer):
    tell(record, officer, about=["bail"])

    assert (states(record)["R6-03 1"], states(record)["R6-06 1"]) == ("open", "met")


def test_the_next_promise_becomes_a_duty_in_the_same_go(record, officer):
    tell(record, officer, next_promise="Call after the hearing", next_promise_by=date(2026, 7, 3))

    promise = Duty.objects.get(care_record=record, rule="L-08")
    assert (promise.state, promise.due_on) == ("open", date(2026, 7, 3))
    with scope.enter(officer.scope):
        lines = care_queries.timeline(record)
        (made,) = queries.promises(lines, care_queries.duties(record), now=NOW)
    assert (made.words, made.state) == ("Call after the hearing", "open")


def test_first_contact_is_recorded_where_it_was_asked_for(record, officer):
    tell(record, officer, about=["report"])

    assert states(record)["L-01 1"] == "met"


def test_a_letter_is_not_first_contact(record, officer):
    before = everything(record)

    with pytest.raises(Refused, match="when you have spoken"):
        tell(record, officer, about=["report"], route="letter")

    assert everything(record) == before


def test_the_same_page_sent_twice_tells_once(record, officer):
    submission = uuid4()
    promise = {"next_promise": "Call again", "next_promise_by": date(2026, 7, 3)}

    first = tell(record, officer, submission=submission, **promise)
    after_first = everything(record)
    second = tell(record, officer, submission=submission, **promise, now=NOW + timedelta(seconds=2))

    assert second.pk == first.pk
    assert everything(record) == after_first


def test_the_same_page_sent_again_with_other_words_is_refused(record, officer):
    submission = uuid4()
    tell(record, officer, submission=submission)
    before = everything(record)

    with pytest.raises(Refused):
        tell(record, officer, submission=submission, words="Other words.")

    assert everything(record) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": "  "}, "words"),
        ({"words": "The reason is that [give the reason in plain words]."}, "words"),
        ({"about": ["arrest", "no such event"]}, "about"),
        ({"told_at": ARREST + timedelta(hours=1)}, "told_at"),
        ({"told_at": NOW + timedelta(days=1)}, "at"),
        ({"route": "pigeon"}, "route"),
        ({"next_promise": "Call"}, "next_promise_by"),
        ({"next_promise_by": date(2026, 7, 3)}, "next_promise"),
        ({"next_promise": "Call", "next_promise_by": date(2026, 6, 1)}, "next_promise_by"),
    ],
)
def test_what_can_not_have_been_told_is_refused_and_changes_nothing(record, officer, changes, field):
    before = everything(record)

    with pytest.raises(Refused) as refused:
        tell(record, officer, **changes)

    assert refused.value.field == field
    assert everything(record) == before


def test_nothing_is_told_on_a_closed_record(here, officer):
    record = care_record(
        here,
        Happening("suspect.arrested", ARREST, event_id="arrest"),
        Happening("care.closed", BAIL),
    )

    with pytest.raises(actions.Closed):
        tell(record, officer, about=["arrest"])

    assert not Event.objects.filter(care_record=record, kind="victim.informed").exists()


def test_nothing_is_told_of_an_event_that_was_voided(record, officer):
    with scope.enter(officer.scope):
        care_actions.void_event(
            care_record=record, event_id="arrest", reason="Wrong record.", actor=officer, now=NOW
        )

    with pytest.raises(Refused, match="no longer on the record"):
        tell(record, officer)


def test_an_attempt_leaves_what_was_not_told_open(record, officer):
    before = states(record)
    attempt = {"route": "phone", "reason": "no_answer", "tried_at": TOLD, "words": "", "submission": uuid4()}

    for _ in range(2):
        with scope.enter(officer.scope):
            actions.note_attempt(care_record=record, actor=officer, now=NOW, **attempt)

    assert states(record) == before
    assert Event.objects.filter(care_record=record, kind="contact.attempted").count() == 1


def test_a_promise_is_kept_once(record, officer):
    tell(record, officer, next_promise="Call again", next_promise_by=date(2026, 7, 3))
    promise = Event.objects.get(care_record=record, kind="promise.made").event_id
    submission = uuid4()

    for seconds in (0, 2):
        with scope.enter(officer.scope):
            actions.keep_promise(
                care_record=record,
                promise=promise,
                words="",
                actor=officer,
                now=NOW + timedelta(seconds=seconds),
                submission=submission,
            )

    assert states(record)["L-08 1"] == "met"
    assert Event.objects.filter(care_record=record, kind="promise.kept").count() == 1


def test_what_waits_comes_in_the_order_it_falls_due_and_says_whose_it_is(here, officer):
    record = care_record(
        here,
        Happening("prosecution.declined", BAIL, data={"by": "cps"}, event_id="cps"),
        Happening("suspect.arrested", ARREST, event_id="arrest"),
    )

    with scope.enter(officer.scope):
        found = queries.waiting(record)

    assert [(one.event.event_id, one.is_ours) for one in found.events] == [("arrest", True), ("cps", False)]
    assert found.update is None
