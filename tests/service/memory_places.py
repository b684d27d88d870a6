"""A memory with enough in it to be looked at, for the tests of its pages."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.storage.projects import Member, Project
from tests.factories import make_unit
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
