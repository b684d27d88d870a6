"""The three zones of the editor in a real browser, by keys: filters, outline, what stands beside, a phone's sheet."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Page, expect

from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]


def shown(page: Page) -> list[str]:
    return page.locator("li.segment:not([hidden])").evaluate_all("rows => rows.map((row) => row.dataset.position)")


def test_three_zones_stand_side_by_side(open_as: Open) -> None:
    page = open_as("translator")
    boxes = [page.locator(f"[data-slot={name}]").bounding_box() for name in ("outline", "sheet", "side")]
    left, middle, right = [box for box in boxes if box]
    assert left["x"] + left["width"] <= middle["x"]
    assert middle["x"] + middle["width"] <= right["x"]


def test_the_list_is_narrowed_by_text_state_and_match_and_says_so(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 1)
    page.keyboard.press("Alt+q")
    page.keyboard.type("CONSEIL")
    expect(page.locator("[data-slot=narrowed]")).to_have_text("2 of 4 shown")
    assert shown(page) == ["1", "2"]
    page.keyboard.press("Tab")
    page.keyboard.type("untrans")  # the state, chosen by its first letters
    page.keyboard.press("Tab")
    page.keyboard.type("95")
    expect(page.locator("[data-slot=narrowed]")).to_have_text("1 of 4 shown")
    assert shown(page) == ["2"]
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Enter")
    assert shown(page) == ["1", "2", "3", "4"]
    expect(page.locator("[data-slot=narrowing] [name=text]")).to_have_value("")


def test_english_that_is_typed_is_found_as_well_accents_or_not(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    page.keyboard.type("A decree of the Élysée")
    page.keyboard.press("Alt+q")
    page.keyboard.type("elysee")
    expect(page.locator("[data-slot=narrowed]")).to_have_text("1 of 4 shown")
    page.keyboard.press("Escape")
    expect(page.locator("#field-3")).to_be_focused()


def test_the_outline_counts_what_is_done_and_leads_to_its_section(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    section = page.locator(".sections a").first
    expect(section).to_contain_text("1 of 4")
    expect(section).to_have_attribute("aria-current", "true")
    section.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#field-1")).to_be_focused()
    page.keyboard.type("Council meeting")
    page.keyboard.press("Control+Enter")
    expect(section).to_contain_text("2 of 4")


def test_the_parts_beside_are_reached_by_keys_and_left_with_escape(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 4)
    expect(page.locator("[data-part]").last).to_have_text(re.compile("History"))
    page.keyboard.press("Alt+e")
    expect(page.locator("[data-part]").first).to_be_focused()
    page.locator("[data-part]", has_text="History").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#history-of")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#field-4")).to_be_focused()


def test_on_a_phone_what_stands_beside_is_a_sheet_that_is_pulled_up(open_as: Open) -> None:
    page = open_as("translator")
    page.set_viewport_size({"width": 400, "height": 800})
    field(page, 2)
    handle = page.get_by_role("button", name="Matches", exact=False).first
    expect(handle).to_have_attribute("aria-expanded", "false")
    expect(handle).to_contain_text("best match 98!")
    expect(page.locator("#beside")).to_be_hidden()
    handle.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#beside")).to_be_visible()
    box = page.locator("[data-slot=side]").bounding_box()
    bar = page.locator(".bar-below").bounding_box()
    assert box
    assert bar
    assert abs(box["y"] + box["height"] - bar["y"]) < 2
    page.locator("[data-act=insert]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#field-2")).to_have_value("The Council met on 4 December 2009.")


def test_go_to_a_number_and_to_the_next_that_is_not_translated(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 1)
    page.keyboard.press("Alt+j")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.locator("#field-4")).to_be_focused()
    page.keyboard.press("Alt+j")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+u")
    expect(page.locator("#field-3")).to_be_focused()
    page.keyboard.press("Alt+j")
    page.keyboard.type("77")
    page.keyboard.press("Enter")
    expect(page.locator("[data-slot=saved]")).to_have_text("There is no segment 77.")


def test_the_field_is_as_high_as_its_text(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    page.fill("#field-3", "A sentence that goes on and on. " * 20)
    heights = page.locator("#field-3").evaluate("({ scrollHeight, clientHeight }) => [scrollHeight, clientHeight]")
    assert heights[0] <= heights[1] + 1
    assert heights[1] > 200
    page.fill("#field-3", "")
    assert page.locator("#field-3").evaluate("({ clientHeight }) => clientHeight") < 100
