"""Tell the victim through its pages: exactly what was ticked is done, and a refusal changes nothing."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.urls import reverse

from alongside.access.models import Access, Draft
from alongside.care.models import Duty, Event, Note
from tests.factories import NOW, Happening, care_record, force, person, sign_in, user

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
    made = user(here)
    sign_in(client, made, now=NOW)
    return made


@pytest.fixture
def record(here, officer):
    return care_record(
        here,
        Happening("contact.agreed", ARREST - timedelta(days=20), data={"every_days": 28}, event_id="agreed"),
        Happening("suspect.arrested", ARREST, event_id="arrest"),
        Happening("suspect.charged", ARREST + timedelta(hours=9), event_id="charge"),
        Happening("prosecution.declined", ARREST + timedelta(hours=9), data={"by": "cps"}, event_id="cps"),
        person=person(here, safety_warning="Never ring the landline."),
        reference="WM-000123-26/V1",
    )


def address(name, record, **parts):
    return reverse(f"staff:{name}", kwargs={"reference": record.reference, **parts})


def answers(**changes):
    query = QueryDict(mutable=True)
    for key, value in {"about": ["arrest", "charge"], "route": "phone", "when": "now", **changes}.items():
        query.setlist(key, value if isinstance(value, list) else [value])
    return query.urlencode()


def send(client, record, *, asked=None, **changes):
    asked = asked or answers()
    said = {
        "submission": str(uuid4()),
        "answers": asked,
        "told_at": NOW.isoformat(),
        "words": "We arrested someone.",
        "next_promise": "",
        **changes,
    }
    return client.post(f"{address('tell_victim_words', record)}?{asked}", said)


def states(record):
    rules = ["R6-03", "R6-08", "R6-13", "R6-17", "L-08"]
    return {
        f"{duty.rule} {duty.link}": duty.state
        for duty in Duty.objects.filter(care_record=record, rule__in=rules)
    }


def everything(record):
    return (
        states(record),
        Event.objects.filter(care_record=record).count(),
        Note.objects.filter(care_record=record).count(),
    )


OPEN = {"R6-03 1": "open", "R6-08 1": "open", "R6-13 1": "open", "R6-17 1": "open"}


def test_the_first_page_offers_all_there_is_to_tell_and_leaves_the_ticking_to_a_person(client, record):
    text = client.get(address("tell_victim", record)).content.decode()

    def box(value):
        end = text.index(f'value="{value}"')
        return text[text.rindex("<input", 0, end) : text.index(">", end)]

    assert not [one for one in ("arrest", "charge", "cps") if "checked" in box(one)]
    assert "by the Crown Prosecution Service" in text
    assert "It does not send anything" in text
    assert text.index("Never ring the landline.") < text.index('name="route"')


def test_opened_for_one_duty_only_that_is_ticked(client, record):
    text = client.get(address("tell_victim", record), {"about": "charge"}).content.decode()

    assert text.count("checked") == 2  # the charge, and "just now"


def test_the_only_thing_there_is_to_tell_is_ticked(client, record):
    alone = care_record(record.force, Happening("suspect.arrested", ARREST, event_id="arrest"))

    text = client.get(address("tell_victim", alone)).content.decode()

    assert text.count("checked") == 2  # the arrest, and "just now"


def test_the_second_page_has_words_for_each_of_them(client, record):
    page = client.get(f"{address('tell_victim_words', record)}?{answers()}")

    text = page.content.decode()
    assert "We arrested someone on 25 June 2026." in text
    assert "Someone was charged on 26 June 2026." in text
    assert "By phone" in text


def test_two_steps_do_all_that_was_ticked_and_the_regular_update(client, record):
    before = states(record)

    answer = send(client, record)

    assert before == OPEN
    assert (answer.status_code, answer.url) == (302, "/staff/records/WM-000123-26/V1/")
    assert states(record) == {
        "R6-03 1": "met", "R6-08 1": "met", "R6-13 1": "open", "R6-17 1": "met", "R6-17 2": "open",
    }  # fmt: skip
    told = Event.objects.get(care_record=record, kind="victim.informed")
    assert (told.about, told.data["route"], told.at) == (["arrest", "charge"], "phone", NOW)
    assert "Recorded. 3 duties are done" in client.get(answer.url).content.decode()


def test_a_promise_made_on_the_way_stands_on_the_record_until_it_is_kept(client, record):
    day = NOW + timedelta(days=3)
    send(
        client,
        record,
        next_promise="Ring after the hearing",
        **{
            "next_promise_by-day": day.day,
            "next_promise_by-month": day.month,
            "next_promise_by-year": day.year,
        },
    )

    made = Event.objects.get(care_record=record, kind="promise.made")
    text = client.get(address("record", record)).content.decode()
    answer = client.post(
        address("promise_kept", record, event_id=made.event_id), {"submission": str(uuid4()), "words": ""}
    )

    assert "Ring after the hearing" in text
    assert answer.status_code == 302
    assert states(record)["L-08 1"] == "met"


def test_a_regular_update_alone_is_about_nothing(client, record):
    send(client, record, asked=answers(about=["update"]), words="We are still looking into it.")

    assert Event.objects.get(care_record=record, kind="victim.informed").about == []
    assert states(record) == OPEN | {"R6-17 1": "met", "R6-17 2": "open"}


def test_told_earlier_counts_from_then(client, record):
    parts = {"told_at-day": "29", "told_at-month": "6", "told_at-year": "2026", "told_at-time": "9am"}

    page = client.get(f"{address('tell_victim_words', record)}?{answers(when='earlier', **parts)}")

    assert "29 June 2026 at 9am" in page.content.decode()


def test_the_same_button_twice_records_once(client, record):
    submission = str(uuid4())

    answers_ = [send(client, record, submission=submission) for _ in range(2)]

    assert [one.status_code for one in answers_] == [302, 302]
    assert Event.objects.filter(care_record=record, kind="victim.informed").count() == 1
    assert Note.objects.filter(care_record=record).count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"about": []}, "Select what you told them"),
        ({"route": ""}, "Select how you told them"),
        ({"route": "pigeon"}, "Select how you told them"),
        ({"about": ["no such event"]}, "Select what you told them"),
        ({"when": "earlier"}, "Enter day and time"),
        (
            {"when": "earlier", "told_at-day": "25", "told_at-month": "6", "told_at-year": "2026", "told_at-time": "9am"},
            "which is later than this",
        ),
        (
            {"when": "earlier", "told_at-day": "1", "told_at-month": "1", "told_at-year": "2027", "told_at-time": "9am"},
            "must be in the past",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_first_step_is_said_beside_it(client, record, changes, said):
    page = client.get(f"{address('tell_victim_words', record)}?{answers(**changes)}")

    text = page.content.decode()
    assert said in text
    assert "Step 1 of 2" in text
    assert "<title>Error: " in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"words": ""}, "Enter what you told them"),
        ({"words": "x" * 10_000}, "What you told them must be 4,000 characters or less"),
        ({"words": "Because [give the reason in plain words]."}, "Replace [give the reason in plain words]"),
        ({"told_at": (NOW + timedelta(days=1)).isoformat()}, "in the future"),
        ({"told_at": "yesterday"}, "Something was wrong with this page"),
        ({"asked": answers(about=["no such event"])}, "no longer on the record"),
        ({"asked": answers(route="pigeon")}, "Select how you told them"),
        ({"next_promise": "Ring"}, "Enter the day by which you promised it"),
        ({"submission": "not a number"}, "Something was wrong with this page"),
        ({"words": "zero \x00 byte"}, "must not include"),
    ],
)
def test_what_is_wrong_with_the_second_step_is_said_and_nothing_typed_is_lost(client, record, changes, said):
    before = everything(record)

    page = send(client, record, **changes)

    text = page.content.decode()
    assert page.status_code == 200
    assert said in text
    assert "<title>Error: " in text
    if "x" in changes.get("words", ""):
        assert "x" * 10_000 in text
    assert everything(record) == before


def test_markup_in_the_words_stays_words(client, record):
    send(client, record, words="<script>alert(1)</script>")
    again = send(client, record, words="", next_promise="<img src=x>")

    text = client.get(address("record", record)).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert "<img src=x>" not in again.content.decode()


def test_an_attempt_is_recorded_and_everything_stays_due(client, record):
    answer = client.post(
        address("tell_victim_attempt", record),
        {"submission": str(uuid4()), "route": "phone", "reason": "no_answer", "when": "now", "words": ""},
    )

    assert answer.status_code == 302
    assert states(record) == OPEN
    assert "Could not reach them by phone: no answer" in client.get(answer.url).content.decode()


def test_a_closed_record_says_so_and_takes_nothing(client, here, officer):
    closed = care_record(
        here,
        Happening("suspect.arrested", ARREST, event_id="arrest"),
        Happening("care.closed", ARREST + timedelta(days=1)),
        reference="WM-000124-26/V1",
    )

    page = client.get(address("tell_victim", closed))
    posted = send(client, closed, asked=answers(about=["arrest"]))

    assert "This care record is closed" in page.content.decode()
    assert "This care record is closed" in posted.content.decode()
    assert not Event.objects.filter(care_record=closed, kind="victim.informed").exists()


def test_only_who_may_tell_may_tell(client, record, here):
    before = everything(record)
    sign_in(client, user(here, "call-handler"), now=NOW)

    assert client.get(address("tell_victim", record)).status_code == 403
    assert send(client, record).status_code == 403
    assert everything(record) == before


def test_another_forces_victim_can_not_be_told(client, officer):
    theirs = care_record(
        force("WY"), Happening("suspect.arrested", ARREST, event_id="arrest"), reference="WY-000001-26/V1"
    )

    answers_ = [
        client.get(address("tell_victim", theirs)),
        send(client, theirs, asked=answers(about=["arrest"])),
    ]

    assert [one.status_code for one in answers_] == [404, 404]
    assert not Event.objects.filter(care_record=theirs, kind="victim.informed").exists()
    assert Access.objects.filter(act="refused", actor=officer).count() == 2


def test_words_typed_for_something_else_are_not_put_back(client, record, officer):
    path = address("tell_victim_words", record)
    fields = {"answers": [answers()], "words": ["Half a sentence"], "told_at": [NOW.isoformat()]}
    Draft.objects.create(force=record.force, user=officer, address=path, fields=fields, saved_at=NOW)

    same = client.get(f"{path}?{answers()}").content.decode()
    other = client.get(f"{path}?{answers(about=['charge'])}").content.decode()

    assert "Half a sentence" in same
    assert "Half a sentence" not in other
