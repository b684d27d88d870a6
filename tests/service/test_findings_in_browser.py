"""Findings while one types, in a real browser, by keys alone: told, shown in the field, mended."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]
WRONG = "The  Council met on 5 December 2009."
OTHER_DAY = "The Council met on 5 December 2009."


def test_findings_come_while_one_types_and_go_with_a_key(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 2)
    page.keyboard.press("Control+a")
    page.keyboard.type(WRONG)
    findings = page.locator(".finding")
    expect(findings).to_have_count(2)
    expect(findings.first).to_contain_text("“4 décembre 2009” became “5 December 2009”")
    expect(page.locator("[data-slot=findings-said]")).to_contain_text("2 findings: ")
    expect(findings.first.locator("mark").last).to_have_text("5 December 2009")
    page.keyboard.press("Alt+m")  # the date
    expect(page.locator("#field-2")).to_have_value(WRONG.replace("5", "4"))
    expect(findings).to_have_count(1)
    expect(findings).to_contain_text("There are two spaces.")
    page.keyboard.press("Alt+m")
    expect(page.locator("#field-2")).to_have_value("The Council met on 4 December 2009.")
    expect(page.locator("#field-2")).to_be_focused()
    expect(findings).to_have_count(0)
    expect(page.locator("[data-slot=findings-said]")).to_have_text("No findings are left.")
    page.keyboard.press("Control+z")  # a mend is undone like anything typed
    expect(page.locator("#field-2")).to_have_value(WRONG.replace("5", "4"))


def test_the_place_of_a_finding_is_shown_in_the_field(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 2)
    page.keyboard.press("Control+a")
    page.keyboard.type(OTHER_DAY)
    show = page.get_by_role("button", name="Show it")
    expect(show).to_have_count(1)
    show.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#field-2")).to_be_focused()
    chosen = "(() => { const f = document.activeElement; return f.value.slice(f.selectionStart, f.selectionEnd); })()"
    assert page.evaluate(chosen) == "5 December 2009"


def test_nothing_is_mended_where_no_mend_is_certain(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 2)
    page.keyboard.press("Control+a")
    page.keyboard.type("The Council met.")
    expect(page.locator(".finding")).not_to_have_count(0)
    expect(page.locator("[data-act=mend]")).to_have_count(0)
    page.keyboard.press("Alt+m")
    expect(page.locator("[data-slot=saved]")).to_have_text("There is nothing here that one key can mend.")
    expect(page.locator("#field-2")).to_have_value("The Council met.")


def test_findings_are_gone_through_by_a_key(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 2)
    page.fill("#field-2", WRONG)  # at once, so that one draft is sent and the bar is not written to afterwards
    expect(page.locator(".finding")).to_have_count(2)
    expect(page.locator("[data-slot=saved]")).to_contain_text("draft saved")
    chosen = "(() => { const f = document.activeElement; return f.value.slice(f.selectionStart, f.selectionEnd); })()"
    found = []
    for number in (1, 2, 1):
        page.keyboard.press("Alt+n")
        expect(page.locator("[data-slot=saved]")).to_have_text(f"Finding {number} of 2.")
        found.append(page.evaluate(chosen))
    assert found == ["5 December 2009", "  ", "5 December 2009"]
