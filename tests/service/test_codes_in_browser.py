"""Inline codes in the editor: shown as chips, put in by a key, asked for by findings, and written into the document."""

from __future__ import annotations

import io

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import expect

from service.desk import ingest, publish
from service.settings import Settings
from service.storage.releases import get_release
from service.storage.session import Sessions
from tests.parts.word import release_with_codes
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as, saved

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(180)]
BOLD, UNBOLD, ITALIC, UNITALIC, SUPER, UNSUPER = "\ue101", "\ue301", "\ue102", "\ue302", "\ue103", "\ue303"


@pytest.fixture
def release(sessions: Sessions, settings: Settings, place: Place) -> str:
    with sessions.write() as session:
        made = ingest.submit(
            session, place.actors["editor"], release_with_codes(), filename="r.docx", media=None, settings=settings
        )
        ingest.parse(session, made.id, settings)
        session.commit()
        return made.id


def test_codes_are_put_in_by_keys_and_stand_in_the_document(
    open_as: Open, release: str, sessions: Sessions, settings: Settings, place: Place
) -> None:
    page = open_as("translator")
    page.goto(f"/releases/{release}/edit")
    expect(page.locator("li.segment.active")).to_have_count(1)
    assert (
        page.evaluate("document.fonts.load('16px \"Passerelle Codes\"', '\ue101').then((found) => found.length)") == 1
    )
    field(page, 3)
    codes = page.locator(".panel-of [data-slot=codes] li")
    expect(codes).to_have_count(2)
    expect(codes.first).to_contain_text("1: bold")
    expect(codes.first.locator(".there")).to_have_text("missing")
    page.keyboard.type("The ")
    page.keyboard.press("Alt+T")
    page.keyboard.type("Council")
    page.keyboard.press("ArrowRight")
    page.keyboard.type(" adopted the report on Boréal last night.")
    expect(codes.first.locator(".there")).to_have_text("in the text")
    found = page.locator("[data-slot=findings] .finding")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Code 2 (italic) is missing.")
    at = page.locator("#field-3").input_value().index("Boréal")
    page.evaluate(f"document.activeElement.setSelectionRange({at}, {at + 6})")
    page.keyboard.press("Alt+T")
    expect(page.locator("#field-3")).to_have_value(
        f"The {BOLD}Council{UNBOLD} adopted the report on {ITALIC}Boréal{UNITALIC} last night."
    )
    expect(found).to_have_count(0)
    page.keyboard.press("Alt+T")
    expect(page.locator("[data-slot=saved]")).to_have_text("All codes are there.")
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] == []
    page.keyboard.press("Control+Enter")
    saved(page)
    with sessions.read() as session:
        made = publish.export(session, place.actors["editor"], release, "document", settings=settings)
        assert get_release(session, release).segments[2].state == "translated"
    paragraph = Document(io.BytesIO(made.data)).paragraphs[2]
    assert [(run.text, run.bold, run.italic) for run in paragraph.runs][:4] == [
        ("The ", None, None),
        ("Council", True, None),
        (" adopted the report on ", None, None),
        ("Boréal", None, True),
    ]
