"""A real browser before the real pages: each request that it makes is answered by Django in the test's own
transaction, so that a journey sees the rows its test wrote and leaves none behind.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from alongside.access.models import User
from tests.factories import sign_in

HERE = "http://alongside.test"
PASSED_ON = ("Content-Security-Policy", "Content-Type", "Cache-Control", "Referrer-Policy")

BrowserAs = Callable[..., Page]


@pytest.fixture
def browser_as(chromium: Browser) -> Iterator[BrowserAs]:
    """browser_as(user, width=360, now=NOW): a page of a browser in which this user has signed in, or nobody."""
    contexts = []

    def open_browser(
        user: User | None,
        *,
        width: int = 1280,
        now: datetime | None = None,
        scripts: bool = True,
        second_factor: bool = True,
        client: Client | None = None,
        touch: bool = False,
    ) -> Page:
        client = client or Client()
        if user:
            sign_in(client, user, now=now, second_factor=second_factor)
        context = chromium.new_context(
            base_url=HERE,
            viewport={"width": width, "height": 740},
            java_script_enabled=scripts,
            has_touch=touch,
            is_mobile=touch,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
        page.route("**/*", lambda route: _answer(route, client))
        return page

    yield open_browser
    for context in contexts:
        context.close()


def _answer(route: Route, client: Client) -> None:
    request = route.request
    address = urlsplit(request.url)
    if address.path.startswith("/static/"):
        file = finders.find(address.path.removeprefix("/static/"))
        route.fulfill(path=file) if file else route.fulfill(status=404)
        return
    target = f"{address.path}?{address.query}" if address.query else address.path
    kind = request.headers.get("content-type", "application/x-www-form-urlencoded")
    mode = "navigate" if request.is_navigation_request() else "cors"

    body = request.post_data_buffer or b""
    response = client.generic(
        request.method, target, body, content_type=kind, headers={"sec-fetch-mode": mode}
    )
    if 300 <= response.status_code < 400:
        # A redirect that is made up here would leave for the network; a page that goes on by itself does not.
        onward = f'<meta http-equiv="refresh" content="0; url={escape(response["Location"])}">'
        route.fulfill(
            body=f"<!DOCTYPE html><title>On</title>{onward}", content_type="text/html; charset=utf-8"
        )
        return
    passed_on = {name: response[name] for name in PASSED_ON if name in response}
    route.fulfill(status=response.status_code, body=response.content, headers=passed_on)
