"""Fixtures for verbs: they run on each database, with a session that writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from service.desk.apart import Apart
from service.desk.policy import Actor
from service.settings import Settings
from service.storage.alignments import FilePair
from service.storage.releases import Release, Segment
from service.storage.session import Sessions
from tests.desk.aligned import align, submit
from tests.factories import make_person, make_release


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    """A transaction on a fresh database."""
    with sessions.write() as session:
        yield session


@pytest.fixture
def translator(session: Session) -> Actor:
    """Somebody who translates."""
    return make_person(session, "translator", "Tania")


@pytest.fixture
def reviewer(session: Session) -> Actor:
    """Somebody who reviews."""
    return make_person(session, "reviewer", "Rémi")


@pytest.fixture
def editor(session: Session) -> Actor:
    """Somebody who publishes."""
    return make_person(session, "editor", "Édith")


@pytest.fixture
def admin(session: Session) -> Actor:
    """Somebody who runs the instance."""
    return make_person(session, "admin", "Ada")


@pytest.fixture
def release(session: Session, translator: Actor) -> Release:
    """A release of two segments."""
    return make_release(session, translator)


@pytest.fixture
def segment(release: Release) -> Segment:
    """Its first segment."""
    return release.segments[0]


@pytest.fixture(scope="session")
def apart() -> Iterator[Apart]:
    """The process apart that reads and aligns."""
    with Apart(60) as apart:
        yield apart


@pytest.fixture
def pair(session: Session, editor: Actor, settings: Settings, apart: Apart) -> FilePair:
    """A pair of files of five beads, all of them in the memory."""
    return align(session, submit(session, editor, settings), settings, apart)
