"""What comes back: errors in one shape, hostile text as text, uploads refused beside the form."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from service.desk import jobs, people, review
from service.settings import Settings
from service.storage.releases import Release, get_segment, history_of
from service.storage.session import Sessions
from service.web import words
from tests.factories import make_release, operation
from tests.service.conftest import SHAPE, Place, Visitor, act_body

pytestmark = pytest.mark.backends("sqlite")
SignedIn = Callable[[str], Visitor]


@pytest.mark.parametrize(
    ("address", "body", "status", "code"),
    [
        ("/segments/{0}/save", {}, 422, "BODY_INVALID"),
        ("/segments/{0}/save", {"seen": "0"}, 422, "BODY_INVALID"),
        ("/segments/{0}/save", {"state": "approved"}, 422, "BODY_INVALID"),
        ("/segments/{0}/save", {"operation": "short"}, 422, "BODY_INVALID"),
        ("/segments/{0}/save", {"operation": "\ud800" * 9}, 422, "BODY_INVALID"),
        ("/segments/{0}/save", {"text": "a\x00b"}, 422, "CONTROL_CHARACTER"),
        ("/segments/{0}/save", {"text": "a\ud800b"}, 422, "CONTROL_CHARACTER"),
        ("/segments/{0}/save", {"text": " ", "confirm": True}, 422, "EMPTY_TARGET"),
        ("/segments/{0}/save", {"text": "a" * 20_001}, 422, "TARGET_TOO_LONG"),
        ("/segments/{0}/save", {"text": "a" * 500_000}, 413, "TOO_LARGE"),
        ("/segments/{0}/save", {"seen": 7}, 409, "STALE_VERSION"),
        ("/segments/00000000-0000-4000-8000-000000000000/save", {"text": "x"}, 404, "NOT_FOUND"),
        ("/segments/not-an-id/save", {"text": "x"}, 404, "NOT_FOUND"),
        ("/releases/{0}/pulse", {"text": "x"}, 405, "METHOD"),
    ],
)
def test_every_refusal_has_one_shape(
    signed_in: SignedIn, place: Place, address: str, body: dict[str, Any], status: int, code: str
) -> None:
    sent = {**act_body(), **body} if body else {}
    answer = signed_in("translator").post(address.format(place.segments[1]), json=sent)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert set(answer.json) >= SHAPE


def test_json_that_is_not_json_and_forms_that_should_be_json_are_refused(signed_in: SignedIn, place: Place) -> None:
    visitor, address = signed_in("translator"), f"/segments/{place.segments[1]}/save"
    assert visitor.post(address, data="{", content_type="application/json").status_code == 422
    assert visitor.post(address, data=act_body()).status_code == 415


def test_a_conflict_carries_the_three_texts_and_keeps_the_one_that_lost(
    signed_in: SignedIn, place: Place, sessions: Sessions
) -> None:
    first, second = signed_in("translator"), signed_in("second")
    address = f"/segments/{place.segments[1]}/save"
    assert first.post(address, json=act_body("first")).status_code == 200
    answer = second.post(address, json=act_body("second"))
    conflict = answer.json["conflict"]
    assert answer.status_code == 409
    assert (conflict["base"]["text"], conflict["theirs"]["text"], conflict["mine"]) == ("", "first", "second")
    assert conflict["theirs"]["person"] == "Tania"
    with sessions.read() as session:
        assert [row.target for row in history_of(session, place.segments[1])] == ["second", "first"]


def test_the_same_operation_sent_again_is_the_same_save(signed_in: SignedIn, place: Place) -> None:
    visitor, body = signed_in("translator"), act_body("once")
    answers = [visitor.post(f"/segments/{place.segments[1]}/save", json=body).json for _ in range(2)]
    assert [answer["version"] for answer in answers] == [1, 1]


def test_a_refused_act_leaves_nothing_behind(signed_in: SignedIn, place: Place, sessions: Sessions) -> None:
    visitor = signed_in("reviewer")
    visitor.post(f"/segments/{place.segments[2]}/save", json=act_body("mine", confirm=True))
    answer = visitor.post(f"/segments/{place.segments[2]}/approve", json={"seen": 1, "operation": operation()})
    assert (answer.status_code, answer.json["code"]) == (403, "OWN_TEXT")
    with sessions.read() as session:
        assert get_segment(session, place.segments[2]).state == "translated"


def test_an_unexpected_fault_shows_a_number_and_nothing_else(
    app: Flask, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = signed_in("editor")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(jobs, "start_refresh", broken)
    with caplog.at_level(logging.ERROR):
        answer = visitor.post("/memory/schedule/refresh/start")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    number = re.search(r"INTERNAL · ([0-9a-f]{16})", answer.text)
    assert number
    assert number[1] in caplog.text


def test_a_fault_in_the_last_row_of_a_long_editor_is_a_page_as_well(
    signed_in: SignedIn, place: Place, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions.write() as session:
        sources = [f"Point {number} adopté." for number in range(400)]
        release = make_release(session, place.actors["editor"], sources)
        session.commit()
        address = f"/releases/{release.id}/edit"
    count = words.count
    monkeypatch.setattr(words, "count", lambda text: count(text) if text != sources[-1] else 1 // 0)
    answer = signed_in("translator").get(address)
    assert answer.status_code == 500
    assert re.search(r"INTERNAL · [0-9a-f]{16}", answer.text)
    assert sources[0] not in answer.text


def test_a_busy_database_says_try_again(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = signed_in("editor")

    def busy(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE …", {}, Exception("database is locked"))

    monkeypatch.setattr(jobs, "start_refresh", busy)
    answer = visitor.post("/memory/schedule/refresh/start", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (503, "TRY_AGAIN")
    assert answer.headers["Retry-After"]


def test_an_unknown_address_repeats_nothing_of_itself(signed_in: SignedIn) -> None:
    answer = signed_in("editor").get("/nowhere-<b>this</b>")
    assert answer.status_code == 404
    assert "nowhere-" not in answer.text


# --- hostile text is text ---------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</template><img src=x onerror=alert(1)>",
    "{{ 77777 * 77777 }}{% raw %}",
    "javascript:alert(1)",
    "&lt;b&gt; & <b>",
    "\u202eevil\u2066",
    "<!--",
    "]]>",
    "<plaintext>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_comes_out_as_text(
    signed_in: SignedIn, place: Place, sessions: Sessions, settings: Settings, text: str
) -> None:
    with sessions.write() as session:
        release = session.get_one(Release, place.release)
        release.title = release.filename = text
        release.notes = [text]
        segment = get_segment(session, place.segments[1])
        segment.source = text
        actor = place.actors["translator"]
        session.get_one(people.Person, actor.id).name = text
        review.save(session, actor, segment.id, text, seen=0, operation=operation(), confirm=True)
        review.send_back(session, place.actors["reviewer"], segment.id, seen=1, operation=operation(), reason=text)
        review.save_draft(session, place.actors["reviewer"], segment.id, text + " draft", seen=2)
        session.commit()
    reviewer, admin = signed_in("reviewer"), signed_in("admin")
    pages = [
        reviewer.get(f"/releases/{place.release}/edit"),
        reviewer.get(f"/releases/{place.release}"),
        reviewer.get(f"/segments/{place.segments[1]}/panel"),
        reviewer.get("/releases"),
        reviewer.get("/memory", query_string={"phrase": text}),
        admin.get("/people"),
        admin.get("/audit"),
        admin.post("/people", data={"email": text, "name": text, "role": text}),
        reviewer.post("/releases", data={"text": text + " not French"}),
    ]
    for page in pages:
        assert page.mimetype == "text/html"
        _is_harmless(page.text, text)


def _is_harmless(html: str, text: str) -> None:
    from lxml import html as parser

    assert str(77777 * 77777) not in html
    tree = parser.document_fromstring(html)
    for element in tree.iter("script", "img", "plaintext", "b"):
        assert element.tag == "script", parser.tostring(element)
        assert element.get("src", "").startswith("/static/"), parser.tostring(element)
    for element in tree.iter(parser.etree.Element):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (name, value)
            assert name not in ("href", "src", "action") or value.startswith(("/", "#")), (name, value)


# --- handing in -------------------------------------------------------------------------------------------------------
