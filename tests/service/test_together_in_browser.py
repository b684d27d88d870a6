"""Two people in one release: who is where, and a conflict that is settled by keys."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Page, expect

from service.desk import review
from service.storage.releases import get_segment, history_of
from service.storage.session import Sessions
from tests.factories import operation
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as, saved

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]
BASE = "Ministers took a decision on Friday."


def told(page: Page, place: Place, position: int) -> None:
    """Opens a segment and stays in it until the others can know."""
    with page.expect_response(lambda answer: place.segments[position - 1] in (answer.request.post_data or "")):
        field(page, position)


def test_who_else_is_on_which_segment_is_shown_and_hinders_nobody(open_as: Open, place: Place) -> None:
    first, second = open_as("translator"), open_as("second")
    told(first, place, 3)
    told(second, place, 2)
    expect(second.locator("[data-slot=others]")).to_have_text("Also here: Tania (segment 3)")
    expect(second.locator("#s3 .here")).to_have_text("Tania is here")
    field(second, 3)
    second.keyboard.type("Both may type")
    second.keyboard.press("Control+Enter")
    expect(second.locator("#s3")).to_have_attribute("data-state", "translated")
    expect(second.locator("#s3 .here")).to_have_text("Tania is here")


def opened(open_as: Open, sessions: Sessions, place: Place, mine: str, theirs: str) -> Page:
    """The third segment with a base text, changed by the reader and meanwhile by a colleague; the dialog is open."""
    tania = place.actors["translator"]
    with sessions.write() as session:
        review.save(session, tania, place.segments[2], BASE, seen=0, operation=operation())
        session.commit()
    page = open_as("second")
    field(page, 3)
    page.fill("#field-3", mine)
    with sessions.write() as session:
        review.save(session, tania, place.segments[2], theirs, seen=1, operation=operation())
        session.commit()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-slot=conflict]")).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("key", "stands"),
    [
        ("1", "Ministers took two decisions on Friday."),
        ("2", "Ministers took a decision on Monday."),
        ("3", "Ministers took two decisions on Monday."),
    ],
)
def test_a_conflict_is_settled_by_one_key_and_changes_that_do_not_touch_are_merged(
    open_as: Open, sessions: Sessions, place: Place, key: str, stands: str
) -> None:
    mine, theirs = "Ministers took two decisions on Friday.", "Ministers took a decision on Monday."
    page = opened(open_as, sessions, place, mine, theirs)
    expect(page.locator("[data-slot=merged]")).to_have_value("Ministers took two decisions on Monday.")
    expect(page.locator("[data-choice=mine]")).to_be_focused()
    page.keyboard.press(key)
    expect(page.locator("[data-slot=conflict]")).to_be_hidden()
    expect(page.locator("#s3 .text")).to_have_text(stands)
    saved(page)
    with sessions.read() as session:
        assert get_segment(session, place.segments[2]).target == stands
        assert {mine, theirs} <= {row.target for row in history_of(session, place.segments[2])}


def test_changes_of_the_same_words_are_not_merged_by_machine_but_in_the_field(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    page = opened(
        open_as, sessions, place, "Ministers took a decision on Sunday.", "Ministers took a decision on Monday."
    )
    merged = page.locator("[data-slot=merged]")
    expect(merged).to_have_value("Ministers took a decision on Sunday.")
    expect(page.locator("[data-slot=merged-how]")).to_have_text("")
    merged.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Ministers decided on 3 days.")  # digits are typed here
    page.keyboard.press("Control+Enter")
    expect(page.locator("#s3 .text")).to_have_text("Ministers decided on 3 days.")
