"""The pages of the glossary, and its terms beside a segment."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from service.desk import glossary, projects
from service.storage.glossary import GlossaryEntry
from service.storage.session import Sessions
from tests.factories import make_release
from tests.service.conftest import Place, Visitor
from tm.exchange import tbx, termtable
from tm.types import Concept, Term

Enter = Callable[[str], Visitor]
COUNCIL = Concept(("Conseil",), (Term("Council"), Term("Board", "forbidden")), "bodies", "With a capital.")
FORM = {"french": "cessez-le-feu\r\ntrêve", "preferred": "ceasefire", "allowed": "truce", "forbidden": "cease-fire"}
FORM |= {"domain": "operations", "note": "One word.", "agreed": "1"}


@pytest.fixture
def entry(place: Place, sessions: Sessions) -> str:
    """An entry that stands in the release of the place; its id."""
    with sessions.write() as session:
        made = glossary.add(session, place.actors["reviewer"], COUNCIL)
        session.commit()
        return made.id


def _only(sessions: Sessions) -> GlossaryEntry:
    with sessions.read() as session:
        return session.scalars(select(GlossaryEntry)).one()


def test_an_entry_is_written_changed_retired_and_brought_back(
    signed_in: Enter, sessions: Sessions, place: Place
) -> None:
    reviewer = signed_in("reviewer")
    assert reviewer.get("/terms").text.count("The glossary is empty.") == 1
    reviewer.get("/terms/new")
    address = reviewer.post("/terms", data=FORM).headers["Location"]
    assert _only(sessions).concept.french == ("cessez-le-feu", "trêve")
    page = reviewer.get(address).text
    assert "One word." in page
    changed = FORM | {"preferred": "truce", "allowed": "", "seen": "1"}
    assert reviewer.post(f"{address}/edit", data=changed).status_code == 303
    assert _only(sessions).concept.best == "truce"
    assert reviewer.post(f"{address}/retire", data={"seen": "2"}).status_code == 303
    assert "cessez-le-feu" not in reviewer.get("/terms").text
    assert "cessez-le-feu" in reviewer.get("/terms?state=retired").text
    assert reviewer.post(f"{address}/take-up", data={"seen": "3"}).status_code == 303
    acts = re.findall(r"<strong>(\w+)</strong> · <bdi>Rémi", reviewer.get(address).text)
    assert acts == ["approved", "retired", "changed", "added"]


def test_who_comes_second_gets_both(signed_in: Enter, entry: str) -> None:
    first, second = signed_in("reviewer"), signed_in("editor")
    for visitor in (first, second):
        visitor.get(f"/terms/{entry}")
    sent = {"french": "Conseil", "preferred": "Council", "seen": "1"}
    assert first.post(f"/terms/{entry}/edit", data=sent | {"note": "theirs"}).status_code == 303
    refused = second.post(f"/terms/{entry}/edit", data=sent | {"note": "mine"})
    assert refused.status_code == 409
    assert "STALE_TERM" in refused.text
    assert "theirs" in refused.text
    assert "mine" in refused.text
    # the form carries the version that stands now: saving again is on purpose
    assert 'name="seen" value="2"' in refused.text


@pytest.mark.backends("sqlite")
def test_a_refusal_comes_back_with_what_was_typed(signed_in: Enter, entry: str) -> None:
    visitor = signed_in("translator")
    visitor.get("/terms/new")
    refused = visitor.post("/terms", data={"french": "Conseil", "preferred": "Kouncil", "domain": "bodies"})
    assert (refused.status_code, "TERM_EXISTS" in refused.text, "Kouncil" in refused.text) == (409, True, True)
    refused = visitor.post("/terms", data={"french": "…"})
    assert (refused.status_code, "TERM_WORDS" in refused.text) == (422, True)


def test_what_a_translator_writes_is_proposed(signed_in: Enter, sessions: Sessions) -> None:
    translator = signed_in("translator")
    translator.get("/terms/new")
    address = translator.post("/terms", data=FORM).headers["Location"]
    assert _only(sessions).state == "proposed"
    assert "/edit" not in translator.get(address).text
    assert "cessez-le-feu" in translator.get("/terms?state=proposed").text


def test_files_come_in_and_go_out(signed_in: Enter, sessions: Sessions) -> None:
    editor = signed_in("editor")
    editor.get("/terms/import")

    def send(data: bytes, name: str = "g.csv") -> tuple[int, str]:
        answer = editor.post("/terms/import", data={"file": (io.BytesIO(data), name)})
        return answer.status_code, html.unescape(answer.text)

    status, page = send(b"French,English\nmot,word\n,nothing\n")
    assert (status, "row 3" in page, "Nothing of" in page) == (422, True, True)
    assert "0 entries" in editor.get("/terms").text
    status, page = send(termtable.write([COUNCIL]))
    assert (status, "Added" in page) == (200, True)
    for kind, read in (("csv", termtable.read), ("tbx", tbx.read)):
        out = editor.get(f"/terms/glossary.{kind}")
        assert "attachment" in out.headers["Content-Disposition"]
        assert read(out.data) == [COUNCIL]


def _terms(visitor: Visitor, segment: str) -> str:
    page = html.unescape(visitor.get(f"/segments/{segment}/panel").text)
    return page[page.index('data-slot="terms"') : page.index('data-slot="findings"')]


def test_the_terms_of_a_segment_stand_beside_it_and_follow_the_draft(
    signed_in: Enter, place: Place, entry: str
) -> None:
    visitor = signed_in("translator")
    segment = place.segments[1]
    section = _terms(visitor, segment)
    assert 'data-marks="[[3, 10, "missing"]]"' in section
    assert 'data-act="insert-term" data-rank="1" data-text="Council"' in section
    assert "With a capital." in section
    visitor.get("/releases")
    for text, standing, codes in (
        ("The Board met on 4 December 2009.", "forbidden", ["TERM_FORBIDDEN"]),
        ("The Council met on 4 December 2009.", "ok", []),
        ("They met on 4 December 2009.", "missing", ["TERM_MISSING"]),
    ):
        answer = visitor.open("PUT", f"/segments/{segment}/draft", json={"text": text, "seen": 0}).get_json()
        assert json.loads(html.unescape(re.search(r'data-marks="([^"]*)"', answer["terms"])[1])) == [[3, 10, standing]]  # type: ignore[index]
        assert re.findall(r'data-code="(\w+)"', answer["findings"]) == codes


def test_a_term_is_added_from_a_segment(signed_in: Enter, sessions: Sessions, place: Place) -> None:
    visitor = signed_in("translator")
    visitor.get("/releases")
    address = f"/terms/from/{place.segments[1]}"
    answer = visitor.post(address, json={"french": "se réunir", "english": "meet", "forbidden": "reunite"})
    assert (answer.status_code, answer.get_json()["state"]) == (200, "proposed")
    assert _only(sessions).concept.english == (Term("meet"), Term("reunite", "forbidden"))
    assert visitor.post(address, json={"french": "Se réunir"}).status_code == 409


@pytest.mark.backends("sqlite")
def test_in_the_release_of_a_project_the_terms_are_its_own(
    signed_in: Enter, sessions: Sessions, place: Place, entry: str
) -> None:
    with sessions.write() as session:
        editor = place.actors["editor"]
        project = projects.add_project(session, editor, "summit", "Summit")
        release = make_release(session, editor, ["Le Conseil s’est réuni."])
        release.project = project.number
        glossary.add(session, editor, Concept(("Conseil",), (Term("Board"),), "bodies"), project=project.number)
        session.commit()
        segment = release.segments[0].id
    assert 'data-text="Board"' in _terms(signed_in("editor"), segment)
    visitor = signed_in("editor")
    visitor.get("/releases")
    said = visitor.post(f"/terms/from/{segment}", json={"french": "réunion"})
    assert said.status_code == 200
    assert "réunion" not in signed_in("translator").get("/terms").text
    assert 'data-text="Council"' in _terms(signed_in("translator"), place.segments[1])
