"""Every form that changes a record: the happy path, what it refuses, and two people at once."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from alongside.access import scope
from alongside.access.models import Access
from alongside.care import actions
from alongside.care.models import CareRecord, Duty, Event, Grant, Named, Note
from alongside.rulebook import catalogue
from alongside.staff import event_form
from tests.factories import NOW, Happening, actor, care_record, force, sign_in, user

pytestmark = pytest.mark.django_db

ARREST = datetime(2026, 6, 25, 20, 10, tzinfo=UTC)
YESTERDAY = {"at-day": "29", "at-month": "6", "at-year": "2026", "at-time": "2:30pm"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def here():
    return force("WM")


@pytest.fixture
def supervisor(here, client):
    made = user(here, "supervisor", name="Sam Supervisor")
    sign_in(client, made, now=NOW)
    return made


@pytest.fixture
def record(here, supervisor):
    return care_record(
        here, Happening("suspect.arrested", ARREST, event_id="arrest"), reference="WM-000123-26/V1"
    )


def address(name, record, **parts):
    return reverse(f"staff:{name}", kwargs={"reference": record.reference, **parts})


def post(client, name, record, parts=None, **fields):
    return client.post(address(name, record, **(parts or {})), {"submission": str(uuid4()), **fields})


def everything(record):
    record = CareRecord.objects.get(pk=record.pk)
    return (
        record.version, record.facts, record.restricted, record.officer_id, record.coordinator_id,
        Event.objects.filter(care_record=record).count(), Note.objects.filter(care_record=record).count(),
        Grant.objects.filter(care_record=record).count(), Named.objects.filter(care_record=record).count(),
    )  # fmt: skip


# --- Adding an event


def test_an_event_is_added_with_its_payload_its_words_and_its_duties(client, record):
    answer = post(
        client,
        "record_event_add",
        record,
        {"kind": "prosecution.declined"},
        **YESTERDAY,
        data_by="police",
        words="Told by the sergeant.",
    )

    event = Event.objects.get(care_record=record, kind="prosecution.declined")
    assert answer.status_code == 302
    assert (event.at, event.data["by"]) == (datetime(2026, 6, 29, 13, 30, tzinfo=UTC), "police")
    assert Note.objects.get(pk=event.data["note"]).words == "Told by the sergeant."
    assert Duty.objects.get(care_record=record, rule="R6-11").state == "open"


def test_an_event_says_which_earlier_one_it_is_about(client, record):
    post(client, "record_event_add", record, {"kind": "property.returned"}, **YESTERDAY, about=["arrest"])

    assert Event.objects.get(care_record=record, kind="property.returned").about == ["arrest"]


def test_a_duty_that_is_not_telling_leads_to_the_event_that_does_it(client, record):
    post(client, "record_event_add", record, {"kind": "needs.assessed"}, **YESTERDAY | {"at-time": "9am"})
    duty = Duty.objects.get(care_record=record, rule="L-03", state="open")
    page = client.get(address("record", record)).content.decode()
    where = page.split("Record it<span")[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    assert (
        where == address("record_event_add", record, kind="needs.reviewed") + f"?about={duty.trigger_event}"
    )

    client.post(where, {"submission": str(uuid4()), **YESTERDAY})

    assert Duty.objects.get(pk=duty.pk).state == "met"


def test_a_promise_made_by_hand_has_its_day(client, record):
    day = {"data_by-day": "3", "data_by-month": "July", "data_by-year": "2026"}

    answer = post(client, "record_event_add", record, {"kind": "promise.made"}, **YESTERDAY, **day)

    assert answer.status_code == 302
    assert Duty.objects.get(care_record=record, rule="L-08").due_on.isoformat() == "2026-07-03"


@pytest.mark.parametrize("kind", [kind for kind in catalogue.kinds() if kind not in event_form.ELSEWHERE])
def test_every_kind_that_is_offered_can_be_answered(client, record, kind):
    page = client.get(address("record_event_add", record, kind=kind))
    required = [key for key in catalogue.kinds()[kind].data.values() if key.required]

    assert page.status_code == 200
    asked = event_form.EventForm(kind=catalogue.kinds()[kind]).fields
    assert [key.name for key in required if f"data_{key.name}" not in asked and key.name != "note"] == []


@pytest.mark.parametrize("kind", sorted(event_form.ELSEWHERE))
def test_what_has_a_page_of_its_own_is_not_added_here(client, record, kind):
    assert client.get(address("record_event_add", record, kind=kind)).status_code == 404


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("suspect.arrested", {}, "Enter when it happened"),
        ("suspect.arrested", {**YESTERDAY, "at-year": "2027"}, "must be in the past"),
        ("suspect.arrested", {**YESTERDAY, "at-year": "1066"}, "same as or after"),
        ("suspect.arrested", {**YESTERDAY, "at-time": "teatime"}, "Enter a time"),
        ("suspect.arrested", {**YESTERDAY, "words": "x" * 10_000}, "Notes must be 4,000 characters or less"),
        ("prosecution.declined", YESTERDAY, "Select by whom"),
        ("prosecution.declined", {**YESTERDAY, "data_by": "judge"}, "Select by whom"),
        ("contact.agreed", {**YESTERDAY, "data_every_days": "0"}, "must be between 1 and 730"),
        ("property.returned", {**YESTERDAY, "about": ["no such event"]}, "Select what it is about"),
        ("note.added", YESTERDAY, "Enter notes"),
    ],
)
def test_a_bad_event_is_refused_beside_the_field_and_changes_nothing(client, record, kind, fields, said):
    before = everything(record)

    page = post(client, "record_event_add", record, {"kind": kind}, **fields)

    assert page.status_code == 200
    assert said in page.content.decode()
    assert everything(record) == before


def test_the_same_event_sent_twice_is_one(client, record):
    submission = str(uuid4())

    for _ in range(2):
        answer = post(
            client,
            "record_event_add",
            record,
            {"kind": "suspect.bailed"},
            **YESTERDAY,
            words="On bail.",
            submission=submission,
        )

    assert answer.status_code == 302
    assert Event.objects.filter(care_record=record, kind="suspect.bailed").count() == 1
    assert Note.objects.filter(care_record=record).count() == 1


def test_the_same_page_sent_again_with_other_answers_says_so(client, record):
    submission = str(uuid4())
    post(client, "record_event_add", record, {"kind": "suspect.bailed"}, **YESTERDAY, submission=submission)
    before = everything(record)

    page = post(
        client, "record_event_add", record, {"kind": "suspect.bailed"}, **{**YESTERDAY, "at-day": "28"},
        submission=submission,
    )  # fmt: skip

    assert "You sent this page before, with other answers" in page.content.decode()
    assert everything(record) == before


# --- Voiding


@pytest.mark.parametrize(
    ("event_id", "reason", "said"),
    [
        ("arrest", "", "Enter why it was a mistake"),
        ("opened", "Wrong.", "opening of the record can not be voided"),
    ],
)
def test_a_mistake_is_not_voided_without_a_reason_nor_the_opening_at_all(
    client, record, event_id, reason, said
):
    before = everything(record)

    page = post(client, "record_event_void", record, {"event_id": event_id}, reason=reason)

    assert said in page.content.decode()
    assert everything(record) == before


def test_a_mistake_is_voided_once(client, record):
    submission = str(uuid4())
    for _ in range(2):
        post(
            client,
            "record_event_void",
            record,
            {"event_id": "arrest"},
            reason="Wrong.",
            submission=submission,
        )
    again = post(client, "record_event_void", record, {"event_id": "arrest"}, reason="Wrong.")

    assert Event.objects.filter(care_record=record, kind="event.voided").count() == 1
    assert "has been voided already" in again.content.decode()


# --- Facts


def test_facts_are_set_and_taken_away(client, record):
    post(client, "record_facts", record, version=1, person=["enhanced", "loss"], offence=["offence:burglary"])
    first = CareRecord.objects.get(pk=record.pk)
    post(client, "record_facts", record, version=first.version, person=["loss"], offence=["offence:burglary"])

    record.refresh_from_db()
    assert first.facts == ["enhanced", "loss", "offence:burglary", "victim"]
    assert (record.facts, record.enhanced) == (["loss", "offence:burglary", "victim"], False)


def test_of_two_who_set_facts_the_second_sees_both_and_chooses(client, record, supervisor):
    other = actor(supervisor)
    with scope.enter(other.scope):
        actions.set_facts(care_record=record, add=["loss"], remove=[], version=1, actor=other, now=NOW)
    before = everything(record)

    page = post(client, "record_facts", record, version=1, person=["enhanced"])
    text = page.content.decode()

    assert "Somebody else was first" in text
    assert everything(record) == before
    assert 'name="version" value="2"' in text
    table = text[text.index("<table") : text.index("</table>")]
    assert [row in table for row in ("Enhanced Rights", "Lost money or property")] == [True, True]
    answer = post(client, "record_facts", record, version=2, person=["enhanced"])
    record.refresh_from_db()
    assert (answer.status_code, record.facts) == (302, ["enhanced", "victim"])


def test_a_fact_that_is_not_for_this_page_is_refused(client, record):
    before = everything(record)

    page = post(client, "record_facts", record, version=1, person=["risk:high"])

    assert page.status_code == 200
    assert everything(record) == before


# --- Assignment


def test_assigning_moves_the_open_duties(client, record, here):
    officer, coordinator = user(here, name="Olu Officer"), user(here, "coordinator")

    for _ in range(2):  # the same button twice is no conflict
        answer = post(
            client, "record_assignment", record, version=1, officer=officer.pk, coordinator=coordinator.pk
        )

    record.refresh_from_db()
    assert answer.status_code == 302
    assert (record.officer_id, record.coordinator_id, record.version) == (officer.pk, coordinator.pk, 2)
    assert Duty.objects.get(care_record=record, rule="R6-03").assigned_to_id == officer.pk
    assert "changed to Olu Officer" in client.get(address("record", record)).content.decode()


def test_of_two_who_assign_the_second_sees_both(client, record, here, supervisor):
    first, second = user(here, name="First Officer"), user(here, name="Second Officer")
    other = actor(supervisor)
    with scope.enter(other.scope):
        actions.assign(
            care_record=record, officer=first, coordinator=None, witness_care_officer=None, version=1, actor=other,
            now=NOW,
        )  # fmt: skip
    before = everything(record)

    text = post(client, "record_assignment", record, version=1, officer=second.pk).content.decode()

    assert "Somebody else was first" in text
    table = text[text.index("<table") : text.index("</table>")]
    assert table.index("First Officer") < table.index("Second Officer")
    assert everything(record) == before


def test_nobody_of_another_force_can_be_assigned(client, record):
    stranger = user(force("WY"))
    before = everything(record)

    page = post(client, "record_assignment", record, version=1, officer=stranger.pk)

    assert page.status_code == 200
    assert stranger.name not in page.content.decode()
    assert everything(record) == before


# --- Restriction, readers, sharing


def test_a_record_is_restricted_a_reader_named_and_the_restriction_lifted(client, record, here):
    reader = user(here, name="Ruth Reader")

    post(client, "record_restriction", record, version=1, reason="A colleague is a party.")
    post(client, "record_readers", record, reader=reader.pk)
    named = client.get(address("record_readers", record)).content.decode()
    restricted = CareRecord.objects.get(pk=record.pk)
    sign_in(client, reader, now=NOW)
    seen = client.get(address("record", record)).status_code

    assert restricted.restricted
    assert "Ruth Reader" in named
    assert seen == 200
    assert Access.objects.filter(act="change", what="record.readers").count() == 2


def test_a_restriction_needs_a_reason(client, record):
    before = everything(record)

    page = post(client, "record_restriction", record, version=1, reason=" ")

    assert "Enter reason" in page.content.decode()
    assert everything(record) == before


def test_a_record_is_shared_until_a_day_and_stopped_again(client, record):
    neighbour = force("WY")
    fields = {"to_force": neighbour.pk, "reason": "The victim has moved.", "submission": str(uuid4())}
    day = {"until-day": "31", "until-month": "12", "until-year": "2099"}

    for _ in range(2):
        post(client, "record_sharing", record, **fields, **day)
    grant = Grant.objects.get(care_record=record)
    for _ in range(2):
        client.post(address("record_sharing_stop", record, grant_id=grant.pk))

    grant.refresh_from_db()
    assert grant.until == datetime(2100, 1, 1, tzinfo=UTC)
    assert grant.revoked_at == NOW
    assert Event.objects.filter(care_record=record, kind="record.shared").count() == 1
    assert Event.objects.filter(care_record=record, kind="record.sharing_ended").count() == 1


def test_a_record_is_not_shared_into_the_past_nor_with_ourselves(client, record, here):
    before = everything(record)
    day = {"until-day": "1", "until-month": "1", "until-year": "2026"}

    past = post(client, "record_sharing", record, to_force=force("WY").pk, reason="Moved.", **day)
    ours = post(client, "record_sharing", record, to_force=here.pk, reason="Moved.", **day)

    assert "must be today or in the future" in past.content.decode()
    assert "Select force" in ours.content.decode()
    assert everything(record) == before


# --- Who may


@pytest.mark.parametrize(
    ("role", "name", "parts"),
    [
        ("call-handler", "record_facts", {}),
        ("call-handler", "record_event_void", {"event_id": "arrest"}),
        ("officer", "record_assignment", {}),
        ("officer", "record_restriction", {}),
        ("officer", "record_readers", {}),
        ("coordinator", "record_sharing", {}),
        ("analyst", "record", {}),
        ("analyst", "record_event_kind", {}),
    ],
)
def test_who_may_not_is_told_so_and_the_knock_is_logged(client, record, here, role, name, parts):
    before = everything(record)
    sign_in(client, user(here, role), now=NOW)

    assert client.get(address(name, record, **parts)).status_code == 403
    assert Access.objects.filter(act="refused", what=f"staff:{name}").count() == 1
    assert everything(record) == before


@pytest.mark.parametrize(
    "name", ["record_event_kind", "record_facts", "record_assignment", "record_restriction", "record_readers", "record_sharing"]
)  # fmt: skip
def test_another_forces_record_can_not_be_changed(client, supervisor, name):
    theirs = care_record(force("WY"), reference="WY-000001-26/V1")
    before = everything(theirs)

    assert client.get(address(name, theirs)).status_code == 404
    assert post(client, name, theirs, version=1, reason="Because.").status_code == 404
    assert everything(theirs) == before


@pytest.mark.parametrize(
    ("name", "parts", "fields"),
    [
        ("record_event_add", {"kind": "suspect.bailed"}, {"words": "<b>x</b>", "at-day": "<b>x</b>"}),
        ("record_event_void", {"event_id": "arrest"}, {"reason": "<b>x</b>" * 200}),
        ("record_restriction", {}, {"reason": "<b>x</b>", "version": "<b>x</b>"}),
        ("record_sharing", {}, {"reason": "<b>x</b>", "to_force": "<b>x</b>", "until-day": "<b>x</b>"}),
        ("record_facts", {}, {"person": "<b>x</b>", "version": "<b>x</b>"}),
        ("record_assignment", {}, {"officer": "<b>x</b>", "version": "1"}),
    ],
)
def test_markup_that_comes_back_is_escaped(client, record, name, parts, fields):
    page = post(client, name, record, parts, **fields)

    assert page.status_code == 200
    assert "<b>x</b>" not in page.content.decode()
