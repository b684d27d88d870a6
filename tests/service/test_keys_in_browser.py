"""Presets, keys of one's own, and acts on the text, by keys alone in a real browser."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Page, expect

from service.desk import people, review
from service.storage.session import Sessions
from tests.factories import operation
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as, saved

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]


def chosen(sessions: Sessions, place: Place, preset: str) -> None:
    with sessions.write() as session:
        people.set_keys(session, place.actors["translator"], {"preset": preset})
        session.commit()


def marked(page: Page) -> str:
    chosen = "(({ value, selectionStart: from, selectionEnd: to }) => value.slice(from, to))(document.activeElement)"
    return page.evaluate(chosen)


def test_hands_from_omegat_confirm_with_enter_and_choose_a_match(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    chosen(sessions, place, "omegat")
    page = open_as("translator")
    field(page, 2)
    expect(page.locator("#s2 [data-act=confirm] kbd")).to_have_text("Enter")
    expect(page.locator(".proposal.chosen")).to_have_attribute("data-rank", "1")
    page.keyboard.press("Control+2")
    expect(page.locator(".proposal.chosen")).to_have_attribute("data-rank", "2")
    expect(page.locator("#field-2")).to_have_value("")
    page.keyboard.press("Control+r")
    expect(page.locator("#field-2")).to_have_value("The Council met on 12 March 2009.")
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.press("Control+r")
    expect(page.locator("#field-2")).to_have_value("The Council met on 4 December 2009.")
    page.keyboard.press("Enter")
    expect(page.locator("#s2")).to_have_attribute("data-state", "translated")
    expect(page.locator("#field-3")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#field-2")).to_be_focused()


def test_keys_are_pressed_rather_than_spelled_and_work_at_once(open_as: Open) -> None:
    page = open_as("translator")
    page.goto("/me/keys")
    page.wait_for_load_state("networkidle")  # the script that listens is there
    page.locator("#keys-copy").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("F9")
    expect(page.locator("#keys-copy")).to_have_value(re.compile(r"\bf9$"))
    page.locator("#keys-copy").fill("f9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    page.go_back()
    page.go_back()
    page.reload()
    expect(page.locator("li.segment.active")).to_have_count(1)
    field(page, 3)
    expect(page.locator("#s3 [data-act=copy] kbd")).to_have_text("F9")
    page.keyboard.press("F9")
    expect(page.locator("#field-3")).to_have_value("Une phrase que la mémoire ne connaît pas.")


def test_case_changes_round_for_the_word_at_the_cursor_and_for_what_is_marked(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    page.keyboard.type("the north atlantic council")
    for expected in ("Council", "COUNCIL", "council"):
        page.keyboard.press("Shift+F3")
        expect(page.locator("#field-3")).to_have_value(f"the north atlantic {expected}")
        assert marked(page) == expected
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+F3")
    expect(page.locator("#field-3")).to_have_value("The North Atlantic Council")
    page.keyboard.press("Control+z")
    expect(page.locator("#field-3")).to_have_value("the north atlantic council")


def test_a_no_break_space_and_an_emptied_text(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    page.keyboard.type("EUR")
    page.keyboard.press("Control+Shift+Space")
    page.keyboard.type("30")
    expect(page.locator("#field-3")).to_have_value("EUR\u00a030")
    page.keyboard.press("Alt+Delete")
    expect(page.locator("#field-3")).to_have_value("")


def test_texts_from_before_the_last_save_come_back_and_go_again(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    with sessions.write() as session:
        for seen, text in enumerate(("First words", "Second words")):
            review.save(session, place.actors["second"], place.segments[2], text, seen=seen, operation=operation())
        session.commit()
    page = open_as("translator")
    field(page, 3)
    expect(page.locator(".history [data-act=reuse]")).to_have_count(2)
    page.keyboard.press("End")
    page.keyboard.type(", and mine")
    page.keyboard.press("Alt+z")
    expect(page.locator("#field-3")).to_have_value("Second words")
    page.keyboard.press("Alt+z")
    expect(page.locator("#field-3")).to_have_value("First words")
    page.keyboard.press("Alt+z")
    expect(page.locator("[data-slot=saved]")).to_have_text("There is no older text.")
    for _ in range(2):
        page.keyboard.press("Alt+Shift+Z")
    expect(page.locator("#field-3")).to_have_value("Second words, and mine")
    saved(page)
