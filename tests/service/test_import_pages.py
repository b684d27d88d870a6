"""The pages of imports without a browser: a file in, what became of it, and back out again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from service.storage.session import Sessions
from tests.service.conftest import Place, Visitor
from tests.service.memory_places import HOSTILE, make_project, work
from tm.store.units import Import, Unit

__all__ = ["work"]
pytestmark = pytest.mark.backends("sqlite")
SignedIn = Callable[[str], Visitor]
TSV = "Le port est ouvert.\tThe port is open.\nLe port est fermé.\tThe port is closed.\n"


def _file(name: str = "port.tsv", text: str = TSV, **fields: str) -> dict[str, Any]:
    data = {"file": (io.BytesIO(text.encode()), name), **fields}
    return {"data": data, "content_type": "multipart/form-data"}


def _id(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.location).rsplit("/", 1)[1]


def test_a_file_is_taken_in_and_its_page_says_how_it_goes(signed_in: SignedIn, work: Callable[[str], None]) -> None:
    editor = signed_in("editor")
    act = _id(editor.post("/memory/imports", **_file()))
    waiting = editor.get(f"/memory/imports/{act}").text
    assert 'data-module="live"' in waiting
    assert "Undo this import" not in waiting
    work(act)
    page = editor.get(f"/memory/imports/{act}").text
    assert "<dt>New units</dt><dd>2</dd>" in page
    assert 'data-module="live"' not in page
    assert editor.get(f"/memory/imports/{act}/status").text.strip() in page
    assert "port.tsv" in signed_in("translator").get("/memory/imports").text
    assert "<mark>port est ouvert</mark>" in editor.get("/memory?phrase=port+est+ouvert").text


def test_what_undoing_touches_is_said_before_and_after(
    signed_in: SignedIn, work: Callable[[str], None], sessions: Sessions
) -> None:
    editor = signed_in("editor")
    act = _id(editor.post("/memory/imports", **_file()))
    work(act)
    page = editor.get(f"/memory/imports/{act}").text
    assert "2 places where units were seen are withdrawn" in page
    assert "2 units that stand nowhere else go out of use" in page
    refused = editor.post(f"/memory/imports/{act}/undo", data={"reason": "  "})
    assert refused.status_code == 422
    assert "REASON_MISSING" in refused.text
    assert editor.post(f"/memory/imports/{act}/undo", data={"reason": "the wrong file"}).status_code == 303
    work(act)  # what was too much for one request on a busy machine
    after = editor.get(f"/memory/imports/{act}").text
    assert "“the wrong file”" in after
    assert "<dt>Units taken out of use</dt><dd>2</dd>" in after
    assert "Undo this import" not in after
    with sessions.read() as session:
        assert {unit.status for unit in session.query(Unit).filter(Unit.source.like("Le port%"))} == {"superseded"}


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("letter.pdf", "x", "TYPE_UNKNOWN"), ("empty.tsv", "", "EMPTY_FILE"), ("", "", "FILE_MISSING")],
)
def test_a_file_that_cannot_be_used_is_refused_beside_the_form(
    signed_in: SignedIn, sessions: Sessions, place: Place, name: str, text: str, code: str
) -> None:
    answer = signed_in("editor").post("/memory/imports", **_file(name, text))
    assert answer.status_code in (415, 422)
    assert code in answer.text
    assert 'type="file"' in answer.text
    with sessions.read() as session:
        assert session.query(Import).filter(Import.kind == "tsv").count() == 0


def test_a_file_that_is_bad_inside_fails_with_its_reason_and_leaves_nothing(
    signed_in: SignedIn, work: Callable[[str], None], sessions: Sessions
) -> None:
    editor = signed_in("editor")
    act = _id(editor.post("/memory/imports", **_file("bad.tmx", "<tmx><body><tu><tuv xml:lang='fr'>")))
    work(act)
    page = editor.get(f"/memory/imports/{act}").text
    assert "Nothing of this file was kept." in page
    with sessions.read() as session:
        code = session.get_one(Import, act).counts["code"]
    assert code in page
    assert code in editor.get("/memory/imports").text
    assert "Undo this import" not in page


def test_imports_of_a_project_are_for_its_members(
    signed_in: SignedIn, place: Place, sessions: Sessions, work: Callable[[str], None]
) -> None:
    with sessions.write() as session:
        make_project(session, "Archives", place.actors["editor"].id)
        session.commit()
    editor = signed_in("editor")
    act = _id(editor.post("/memory/imports", **_file("secret.tsv", project="archives")))
    work(act)
    assert "project <bdi>Archives</bdi>" in editor.get(f"/memory/imports/{act}").text
    stranger = signed_in("translator")
    assert stranger.get(f"/memory/imports/{act}").status_code == 404
    assert stranger.get(f"/memory/imports/{act}/status").status_code == 404
    assert "secret.tsv" not in stranger.get("/memory/imports").text
    unknown = editor.post("/memory/imports", **_file("other.tsv", project="nowhere"))
    assert (unknown.status_code, "PROJECT_UNKNOWN" in unknown.text) == (422, True)
    assert 'type="file"' in unknown.text


def test_hostile_names_come_out_as_text(
    signed_in: SignedIn, place: Place, sessions: Sessions, work: Callable[[str], None]
) -> None:
    with sessions.write() as session:
        make_project(session, HOSTILE, place.actors["editor"].id)
        act = Import(kind="tsv", label=HOSTILE, person=HOSTILE, state="failed")
        act.counts = {"error": HOSTILE, "code": HOSTILE}
        undone = Import(kind=HOSTILE[:16], label=HOSTILE, person=HOSTILE, undone_by=HOSTILE, counts={"reason": HOSTILE})
        session.add_all([act, undone])
        session.commit()
        ids = [act.id, undone.id]
    editor = signed_in("editor")
    for address in ("/memory/imports", *(f"/memory/imports/{one}" for one in ids)):
        page = editor.get(address)
        assert page.status_code == 200
        assert "<img" not in page.text
        assert page.text.count("<script") == 1
