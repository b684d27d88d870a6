"""Segments split and merged by keys alone, alone and beside a colleague who is typing."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from service.desk import projects, publish
from service.storage.releases import get_release, get_segment
from service.storage.session import Sessions
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(180)]
PARTS = ["Une phrase que la", "mémoire ne connaît pas."]


def split(page: Page, position: int) -> None:
    field(page, position)
    page.keyboard.press("Alt+Shift+T")
    expect(page.locator("[data-slot=split]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("[data-slot=split]")).to_be_hidden()


def sources(page: Page) -> list[str]:
    return page.locator("li.segment .source").all_inner_texts()


def test_the_arrows_choose_the_place_and_the_following_segments_move_on(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    page = open_as("translator")
    before = sources(page)
    field(page, 3)
    page.keyboard.type("A sentence unknown to the memory.")
    page.keyboard.press("Alt+Shift+T")
    source, target = page.locator("[data-slot=split-source]"), page.locator("[data-slot=split-target]")
    expect(source).to_be_focused()
    expect(source).to_have_attribute("aria-valuetext", "before “mémoire ne connaît”")
    expect(target).to_have_attribute("aria-valuetext", "stays whole with the first part")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    page.keyboard.press("ArrowLeft")
    expect(source).to_have_attribute("aria-valuetext", "before “la mémoire ne”")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(target).to_have_attribute("aria-valuetext", "before “the memory.”")
    page.keyboard.press("Enter")
    expect(page.locator("li.segment")).to_have_count(5)
    assert sources(page) == [*before[:2], *PARTS, before[3]]
    expect(page.locator("#s3 .text")).to_have_text("A sentence unknown to")
    expect(page.locator("#s4 .text")).to_have_text("the memory.")
    expect(page.locator("#s5 .number")).to_have_text("Segment 5")
    expect(page.locator("#field-3")).to_be_focused()
    page.keyboard.press("Control+ArrowDown")
    expect(page.locator("#field-4")).to_be_focused()
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.press("Alt+Shift+J")
    expect(page.locator("li.segment")).to_have_count(4)
    assert sources(page) == before
    expect(page.locator("#field-3")).to_have_value("A sentence unknown to the memory.")
    with sessions.read() as session:
        assert "Une phrase que la mémoire ne connaît pas." in publish.content_of(
            session, get_release(session, place.release)
        ).text("fr")


def test_neighbours_in_other_paragraphs_are_not_merged(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 2)
    page.keyboard.press("Alt+Shift+J")
    expect(page.locator("[data-slot=saved]")).to_have_text(
        "The next segment stands in another paragraph: only neighbours within one are merged."
    )
    expect(page.locator("li.segment")).to_have_count(4)


def test_what_a_colleague_types_into_the_part_that_gives_way_goes_on_in_the_other(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    first = open_as("translator")
    split(first, 3)
    second = open_as("second")
    field(second, 4)
    with first.expect_response("**/merge"):
        field(first, 3)
        first.keyboard.type("A sentence that the")
        first.keyboard.press("Alt+Shift+J")
    expect(first.locator("li.segment")).to_have_count(4)
    second.keyboard.type("memory does not know.")
    second.keyboard.press("Control+Enter")
    expect(second.locator("li.segment")).to_have_count(4)
    field(second, 3)
    expect(second.locator("#field-3")).to_have_value("A sentence that the memory does not know.")
    second.keyboard.press("Control+Enter")
    expect(second.locator("#s3")).to_have_attribute("data-state", "translated")
    with sessions.read() as session:
        assert get_segment(session, place.segments[2]).target == "A sentence that the memory does not know."


def test_a_draft_kept_in_the_browser_finds_the_segment_that_has_the_source_now(open_as: Open) -> None:
    first = open_as("translator")
    split(first, 3)
    second = open_as("second")
    field(second, 4)
    second.context.set_offline(True)
    second.keyboard.type("known to nobody.")
    second.wait_for_timeout(500)
    second.close()
    field(first, 3)
    first.keyboard.press("Alt+Shift+J")
    expect(first.locator("li.segment")).to_have_count(4)
    second.context.set_offline(False)
    again = second.context.new_page()
    again.goto(first.url.split("#")[0])
    expect(again.locator("li.segment.active")).to_have_count(1)
    field(again, 3)
    expect(again.locator("#field-3")).to_have_value("known to nobody.")


@pytest.mark.parametrize("arrived", ["known to", "known to nob", "known to nobody."])
def test_a_draft_that_the_server_had_or_its_beginning_does_not_come_twice(open_as: Open, arrived: str) -> None:
    """The answer to a draft was lost: the browser keeps what the server has, and a colleague merges meanwhile."""
    first = open_as("translator")
    split(first, 3)
    second = open_as("second")
    field(second, 4)
    second.keyboard.type(arrived)
    expect(second.locator("[data-slot=saved]")).to_contain_text("draft saved")
    second.context.set_offline(True)
    typed = arrived + ("known to nobody."[len(arrived) :] or " ")
    second.keyboard.type(typed[len(arrived) :])
    expect(second.locator("[data-slot=saved]")).to_contain_text("kept in this browser")
    second.goto("about:blank")  # the page is gone, and with it what it could still send
    field(first, 3)
    first.keyboard.press("Alt+Shift+J")
    expect(first.locator("li.segment")).to_have_count(4)
    second.context.set_offline(False)
    second.goto(first.url.split("#")[0])
    expect(second.locator("li.segment.active")).to_have_count(1)
    field(second, 3)
    expect(second.locator("#field-3")).to_have_value(typed)


def test_a_colleagues_page_follows_the_cut(open_as: Open) -> None:
    first, second = open_as("translator"), open_as("second")
    field(second, 4)
    split(first, 3)
    second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(second.locator("li.segment")).to_have_count(5)
    expect(second.locator("#field-5")).to_be_focused()
    expect(second.get_by_label("Translation of segment 5")).to_be_visible()


def test_a_merge_is_offered_as_a_rule_of_the_project(open_as: Open, sessions: Sessions, place: Place) -> None:
    with sessions.write() as session:
        project = projects.add_project(session, place.actors["editor"], "visites", "Visites")
        get_release(session, place.release).project = project.number
        session.commit()
    page = open_as("editor")
    split(page, 3)
    expect(page.locator("li.segment")).to_have_count(5)
    page.keyboard.press("Alt+Shift+J")
    offered = page.locator("#s3 [data-slot=lasting]")
    expect(offered).to_contain_text("Shall no segment of this project end after “la” from now on?")
    page.keyboard.press("Alt+Shift+R")
    expect(page.locator("[data-slot=saved]")).to_have_text("A rule of the project: no segment ends after “la”.")
    expect(offered).to_be_hidden()
    page.goto("/projects/1/segmentation/fr")
    expect(page.locator("[name=never]")).to_have_value("la")
