"""An officer on a phone, and a coordinator at a desk, tell the victim: from the record and back in two steps."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from alongside.care.models import Duty, Event
from tests.browser import fits, violations
from tests.factories import NOW, Happening, care_record, force, person, user
from tests.journeys.conftest import BrowserAs

pytestmark = [pytest.mark.django_db, pytest.mark.journey]

ARREST = datetime(2026, 6, 25, 20, 10, tzinfo=UTC)
REFERENCE = "WM-000123-26/V1"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def look(tmp_path):
    """Keeps a picture of each page, and holds each to axe and to its width."""
    folder = Path(os.environ.get("ALONGSIDE_SCREENSHOTS") or tmp_path)

    def look_at(page: Page, name: str) -> None:
        width = page.viewport_size["width"]
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        assert fits(page), name
        assert violations(page) == [], name

    return look_at


@pytest.fixture
def here():
    return force("WM", is_demonstration=True)


@pytest.fixture
def officer(here):
    return user(here, "supervisor", name="Olu Officer")


@pytest.fixture
def record(here, officer):
    days = timedelta(days=1)
    made = care_record(
        here,
        Happening("care.opened", ARREST - 24 * days, data={"facts": ["victim", "offence:burglary", "loss"]}),
        Happening("crime.reported", ARREST - 24 * days, data={"route": "phone"}, event_id="report"),
        Happening("victim.contacted", ARREST - 23 * days, data={"route": "in_person"}),
        Happening("needs.assessed", ARREST - 23 * days, data={"enhanced": True, "gateways": ["vulnerable"]}),
        Happening(
            "contact.agreed", ARREST - 20 * days, data={"every_days": 28, "route": "phone"}, event_id="agreed"
        ),
        Happening("statement.taken", ARREST - 18 * days),
        Happening("suspect.arrested", ARREST, event_id="arrest"),
        Happening("suspect.bailed", ARREST + days, data={"until": "2026-07-20"}, event_id="bail"),
        Happening("suspect.bailed", ARREST + days, event_id="mistake"),
        Happening("event.voided", ARREST + days, data={"event": "mistake"}, words="Entered twice."),
        officer=officer,
        person=person(
            here,
            name="Roberta Example",
            known_as="Bobbie Example",
            date_of_birth=datetime(1990, 7, 1).date(),
            needs=["large-print"],
            safety_warning="Ring the mobile only, before 5pm. Never leave a message: others may hear it.",
        ),
        reference=REFERENCE,
    )
    care_record(here, crime=made.crime, reference="WM-000123-26/V2")
    return made


def states(record):
    return {
        duty.rule: duty.state
        for duty in Duty.objects.filter(care_record=record, rule__in=["R6-03", "R6-06", "L-08"]).order_by(
            "link"
        )
    }


@pytest.mark.parametrize("width", [360, 1280])
def test_an_officer_tells_the_victim_in_two_steps(browser_as: BrowserAs, look, record, officer, width):
    page = browser_as(officer, width=width, now=NOW)
    page.goto(f"/staff/records/{REFERENCE}/")
    look(page, "record")
    assert states(record) == {"R6-03": "open", "R6-06": "open"}

    page.get_by_role("button", name="Tell the victim").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tell the victim")
    look(page, "tell")
    page.get_by_label("Suspect arrested").check()
    page.get_by_label("Suspect released on police bail").check()
    page.get_by_label("By phone").check()
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("The words")
    look(page, "words")
    page.get_by_role("button", name="Record that you told them").click()
    expect(page.get_by_role("alert")).to_contain_text("Replace [say the rules that concern this person")
    look(page, "words-error")

    words = page.get_by_label("What you told them")
    words.fill(
        words.input_value().replace(
            "[say the rules that concern this person, or that there are none]", "keep away"
        )
    )
    page.get_by_label("What did you promise next?").fill("Ring after the hearing")
    for part, value in (("Day", "3"), ("Month", "7"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("button", name="Record that you told them").click()

    expect(page.get_by_role("alert")).to_contain_text("duties are done")
    look(page, "told")
    assert states(record) == {"R6-03": "late", "R6-06": "late", "L-08": "open"}
    assert Event.objects.get(care_record=record, kind="victim.informed").about == ["arrest", "bail"]


@pytest.mark.parametrize("width", [360, 1280])
def test_whoever_can_not_be_reached_stays_to_be_told(browser_as: BrowserAs, look, record, officer, width):
    page = browser_as(officer, width=width, now=NOW)
    page.goto(f"/staff/records/{REFERENCE}/-/tell/")

    page.get_by_role("button", name="I could not reach them").click()
    look(page, "attempt")
    page.get_by_label("By phone").check()
    page.get_by_label("No answer").check()
    page.get_by_role("button", name="Record that you tried").click()

    expect(page.get_by_role("heading", name="Could not reach them by phone: no answer")).to_be_visible()
    assert states(record) == {"R6-03": "open", "R6-06": "open"}


def test_it_all_works_without_scripts(browser_as: BrowserAs, record, officer):
    page = browser_as(officer, width=360, now=NOW, scripts=False)
    page.goto(f"/staff/records/{REFERENCE}/-/tell/?about=arrest")

    page.get_by_label("In person").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Record that you told them").click()

    expect(page.get_by_text("duties are done")).to_be_visible()
    assert states(record) == {"R6-03": "late", "R6-06": "open"}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "place",
    [
        "events/add/", "events/add/prosecution.declined/", "events/add/property.returned/", "events/arrest/void/",
        "facts/", "assignment/", "restriction/", "readers/", "sharing/",
    ],
)  # fmt: skip
def test_every_form_of_a_record_is_accessible_and_fits(
    browser_as: BrowserAs, look, record, officer, place, width
):
    page = browser_as(officer, width=width, now=NOW)

    page.goto(f"/staff/records/{REFERENCE}/{place}")

    look(page, place.strip("/").replace("/", "-"))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_duty_explains_itself(browser_as: BrowserAs, look, record, officer, width):
    page = browser_as(officer, width=width, now=NOW)
    page.goto(f"/staff/records/{REFERENCE}/")

    page.get_by_role("link", name="Why? Tell the victim of the arrest").click()

    expect(page.get_by_role("heading", name="Why it is owed")).to_be_visible()
    look(page, "why")
