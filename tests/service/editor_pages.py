"""The editor opened in a browser, and the few moves that its tests share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.service.conftest import PASSWORD, Place

Open = Callable[[str], Page]
SAVED = re.compile(r"saved \d\d:\d\d:\d\d")


@pytest.fixture
def open_as(chromium: Browser, address: str, place: Place) -> Iterator[Open]:
    """Open the editor as somebody, each in a browser of their own; a fault of a script fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(who: str) -> Page:
        context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/sign-in")
        page.fill("[name=email]", place.email(who))
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/releases")
        page.goto(f"/releases/{place.release}/edit")
        expect(page.locator("li.segment.active")).to_have_count(1)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults, faults


def field(page: Page, position: int) -> None:
    """Open a segment, ready to type."""
    page.click(f"#s{position} .number")
    expect(page.locator(f"#field-{position}")).to_be_focused()


def saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator("[data-slot=saved]")).to_have_text(SAVED)
