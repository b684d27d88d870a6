"""A web application on a fresh database, people to sign in as, and a release with every kind of segment."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from service.app import create_app
from service.desk import people as desk_people
from service.desk import review
from service.desk.policy import Actor
from service.settings import Settings
from service.storage.blobs import Blobs
from service.storage.proposals import Proposal, ProposalSet
from service.storage.releases import Release
from service.storage.runs import Run
from service.storage.session import Sessions
from tests.factories import make_release, make_unit, operation
from tm.store.units import Unit

PASSWORD = "correct horse battery staple"
ROLES = ("translator", "reviewer", "editor", "admin")
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
# what every refusal in JSON has
SHAPE = {"code", "message", "where", "todo", "request_id"}
SOURCES = (
    "Réunion du Conseil",
    "Le Conseil s’est réuni le 4 décembre 2009.",
    "Une phrase que la mémoire ne connaît pas.",
    "Les ministres ont pris une décision.",
)


@pytest.fixture
def app(settings: Settings, sessions: Sessions) -> Flask:
    """The application; messages to workers go nowhere."""
    return create_app(settings, sessions)


@pytest.fixture
def address(app: Flask, settings: Settings) -> Iterator[str]:
    """The application behind a real HTTP server, in threads of this process: for browsers. Its address."""
    server = make_server(settings.host, settings.port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield settings.address
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class Place:
    """What stands in the database: actors by role (and `second`, another translator), and the ids of things."""

    actors: dict[str, Actor]
    release: str
    segments: list[str]
    run: str

    def email(self, who: str) -> str:
        """The address of somebody."""
        return self.actors[who].email


@pytest.fixture
def place(settings: Settings, sessions: Sessions) -> Place:
    """People, and a release with a localised match, one without a match, and one that is confirmed."""
    with sessions.write() as session:
        actors = {who: _person(session, settings, who) for who in (*ROLES, "second")}
        release = make_release(session, actors["translator"], SOURCES)
        release.blob = Blobs(settings.blob_folder).put("\n\n".join(SOURCES).encode())
        release.filename = "conseil.fr.txt"
        run = Run(kind="propose", subject=release.id, state="failed", reason_code="GAVE_UP", reason="It gave up.")
        run.requested_by = actors["translator"].id
        session.add(run)
        session.flush()
        _propose(session, release, run)
        last = release.segments[3]
        review.save(
            session,
            actors["translator"],
            last.id,
            "Ministers took a decision.",
            seen=0,
            operation=operation(),
            confirm=True,
        )
        made = Place(actors, release.id, [segment.id for segment in release.segments], run.id)
        session.commit()
    return made


def _person(session: Session, settings: Settings, who: str) -> Actor:
    operator = desk_people.operator(session)
    role = "translator" if who == "second" else who
    names = {"translator": "Tania", "reviewer": "Rémi", "editor": "Édith", "admin": "Ada", "second": "Tom"}
    person, _ = desk_people.add_person(
        session, operator, f"{who}@passerelle.test", role, settings=settings, name=names[who], password=PASSWORD
    )
    return desk_people.actor_of(person)


def _propose(session: Session, release: Release, run: Run) -> None:
    make_unit(session, "Le Conseil s’est réuni le 12 mars 2009.", "The Council met on 12 March 2009.")
    unit = session.scalars(select(Unit)).one()
    sets = [ProposalSet(segment_id=segment.id, run_id=run.id, attempt=1) for segment in release.segments]
    session.add_all(sets)
    difference = [
        {"kind": "equal", "unit": "Le Conseil s’est réuni le ", "query": "Le Conseil s’est réuni le "},
        {"kind": "replace", "unit": "12 mars 2009", "query": "4 décembre 2009"},
        {"kind": "equal", "unit": ".", "query": "."},
    ]
    common: dict[str, Any] = {"unit_id": unit.id, "source": unit.source, "raw_target": unit.target}
    common |= {"difference": difference, "provenance": {"document": "Réunion de mars", "position": 2}}
    sets[1].proposals = [
        Proposal(
            rank=1,
            origin="tm-localised",
            target="The Council met on 4 December 2009.",
            base_rate=98,
            rate=98,
            **common,
        ),
        Proposal(
            rank=2,
            origin="tm",
            target=unit.target,
            base_rate=96,
            rate=93,
            penalties=[{"code": "aligned", "points": 3}],
            stale=[{"start": 19, "end": 32}],
            **common,
        ),
    ]
    passage = {"unit_id": unit.id, "source": unit.source, "target": unit.target, "document": "Réunion de mars"}
    spans = {"source_spans": [{"start": 3, "end": 10}], "target_spans": [{"start": 4, "end": 11}], "status": "active"}
    fragment = {"fragment": "Conseil", "target": "Council", "count": 3, "seen": 4, "span": {"start": 0, "end": 7}}
    sets[2].fragments = [fragment | {"passage": passage | spans}]
    session.flush()


class Visitor:
    """A browser without scripts: it keeps cookies, and sends the form token that pages carry."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = ""

    def open(self, method: str, path: str, **values: Any) -> TestResponse:
        """Send a request with the form token of the last page that had one."""
        headers = {"X-CSRFToken": self.token, "Sec-Fetch-Site": "same-origin", **values.pop("headers", {})}
        response = self.client.open(path, method=method, headers=headers, **values)
        if response.mimetype == "text/html" and (found := TOKEN.search(response.text)):
            self.token = found[1]
        return response

    def get(self, path: str, **values: Any) -> TestResponse:
        """GET a page."""
        return self.open("GET", path, **values)

    def post(self, path: str, **values: Any) -> TestResponse:
        """POST a form or JSON."""
        return self.open("POST", path, **values)

    def sign_in(self, email: str, password: str = PASSWORD, **values: Any) -> TestResponse:
        """Fill in the sign-in form, and look at the page that it leads to."""
        self.get("/sign-in")
        answer = self.post("/sign-in", data={"email": email, "password": password, **values})
        if answer.status_code == 303:
            self.get("/releases")
        return answer


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def signed_in(app: Flask, place: Place) -> Callable[[str], Visitor]:
    """Make a visitor who is signed in: `signed_in("reviewer")`."""

    def make(who: str) -> Visitor:
        visitor = Visitor(app)
        assert visitor.sign_in(place.email(who)).status_code == 303
        return visitor

    return make


def act_body(text: str = "text", **more: Any) -> dict[str, Any]:
    return {"text": text, "seen": 0, "operation": operation(), **more}
