"""Units of the memory, where each was seen, and the imports that brought them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tm.store.base import Base, Id, new_id, now


class Unit(Base):
    """One French text and one English text that stand for each other, however often the pair was seen.

    `source_key` is the fingerprint of the source (`tm.text.normalise.fingerprint`), `target_key` that of the target.
    `changed` is the tick of the memory's clock at which the row last changed: see `Clock`.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("source_key", "target_key"),
        CheckConstraint("status IN ('active', 'pending', 'superseded')", name="status"),
        CheckConstraint("origin IN ('aligned', 'approved', 'imported')", name="origin"),
        Index("ix_unit_changed", "changed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(String(16))
    target_key: Mapped[str] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="active")
    changed: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=now)
    occurrences: Mapped[list[Occurrence]] = relationship(back_populates="unit", order_by="Occurrence.id")


class Occurrence(Base):
    """One place where a unit was seen: the document, the position in it, and the neighbours there.

    `previous_key` and `next_key` are fingerprints of the neighbouring sources; "" is the edge of the document,
    NULL is unknown. `document_key` names the document for good (a release's id, a file's content hash), so that
    seeing the same place twice is one occurrence.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("unit_id", "document_key", "position"),
        CheckConstraint("origin IN ('aligned', 'approved', 'imported')", name="origin"),
        Index("ix_occurrence_document_key", "document_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"))
    document: Mapped[str] = mapped_column(Text)
    document_key: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column()
    role: Mapped[str | None] = mapped_column(String(16))
    previous_key: Mapped[str | None] = mapped_column(String(16))
    next_key: Mapped[str | None] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(16))
    person: Mapped[str | None] = mapped_column(Text)
    dated: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(default=now)
    unit: Mapped[Unit] = relationship(back_populates="occurrences")


class Import(Base):
    """One act that brought units in: a pair of files, an exchange file, a published release."""

    __tablename__ = "import"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(Text)
    person: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Clock(Base):
    """The memory's clock: one row, moved by one in every transaction that changes units.

    Moving it takes the row's lock until commit, so ticks are committed in their order: who has read tick n has seen
    every change up to n. That is what lets each process keep its index current by asking for what came after.
    """

    __tablename__ = "memory_clock"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    tick: Mapped[int] = mapped_column(default=0)
