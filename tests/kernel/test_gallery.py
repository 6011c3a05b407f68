"""The gallery in a real browser: accessible at a phone's and a desk's width, and useful with and without scripts."""

from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from playwright.sync_api import Page, Route, expect

from tests.browser import violations
from tests.kernel import gallery
from tests.kernel.conftest import Show

pytestmark = pytest.mark.journey

WRONG = (
    "version=1&name="
    + "x" * 300
    + "&route=letter&address=Line+1%0D%0ALine+2&posted_on-day=32&needs=interpreter"
    "&told_at-day=25&told_at-month=10&told_at-year=2026&told_at-time=1:30am&born_on-day=1&age=x"
)
TWO_MINUTES_BEFORE_THE_END = (1800 - 120) * 1000


def fresh() -> str:
    return gallery.page(gallery.Everything(now=gallery.NOW, initial={"version": 1}))


def failed() -> str:
    files = {"document": SimpleUploadedFile("virus.exe", b"x")}
    return gallery.page(gallery.Everything(QueryDict(WRONG), files, now=gallery.NOW))


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page_as", [fresh, failed])
def test_the_gallery_is_accessible_and_fits(show: Show, page_as, width: int, tmp_path: Path):
    page = show(page_as(), width=width)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)

    page.screenshot(path=tmp_path / f"{page_as.__name__}-{width}.png", full_page=True)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []
    assert refused == []


def test_without_scripts_every_question_is_there(show: Show):
    page = show(fresh(), scripts=False)

    expect(page.get_by_role("textbox", name="Address", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Apply filters")).to_be_visible()
    expect(page.get_by_role("link", name="Performance")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the reference")).to_be_hidden()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_with_scripts_a_question_appears_with_its_answer(show: Show):
    page = show(fresh())
    expect(page.get_by_role("textbox", name="Address", exact=True)).to_be_hidden()

    page.get_by_label("By letter").check()

    expect(page.get_by_role("textbox", name="Address", exact=True)).to_be_visible()


def test_the_summary_takes_the_keyboard_and_leads_to_the_input(show: Show):
    page = show(failed())
    page.get_by_role("link", name="Age must be a whole number, like 12").press("Enter")

    expect(page.get_by_role("textbox", name="Age", exact=True)).to_be_focused()


def test_select_all_selects_every_duty(show: Show):
    page = show(fresh())

    page.get_by_label("Select all").check()

    assert page.locator("input[name=duty]:checked").count() == len(gallery.STATES)


def test_on_a_phone_the_filter_waits_behind_a_button(show: Show):
    page = show(fresh(), width=360)
    expect(page.get_by_role("button", name="Apply filters")).to_be_hidden()

    page.get_by_role("button", name="Show filter").click()

    expect(page.get_by_role("button", name="Apply filters")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_menu_of_actions_opens_within_the_page(show: Show, width: int):
    page = show(fresh(), width=width)

    page.get_by_role("button", name="Actions").click()

    place = page.get_by_role("button", name="Add an event").bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= width


def with_clock(page: Page) -> None:
    page.clock.install()


def test_the_warning_comes_two_minutes_before_the_end_and_can_be_answered(show: Show):
    kept_alive: list[str] = []

    def answer(route: Route) -> None:
        kept_alive.append(route.request.method + " " + route.request.url)
        route.fulfill(status=204)

    page = show(fresh(), before=with_clock, answer=answer)
    page.clock.run_for(TWO_MINUTES_BEFORE_THE_END - 5000)
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.clock.run_for(10_000)
    expect(page.get_by_role("dialog", name="You are about to be signed out")).to_be_visible()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert violations(page) == []

    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert kept_alive == ["POST http://alongside.test/keep-alive"]


def test_at_the_end_the_page_leaves_with_what_was_typed_kept(show: Show):
    sent: list[tuple[str, dict[str, list[str]]]] = []

    def answer(route: Route) -> None:
        sent.append((route.request.url.rpartition("/")[2], parse_qs(route.request.post_data or "")))
        route.fulfill(status=200, body="", content_type="text/html")

    page = show(fresh(), before=with_clock, answer=answer)
    page.get_by_role("textbox", name="Full name").fill("Ann Øther")
    page.get_by_role("textbox", name="Password").fill("never sent")
    with page.expect_response("**/draft"):
        page.clock.run_for(11_000)
    page.clock.run_for(1_815_000)
    page.wait_for_url("**/signed-out")

    drafts = [body for address, body in sent if address == "draft"]
    assert [draft["name"] for draft in drafts] == [["Ann Øther"]]
    assert set(drafts[0]) == {"name", "submission", "version", "csrfmiddlewaretoken"}
