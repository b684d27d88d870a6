"""Characters that show nothing are seen in the editor, turn nothing round, and hold an approval back."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from service.desk import review
from service.storage.releases import get_segment
from service.storage.session import Sessions
from tests.factories import operation
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]
FRENCH = "Le vote \u202eno\u202c a surpris."  # a browser would write: on
ENGLISH = "The \u202eno\u202c vote\u200b surprised."
SIGN = "(one) => getComputedStyle(one, '::before').content"


def test_what_turns_the_order_round_is_seen_and_holds_an_approval_back(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    with sessions.write() as session:
        segment = get_segment(session, place.segments[2])
        segment.source = segment.block.text = FRENCH
        segment.end = len(FRENCH)
        tania = place.actors["translator"]
        review.save(session, tania, segment.id, ENGLISH, seen=0, operation=operation(), confirm=True)
        session.commit()
    page = open_as("reviewer")
    for side, text in (("source", FRENCH), ("text", ENGLISH)):
        line = page.locator(f"#s3 .{side}")
        assert line.evaluate("(one) => one.textContent") == text
        signs = line.locator(".unseen").evaluate_all(f"(all) => all.map({SIGN})")
        assert signs[:2] == ['"U+202E"', '"U+202C"']
        assert len(signs) == (2 if side == "source" else 3)
        assert line.locator(".unseen").first.evaluate("(one) => getComputedStyle(one).unicodeBidi") == "isolate"
    field(page, 3)
    expect(page.locator("#s3 .finds")).to_have_text("4 errors")
    page.keyboard.press("Alt+a")
    expect(page.locator("[data-slot=saved]")).to_contain_text("4 errors in this text")
    for _ in range(3):
        left = page.locator(".finding").count()
        page.keyboard.press("Alt+m")  # taken out, one after the other
        expect(page.locator(".finding")).to_have_count(left - 1)
    expect(page.locator("#field-3")).to_have_value("The no vote surprised.")
    expect(page.locator(".finding")).to_contain_text("The French text has a character that shows nothing")
    page.keyboard.press("Alt+i")
    page.keyboard.type("I have read it letter by letter")
    page.keyboard.press("Enter")
    expect(page.locator("#s3 .finds")).to_have_count(0)
