"""Passkeys, with a real browser's: Chromium's own virtual authenticator answers what passkeys.js asks it.

The browser's requests are handed to Django's test client, in the transaction of the test.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, Request, Route, sync_playwright

from alongside.access.models import Access
from tests import factories
from tests.access.conftest import administrator

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


@pytest.fixture
def page(web: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    # Playwright runs a loop in this thread, where Django would open other connections and refuse to use them.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    of_the_test = connections["default"]
    with sync_playwright() as playwright:
        connections["default"] = of_the_test
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(10_000)
        page.route("**/*", lambda route: answer(web, route, of_the_test))
        yield page
        browser.close()


def answer(web: Client, route: Route, of_the_test: Any) -> None:
    connections["default"] = of_the_test
    request: Request = route.request
    path = request.url.removeprefix(SITE)
    headers = {"accept": request.headers.get("accept", ""), "host": "localhost"}
    if request.method == "POST":
        body = request.post_data_buffer or b""
        response = web.generic("POST", path, body, request.headers["content-type"], headers=headers)
    else:
        response = web.get(path, headers=headers)
    if 300 <= response.status_code < 400:  # Playwright would ask the network for where a redirect leads
        onward = f"<script>location.replace({json.dumps(response.url)})</script>"
        route.fulfill(status=200, content_type="text/html", body=onward)
        return
    sent = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    content = b"".join(response.streaming_content) if response.streaming else response.content
    route.fulfill(status=response.status_code, headers=sent, body=content)


@pytest.fixture
def authenticator(page: Page) -> dict[str, Any]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return {"session": session} | session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def test_a_passkey_is_added_and_then_opens_the_door_by_itself(here, web, page, authenticator):
    with administrator():
        newcomer = factories.user(here, "officer")
    web.post("/account/sign-in/", {"login": newcomer.email, "password": factories.PASSWORD})
    page.goto(f"{SITE}/account/second-factor/")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill("Work phone")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    with administrator():
        kept = Authenticator.objects.get(user=newcomer, type="webauthn")
    assert (kept.wrap().name, kept.wrap().is_passwordless) == ("Work phone", True)
    assert web.get("/staff/test/").status_code == 200

    web.logout()
    page.goto(f"{SITE}/account/sign-in/?next=/staff/test/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{SITE}/staff/**")

    assert web.get("/staff/test/").status_code == 200
    with administrator():
        signed_in = Access.objects.order_by("number").last()
    assert (signed_in.what, signed_in.actor_id) == ("mfa", newcomer.pk)


def test_a_passkey_unlocks_and_is_the_second_step_after_a_password(here, web, page, authenticator):
    with administrator():
        someone = factories.user(here, "officer")
    web.post("/account/sign-in/", {"login": someone.email, "password": factories.PASSWORD})
    page.goto(f"{SITE}/account/second-factor/passkey/")
    page.get_by_label("Name of this passkey").fill("Work phone")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()

    page.goto(f"{SITE}/staff/session/lock/?next=/staff/test/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(f"{SITE}/staff/test/")

    web.logout()
    page.goto(f"{SITE}/account/sign-in/?next=/staff/test/")
    page.get_by_label("Email address").fill(someone.email)
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(f"{SITE}/staff/test/")


def test_a_passkey_that_is_not_used_leaves_the_other_ways(here, web, page, authenticator):
    authenticator["session"].send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": authenticator["authenticatorId"], "isUserVerified": False},
    )
    with administrator():
        someone = factories.user(here, "officer")
    web.post("/account/sign-in/", {"login": someone.email, "password": factories.PASSWORD})
    page.goto(f"{SITE}/account/second-factor/passkey/")
    page.get_by_label("Name of this passkey").fill("Work phone")
    page.get_by_role("button", name="Continue").click()

    page.get_by_role("alert").get_by_text("The passkey was not used").wait_for()
    with administrator():
        assert not Authenticator.objects.exists()


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
