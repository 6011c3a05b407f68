"""A real browser before the real pages: each request that it makes is answered by Django in the test's own
transaction, so that a journey sees the rows its test wrote and leaves none behind.
"""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from alongside.access.models import User
from tests.factories import sign_in

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "alongside/kernel/static"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
HERE = "http://alongside.test"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]
PASSED_ON = ("Content-Security-Policy", "Content-Type", "Cache-Control", "Referrer-Policy")

BrowserAs = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert (STATIC / "built/alongside.css").exists(), "Build the page assets first: npm ci && npm run build"
    _keep_one_connection()
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)


@pytest.fixture
def browser_as(chromium: Browser) -> Iterator[BrowserAs]:
    """browser_as(user, width=360, now=NOW): a page of a browser in which this user has signed in."""
    contexts = []

    def open_browser(
        user: User, *, width: int = 1280, now: datetime | None = None, scripts: bool = True
    ) -> Page:
        client = Client()
        sign_in(client, user, now=now)
        context = chromium.new_context(
            base_url=HERE, viewport={"width": width, "height": 740}, java_script_enabled=scripts
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


def _keep_one_connection() -> None:
    """Playwright's loop runs in this thread from now on, and Django would open a connection for each of its
    tasks. They take turns and never run at once: one connection serves them, and the transaction is the test's.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    one = threading.local()
    one.default = connections["default"]
    connections._connections = one


def violations(page: Page) -> list[str]:
    """What axe finds wrong, each with the elements."""
    session = page.context.new_cdp_session(page)  # past the page's content security policy
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    found = session.send(
        "Runtime.evaluate", {"expression": "axe.run()", "awaitPromise": True, "returnByValue": True}
    )["result"]["value"]["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]


def fits(page: Page) -> bool:
    """Nothing makes the page wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


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
