"""The editor when two people meet on one segment, the network goes, an answer is lost, a sign-in ends."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Route, expect

from service.desk import review
from service.storage.releases import get_segment, history_of
from service.storage.session import Sessions
from tests.factories import operation
from tests.parts.browser import intercept
from tests.service.conftest import PASSWORD, Place
from tests.service.editor_pages import Open, field, open_as, saved

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(60)]


def test_two_people_on_one_segment_get_the_conflict_with_both_texts(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    first, second = open_as("translator"), open_as("second")
    for page in (first, second):
        field(page, 3)
    first.keyboard.type("The words of Tania")
    first.keyboard.press("Control+Enter")
    expect(first.locator("#s3")).to_have_attribute("data-state", "translated")
    second.keyboard.type("The words of Tom")
    second.keyboard.press("Control+Enter")
    dialog = second.locator("[data-slot=conflict]")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Tania")
    expect(dialog.locator("[data-slot=theirs]")).to_contain_text("The words of Tania")
    expect(dialog.locator("[data-slot=mine]")).to_contain_text("The words of Tom")
    dialog.locator("[data-slot=merged]").fill("The words of Tania and Tom")
    dialog.locator("[data-choice=merged]").click()
    expect(second.locator("#s3 .text")).to_have_text("The words of Tania and Tom")
    with sessions.read() as session:
        texts = [row.target for row in history_of(session, place.segments[2])]
    assert texts == ["The words of Tania and Tom", "The words of Tom", "The words of Tania"]


@pytest.mark.parametrize(
    ("choice", "stands"), [("mine", "The words of Tom"), ("theirs", "The words of Tania")], ids=["mine", "theirs"]
)
def test_the_loser_of_a_conflict_chooses_which_text_stands(
    open_as: Open, sessions: Sessions, place: Place, choice: str, stands: str
) -> None:
    page = open_as("second")
    field(page, 3)
    page.keyboard.type("The words of Tom")
    with sessions.write() as session:
        text = "The words of Tania"
        review.save(session, place.actors["translator"], place.segments[2], text, seen=0, operation=operation())
        session.commit()
    page.keyboard.press("Control+Enter")
    page.click(f"[data-choice={choice}]")
    expect(page.locator("#s3 .text")).to_have_text(stands)
    saved(page)
    with sessions.read() as session:
        assert get_segment(session, place.segments[2]).target == stands
        assert "The words of Tom" in [row.target for row in history_of(session, place.segments[2])]


def test_what_is_typed_while_the_network_is_away_is_saved_when_it_is_back(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    page = open_as("translator")
    field(page, 3)
    page.context.set_offline(True)
    page.keyboard.type("Typed in a tunnel")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-slot=saved]")).to_contain_text("kept in this browser")
    page.context.set_offline(False)
    expect(page.locator("#s3")).to_have_attribute("data-state", "translated")
    with sessions.read() as session:
        history = history_of(session, place.segments[2])
    assert [(row.action, row.target) for row in history] == [("confirm", "Typed in a tunnel")]


def test_an_answer_that_was_lost_on_the_way_does_not_save_twice(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    page = open_as("translator")
    field(page, 3)
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.request.post_data or "")
        route.fetch()
        return route.abort()

    intercept(page, "**/save", lose_the_first_answer)
    page.keyboard.type("Sent twice, saved once")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#s3")).to_have_attribute("data-state", "translated")
    assert lost
    with sessions.read() as session:
        assert [row.version for row in history_of(session, place.segments[2])] == [1]


def test_a_sign_in_that_ends_while_typing_opens_over_the_page_and_loses_nothing(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    page = open_as("translator")
    field(page, 3)
    page.context.clear_cookies()
    page.keyboard.type("Typed after the sign-in had ended")
    page.keyboard.press("Control+Enter")
    dialog = page.locator("[data-slot=sign-in]")
    expect(dialog).to_be_visible()
    dialog.locator("[name=password]").fill("wrong")
    dialog.locator("button").click()
    expect(dialog.locator("[role=alert]")).to_contain_text("not right")
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.locator("button").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#s3")).to_have_attribute("data-state", "translated")
    with sessions.read() as session:
        assert get_segment(session, place.segments[2]).target == "Typed after the sign-in had ended"
