"""Passkeys, with a real browser's: Chromium's own virtual authenticator answers what passkeys.js asks it."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

from alongside.access.models import Access, User
from tests import factories
from tests.access.conftest import administrator
from tests.browser import AXE, EXECUTABLE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.pages"), pytest.mark.journey]

SITE = "http://localhost"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
Journey = Callable[[Page], Any]


@pytest.fixture
def newcomer(here: Any) -> User:
    return factories.user(here, "officer")


@pytest.fixture
def in_browser(newcomer: User, web: Client) -> Iterator[Callable[..., Any]]:
    """in_browser(journey, verified=True): runs journey(page) with a browser that has an authenticator.

    Playwright's loop has a thread to itself, and Django another that shares the connection of the test, which
    waits meanwhile: Django does not work in a thread with a loop.
    """
    ours = connections["default"]
    ours.inc_thread_sharing()
    with (
        ThreadPoolExecutor(1, initializer=lambda: connections.__setitem__("default", ours)) as django,
        ThreadPoolExecutor(1) as driver,
    ):

        def run(journey: Journey, *, verified: bool = True) -> Any:
            def inside() -> Any:
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(
                        executable_path=EXECUTABLE, args=["--no-sandbox", "--disable-gpu"]
                    )
                    page = browser.new_page()
                    page.set_default_timeout(10_000)
                    page.route("**/*", lambda route: _answer(route, web, django))
                    session = page.context.new_cdp_session(page)
                    session.send("WebAuthn.enable")
                    options = {**AUTHENTICATOR, "isUserVerified": verified}
                    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
                    return journey(page)

            return driver.submit(inside).result()

        yield run
    ours.dec_thread_sharing()


def _answer(route: Route, web: Client, django: ThreadPoolExecutor) -> None:
    request = route.request

    def ask() -> Any:
        response = web.generic(
            request.method,
            request.url.removeprefix(SITE),
            request.post_data_buffer or b"",
            request.headers.get("content-type", ""),
            headers={"accept": request.headers.get("accept", ""), "host": "localhost"},
        )
        return response, b"".join(response)

    response, content = django.submit(ask).result()
    if 300 <= response.status_code < 400:  # the browser would ask the network for where a redirect leads
        onward = f"<script>location.replace({json.dumps(response.url)})</script>"
        route.fulfill(content_type="text/html", body=onward)
        return
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    route.fulfill(status=response.status_code, headers=headers, body=content)


def sign_in(page: Page, someone: User) -> None:
    page.goto(f"{SITE}/account/sign-in/?next=/staff/test/")
    page.get_by_label("Email address").fill(someone.email)
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Continue").click()


def add_passkey(page: Page) -> None:
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill("Work phone")
    page.get_by_role("button", name="Continue").click()


def sign_out(page: Page) -> None:
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You have signed out").wait_for()


def test_a_passkey_is_added_and_then_opens_the_door_by_itself(in_browser, newcomer, web):
    def journey(page: Page) -> None:
        sign_in(page, newcomer)
        add_passkey(page)
        sign_out(page)
        page.goto(f"{SITE}/account/sign-in/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{SITE}/staff/**")

    in_browser(journey)

    assert web.get("/staff/test/").status_code == 200
    with administrator():
        kept = Authenticator.objects.get(user=newcomer, type="webauthn")
        last = Access.objects.filter(act="sign_in").order_by("number").last()
    assert (kept.wrap().name, kept.wrap().is_passwordless) == ("Work phone", True)
    assert (last.what, last.actor_id) == ("mfa", newcomer.pk)


def test_a_passkey_is_the_second_step_after_a_password_and_unlocks(in_browser, newcomer, web):
    def journey(page: Page) -> None:
        sign_in(page, newcomer)
        add_passkey(page)
        sign_out(page)
        sign_in(page, newcomer)
        page.get_by_role("button", name="Use a passkey instead").click()
        page.wait_for_url(f"{SITE}/staff/test/")
        page.goto(f"{SITE}/staff/session/lock/?next=/staff/test/")
        page.get_by_role("link", name="Use a passkey").click()
        page.get_by_role("button", name="Use your passkey").click()
        page.wait_for_url(f"{SITE}/staff/test/")

    in_browser(journey)

    assert web.get("/staff/test/").status_code == 200


def test_a_passkey_that_asks_for_no_finger_face_or_pin_is_not_accepted(in_browser, newcomer):
    def journey(page: Page) -> None:
        sign_in(page, newcomer)
        add_passkey(page)
        page.get_by_role("alert").get_by_text("The passkey was not used").wait_for()

    in_browser(journey, verified=False)

    with administrator():
        assert not Authenticator.objects.exists()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_signing_in_are_accessible(in_browser, newcomer, width):
    def look(page: Page, found: dict[str, Any]) -> None:
        session = page.context.new_cdp_session(page)  # past the page's content security policy
        session.send("Runtime.evaluate", {"expression": AXE.read_text()})
        result = session.send(
            "Runtime.evaluate", {"expression": "axe.run()", "awaitPromise": True, "returnByValue": True}
        )["result"]["value"]
        fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        problems = [f"{each['id']}: {each['nodes'][0]['html']}" for each in result["violations"]]
        found[page.title()] = problems + ([] if fits else ["is wider than the screen"])

    def journey(page: Page) -> dict[str, Any]:
        found: dict[str, Any] = {}
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(f"{SITE}/account/sign-in/")
        look(page, found)
        page.get_by_role("button", name="Continue").click()
        page.get_by_text("There is a problem").wait_for()
        look(page, found)
        sign_in(page, newcomer)
        page.get_by_role("heading", name="Set up a second way").wait_for()
        look(page, found)
        page.get_by_role("button", name="Set up an app").click()
        page.get_by_role("heading", name="Set up an authenticator app").wait_for()
        look(page, found)
        page.goto(f"{SITE}/account/second-factor/")
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_label("Name of this passkey").wait_for()
        look(page, found)
        page.goto(f"{SITE}/account/second-factor/")
        add_passkey(page)
        page.get_by_role("heading", name="Recovery codes").wait_for()
        look(page, found)
        page.goto(f"{SITE}/account/second-factor/")
        look(page, found)
        page.goto(f"{SITE}/account/again/")
        look(page, found)
        return found

    found = in_browser(journey)

    assert found == {title: [] for title in found}
    assert len(found) == 8


def test_an_invented_answer_opens_nothing(here, web):
    web.get("/account/sign-in/passkey/", headers={"Accept": "application/json"})

    for credential in (
        "{}",
        "not json",
        '{"id": "a", "response": {"userHandle": "AAAA"}}',
        '"x"',
        "[]",
        "null",
    ):
        answer = web.post("/account/sign-in/passkey/", {"credential": credential})
        assert answer.url == "/account/sign-in/", credential
    assert web.get("/staff/test/").status_code == 302
