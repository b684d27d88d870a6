"""Terms in the editor, in a real browser, by keys alone: marked, put in, forbidden, added; light and dark."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from service.desk import glossary
from service.storage.session import Sessions
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as
from tm.types import Concept, Term

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(120)]
ENTRIES = (
    Concept(("Conseil",), (Term("Council"), Term("Board", "forbidden")), "bodies", "With a capital."),
    Concept(("réuni",), (), "meetings"),
    Concept(("décembre",), (Term("December"),)),
)


@pytest.fixture
def entries(place: Place, sessions: Sessions) -> None:
    """A small glossary that speaks of the second segment."""
    with sessions.write() as session:
        for concept in ENTRIES:
            glossary.add(session, place.actors["reviewer"], concept)
        session.commit()


def _faults(page: Page) -> list[str]:
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


def test_terms_are_marked_and_the_marks_follow_the_text(open_as: Open, entries: None) -> None:
    page = open_as("translator")
    field(page, 2)
    source = page.locator("#s2 .source")
    expect(source.locator("mark.term-is-missing")).to_have_text(["Conseil", "décembre"])
    expect(source.locator("mark.term-is-undefined")).to_have_text("réuni")
    expect(page.locator(".term-card").first).to_contain_text("to be written")
    assert source.text_content() == "Le Conseil s’est réuni le 4 décembre 2009."
    page.keyboard.type("The Board met on 4 December 2009.")
    expect(source.locator("mark.term-is-forbidden")).to_have_text("Conseil")
    expect(source.locator("mark.term-is-ok")).to_have_text("décembre")
    expect(page.locator(".finding[data-code=TERM_FORBIDDEN]")).to_contain_text("it is “Council”")
    expect(page.locator(".term-card").first).to_contain_text("forbidden term used: Board")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert _faults(page) == []
    page.keyboard.press("Alt+m")
    expect(page.locator("#field-2")).to_have_value("The Council met on 4 December 2009.")
    expect(source.locator("mark.term-is-ok")).to_have_text(["Conseil", "décembre"])
    field(page, 3)  # a segment that is not open has a plain source
    expect(page.locator("#s2 .source mark")).to_have_count(0)


def test_a_term_goes_in_by_its_digit_at_the_cursor(open_as: Open, entries: None) -> None:
    page = open_as("translator")
    field(page, 2)
    expect(page.locator("[data-act=insert-term]")).to_have_text(["Insert Council Alt 1", "Insert December Alt 2"])
    page.keyboard.type("The")
    page.keyboard.press("Alt+1")
    expect(page.locator("#field-2")).to_have_value("The Council")
    page.keyboard.type(" met in")
    page.keyboard.press("Alt+2")
    expect(page.locator("#field-2")).to_have_value("The Council met in December")
    expect(page.locator("#s2 .source mark.term-is-ok")).to_have_count(2)
    page.keyboard.press("Alt+9")
    expect(page.locator("[data-slot=saved]")).to_have_text("There is no term 9 here.")
    page.keyboard.press("Control+a")
    page.keyboard.type("They met in ")
    missing = page.locator(".finding[data-code=TERM_MISSING]")
    expect(missing).to_have_count(2)  # a finding has its button, too
    missing.last.locator("[data-act=insert-term]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#field-2")).to_have_value("They met in December")
    expect(missing).to_have_count(1)


def test_marked_words_become_an_entry(open_as: Open, entries: None, sessions: Sessions) -> None:
    page = open_as("translator")
    field(page, 4)
    expect(page.locator(".panel-of h2").first).to_contain_text("segment 4")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("Alt+g")
    dialog = page.locator("[data-slot=term-dialog]")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[name=english]")).to_have_value("Ministers")
    expect(dialog.locator("[name=french]")).to_be_focused()
    assert _faults(page) == []
    page.keyboard.type("Conseil")
    dialog.locator("[name=domain]").fill("bodies")
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-slot=term-trouble]")).to_contain_text("is in the glossary already")
    dialog.locator("[name=french]").fill("ministre")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-slot=saved]")).to_contain_text("“ministre” is proposed for the glossary.")
    expect(page.locator("#field-4")).to_be_focused()
    expect(page.locator(".term-card")).to_contain_text("only proposed")
    expect(page.locator("#s4 .source mark.term")).to_have_text("ministres")


def test_the_dialog_is_left_by_esc_and_nothing_is_lost(open_as: Open, entries: None) -> None:
    page = open_as("reviewer")
    field(page, 2)
    expect(page.locator("#s2 .source mark")).to_have_count(3)
    page.keyboard.type("half of December")
    # what is marked stays marked while the standings change
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#s2 .source mark'))")
    expect(page.locator("#s2 .source mark.term-is-ok")).to_have_count(1)
    page.keyboard.press("Alt+g")
    expect(page.locator("[data-slot=term-dialog] [name=french]")).to_have_value("Conseil")
    page.keyboard.press("Escape")
    expect(page.locator("[data-slot=term-dialog]")).to_be_hidden()
    expect(page.locator("#field-2")).to_be_focused()
    expect(page.locator("#field-2")).to_have_value("half of December")
