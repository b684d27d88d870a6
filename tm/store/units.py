"""Units of the memory, where each was seen, and the imports that brought them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tm.store.base import Base, Id, new_id, now

SHARED = 0  # the scope of what everybody may see


class Unit(Base):
    """One French text and one English text that stand for each other, however often the pair was seen.

    `scope` is whose it is: SHARED, or the number of a project that keeps it to itself; the same pair in two scopes is
    two units. `import_id` is the act that first brought it, `superseded_by` the unit that stands in its place.
    `used` counts how often somebody confirmed a segment that it was put into. `source_key` is the fingerprint of the
    source (`tm.text.normalise.fingerprint`), `target_key` that of the target.
    `changed` is the tick of the memory's clock at which the row last changed: see `Clock`.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("scope", "source_key", "target_key"),
        CheckConstraint("status IN ('active', 'pending', 'superseded')", name="status"),
        CheckConstraint("origin IN ('aligned', 'approved', 'imported')", name="origin"),
        Index("ix_unit_changed", "changed"),
        Index("ix_unit_source_key", "source_key"),
        Index("ix_unit_import_id", "import_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[int] = mapped_column(default=SHARED)
    source_language: Mapped[str] = mapped_column(String(2), default="fr")
    target_language: Mapped[str] = mapped_column(String(2), default="en")
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(String(16))
    target_key: Mapped[str] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="active")
    changed: Mapped[int] = mapped_column()
    used: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column()
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    occurrences: Mapped[list[Occurrence]] = relationship(back_populates="unit", order_by="Occurrence.id")


class Occurrence(Base):
    """One place where a unit was seen: the document, the position in it, and the neighbours there.

    `previous_key` and `next_key` are fingerprints of the neighbouring sources; "" is the edge of the document,
    NULL is unknown. `withdrawn`: the import that brought it was undone, so it speaks for the unit no more.
    `document_key` names the document for good (a release's id, a file's content hash), so that
    seeing the same place twice is one occurrence.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("unit_id", "document_key", "position"),
        CheckConstraint("origin IN ('aligned', 'approved', 'imported')", name="origin"),
        Index("ix_occurrence_place", "document_key", "position"),
        Index("ix_occurrence_import_id", "import_id"),
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
    withdrawn: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    unit: Mapped[Unit] = relationship(back_populates="occurrences")


class Import(Base):
    """One act that brought units in: a pair of files, an exchange file, a published release.

    It may be written in several transactions and may be undone, as a whole, once it is done. `document_key` names what
    was read for good.
    """

    __tablename__ = "import"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'failed', 'undone')", name="state"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_has_a_time"),
        Index("ix_import_at", "at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(Text)
    document_key: Mapped[str] = mapped_column(String(64), default="")
    scope: Mapped[int] = mapped_column(default=SHARED)
    state: Mapped[str] = mapped_column(String(16), default="done")
    person: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None] = mapped_column()
    undone_by: Mapped[str | None] = mapped_column(Text)


class UnitChange(Base):
    """What happened to a unit after it came in: who changed what, when and why. Written once, never changed.

    `before` and `after` hold what differs (`status`, `origin`, `source`, `target`, `superseded_by`). `import_id` is the
    act that it was part of, if it was; an act that is undone adds changes of its own.
    """

    __tablename__ = "unit_change"
    __table_args__ = (
        CheckConstraint(
            "action IN ('approved', 'superseded', 'reactivated', 'edited', 'withdrawn', 'restored')", name="action"
        ),
        Index("ix_unit_change_unit_id", "unit_id"),
        Index("ix_unit_change_import_id", "import_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"))
    action: Mapped[str] = mapped_column(String(16))
    person: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)


class Generation(Base):
    """A generation of the index that was built: what it holds, what it cost, and whether it can be used.

    `number` is that of its folder, `tick` the memory's clock when its units were read.
    """

    __tablename__ = "generation"
    __table_args__ = (CheckConstraint("state IN ('ready', 'damaged', 'removed')", name="state"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tick: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(16), default="ready")
    units: Mapped[int] = mapped_column()
    bytes: Mapped[int] = mapped_column(BigInteger)
    milliseconds: Mapped[int] = mapped_column()
    lexicon_pairs: Mapped[int] = mapped_column(default=0)
    lexicon_milliseconds: Mapped[int] = mapped_column(default=0)
    built_at: Mapped[datetime] = mapped_column(default=now)


class Clock(Base):
    """The memory's clock: one row, moved by one in every transaction that changes units.

    Moving it takes the row's lock until commit, so ticks are committed in their order: who has read tick n has seen
    every change up to n. That is what lets each process keep its index current by asking for what came after.
    `memory_id` names this memory for good: an index that was built from another one is not used.
    """

    __tablename__ = "memory_clock"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    tick: Mapped[int] = mapped_column(default=0)
    memory_id: Mapped[str] = mapped_column(Id, default=new_id)
