"""Nobody sees what is not theirs: every route, asked by everybody outside a project for what is inside it.

The routes are taken from the application, so that one that comes later is walked as well.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from service.desk import ingest, projects
from service.desk import people as desk_people
from service.settings import Settings
from service.storage.releases import History, Release, Segment
from service.storage.session import Sessions
from service.web.words import FORMATS
from tests.factories import operation
from tests.service.conftest import Place, Visitor
from tests.service.secrets_of_a_project import Secret, make_secret

OUTSIDERS = ("translator", "reviewer", "editor", "admin")
NOWHERE = "00000000-0000-4000-8000-000000000000"
NO_NUMBER = 987_654_321
# what an answer has of its own: form tokens, the number of the request
OWN = re.compile(r'(csrf[-_]token" (?:content|value)|"request_id": ?)="?[^",]+|"request_id": ?"[^"]+"')
SIGNING = ("auth.sign_in", "auth.sign_out")  # would end the visit; tried in test_signing_in


@pytest.fixture
def secret(settings: Settings, sessions: Sessions, place: Place) -> Secret:
    """The project, beside the release of the others."""
    with sessions.write() as session:
        made = make_secret(session, settings)
        session.commit()
    return made


@dataclass(frozen=True)
class Ask:
    """One request; `same` is its address with what is not there in place of what is the project’s, if that can be."""

    method: str
    path: str
    sent: dict[str, Any]
    endpoint: str
    same: str = ""


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def _fillings(rule: Rule, secret: Secret) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Values for the parts of an address, from the project and from nowhere."""
    values, nowhere = {}, {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        if kind == "UUIDConverter":
            every = [value for values in secret.ids.values() for value in values]
            values[name], nowhere[name] = secret.ids.get(name, every), NOWHERE
        elif kind == "IntegerConverter":
            values[name] = [secret.number] if name == "number" else secret.numbers.get(name, secret.units[:1])
            nowhere[name] = NO_NUMBER
        elif kind == "AnyConverter":
            values[name], nowhere[name] = sorted(converter.items), None
        else:
            values[name], nowhere[name] = [*FORMATS, "docx", "../x"], None
    for chosen in itertools.product(*values.values()):
        filled = dict(zip(values, chosen, strict=True))
        yield filled, {name: filled[name] if value is None else value for name, value in nowhere.items()}


def _questions(secret: Secret) -> list[str]:
    """What may stand behind the `?` of an address: pieces that are too short to count when they are repeated."""
    asked = []
    for kind in ("source", "target", "unit", "document of a unit"):
        words = secret.canaries.by_kind[kind][0].split()[2:5]
        asked += [f"phrase={'+'.join(words)}&language={language}".replace("&+", "%26+") for language in ("fr", "en")]
    ids = ",".join(secret.segments)
    return ["", f"ids={ids}&scope={secret.number}&project={secret.key}&status=active", *asked]


def _bodies(secret: Secret) -> list[dict[str, Any]]:
    """What a change may carry: what the pages send, and what they never would."""
    act = {"seen": 1, "operation": operation()}
    form = {"project": secret.key, "key": secret.key, "name": "x", "email": "nobody", "role": "x", "reason": "why"}
    return [
        {"data": {}},
        {"data": {**form, "text": "", "next": f"/releases/{secret.release}"}},
        {"json": act},
        {"json": {**act, "text": "text"}},
        {"json": {**act, "reason": "why"}},
        {"json": {"text": "draft", "seen": 1}},
        {"json": {"act": "undo", "version": 0}},
        {"data": {"act": "realign", "version": "0"}},
        {"json": {"seen": "1 OR 1=1", "operation": secret.release, "text": secret.ids}},
        {"json": [secret.ids]},
        {"data": b"\x00\xff", "content_type": "application/json"},
    ]


def _asks(app: Flask, secret: Secret, methods: tuple[str, ...]) -> Iterator[Ask]:
    for rule in _rules(app):
        for method in sorted((rule.methods or set()) & set(methods)):
            if method != "GET" and rule.endpoint in SIGNING:
                continue
            for filled, nowhere in _fillings(rule, secret):
                path, same = _built(app, rule, filled), _built(app, rule, nowhere)
                if method == "GET":
                    questions = [f"?{question}" for question in _questions(secret)] if not filled else [""]
                    ids = f"?ids={','.join(secret.segments)}" if filled else ""
                    for question in questions:
                        tail = question or ids
                        yield Ask(method, path + tail, {}, rule.endpoint, same + tail if filled else "")
                else:
                    for sent in _bodies(secret):
                        yield Ask(method, path, sent, rule.endpoint, same if filled else "")


def _built(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    with app.test_request_context():
        path = app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"})))
    return str(path)


def _answer(visitor: Visitor, ask: Ask, path: str) -> TestResponse:
    return visitor.open(ask.method, path, **ask.sent)


def _told(response: TestResponse, path: str) -> tuple[int, str]:
    return response.status_code, OWN.sub("", response.text.replace(path, "").replace(path.split("?")[0], ""))


def _leaks(app: Flask, visitor: Visitor, secret: Secret, methods: tuple[str, ...]) -> list[str]:
    """What an outsider learns: a piece of a text, or that something is there at all."""
    found, known = [], {}
    for ask in _asks(app, secret, methods):
        response = _answer(visitor, ask, ask.path)
        pieces = secret.canaries.found_in(response.data + str(response.headers).encode())
        found += [f"{ask.method} {ask.path}: {piece}" for piece in pieces]
        if response.status_code == 500:  # a page that fails has not shown that it keeps anything to itself
            found.append(f"{ask.method} {ask.path}: {response.status_code}")
        if not ask.same or ask.endpoint.startswith("projects."):
            continue
        key = (ask.method, ask.same, repr(sorted(ask.sent)), str(ask.sent))
        if key not in known:
            known[key] = _told(_answer(visitor, ask, ask.same), ask.same)
        if _told(response, ask.path) != known[key]:
            found.append(f"{ask.method} {ask.path}: {response.status_code}, and {known[key][0]} for what is not there")
    return found


def _state(session: Session, secret: Secret) -> list[Any]:
    segments = session.execute(select(Segment.id, Segment.version, Segment.state, Segment.target).order_by(Segment.id))
    releases = session.execute(select(Release.id, Release.state).where(Release.project == secret.number))
    history = session.execute(select(History.id).join(Segment).where(Segment.id.in_(secret.segments)))
    members = session.execute(select(projects.Member.person_id).where(projects.Member.project == secret.number))
    return [sorted(map(str, rows)) for rows in (segments, releases, history, members)]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_outside_sees_a_word_or_that_anything_is_there(
    app: Flask, signed_in: Callable[[str], Visitor], secret: Secret, sessions: Sessions, who: str
) -> None:
    visitor = signed_in(who)
    with sessions.read() as session:
        before = _state(session, secret)
    assert _leaks(app, visitor, secret, ("GET", "POST", "PUT", "PATCH", "DELETE")) == []
    with sessions.read() as session:
        assert _state(session, secret) == before


@pytest.mark.timeout(600)
def test_a_member_sees_it_and_nothing_any_more_once_they_are_removed(
    app: Flask, secret: Secret, sessions: Sessions
) -> None:
    gone = Visitor(app)
    assert gone.sign_in(secret.actors["gone"].email).status_code == 303
    seen = [_answer(gone, ask, ask.path).data for ask in _asks(app, secret, ("GET",))]
    shown = set().union(*(secret.canaries.kinds_in(data) for data in seen))
    wanted = {"title", "source", "target", "file name", "note", "reason", "history", "draft", "reason of a run"}
    wanted |= {"segment of a pair", "edited bead", "title of a pair", "name in a pair", "reason of a pair"}
    wanted |= {"comment", "answer"}
    assert wanted | {"proposal", "published title", "published text"} <= shown
    with sessions.write() as session:
        projects.remove_member(session, desk_people.operator(session), secret.number, secret.actors["gone"].id)
        session.commit()
    assert _leaks(app, gone, secret, ("GET", "POST", "PUT", "PATCH", "DELETE")) == []


@pytest.mark.backends("sqlite")
def test_a_text_that_is_in_a_project_is_new_to_everybody_else(
    signed_in: Callable[[str], Visitor], app: Flask, sessions: Sessions, settings: Settings, place: Place
) -> None:
    text = "Le Conseil s’est réuni hier à Bruxelles.\n\nLes ministres ont pris plusieurs décisions importantes.\n"
    operator = "operator@localhost"
    with sessions.write() as session:
        boss = desk_people.operator(session)
        projects.add_project(session, boss, "alpha", "Alpha")
        given = {"filename": "a.txt", "media": None, "settings": settings}
        ingest.submit(session, boss, text.encode(), project="alpha", **given)
        session.commit()
    visitor = signed_in("translator")
    assert operator not in visitor.get("/releases").text
    assert visitor.post("/releases", data={"text": text}).status_code == 303
    refused = visitor.post("/releases", data={"text": text})
    assert refused.status_code == 409
    for key in ("alpha", "beta"):
        answer = visitor.post("/releases", data={"text": text, "project": key, "again": "1"})
        assert (answer.status_code, "PROJECT_UNKNOWN" in answer.text) == (422, True)


def test_an_administrator_sees_the_members_of_a_project_and_none_of_its_titles(
    signed_in: Callable[[str], Visitor], secret: Secret
) -> None:
    page = signed_in("admin").get("/projects")
    assert "Alpha" in page.text
    assert "edda" in page.text
    assert secret.canaries.found_in(page.data) == []
    assert "Alpha" not in signed_in("editor").get("/projects").text
