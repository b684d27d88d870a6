"""What the pages take in and give out: uploads, downloads, publishing, people, jobs."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from service.settings import Settings
from service.storage.releases import Release, drafts_of
from service.storage.session import Sessions
from tests.service.conftest import SHAPE, Place, Visitor, act_body

pytestmark = pytest.mark.backends("sqlite")
SignedIn = Callable[[str], Visitor]
FRENCH = "Le Conseil s’est réuni hier à Bruxelles.\n\nLes ministres ont pris plusieurs décisions importantes.\n"


def _file(data: bytes, name: str) -> dict[str, Any]:
    return {"data": {"file": (io.BytesIO(data), name)}, "content_type": "multipart/form-data"}


def test_a_file_and_a_paste_become_releases(signed_in: SignedIn, sessions: Sessions) -> None:
    visitor = signed_in("translator")
    assert visitor.post("/releases", **_file(FRENCH.encode(), "conseil.txt")).status_code == 303
    pasted = visitor.post("/releases", data={"text": FRENCH.replace("Conseil", "Comité").replace("\n", "\r\n")})
    assert pasted.status_code == 303
    assert visitor.get(pasted.location).status_code == 200


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.txt"),
        (b"   \n\n ", "blank.txt"),
        (b"%PDF-1.7 \x00\x01\x02", "letter.pdf"),
        (b"\x00\x01\x02\x03" * 50, "binary.txt"),
        (b"Only English here, and nothing else at all, as anybody can see.\n" * 3, "english.txt"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_code_and_nothing_is_stored(
    signed_in: SignedIn, place: Place, sessions: Sessions, data: bytes, name: str
) -> None:
    answer = signed_in("translator").post("/releases", headers={"Accept": "application/json"}, **_file(data, name))
    assert answer.status_code in (415, 422)
    assert set(answer.json) >= SHAPE
    with sessions.read() as session:
        assert session.query(Release).count() == 1


def test_a_refused_paste_comes_back_with_the_form_and_everything_that_was_typed(signed_in: SignedIn) -> None:
    typed = "Only English here, and nothing else at all, as anybody can see.\n" * 3
    answer = signed_in("translator").post("/releases", data={"text": typed, "media": "txt"})
    assert answer.status_code == 422
    assert typed.splitlines()[0] in answer.text
    assert 'value="txt" selected' in answer.text
    assert 'role="alert"' in answer.text


def test_the_same_text_twice_says_where_it_is_and_goes_in_when_that_is_meant(signed_in: SignedIn) -> None:
    visitor = signed_in("translator")
    first = visitor.post("/releases", data={"text": FRENCH})
    again = visitor.post("/releases", data={"text": FRENCH})
    assert again.status_code == 409
    assert first.location in again.text
    meant = visitor.post("/releases", data={"text": FRENCH, "again": "1"})
    assert meant.status_code == 303
    assert meant.location != first.location


def test_more_than_the_limit_is_refused_before_it_is_read(
    make_settings: Callable[..., Settings], settings: Settings, sessions: Sessions, place: Place
) -> None:
    from service.app import create_app

    small = make_settings(database_url=settings.database_url, upload_limit_mb=1)
    visitor = Visitor(create_app(small, sessions))
    visitor.sign_in(place.email("translator"))
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    large = part + b"a" * 1_500_000 + b"\r\n--x--\r\n"
    file = {"data": large, "content_type": "multipart/form-data; boundary=x"}
    for sent in (file, {"data": {"text": "a" * 1_500_000}}):
        answer = visitor.post("/releases", headers={"Accept": "application/json"}, **sent)
        assert (answer.status_code, answer.json["code"]) == (413, "TOO_LARGE")


def test_a_form_with_too_many_fields_is_refused(signed_in: SignedIn) -> None:
    fields = {f"field{number}": "x" for number in range(50)}
    answer = signed_in("translator").post("/releases", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_the_original_is_saved_and_never_shown(signed_in: SignedIn, place: Place) -> None:
    answer = signed_in("editor").get(f"/releases/{place.release}/original")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


# --- the rest of the pages --------------------------------------------------------------------------------------------


def test_publishing_before_everything_is_approved_says_what_is_missing(signed_in: SignedIn, place: Place) -> None:
    visitor = signed_in("editor")
    page = visitor.post(f"/releases/{place.release}/publish")
    assert page.status_code == 409
    assert "4 segments are not approved: 1, 2, 3, 4" in page.text
    as_json = visitor.post(f"/releases/{place.release}/publish", headers={"Accept": "application/json"})
    assert as_json.json["waiting"] == [1, 2, 3, 4]


def test_a_release_is_published_and_downloaded(signed_in: SignedIn, place: Place, sessions: Sessions) -> None:
    translator, reviewer, editor = map(signed_in, ("translator", "reviewer", "editor"))
    texts = ("Council meeting", "The Council met on 4 December 2009.", "A sentence unknown to the memory.")
    for text, segment in zip(texts, place.segments, strict=False):
        body = act_body(text, confirm=True)
        assert translator.post(f"/segments/{segment}/save", json=body).status_code == 200
    assert "Approved: 4 segments." in reviewer.post(f"/releases/{place.release}/approve-all").text
    published = editor.post(f"/releases/{place.release}/publish")
    assert published.status_code == 303
    page = editor.get(published.location).text
    assert "Council meeting" in page
    for form in ("html", "txt-fr", "txt-en", "tmx", "po"):
        file = translator.get(f"{published.location}/files/{form}")
        assert file.status_code == 200
        assert file.headers["Content-Disposition"].startswith("attachment")
    assert "The Council met on 4 December 2009." in translator.get(f"{published.location}/files/txt-en").text
    assert editor.post(f"/releases/{place.release}/publish").location == published.location


def test_approving_all_says_what_was_left_and_why(signed_in: SignedIn, place: Place) -> None:
    page = signed_in("reviewer").post(f"/releases/{place.release}/approve-all").text
    assert "Approved: 1 segment." in page
    assert "is untranslated" in page


def test_a_failed_job_is_tried_again_by_who_asked_for_it(signed_in: SignedIn, place: Place) -> None:
    assert signed_in("reviewer").post(f"/runs/{place.run}/retry").status_code == 403
    visitor = signed_in("translator")
    assert "Try again" in visitor.get("/runs").text
    assert visitor.post(f"/runs/{place.run}/retry", data={"next": f"/releases/{place.release}"}).status_code == 303


def test_jobs_of_others_are_not_listed(signed_in: SignedIn) -> None:
    assert "It gave up." in signed_in("translator").get("/runs").text
    assert "It gave up." not in signed_in("second").get("/runs").text


def test_a_new_person_gets_a_password_that_is_shown_once_and_works(signed_in: SignedIn, visitor: Visitor) -> None:
    admin = signed_in("admin")
    form = {"email": "New@Passerelle.test", "name": "Nadia", "role": "reviewer"}
    page = admin.post("/people", data=form).text
    found = re.search(r'class="password">([^<]+)<', page)
    assert found
    assert found[1] not in admin.get("/people").text
    assert visitor.sign_in("new@passerelle.test", found[1]).status_code == 303


def test_what_was_typed_stays_when_a_person_cannot_be_added(signed_in: SignedIn) -> None:
    form = {"email": "editor@passerelle.test", "name": "Twice", "role": "admin"}
    page = signed_in("admin").post("/people", data=form)
    assert page.status_code == 409
    assert 'value="Twice"' in page.text
    assert "PERSON_EXISTS" in page.text


def test_control_characters_in_a_field_are_refused(signed_in: SignedIn, visitor: Visitor) -> None:
    form = {"email": "a\x00b@x.example", "name": "n", "role": "reviewer"}
    assert signed_in("admin").post("/people", data=form).status_code == 422
    assert visitor.sign_in("a\x00b@x.example").status_code == 422
    assert "CONTROL_CHARACTER" in signed_in("editor").get("/memory?phrase=a%00b").text


def test_the_memory_is_searched_in_both_languages(signed_in: SignedIn) -> None:
    visitor = signed_in("translator")
    assert "<mark>Conseil</mark>" in visitor.get("/memory?phrase=Conseil").text
    assert "<mark>Council</mark>" in visitor.get("/memory?phrase=Council&language=en").text
    assert "has no “introuvable”" in visitor.get("/memory?phrase=introuvable").text


def test_everybody_sees_their_own_acts_and_an_administrator_all(signed_in: SignedIn) -> None:
    assert "Tania" not in signed_in("reviewer").get("/audit").text
    assert "Tania" in signed_in("admin").get("/audit").text


def test_a_draft_that_says_what_stands_is_none(signed_in: SignedIn, place: Place, sessions: Sessions) -> None:
    visitor, address = signed_in("translator"), f"/segments/{place.segments[1]}/draft"
    visitor.open("PUT", address, json={"text": "typed", "seen": 0})
    assert 'data-draft="typed"' in visitor.get(f"/releases/{place.release}/edit").text
    visitor.open("PUT", address, json={"text": "", "seen": 0})
    assert "data-draft=" not in visitor.get(f"/releases/{place.release}/edit").text
    with sessions.read() as session:
        assert len(drafts_of(session, place.actors["translator"].id, place.release)) == 1


def test_the_pulse_is_short_when_nothing_has_changed(signed_in: SignedIn, place: Place) -> None:
    visitor, address = signed_in("translator"), f"/releases/{place.release}/pulse"
    first = visitor.get(address)
    assert json.loads(first.text)["segments"][3] == [place.segments[3], 1, True, 0]
    same = visitor.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    visitor.post(f"/segments/{place.segments[1]}/save", json=act_body("new"))
    assert visitor.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
