"""The pages about sources: what they say, what they take, and how they look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import select, update

from service.desk import watching
from service.settings import Settings
from service.storage.projects import Project
from service.storage.runs import Run
from service.storage.session import Sessions
from service.storage.sources import Source, SourcePage, SourceVisit
from service.web import source_words
from tests.service.conftest import PASSWORD, Place, Visitor
from tm.store.base import now

ADDRESS = "https://press.example/feed.xml"


@pytest.fixture
def source(place: Place, sessions: Sessions, settings: Settings) -> str:
    """A source with two visits, a pair that was learned, one that was refused, and every kind of trouble."""
    with sessions.write() as session:
        editor = place.actors["editor"]
        made = watching.add(session, editor, kind="feed", name="Salle de presse", address=ADDRESS, settings=settings)
        session.execute(update(Run).where(Run.subject == made.id).values(state="done"))
        counts = {"paired": 1, "added": 8, "fetched": 9, "new": 4, "refused": 1, "failed": 2, "unpaired": 1}
        errors = [
            {"url": "https://press.example/x", "code": "URL_PRIVATE"},
            {"url": "https://press.example/y", "code": "HTTP_500"},
        ]
        first = SourceVisit(source_id=made.id, trigger="person", finished_at=now(), counts=counts, errors=errors)
        second = SourceVisit(source_id=made.id, trigger="schedule", finished_at=now(), code="URL_TIMEOUT")
        second.reason = "The answer took too long."
        session.add_all([first, second])
        for number, state in enumerate(("read", "unreadable", "refused", "failed", "vanished", "absent")):
            url = f"https://press.example/a-rather-long-address-that-goes-on/{number}?selectedLocale=fr"
            page = SourcePage(source_id=made.id, url=url, url_key=f"{number:064d}", state=state, language="fr")
            page.title, page.code = f"Titre {number}", None if state == "read" else "NO_TEXT"
            session.add(page)
        for number, code in ((10, None), (12, "ALIGNMENT_POOR")):
            english = SourcePage(source_id=made.id, url=f"https://press.example/en/{number}", url_key=f"{number:064d}")
            english.state, english.language, english.title = "read", "en", "The bridge reopens"
            session.add(english)
            session.flush()
            french = SourcePage(
                source_id=made.id, url=f"https://press.example/fr/{number}", url_key=f"{number + 1:064d}"
            )
            french.state, french.language, french.title = "read", "fr", "Le pont rouvre"
            french.partner_id, french.how, french.pair_code = english.id, "hreflang", code
            session.add(french)
        session.commit()
        return made.id


def test_the_pages_say_in_plain_words_what_was_found(signed_in: Callable[[str], Visitor], source: str) -> None:
    editor = signed_in("editor")
    listed = editor.get("/sources").text
    assert "Salle de presse" in listed
    shown = editor.get(f"/sources/{source}").text
    for words in (
        "1 new pair of pages, 8 units learned, 1 pair refused, 3 pages with trouble",
        "The list could not be read: it took too long.",
        "the server answers with status 500",
        "declared by the page or its site",
        "the two texts do not say the same",
        "no text was found on it",
        "nothing tells which page is its translation",
    ):
        assert words in shown, words
    assert "Titre 5" not in shown  # a guess at which nothing was


def test_a_source_is_added_changed_paused_started_and_forgotten(
    signed_in: Callable[[str], Visitor], place: Place, sessions: Sessions
) -> None:
    editor = signed_in("editor")
    form = {
        "kind": "list",
        "name": "Liste",
        "hours": "6",
        "address": "https://press.example/fr\r\nhttps://press.example/en",
    }
    answer = editor.post("/sources", data=form)
    assert answer.status_code == 303
    where = answer.headers["Location"]
    with sessions.read() as session:
        source = session.scalars(select(Source)).one()
        assert (source.kind, source.hours, source.address.split("\n")) == (
            "list", 6, ["https://press.example/fr", "https://press.example/en"])  # fmt: skip
        assert session.scalars(select(Run.state).where(Run.subject == source.id)).one() == "queued"
    assert "Visiting …" in editor.get(where).text
    assert editor.post(where, data={"name": "Neu", "hours": "12", "address": ADDRESS}).status_code == 303
    assert editor.post(f"{where}/active", data={"active": "0"}).status_code == 303
    assert "it rests" in editor.get(where).text
    assert signed_in("admin").post(f"{where}/visit").status_code == 303
    assert editor.post(f"{where}/remove").status_code == 303
    assert editor.get(where).status_code == 404


@pytest.mark.parametrize(
    ("address", "code"),
    [("http://169.254.169.254/", "URL_PRIVATE"), ("ftp://press.example/", "URL_SCHEME"), ("", "SOURCE_EMPTY")],
)
def test_what_is_refused_stays_in_the_form(signed_in: Callable[[str], Visitor], address: str, code: str) -> None:
    editor = signed_in("editor")
    answer = editor.post("/sources", data={"kind": "feed", "name": "Mine", "hours": "24", "address": address})
    assert answer.status_code == 422
    assert code in answer.text
    assert 'value="Mine"' in answer.text
    assert address in answer.text


def test_a_change_that_is_refused_stays_in_the_form(signed_in: Callable[[str], Visitor], source: str) -> None:
    editor = signed_in("editor")
    answer = editor.post(f"/sources/{source}", data={"name": "Mine", "hours": "0", "address": ADDRESS})
    assert answer.status_code == 422
    assert "SOURCE_HOURS" in answer.text
    assert 'value="Mine"' in answer.text


def test_a_source_of_a_project_is_not_there_for_others(
    signed_in: Callable[[str], Visitor], source: str, sessions: Sessions
) -> None:
    with sessions.write() as session:
        session.add(Project(number=3, key="three", name="Three"))
        session.flush()
        session.execute(update(Source).values(project=3))
        session.commit()
    editor = signed_in("editor")
    assert "Salle de presse" not in editor.get("/sources").text
    for method, path in (("GET", ""), ("POST", ""), ("POST", "/visit"), ("POST", "/active"), ("POST", "/remove")):
        assert editor.open(method, f"/sources/{source}{path}", data={"hours": "1"}).status_code == 404
    with sessions.read() as session:
        assert session.scalars(select(Source)).one().active


def test_every_state_and_evidence_has_a_word() -> None:
    from service.storage.sources import KINDS, PAGE_STATES

    assert set(source_words.KINDS) == set(KINDS)
    assert set(source_words.STATES) == set(source_words.COLOURS) == set(PAGE_STATES) - {"absent"}
    assert set(source_words.HOW) == {"list", "hreflang", "link", "address", "figures"}


@pytest.mark.backends("sqlite")
@pytest.mark.timeout(180)
@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (400, "dark"), (1440, "dark"), (400, "light")])
def test_nothing_sticks_out_and_axe_finds_nothing(
    chromium: Browser, address: str, place: Place, source: str, width: int, theme: Literal["light", "dark"]
) -> None:
    context = chromium.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/sign-in?next=/sources")
    page.fill("[name=email]", place.email("editor"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/sources")
    found = faults(page, "/sources", width)
    page.goto(f"/sources/{source}")
    page.click("summary")
    found += faults(page, f"/sources/{source}", width)
    context.close()
    assert found == []


def faults(page: Page, path: str, width: int) -> list[str]:
    """What sticks out of the page, and what axe finds on it."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = [f"{path}: {wide} px wide"] if wide > width else []
    return found + [f"{path}: {fault['id']}" for fault in Axe().run(page).response["violations"]]
