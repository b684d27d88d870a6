"""How good the memory's proposals were for documents that were held out, over time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tm.store.base import Base, Id, new_id, now


class MemoryEvaluation(Base):
    """One evaluation of the memory: documents dated `since` or later were held out, and proposed for from the rest.

    `bands` has a row for each band of match rates, as `tm.evaluate` makes them; `tick` is the memory's clock.
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
