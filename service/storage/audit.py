"""Who did what, when: append only. Text stays in the history; this table holds names of things, never sentences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    SQLColumnExpression,
    String,
    exists,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from service.storage.alignments import hidden_pair
from service.storage.glossary import hidden_entry
from service.storage.people import Person
from service.storage.projects import closed_to, hidden_import
from service.storage.publications import PUBLICATION
from service.storage.releases import RELEASE, SEGMENT, hidden_release
from service.storage.runs import Run
from service.storage.sight import Confined
from tm.store.base import Base, now


class AuditEntry(Confined, Base):
    """One act. The database refuses to change or remove a row."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_object", "kind", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(String(48))
    kind: Mapped[str] = mapped_column(String(16))
    object_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person: Mapped[Person | None] = relationship()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As what it is about: an act on a project's release or on a part of it is for the project's members."""
        return not_(
            or_(
                hidden_release(cls.object_id, person_id),
                *(_hidden_part(part, link, cls.object_id, person_id) for part, link in PARTS),
                hidden_import(cls.object_id, person_id),
                hidden_pair(cls.object_id, person_id),
                hidden_entry(cls.object_id, person_id),
            )
        )


# what belongs to a release, and how it names it
PARTS: tuple[tuple[FromClause, str], ...] = (
    (SEGMENT, "release_id"),
    (PUBLICATION, "release_id"),
    (Run.__table__.alias("its_run"), "subject"),
)


def _hidden_part(
    part: FromClause, link: str, object_id: SQLColumnExpression[str], person_id: str
) -> ColumnElement[bool]:
    placed = exists().where(part.c.id == object_id, RELEASE.c.id == part.c[link])
    return placed.where(closed_to(RELEASE.c.project, person_id)).correlate_except(part, RELEASE)


def record(session: Session, person_id: str | None, action: str, kind: str, object_id: str, **detail: Any) -> None:
    """Write one row about an act, in the transaction of the act. `detail` holds ids and counts, never text."""
    session.add(AuditEntry(person_id=person_id, action=action, kind=kind, object_id=object_id, detail=detail))


def about(session: Session, kind: str, object_id: str, limit: int = 100) -> list[AuditEntry]:
    """The latest acts on one thing, the newest first."""
    query = select(AuditEntry).where(AuditEntry.kind == kind, AuditEntry.object_id == object_id)
    return list(session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)))


def latest(session: Session, person_id: str | None = None, limit: int = 200) -> list[AuditEntry]:
    """The latest acts, of one person or of everybody, the newest first."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if person_id is not None:
        query = query.where(AuditEntry.person_id == person_id)
    return list(session.scalars(query))
