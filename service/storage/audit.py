"""Who did what, when: append only. Text stays in the history; this table holds names of things, never sentences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from service.storage.people import Person
from tm.store.base import Base, now


class AuditEntry(Base):
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


def record(session: Session, person_id: str | None, action: str, kind: str, object_id: str, **detail: Any) -> None:
    """Write one row about an act, in the transaction of the act. `detail` holds ids and counts, never text."""
    session.add(AuditEntry(person_id=person_id, action=action, kind=kind, object_id=object_id, detail=detail))


def latest(session: Session, person_id: str | None = None, limit: int = 200) -> list[AuditEntry]:
    """The latest acts, of one person or of everybody, the newest first."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if person_id is not None:
        query = query.where(AuditEntry.person_id == person_id)
    return list(session.scalars(query))
