"""Comments in a real browser, by keys alone: somebody is named, told, answers, and the thread is settled."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]


def test_somebody_is_named_told_answers_and_the_thread_is_settled(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    expect(page.locator("[data-slot=comments]")).to_be_attached()
    page.keyboard.press("Alt+c")
    words = page.locator("[data-slot=say] textarea")
    expect(words).to_be_focused()
    page.keyboard.type("Is that so, @Ré")
    expect(page.locator("#say-names [role=option]")).to_have_text(["Rémi"])
    page.keyboard.press("Enter")
    expect(words).to_have_value("Is that so, @Rémi ")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".thread .then")).to_have_text("Is that so, @Rémi")
    expect(page.locator("#field-3")).to_be_focused()
    expect(page.locator("#s3 .talked")).to_have_text("1 open comment")
    expect(page.locator("[data-filter=talked] [data-count]")).to_have_text("1")

    colleague = open_as("reviewer")
    expect(colleague.locator(".unread-count")).to_have_text(re.compile("^1"))
    colleague.goto("/me/notices")
    colleague.get_by_role("button", name=re.compile("^Segment 3")).focus()
    colleague.keyboard.press("Enter")
    expect(colleague.locator("#field-3")).to_be_focused()
    expect(colleague.locator(".unread-count")).to_have_count(0)
    answer = colleague.locator("[data-act=answer]")
    answer.focus()
    colleague.keyboard.press("Enter")
    colleague.keyboard.type("It is.")
    colleague.keyboard.press("Control+Enter")
    expect(colleague.locator(".comment")).to_have_count(2)
    colleague.locator("[data-act=settle]").focus()
    colleague.keyboard.press("Enter")
    expect(colleague.locator(".thread .state")).to_have_text("settled")
    expect(colleague.locator("#s3 .talked")).to_have_count(0)


def test_a_comment_that_is_not_sent_yet_is_there_when_one_comes_back(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    expect(page.locator("[data-slot=comments]")).to_be_attached()
    page.keyboard.press("Alt+c")
    page.keyboard.type("Half a thought")
    field(page, 2)
    expect(page.locator("[data-slot=say] textarea")).to_have_value("")
    field(page, 3)
    expect(page.locator("[data-slot=say] textarea")).to_have_value("Half a thought")


def test_words_for_a_comment_never_go_into_the_translation_while_the_panel_is_on_its_way(open_as: Open) -> None:
    page = open_as("translator")
    held = []
    page.route("**/panel", lambda route: held.append(route))
    page.reload()
    expect(page.locator("li.segment.active")).to_have_count(1)
    field(page, 3)
    page.keyboard.press("Alt+c")
    page.keyboard.type("Not for the text")
    expect(page.locator("#field-3")).to_have_value("")
    page.unroute("**/panel")  # what was held goes on
    expect(page.locator("[data-slot=say] textarea")).to_be_focused()
