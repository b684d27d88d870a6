"""What is found in a text stands against its approval: errors block, warnings ask, and what is meant is remembered."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from service.desk import review
from service.storage.session import Sessions
from tests.factories import operation
from tests.parts.browser import intercept
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]


def confirmed(sessions: Sessions, place: Place, position: int, text: str) -> None:
    with sessions.write() as session:
        tania = place.actors["translator"]
        review.save(session, tania, place.segments[position - 1], text, seen=0, operation=operation(), confirm=True)
        session.commit()


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-slot=saved]")).to_have_text(words)


def test_an_error_blocks_until_it_is_said_to_be_meant(open_as: Open, sessions: Sessions, place: Place) -> None:
    confirmed(sessions, place, 2, "The Council met on 5 December 2009.")
    page = open_as("reviewer")
    field(page, 2)
    expect(page.locator("#s2 .finds")).to_have_text("1 error")
    page.keyboard.press("Alt+a")
    said(page, "1 error in this text: mend it, or say why it is meant.")
    expect(page.locator("#s2")).to_have_attribute("data-state", "translated")
    page.keyboard.press("Alt+i")
    reason = page.get_by_label("Why it is meant")
    expect(reason).to_be_focused()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    page.keyboard.press("Escape")
    expect(page.locator("#field-2")).to_be_focused()
    page.keyboard.press("Alt+i")
    page.keyboard.type("the meeting was moved by a day")
    page.keyboard.press("Enter")
    meant = page.locator(".meant li")
    expect(meant).to_contain_text("“the meeting was moved by a day” · Rémi")
    expect(page.locator("#s2 .finds")).to_have_count(0)
    expect(page.locator("#field-2")).to_be_focused()
    page.keyboard.press("Alt+a")
    expect(page.locator("#s2")).to_have_attribute("data-state", "approved")


def test_what_is_meant_is_taken_back(open_as: Open, sessions: Sessions, place: Place) -> None:
    confirmed(sessions, place, 2, "The Council met on 5 December 2009.")
    page = open_as("translator")
    field(page, 2)
    expect(page.locator(".finding")).to_have_count(1)
    page.keyboard.press("Alt+i")
    page.keyboard.type("moved")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="It is not meant")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".finding")).to_have_count(1)
    expect(page.locator("#s2 .finds")).to_have_text("1 error")


def test_a_warning_asks_once_and_the_filter_shows_what_has_findings(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    confirmed(sessions, place, 2, "The Council  met on 4 December 2009.")
    page = open_as("reviewer")
    filtered = page.locator("[data-filter=found]")
    expect(filtered).to_have_text("Findings 1")
    filtered.focus()
    page.keyboard.press("Enter")
    expect(page.locator("li.segment:visible")).to_have_count(1)
    field(page, 2)
    page.keyboard.press("Alt+a")
    said(page, "1 warning in this text: approve once more if it may stand.")
    page.keyboard.press("Alt+a")
    expect(page.locator("#s2")).to_have_attribute("data-state", "approved")


def test_the_server_refuses_what_the_page_has_not_counted(open_as: Open, sessions: Sessions, place: Place) -> None:
    page = open_as("reviewer")
    page.route("**/findings?*", lambda route: route.abort())
    confirmed(sessions, place, 2, "The Council met on 5 December 2009.")
    page.reload()
    expect(page.locator("li.segment.active")).to_have_count(1)
    field(page, 2)
    page.keyboard.press("Alt+a")
    expect(page.locator("[data-slot=saved]")).to_contain_text("Segment 2 has one error:")
    expect(page.locator("#s2")).to_have_attribute("data-state", "translated")


def test_findings_that_are_not_counted_yet_are_waited_for(open_as: Open, sessions: Sessions, place: Place) -> None:
    confirmed(sessions, place, 2, "The Council  met on 4 December 2009.")
    page = open_as("reviewer")
    held: list[Route] = []
    intercept(page, "**/findings?*", lambda route: held.append(route))
    confirmed(sessions, place, 3, "A sentence that the memory does not know.")
    page.reload()
    field(page, 2)
    page.keyboard.press("Alt+a")
    page.keyboard.press("Alt+a")  # a second press while it is looked for asks nothing twice
    said(page, "Looking through the text …")
    page.wait_for_timeout(1_000)
    expect(page.locator("#field-2")).to_be_focused()
    asked = [route.request.url for route in held]
    assert len([url for url in asked if "," not in url]) == 1, asked  # the others ask for all that are not counted
    page.unroute("**/findings?*")
    for route in held:
        if "," not in route.request.url:
            route.continue_()
    said(page, "1 warning in this text: approve once more if it may stand.")
    expect(page.locator("#field-2")).to_be_focused()
    page.keyboard.press("Alt+a")
    expect(page.locator("#s2")).to_have_attribute("data-state", "approved")
    expect(page.locator("#field-3")).to_be_focused()
    page.keyboard.press("Alt+a")
    expect(page.locator("#s3")).to_have_attribute("data-state", "approved")


def test_a_refusal_stays_in_sight_when_one_has_gone_on(open_as: Open, sessions: Sessions, place: Place) -> None:
    confirmed(sessions, place, 2, "The Council met on 5 December 2009.")
    confirmed(sessions, place, 3, "A sentence that the memory does not know.")
    page = open_as("reviewer")
    intercept(page, "**/findings?*", lambda route: route.abort())
    page.reload()
    for position in (2, 3):
        field(page, position)
        page.keyboard.press("Alt+a")
        expect(page.locator(f"#field-{position + 1}")).to_be_focused()
    expect(page.locator("#s3")).to_have_attribute("data-state", "approved")
    expect(page.locator("#s2 .not-done")).to_contain_text("not done: Segment 2 has one error: “4 décembre 2009” became")
    expect(page.locator("[data-slot=saved]")).to_contain_text("not done: segment 2")
    page.keyboard.press("Alt+a")
    expect(page.locator("#s4")).to_have_attribute("data-state", "approved")
    expect(page.locator("[data-slot=saved]")).to_contain_text("not done: segment 2")
    field(page, 2)
    expect(page.locator("#s2 .not-done")).to_have_count(0)
    expect(page.locator("#s2 [data-slot=note]")).to_contain_text("Segment 2 has one error")
    field(page, 3)
    expect(page.locator("#s3 [data-slot=note]")).to_be_hidden()


def test_a_draft_that_is_saved_does_not_take_a_message_away(open_as: Open) -> None:
    page = open_as("reviewer")
    field(page, 4)
    page.keyboard.type("!")
    page.keyboard.press("Alt+a")
    message = "You have changed the text: confirm it, and somebody else approves it."
    said(page, message)
    expect(page.locator("[data-slot=saved]")).to_contain_text(f"{message} · draft saved")
    page.keyboard.type("!")
    said(page, "typing …")
    expect(page.locator("[data-slot=saved]")).to_contain_text("draft saved")
    expect(page.locator("[data-slot=saved]")).not_to_contain_text("You have")
