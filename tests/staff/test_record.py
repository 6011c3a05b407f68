"""The page of one record: what it says, to whom, and what it refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alongside.access import scope
from alongside.access.models import Access
from alongside.care import actions
from alongside.care.models import Duty, Event
from tests.factories import NOW, Happening, actor, care_record, crime, force, person, sign_in, user

pytestmark = pytest.mark.django_db

ARREST = datetime(2026, 6, 25, 20, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def here():
    return force("WM")


@pytest.fixture
def officer(here, client):
    made = user(here, name="Olu Officer")
    sign_in(client, made, now=NOW)
    return made


@pytest.fixture
def record(here, officer):
    return care_record(
        here,
        Happening("contact.agreed", ARREST - timedelta(days=20), data={"every_days": 28, "route": "phone"}),
        Happening("suspect.arrested", ARREST, event_id="arrest"),
        Happening("needs.assessed", ARREST, data={"enhanced": True, "gateways": ["vulnerable"]}),
        officer=officer,
        person=person(
            here,
            name="Robin Example",
            known_as="Bobbie",
            date_of_birth=datetime(1990, 7, 1).date(),
            language="pl",
            needs=["large-print"],
            safety_warning="Never ring the landline.",
        ),
        reference="WM-000123-26/V1",
    )


def address(name, record, **parts):
    return reverse(f"staff:{name}", kwargs={"reference": record.reference, **parts})


def test_the_page_says_who_this_is_and_what_to_mind_first(client, record):
    page = client.get("/staff/records/WM-000123-26/V1/")

    text = page.content.decode()
    assert page.status_code == 200
    for said in (
        "Bobbie", "35 (born 1 July 1990)", "Polish", "large print", "Never ring the landline.", "Olu Officer",
        "Enhanced", "vulnerable, needs assessment of 25 June 2026", "every 28 days", "by phone",
    ):  # fmt: skip
        assert said in text, said


def test_open_duties_come_first_the_overdue_before_the_rest(client, record):
    text = client.get(address("record", record)).content.decode()

    due = text[text.index('id="due"') : text.index('id="timeline"')]
    assert "Tell the victim" in due
    assert due.index("Overdue") < due.index("Open")


def test_a_tab_says_neither_the_name_nor_the_reference(client, record):
    duty = Duty.objects.filter(care_record=record).first()
    pages = (
        address("record", record), address("record_duty", record, duty_id=duty.pk), address("tell_victim", record),
        address("record_facts", record), address("record_event_void", record, event_id="arrest"),
    )  # fmt: skip

    for page in pages:
        text = client.get(page).content.decode()
        title = text[text.index("<title>") : text.index("</title>")]
        assert not any(part in title for part in ("Bobbie", "Robin", record.reference)), title


def test_the_next_link_of_a_chain_is_a_date_on_the_overdue_one(client, record, here, officer):
    late = care_record(
        here,
        Happening("contact.agreed", NOW - timedelta(days=40), data={"every_days": 28}, event_id="agreed"),
        officer=officer,
    )
    assert Duty.objects.filter(care_record=late, rule="R6-17", state="open").count() == 2

    text = client.get(address("record", late)).content.decode()

    assert text.count("Keep the victim updated at the agreed interval</h3>") == 1
    assert "next due" in text


def test_a_long_timeline_shows_the_latest_and_holds_the_rest(client, record, here, officer):
    long = care_record(
        here,
        *(Happening("suspect.interviewed", ARREST + timedelta(hours=n)) for n in range(30)),
        officer=officer,
    )

    text = client.get(address("record", long)).content.decode()

    shown, _, older = text[text.index('class="moj-timeline"') :].partition('id="older"')
    assert shown.count('class="moj-timeline__item') == 25
    assert older.count('class="moj-timeline__item') == 6
    assert "Show all 31 events" in older
    assert "Show all" not in client.get(address("record", record)).content.decode()


def test_every_look_is_in_the_access_log(client, record, officer):
    client.get(address("record", record))

    line = Access.objects.get(act="look")
    assert (line.what, line.actor_id, line.care_record_id) == ("record", officer.pk, record.pk)


def test_the_page_takes_twelve_statements_however_long_the_history(client, record, here, officer):
    job = actor(officer)
    care_record(here, crime=record.crime, reference="WM-000123-26/V2")
    with scope.enter(job.scope):
        for day in range(20):
            actions.add_event(
                care_record=record,
                kind="suspect.interviewed",
                at=ARREST + timedelta(hours=day),
                words=f"Interview {day}",
                actor=job,
                now=NOW,
            )
    client.get(address("record", record))

    with CaptureQueriesContext(connection) as statements:
        client.get(address("record", record))

    sent = [query["sql"] for query in statements if "SAVEPOINT" not in query["sql"]]
    # The test's own transaction makes the scope hand back its role, which COMMIT does otherwise.
    assert len(sent) - 1 <= 12, "\n".join(sent)


def test_another_forces_record_looks_the_same_as_none(client, record):
    elsewhere = force("WY")
    theirs = care_record(elsewhere, reference="WY-000001-26/V1")

    answers = [client.get(address("record", theirs)), client.get("/staff/records/WY-000009-26/V1/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert list(Access.objects.values_list("act", "what").order_by("number"))[-2:] == [
        ("refused", "staff:record"), ("refused", "staff:record"),
    ]  # fmt: skip


def test_a_restricted_record_is_not_there_for_who_is_not_named(client, record, here):
    supervisor = actor(user(here, "supervisor"))
    with scope.enter(supervisor.scope):
        actions.restrict(
            care_record=record, reason="A colleague.", version=record.version, actor=supervisor, now=NOW
        )
    stranger = user(here)

    named = client.get(address("record", record)).status_code
    sign_in(client, stranger, now=NOW)
    unnamed = client.get(address("record", record)).status_code

    assert (named, unnamed) == (200, 404)


def test_a_record_that_another_force_shares_can_be_read_and_not_changed(client, record, here):
    boss = actor(user(here, "supervisor"))
    neighbour = user(force("WY"), "supervisor")
    with scope.enter(boss.scope):
        actions.share_with_force(
            care_record=record,
            to_force_id=neighbour.force_id,
            reason="The victim has moved.",
            until=datetime(2100, 1, 1, tzinfo=UTC),
            actor=boss,
            now=NOW,
        )
    sign_in(client, neighbour, now=NOW)

    page = client.get(address("record", record))
    text = page.content.decode()

    assert page.status_code == 200
    assert "This record belongs to WM Police" in text
    assert "Add an event" not in text
    for name in (
        "tell_victim",
        "record_event_kind",
        "record_facts",
        "record_assignment",
        "record_restriction",
    ):
        assert client.get(address(name, record)).status_code == 403, name


def test_a_duty_explains_itself_without_an_id(client, record):
    duty = Duty.objects.get(care_record=record, rule="R6-03")

    text = client.get(address("record_duty", record, duty_id=duty.pk)).content.decode()

    assert "on Thursday 25 June 2026 at 21:10." in text
    assert "instead of 5 working days" in text
    main = text[text.index("<main") :]
    assert "(arrest)" not in main
    assert "◻" not in main


def test_every_duty_of_a_long_story_explains_itself(client, record):
    for duty in Duty.objects.filter(care_record=record):
        assert client.get(address("record_duty", record, duty_id=duty.pk)).status_code == 200, duty.rule


def test_the_timeline_can_be_narrowed_to_a_group(client, record):
    text = client.get(address("record", record), {"group": "suspect"}).content.decode()

    shown = text[text.index('class="moj-timeline"') :]
    assert "Suspect arrested" in shown
    assert "Contact agreed" not in shown


def test_a_voided_event_stays_struck_out_with_its_reason(client, record, officer):
    answer = client.post(
        address("record_event_void", record, event_id="arrest"),
        {"reason": "Wrong <b>record</b>", "submission": "0192b1c0-0000-7000-8000-000000000001"},
    )

    text = client.get(address("record", record)).content.decode()
    assert answer.status_code == 302
    assert "<s>Suspect arrested</s>" in text
    assert "Wrong &lt;b&gt;record&lt;/b&gt;" in text
    assert "About: Suspect arrested" in text
    assert not Duty.objects.filter(care_record=record, rule="R6-03").exists()
    assert Event.objects.filter(care_record=record, kind="event.voided").count() == 1


def test_an_event_written_down_later_says_so(client, record):
    assert (
        "Written down later, on 30 June 2026 at midday"
        in client.get(address("record", record)).content.decode()
    )


def test_other_victims_of_the_crime_are_linked(client, record, here):
    care_record(here, crime=record.crime, reference="WM-000123-26/V2")
    care_record(here, crime=crime(here), reference="WM-000999-26/V1")

    text = client.get(address("record", record)).content.decode()

    assert "/staff/records/WM-000123-26/V2/" in text
    assert "WM-000999" not in text


@pytest.mark.parametrize("reference", ["%00", "WM-1%00/V1", "%0A", "..", "%2e%2e%2f"])
def test_a_reference_that_nothing_can_have_is_not_there(client, officer, reference):
    assert client.get(f"/staff/records/{reference}/").status_code == 404
