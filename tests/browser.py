"""The one browser of a test process, and what every page in it is held to."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "alongside/kernel/static"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
EXECUTABLE = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Playwright can be started once in a thread, so everything that looks at pages shares this."""
    assert (STATIC / "built/alongside.css").exists(), "Build the page assets first: make assets"
    keep_one_connection()
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)


def keep_one_connection() -> None:
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
    if not page.evaluate("'axe' in window"):
        session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    found = session.send(
        "Runtime.evaluate", {"expression": "axe.run()", "awaitPromise": True, "returnByValue": True}
    )["result"]["value"]["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]


def fits(page: Page) -> bool:
    """Nothing makes the page wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
