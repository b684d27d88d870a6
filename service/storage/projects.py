"""Projects: whose releases and units stay among their members; and the questions asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    SQLColumnExpression,
    String,
    Text,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.errors import NotFound
from service.storage.people import Person
from tm.store.base import Base, now
from tm.store.units import SHARED, Import


class Project(Base):
    """A circle of people with releases and units of its own. `number` is the scope of its units in the memory."""

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Member(Base):
    """Somebody belongs to a project."""

    __tablename__ = "member"
    __table_args__ = (Index("ix_member_person_id", "person_id"),)

    project: Mapped[int] = mapped_column(ForeignKey("project.number"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person] = relationship()


@lru_cache(maxsize=256)  # one object in all conditions of a statement keeps the key of the statement short
def _numbers_of(person_id: str) -> Select[int]:
    return select(Member.project).where(Member.person_id == person_id)


def open_to(project: SQLColumnExpression[int | None], person_id: str) -> ColumnElement[bool]:
    """Whether what belongs to this project, or to none, is for the person: membership as it is when the query runs."""
    return or_(project.is_(None), project.in_(_numbers_of(person_id)))


def closed_to(project: SQLColumnExpression[int | None], person_id: str) -> ColumnElement[bool]:
    """Whether what belongs to this project is not for the person."""
    return and_(project.is_not(None), project.not_in(_numbers_of(person_id)))


IMPORT = Import.__table__.alias("its_import")


def hidden_import(import_id: SQLColumnExpression[str], person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of an import into a project of which the person is not a member."""
    foreign = closed_to(func.nullif(IMPORT.c.scope, SHARED), person_id)
    return exists().where(IMPORT.c.id == import_id, foreign).correlate_except(IMPORT)


def get_project(session: Session, number: int, person_id: str | None) -> Project:
    """The project with this number, if this person is a member; None stands for who may see all. Raises NotFound."""
    project = session.scalar(_projects(person_id).where(Project.number == number))
    if project is None:
        raise NotFound("project")
    return project


def find_project(session: Session, key: str, person_id: str | None) -> Project | None:
    """The project with this key, if this person is a member; None stands for who may see all."""
    return session.scalar(_projects(person_id).where(Project.key == key))


def projects_of(session: Session, person_id: str | None) -> list[Project]:
    """A person's projects by name; None: all projects."""
    return list(session.scalars(_projects(person_id).order_by(func.lower(Project.name), Project.number)))


def _projects(person_id: str | None) -> Select[Project]:
    query = select(Project)
    return query if person_id is None else query.where(Project.number.in_(_numbers_of(person_id)))


def members_of(session: Session, numbers: Sequence[int]) -> list[Member]:
    """The members of these projects with their persons, by name."""
    return list(
        session.scalars(
            select(Member)
            .join(Person, Person.id == Member.person_id)
            .where(Member.project.in_(numbers))
            .options(joinedload(Member.person))
            .order_by(func.lower(Person.name), Person.id)
        )
    )
