"""Takes the pictures of the documentation from a demonstration that is running:

    make run                                             # in one terminal
    .venv/bin/python docs/screenshots/take.py [ADDRESS]  # in another

Everybody in them is invented.
"""

import json
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
BROWSER = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
}
WIDE, PHONE = {"width": 1280, "height": 1100}, {"width": 360, "height": 740}


def sign_in_address(role: str, base: str) -> str:
    """A single-use address of the demonstration force."""
    said = subprocess.run(
        [sys.executable, "-m", "alongside", "demo", "links", "--json", "--base-url", base],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(said.stdout)[role]


def take(page: Page, name: str, size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    page.screenshot(path=HERE / f"{name}.png")


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**BROWSER)
        page = browser.new_page()
        page.goto(sign_in_address("coordinator", base))
        page.goto(f"{base}/staff/")
        take(page, "worklist", WIDE)
        page.goto(f"{base}/staff/?tab=all")
        page.locator("a[href*='/-/tell/']").first.click()
        take(page, "tell-the-victim", PHONE)
        page.goto(page.url.split("-/tell/")[0])
        take(page, "care-record", WIDE)
        page.locator("a[href*='/duties/']").first.click()
        take(page, "why", WIDE)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
