"""A reviewer's pass, by keys: what was edited, what was not, and what has changed since one looked."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Page, expect

from service.desk import presence, review
from service.storage.presence import VISIT, Presence
from service.storage.session import Sessions
from tests.factories import operation
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]


def count(page: Page, name: str) -> str:
    return page.locator(f"[data-filter={name}] [data-count]").inner_text()


def test_what_needs_a_second_look_is_filtered_and_what_has_changed_is_gone_through(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    translator, reviewer = place.actors["translator"], place.actors["reviewer"]
    with sessions.write() as session:
        presence.tell(session, reviewer, place.release, None)
        session.get_one(Presence, (reviewer.id, place.release)).at -= VISIT * 2
        text = "The Council met on 4 December 2009."
        save = {"seen": 0, "confirm": True, "proposal": 1}
        review.save(session, translator, place.segments[1], text, operation=operation(), **save)
        session.commit()
    page = open_as("reviewer")
    assert (count(page, "unedited"), count(page, "edited"), count(page, "since")) == ("1", "0", "2")
    field(page, 1)
    page.keyboard.press("Alt+l")
    expect(page.locator("#field-2")).to_be_focused()
    expect(page.locator("#s2 .changed-since")).to_have_text("changed since you looked")
    page.keyboard.press("Alt+l")
    expect(page.locator("#field-4")).to_be_focused()
    page.locator("[data-filter=unedited]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("li.segment:not([hidden])")).to_have_count(1)
    expect(page.locator("#s2 .finds")).to_have_text("1 warning")
    page.keyboard.press("Alt+a")
    expect(page.locator("[data-slot=saved]")).to_contain_text("approve once more")
    page.keyboard.press("Alt+a")
    expect(page.locator("#s2")).to_have_attribute("data-state", "approved")


def test_a_mistake_is_sent_back_with_its_kind_by_keys(open_as: Open) -> None:
    page = open_as("reviewer")
    field(page, 4)
    page.keyboard.press("Alt+r")
    page.keyboard.type("“Defence” is missing")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("som")
    page.keyboard.press("Enter")
    expect(page.locator("#s4 .sent-back")).to_have_text("Sent back (something missing): “Defence” is missing")
    field(page, 4)
    expect(page.locator(".history .reason").first).to_have_text("Something missing: ““Defence” is missing”")
