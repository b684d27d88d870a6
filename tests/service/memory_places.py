"""A memory with enough in it to be looked at, for the tests of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import imports
from service.settings import Settings
from service.storage.projects import Member, Project
from service.storage.runs import Run
from service.storage.session import Sessions
from tests.factories import make_unit
from tm.errors import PasserelleError
from tm.store.units import Unit

HOSTILE = "</p></td><img src=x onerror=document.title='owned'><script>document.title='owned'</script>"


def unit_of(session: Session, source: str) -> Unit:
    """The unit with this French text."""
    return session.scalars(select(Unit).where(Unit.source == source)).one()


def fill(session: Session, count: int = 60) -> None:
    """Units about a port, each in a document of its own, and one that was superseded."""
    for number in range(1, count + 1):
        make_unit(
            session,
            f"Le Conseil examine le plan numéro {number} du port.",
            f"The Council considers plan number {number} of the port.",
            document=f"Communiqué {number}",
        )
    unit_of(session, "Le Conseil examine le plan numéro 1 du port.").status = "superseded"


def make_project(session: Session, name: str, *members: str) -> int:
    """A project with these people, by id; returns its number."""
    project = Project(key=name.casefold(), name=name)
    session.add(project)
    session.flush()
    session.add_all([Member(project=project.number, person_id=member) for member in members])
    session.flush()
    return project.number


@pytest.fixture
def work(sessions: Sessions, settings: Settings) -> Callable[[str], None]:
    """Do what the background job of an import does, and end its run, if it has one."""

    @contextmanager
    def transaction() -> Iterator[Session]:
        with sessions.write() as session:
            yield session
            session.commit()

    def carry_on(import_id: str) -> None:
        state, code = "done", None
        try:
            imports.carry_on(transaction, import_id, settings=settings)
        except PasserelleError as error:
            state, code = "failed", error.code
        with transaction() as session:
            for run in session.query(Run).filter_by(kind="import", subject=import_id, state="queued"):
                run.state, run.reason_code = state, code

    return carry_on
