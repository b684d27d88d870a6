"""A real Chromium for tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.parts.missing import missing

if TYPE_CHECKING:
    from re import Pattern
    from typing import Any

    from playwright.sync_api import Browser, Page, Route

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = (
    "As root on Debian, scripts/test installs it; else install Chromium or Chrome, "
    "or name it: CHROMIUM=/path/to/chromium scripts/test."
)
CAUGHT = "() => fetch('/caught-by-the-test').then((answer) => answer.text()).then((text) => text === 'caught')"
FLAGS = [
    "--headless",
    "--no-sandbox",  # tests may run as root, in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, driven by playwright; each person of a test takes a context of it."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # on a busy machine a page answers in seconds, not in a blink
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing("Chromium", REMEDY)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


def intercept(page: Page, url: str | Pattern[str], handler: Callable[[Route], Any]) -> None:
    """Hand the requests of an open page to a test. Chromium answers before the page itself knows: wait for a probe."""
    page.route("**/caught-by-the-test", lambda route: route.fulfill(body="caught"))
    page.route(url, handler)
    page.wait_for_function(CAUGHT)
