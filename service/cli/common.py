"""What the commands share: a migrated database with sessions, files read, answers printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from service.broker import make_sender
from service.desk import people
from service.desk.policy import Actor
from service.desk.projects import sight_of
from service.errors import NotFound, WrongState
from service.settings import Settings, load
from service.storage.migrate import ensure
from service.storage.people import by_email
from service.storage.session import Sessions, make_sessions
from service.storage.sight import see_as
from tm.errors import InputError

as_json = click.option("--json", "wants_json", is_flag=True, help="Answer in JSON.")
as_person = click.option("--as", "email", metavar="EMAIL", help="Act as this person, with their role.")
file_argument = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class House:
    """Settings and sessions of this installation, ready for use."""

    settings: Settings
    sessions: Sessions

    @contextmanager
    def write(self, email: str | None = None) -> Iterator[tuple[Session, Actor]]:
        """A transaction and who acts in it: the person with this address, or the operator of this machine."""
        with self.sessions.write() as session:
            actor = _actor(session, email)
            see_as(session, sight_of(actor))
            yield session, actor
            session.commit()


@contextmanager
def house() -> Iterator[House]:
    """The installation: data folder made, database migrated."""
    settings = load()
    ensure(settings.database)
    sessions = make_sessions(settings, make_sender(settings))
    try:
        yield House(settings, sessions)
    finally:
        sessions.close()


def _actor(session: Session, email: str | None) -> Actor:
    if email is None:
        return people.operator(session)
    person = by_email(session, email)
    if person is None:
        raise NotFound(f"person as {email}")
    if not person.active:
        raise WrongState(f"{email} is not active.", code="PERSON_INACTIVE")
    return people.actor_of(person)


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises InputError (`FILE_UNREADABLE`) that says why."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read the file: {error.strerror}.", code="FILE_UNREADABLE", where=str(path)) from error


def write_file(path: Path | None, data: bytes) -> None:
    """Write bytes to a file, or to standard output. Raises InputError (`FILE_UNWRITABLE`)."""
    if path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"Cannot write: {error.strerror}.", code="FILE_UNWRITABLE", where=str(path)) from error


def answer(data: Any, wants_json: bool, text: str) -> None:
    """Print an answer: one JSON object on one line, or the text for people."""
    click.echo(json.dumps(data, ensure_ascii=False) if wants_json else text)
