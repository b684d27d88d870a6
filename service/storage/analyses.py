"""What the memory was found to know of a release before the work: one row each time, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.storage.releases import seen_release
from service.storage.sight import Confined
from tm.store.base import Base, now


class Analysis(Confined, Base):
    """The table of an analysis, row by row, the tick of the memory at which it was made, and whether internal matches
    were counted."""

    __tablename__ = "analysis"

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    tick: Mapped[int] = mapped_column(default=0)
    internal: Mapped[bool] = mapped_column(default=False, server_default=false())
    rows: Mapped[list[Any]] = mapped_column(default=list)

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its release."""
        return seen_release(cls.release_id, person_id)


def analyses_of(session: Session, release_id: str) -> list[Analysis]:
    """Those of a release, the newest first."""
    return list(session.scalars(select(Analysis).where(Analysis.release_id == release_id).order_by(Analysis.id.desc())))
