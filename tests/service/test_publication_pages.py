"""Publications on their pages, and what somebody sees who is not signed in."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from service.desk import jobs, projects, withdrawing
from service.settings import Settings
from service.storage.publications import get_publication
from service.storage.releases import get_release
from service.storage.runs import runs_about
from service.storage.session import Sessions
from tests.desk.published import approve_all, published, taken_in
from tests.parts.word import release_with_codes
from tests.service.conftest import Place, Visitor
from tm.store.base import now

Sign = Callable[[str], Visitor]


@pytest.fixture
def publication(sessions: Sessions, settings: Settings, place: Place) -> str:
    who = place.actors
    with sessions.write() as session:
        release = taken_in(session, who["editor"], release_with_codes(), "r.docx", settings)
        approve_all(session, who["translator"], who["reviewer"], release)
        made = published(session, who["editor"], release, settings)
        session.commit()
        return made.id


def test_the_page_names_who_translated_and_approved_and_offers_every_file(signed_in: Sign, publication: str) -> None:
    page = signed_in("editor").get(f"/publications/{publication}").text
    for word in ("Tania", "Rémi", "Bilingual PDF", "English document", "Bilingual Word document", "Prove it"):
        assert word in page
    assert "Tania" not in signed_in("admin").get(f"/publications/{publication}").text


def test_a_proof_says_what_it_found(signed_in: Sign, publication: str, settings: Settings, sessions: Sessions) -> None:
    visitor = signed_in("admin")
    assert "Proved: hashes" in visitor.get(f"/publications/{publication}/proof").text
    with sessions.read() as session:
        blob = next(file.blob for file in get_publication(session, publication).files if file.format == "docx")
    (settings.blob_folder / blob[:2] / blob).write_bytes(b"other")
    assert "FILE_DAMAGED" in visitor.get(f"/publications/{publication}/proof").text


def test_what_is_open_is_read_by_anybody_and_only_from_its_moment_on(
    app: Flask, signed_in: Sign, publication: str
) -> None:
    editor, stranger = signed_in("editor"), Visitor(app)
    editor.get(f"/publications/{publication}")
    later = (now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    editor.post(f"/publications/{publication}/open", data={"from": later})
    address = editor.get(f"/publications/{publication}").text.split('href="/p/')[1].split('"')[0]
    assert stranger.get(f"/p/{address}").status_code == 404
    assert stranger.get(f"/p/{address}/pdf").status_code == 404
    editor.post(f"/publications/{publication}/open", data={"from": "2020-01-01T00:00"})
    page = stranger.get(f"/p/{address}")
    assert page.status_code == 200
    assert "LE <strong>CONSEIL</strong>" in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "Tania" not in page.text
    assert stranger.get(f"/p/{address}/pdf").data.startswith(b"%PDF")
    assert stranger.get(f"/p/{address}/tmx").status_code == 404
    editor.post(f"/publications/{publication}/withdraw", data={"reason": "The figures are wrong."})
    gone = stranger.get(f"/p/{address}")
    assert gone.status_code == 410
    assert "The figures are wrong." in gone.text
    assert "Cette publication a été retirée le" in gone.text
    assert "CONSEIL</strong>" not in gone.text
    assert stranger.get(f"/p/{address}/pdf").status_code == 404


def test_an_open_publication_of_a_project_is_read_by_who_is_no_member(
    app: Flask, signed_in: Sign, publication: str, sessions: Sessions, place: Place
) -> None:

    with sessions.write() as session:
        project = projects.add_project(session, place.actors["editor"], "secret", "Secret")
        get_release(session, get_publication(session, publication).release_id).project = project.number
        page = withdrawing.open_to_all(session, place.actors["editor"], publication, now() - timedelta(minutes=5))
        slug = page.slug
        session.commit()
    assert signed_in("translator").get(f"/publications/{publication}").status_code == 404
    assert Visitor(app).get(f"/p/{slug}").status_code == 200


def test_a_correction_is_begun_from_the_page(
    signed_in: Sign, publication: str, sessions: Sessions, settings: Settings
) -> None:
    editor = signed_in("editor")
    editor.get(f"/publications/{publication}")
    nothing = editor.post(f"/publications/{publication}/correct", data={})
    assert (nothing.status_code, "No file was chosen." in nothing.text) == (422, True)
    file = (io.BytesIO(release_with_codes()), "r2.docx")
    answer = editor.post(f"/publications/{publication}/correct", data={"file": file})
    assert answer.status_code == 303
    with sessions.read() as session:
        release = get_release(session, answer.location.rpartition("/")[2])
        assert release.corrects_id == publication
        assert [run.kind for run in runs_about(session, release.id)] == ["ingest"]
    assert "A correction is under way" in editor.get(f"/publications/{publication}").text


def test_a_withdrawal_needs_a_reason_and_keeps_the_page(signed_in: Sign, publication: str) -> None:
    editor = signed_in("editor")
    editor.get(f"/publications/{publication}")
    assert editor.post(f"/publications/{publication}/withdraw", data={"reason": " "}).status_code == 422
    assert editor.post(f"/publications/{publication}/withdraw", data={"reason": "Wrong."}).status_code == 303
    page = editor.get(f"/publications/{publication}").text
    assert "Withdrawn by" in page
    assert "withdrawn</span>" in editor.get("/publications").text
    assert "Wrong." in page


def test_the_style_of_the_house_is_changed_and_refused(signed_in: Sign) -> None:
    editor = signed_in("editor")
    editor.get("/house")
    values = {"organisation": "Arvane Alliance", "date_form": "mdy", "quotes": "double", "spelling": "en-GB"}
    assert editor.post("/house", data=values).status_code == 303
    assert 'value="Arvane Alliance"' in editor.get("/house").text
    logo = (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"), "logo.svg")
    refused = editor.post("/house", data={**values, "organisation": "Typed", "logo": logo})
    assert (refused.status_code, 'value="Typed"' in refused.text) == (422, True)
    assert editor.post("/house", data={**values, "spelling": "en-XX"}).status_code == 422


def test_the_analysis_waits_for_proposals_and_then_stands_as_page_csv_and_json(
    signed_in: Sign, place: Place, publication: str, sessions: Sessions
) -> None:
    translator = signed_in("translator")
    translator.get(f"/releases/{place.release}/analysis")
    assert translator.post(f"/releases/{place.release}/analysis").status_code == 303
    page = translator.get(f"/releases/{place.release}/analysis").text
    assert "Weighted words" in page
    rows = translator.get(f"/releases/{place.release}/analysis/table.json").json["rows"]
    assert {row["band"]: row["segments"] for row in rows if row["segments"]} == {"95-99": 1, "new": 3, "total": 4}
    table = translator.get(f"/releases/{place.release}/analysis/table.csv").data.decode().splitlines()
    assert table[0] == "band,segments,words,characters,placeables,weighted"
    costs = translator.get(f"/releases/{place.release}/analysis/table.json").json["costs"]
    assert [(row["band"], row["segments"]) for row in costs] == [("new", 1)]
    assert translator.post(f"/releases/{place.release}/analysis", data={"internal": "1"}).status_code == 303
    made = translator.get(f"/releases/{place.release}/analysis/table.json").json
    assert (made["internal"], made["rows"][-1]) == (True, rows[-1])  # nothing in this release is like another
    assert "Internal matches are counted" in translator.get(f"/releases/{place.release}/analysis").text
    with sessions.read() as session:
        unproposed = get_publication(session, publication).release_id
    assert translator.post(f"/releases/{unproposed}/analysis").status_code == 409


def test_an_address_is_checked_at_once_and_fetched_by_a_job(signed_in: Sign, sessions: Sessions) -> None:
    translator = signed_in("translator")
    translator.get("/releases/new")
    for url in ("ftp://a.example/x", "http://127.0.0.1/x", "http://user:pass@a.example/", "http://a.example:22/"):
        refused = translator.post("/releases", data={"url": url})
        assert refused.status_code == 422, url
        assert url in refused.text
    taken = translator.post("/releases", data={"url": "https://press.example.org/fr/1"})
    assert taken.status_code == 303
    with sessions.read() as session:
        release = get_release(session, taken.location.rpartition("/")[2])
        assert (release.state, release.provenance) == ("received", {"url": "https://press.example.org/fr/1"})
        assert [run.kind for run in runs_about(session, release.id)] == ["fetch"]
    assert jobs.task_name("fetch") == "passerelle.fetch"
