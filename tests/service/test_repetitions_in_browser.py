"""Repetitions in a real browser, by keys: confirmed at once, shown, taken back, and gone through."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Page, expect

from service.desk import review
from service.storage.releases import Release
from service.storage.session import Sessions
from tests.factories import make_release, operation
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as, saved

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]
SAME = "Le Conseil s’est réuni."
TEXT = "The Council met."


@pytest.fixture
def repeated(open_as: Open, sessions: Sessions, place: Place) -> Page:
    """The editor on a release in which one source stands in four places; the last is confirmed with another text."""
    with sessions.write() as session:
        release: Release = make_release(session, place.actors["editor"], [SAME, "Autre chose.", SAME, SAME, SAME])
        last = release.segments[4].id
        review.save(session, place.actors["second"], last, "Another", seen=0, operation=operation(), confirm=True)
        session.commit()
        address = f"/releases/{release.id}/edit"
    page = open_as("translator")
    page.goto(address)
    expect(page.locator("li.segment.active")).to_have_count(1)
    return page


def test_a_confirmation_goes_into_repetitions_is_told_and_taken_back(repeated: Page) -> None:
    page = repeated
    field(page, 1)
    expect(page.locator("#s1 .repeats")).to_have_text("4 times in this release")
    page.keyboard.type(TEXT)
    page.keyboard.press("Control+Enter")
    saved = page.locator("[data-slot=saved]")
    expect(saved).to_contain_text("also in 2 repetitions · not in 5: it has another confirmed text")
    for number in (3, 4):
        expect(page.locator(f"#s{number} .text")).to_have_text(TEXT)
        expect(page.locator(f"#s{number}")).to_have_attribute("data-state", "translated")
    expect(page.locator("#s5 .text")).to_have_text("Another")
    page.keyboard.press("Alt+Shift+P")
    expect(saved).to_have_text("Taken back out of 2 segments.")
    for number in (3, 4):
        expect(page.locator(f"#s{number} .text")).to_have_text("")
        expect(page.locator(f"#s{number}")).to_have_attribute("data-state", "untranslated")
    expect(page.locator("#s1 .text")).to_have_text(TEXT)


def test_a_confirmation_can_be_for_one_place_alone(repeated: Page) -> None:
    page = repeated
    field(page, 1)
    page.keyboard.type(TEXT)
    page.keyboard.press("Control+Alt+Enter")
    expect(page.locator("#s1")).to_have_attribute("data-state", "translated")
    expect(page.locator("#s3")).to_have_attribute("data-state", "untranslated")


def test_the_same_source_with_other_texts_is_listed_and_gone_through_by_a_key(repeated: Page) -> None:
    page = repeated
    field(page, 1)
    twins = page.locator(".twin")
    expect(twins).to_have_count(3)
    expect(twins.last).to_contain_text("Another")
    page.keyboard.press("Alt+p")
    expect(page.locator("#field-3")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Alt+p")
    expect(page.locator("#field-1")).to_be_focused()
    take = page.locator(".twin").last.get_by_role("button")
    take.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#field-1")).to_have_value("Another")
    saved(page)  # or the draft is said to be saved after what the key is answered
    field(page, 2)
    page.keyboard.press("Alt+p")
    expect(page.locator("[data-slot=saved]")).to_have_text("This source stands nowhere else in the release.")
