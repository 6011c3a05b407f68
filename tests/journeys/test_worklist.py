"""The worklist in a browser: an officer on a phone, a supervisor at a desk, and both without scripts."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from alongside.care.models import CareRecord
from tests.browser import fits, violations
from tests.factories import NOW, Happening, care_record, force, person, team, user
from tests.journeys.conftest import BrowserAs

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
LONG_NAME = "Maria-Magdalena Wilhelmina Featherstonehaugh-Cholmondeley van der Westhuizen"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def look(tmp_path) -> Callable[[Page, str], None]:
    """Keeps a picture of each page, and holds each to axe and to its width."""
    folder = Path(os.environ.get("ALONGSIDE_SCREENSHOTS") or tmp_path)

    def look_at(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}-{page.viewport_size['width']}.png", full_page=True)
        assert fits(page), name
        assert violations(page) == [], name

    return look_at


@pytest.fixture
def here():
    return force("WM", is_demonstration=True)


@pytest.fixture
def my_team(here):
    return team(here, "Vulnerability")


@pytest.fixture
def officer(here, my_team):
    return user(here, "officer", name="Olu Officer", in_team=my_team)


@pytest.fixture
def supervisor(here, my_team):
    return user(here, "supervisor", name="Sam Supervisor", in_team=my_team)


@pytest.fixture
def records(here, officer, my_team) -> list[CareRecord]:
    days = timedelta(days=1)
    return [
        care_record(
            here,
            Happening("care.opened", NOW - 30 * days, data={"facts": ["victim", *facts]}),
            Happening("suspect.arrested", NOW - ago * days),
            officer=officer,
            team=my_team,
            person=person(here, name),
            opened_at=NOW - 30 * days,
        )
        for name, ago, facts in (
            (LONG_NAME, 20, ["enhanced", "risk:high"]),
            ("Priya Shah", 1, []),
            ("Bobbie Example", 0, ["risk:medium"]),
        )
    ]


@pytest.mark.parametrize("width", [360, 1280])
def test_an_officer_narrows_the_list_keeps_the_filter_and_goes_to_a_person(
    browser_as: BrowserAs, officer, records, look, width
):
    page = browser_as(officer, width=width, now=NOW)
    page.goto("/staff/")
    expect(page.get_by_role("heading", name="Overdue")).to_be_visible()
    expect(page.get_by_text(LONG_NAME).first).to_be_visible()
    look(page, "worklist")

    if width < 641:
        page.get_by_role("button", name="Show filter").click()
    page.get_by_label("Risk").select_option("High")
    look(page, "worklist-filter")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_text("Priya Shah")).to_have_count(0)
    page.get_by_role("link", name="Save this filter").click()
    look(page, "worklist-save")
    page.get_by_label("Name of the filter").fill("High risk only")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The filter is saved")).to_be_visible()
    page.goto("/staff/")
    page.get_by_role("link", name="High risk only").click()
    expect(page.get_by_text("Priya Shah")).to_have_count(0)
    look(page, "worklist-narrowed")

    page.get_by_role("link", name=records[0].reference).first.click()
    expect(page.get_by_text(LONG_NAME).first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_supervisor_hands_a_leavers_records_over(
    browser_as: BrowserAs, here, my_team, supervisor, records, look, width, scripts
):
    successor = user(here, "officer", name="Kim Successor", collar_number="4711", in_team=team(here, "Harm"))
    page = browser_as(supervisor, width=width, now=NOW, scripts=scripts)
    page.goto("/staff/?tab=team")
    if scripts:
        page.get_by_text("Select all").click()
        look(page, "hand-over-select")
    else:
        for box in page.get_by_role("checkbox").all():
            box.check()
    page.get_by_role("button", name="Hand over selected").click()

    expect(page.get_by_role("heading", name="Who takes over?")).to_be_visible()
    page.get_by_label("Name or collar number").fill("4711")
    page.get_by_role("button", name="Find").click()
    if scripts:
        look(page, "hand-over-choose")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Select who is to have the work").first).to_be_visible()
    page.get_by_label("Kim Successor").check()
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", name="Check what moves to Kim Successor")).to_be_visible()
    expect(page.get_by_text("duties: Olu Officer")).to_be_visible()
    if scripts:
        look(page, "hand-over-confirm")
    page.get_by_role("button", name="Hand over").click()

    expect(page.get_by_text("3 care records are handed over")).to_be_visible()
    assert set(CareRecord.objects.values_list("officer", flat=True)) == {successor.pk}


@pytest.mark.parametrize("width", [360, 1280])
def test_a_calm_day_and_a_role_without_a_worklist(browser_as: BrowserAs, here, supervisor, look, width):
    page = browser_as(supervisor, width=width, now=NOW)
    page.goto("/staff/")
    expect(page.get_by_text("Nothing is due from you today.")).to_be_visible()
    look(page, "worklist-calm")

    page = browser_as(user(here, "analyst"), width=width, now=NOW)
    page.goto("/staff/")
    expect(page.get_by_role("heading", name="There is nothing here for your role yet")).to_be_visible()
    look(page, "worklist-none")
