"""One act on all segments that are shown, by keys alone: foreseen, done, reported."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]


def test_how_many_it_touches_is_said_before_it_is_done(open_as: Open) -> None:
    page = open_as("reviewer")
    field(page, 1)
    page.keyboard.press("Alt+b")
    dialog = page.locator("[data-slot=bulk]")
    expect(page.locator("[data-slot=bulk-said]")).to_have_text("It touches 1 segment of 4 shown.")
    expect(page.locator("[data-slot=bulk-left] li")).to_have_text(
        ["1: is untranslated", "2: is untranslated", "3: is untranslated"]
    )
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    button = dialog.get_by_role("button", name="Do it to 1 segment")
    button.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#s4")).to_have_attribute("data-state", "approved")
    expect(page.locator("[data-slot=saved]")).to_have_text("Done to 1 segment. 3 segments left as they are.")
    expect(page.locator("#field-1")).to_be_focused()


def test_matches_are_put_in_from_a_rate_into_what_is_shown(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 1)
    page.keyboard.press("Alt+b")
    page.locator("[data-slot=bulk] [name=act]").focus()
    page.keyboard.type("put")
    least = page.locator("[data-slot=bulk] [name=least]")
    expect(least).to_be_visible()
    expect(page.locator("[data-slot=bulk-said]")).to_have_text("It touches 0 segments of 4 shown.")
    least.fill("95")
    least.press("Tab")
    expect(page.locator("[data-slot=bulk-said]")).to_have_text("It touches 1 segment of 4 shown.")
    least.press("Enter")
    expect(page.locator("#s2 .text")).to_have_text("The Council met on 4 December 2009.")
    expect(page.locator("#s2")).to_have_attribute("data-state", "draft")
