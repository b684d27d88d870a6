"""Find and replace in a real browser, by keys alone: seen first, done to what was chosen, taken back."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from service.desk import review
from service.storage.session import Sessions
from tests.factories import operation
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]


def test_what_would_change_is_seen_first_then_done_and_taken_back(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    with sessions.write() as session:
        for at, text in ((0, "The Council's colours"), (1, "A colour")):
            review.save(session, place.actors["second"], place.segments[at], text, seen=0, operation=operation())
        session.commit()
    page = open_as("translator")
    field(page, 3)
    page.keyboard.type("colour")
    page.keyboard.press("Control+a")
    page.keyboard.press("Alt+f")
    dialog = page.locator("[data-slot=replace]")
    expect(dialog.locator("[name=find]")).to_have_value("colour")  # what is marked is looked for
    page.keyboard.press("Tab")
    page.keyboard.type("color")
    page.keyboard.press("Enter")
    said = page.locator("[data-slot=replace-said]")
    expect(said).to_have_text("2 places in 2 segments.")
    expect(dialog.locator("li").first.locator("ins")).to_contain_text("color")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    dialog.locator("[name=chosen]").first.focus()
    page.keyboard.press("Space")
    button = page.locator("[data-slot=replace-now]")
    expect(button).to_have_text("Replace in 1 segment")
    button.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-slot=saved]")).to_have_text("Replaced in 1 segment.")
    expect(page.locator("#s2 .text")).to_have_text("A color")
    expect(page.locator("#s1 .text")).to_have_text("The Council's colours")
    expect(page.locator("#field-3")).to_be_focused()
    page.keyboard.press("Alt+Shift+P")
    expect(page.locator("#s2 .text")).to_have_text("A colour")


def test_a_bad_expression_is_told_in_the_dialog_and_escape_leaves_it(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    page.keyboard.press("Alt+f")
    page.keyboard.type("(")
    page.locator("[name=expression]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-slot=replace-trouble]")).to_have_text(re.compile("This is no regular expression"))
    page.keyboard.press("Escape")
    expect(page.locator("#field-3")).to_be_focused()
