"""A browser that sees only what a test gives it: a page as a string, and the built assets."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser import STATIC

POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'"
Show = Callable[..., Page]


@pytest.fixture
def show(chromium: Browser) -> Iterator[Show]:
    """show(html, width=, scripts=, answer=) opens the page; `answer` takes every other request."""
    contexts = []

    def open_page(
        html: str,
        *,
        width: int = 1280,
        scripts: bool = True,
        answer: Callable[[Route], None] = lambda route: route.fulfill(status=204),
        before: Callable[[Page], None] = lambda page: None,
    ) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))

        def serve(route: Route) -> None:
            path = route.request.url.split("/", 3)[3]
            if path.startswith("static/"):
                route.fulfill(path=STATIC / path.removeprefix("static/"))
            elif path == "gallery":
                route.fulfill(
                    body=html,
                    content_type="text/html; charset=utf-8",
                    headers={"Content-Security-Policy": POLICY},
                )
            else:
                answer(route)

        page.route("**/*", serve)
        before(page)
        page.goto("http://alongside.test/gallery")
        return page

    yield open_page
    for context in contexts:
        context.close()
