"""How good the memory's proposals were for documents that were held out, over time; and which documents there are."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tm.store.base import Base, Id, new_id, now
from tm.store.units import SHARED, Occurrence, Unit

LOAD = 5000  # rows read at a time
Name = tuple[str, str]  # of a document: its key and what it is called, which tells documents in one file apart


class MemoryEvaluation(Base):
    """One evaluation of the memory: documents dated `since` or later were held out, and proposed for from the rest.

    `documents` and `segments` were held out, `units` were left; `bands` has a row for each band of match rates, as
    `tm.match.evaluation.table.Band.as_dict` makes them; `tick` is the memory's clock. `note` is for people.
    """

    __tablename__ = "memory_evaluation"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    tick: Mapped[int] = mapped_column()
    since: Mapped[str] = mapped_column(String(32))
    documents: Mapped[int] = mapped_column()
    segments: Mapped[int] = mapped_column()
    units: Mapped[int] = mapped_column()
    milliseconds: Mapped[int] = mapped_column()
    bands: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(Text, default="")


def evaluations(session: Session, limit: int = 60) -> list[MemoryEvaluation]:
    """The latest evaluations of the memory, the newest first."""
    return list(session.scalars(select(MemoryEvaluation).order_by(MemoryEvaluation.at.desc()).limit(limit)))


@dataclass(slots=True)
class Held:
    """A document of the memory: its date, and the units that were seen in it."""

    date: str = ""
    units: array[int] = field(default_factory=lambda: array("q"))


def documents(session: Session) -> dict[Name, Held]:
    """Every document that shared active units were seen in; one without a date has that of its coming."""
    found: dict[Name, Held] = {}
    came: dict[Name, str] = {}
    for unit_id, key, name, dated, created in _places(session):
        document = found.setdefault((key, name), Held())
        document.units.append(unit_id)
        document.date = max(document.date, (dated or "")[:10])
        came[key, name] = max(came.get((key, name), ""), created.date().isoformat())
    for label, document in found.items():
        document.date = document.date or came[label]
    return found


def _places(session: Session) -> Iterator[tuple[int, str, str, str | None, datetime]]:
    last = 0
    asked = (
        select(
            Occurrence.id, Occurrence.unit_id, Occurrence.document_key, Occurrence.document, Occurrence.dated,
            Occurrence.created_at,
        )
        .join(Unit, Unit.id == Occurrence.unit_id)
        .where(Unit.scope == SHARED, Unit.status == "active", Occurrence.withdrawn.is_(False))
        .order_by(Occurrence.id)
        .limit(LOAD)
    )  # fmt: skip
    while rows := session.execute(asked.where(Occurrence.id > last)).all():
        for row in rows:
            yield row.unit_id, row.document_key, row.document, row.dated, row.created_at
        last = rows[-1].id


def texts(session: Session, unit_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The French and the English of units."""
    found: dict[int, tuple[str, str]] = {}
    wanted = sorted(unit_ids)
    for start in range(0, len(wanted), LOAD // 10):
        asked = select(Unit.id, Unit.source, Unit.target).where(Unit.id.in_(wanted[start : start + LOAD // 10]))
        found.update((row.id, (row.source, row.target)) for row in session.execute(asked))
    return found
