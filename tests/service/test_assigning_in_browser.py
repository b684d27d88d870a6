"""Who works on a release, chosen by keys alone; and pages at twice their size, and for who wants no movement."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, expect

from tests.service.conftest import PASSWORD, Place
from tests.service.editor_pages import Open, open_as
from tests.service.test_pages_look import faults_of

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]


def test_people_and_a_day_are_chosen_by_keys_and_the_asked_are_told(open_as: Open, place: Place) -> None:
    page = open_as("editor")
    page.goto(f"/releases/{place.release}")
    page.get_by_label("Translator").focus()
    page.keyboard.type("Tania")
    page.keyboard.press("Tab")
    page.keyboard.type("Rémi")
    page.keyboard.press("Tab")
    page.keyboard.type("11202026")
    page.get_by_role("button", name="Ask them").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".meta")).to_contain_text("translator Tania · reviewer Rémi · due 20 Nov 2026 overdue")
    asked = open_as("translator")
    asked.goto("/releases")
    expect(asked.locator(".waits")).to_contain_text("was due 20 Nov 2026")
    asked.get_by_role("link", name="Notices").focus()
    asked.keyboard.press("Enter")
    expect(asked.locator(".notices")).to_contain_text("Édith has asked you to work on a release")


def test_at_twice_its_size_the_editor_fits_and_nothing_moves_for_who_wants_no_movement(
    chromium: Browser, address: str, place: Place
) -> None:
    context = chromium.new_context(
        base_url=address,
        viewport={"width": 720, "height": 450},  # what 1440 by 900 has room for at 200 %
        device_scale_factor=2,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", place.email("translator"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/releases")
    for path in ("/releases", f"/releases/{place.release}", f"/releases/{place.release}/edit", "/me/keys"):
        page.goto(path)
        assert list(faults_of(page, path, 720)) == []
        moving = "document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 1).length"
        assert page.evaluate(moving) == 0
    context.close()
