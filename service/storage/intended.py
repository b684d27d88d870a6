"""What looks like a mistake and is meant: remembered for the source and the code of the finding."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.storage.people import Person
from service.storage.projects import Project, open_to
from service.storage.sight import Confined
from tm.store.base import Base, now


class Intended(Confined, Base):
    """That findings of a code are meant wherever this source stands in the texts of a project, or in those of none
    (`project` is NULL). `reason` says why; it holds until it is withdrawn."""

    __tablename__ = "intended"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("ix_intended_source_key", "source_key", "project"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project: Mapped[int | None] = mapped_column(ForeignKey("project.number"))
    source_key: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column()
    withdrawn_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    kept_by: Mapped[Project | None] = relationship()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """By everybody, or by the members of its project."""
        return open_to(cls.project, person_id)


def _once(name: str, *columns: Any, where: ColumnElement[bool]) -> None:
    """One row alone may hold; belongs to the table."""
    holds = where & Intended.withdrawn_at.is_(None)
    Index(name, *columns, unique=True, sqlite_where=holds, postgresql_where=holds)


_once("uq_intended_shared", Intended.source_key, Intended.code, where=Intended.project.is_(None))
_once(
    "uq_intended_of_project",
    Intended.project,
    Intended.source_key,
    Intended.code,
    where=Intended.project.is_not(None),
)


def intended_for(session: Session, project: int | None, keys: Collection[str]) -> dict[tuple[str, str], Intended]:
    """What is meant in the texts of a project, by `(source key, code)`, for some sources."""
    query = select(Intended).where(Intended.project.is_not_distinct_from(project), Intended.withdrawn_at.is_(None))
    rows = session.scalars(query.where(Intended.source_key.in_(keys)).options(joinedload(Intended.person)))
    return {(row.source_key, row.code): row for row in rows}
