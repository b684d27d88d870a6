"""What the memory proposed for each segment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from service.storage.releases import seen_segment
from service.storage.sight import Confined
from tm.store.base import Base, now


class ProposalSet(Confined, Base):
    """The one set of proposals of a segment: made by one run at one attempt, empty where the memory has no match.

    `fragments` is what the memory knows of the parts of a source without a match: a list of `tm.store.memory.Known` as
    plain data.
    """

    __tablename__ = "proposal_set"
    __table_args__ = (Index("ix_proposal_set_run_id", "run_id"),)

    segment_id: Mapped[str] = mapped_column(ForeignKey("segment.id"), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"))
    attempt: Mapped[int] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(default=now)
    tick: Mapped[int] = mapped_column(default=0)
    fragments: Mapped[list[Any]] = mapped_column(default=list)
    proposals: Mapped[list[Proposal]] = relationship(order_by="Proposal.rank", back_populates="set")

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its segment."""
        return seen_segment(cls.segment_id, person_id)


class Proposal(Confined, Base):
    """One match for a segment. `rank` counts from 1, best first. Rates, `hints` and `repair` as in `tm.types.Match`."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("segment_id", "rank"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[str] = mapped_column(ForeignKey("proposal_set.segment_id"))
    rank: Mapped[int] = mapped_column()
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    origin: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    raw_target: Mapped[str] = mapped_column(Text)
    base_rate: Mapped[int] = mapped_column()
    rate: Mapped[int] = mapped_column()
    penalties: Mapped[list[Any]] = mapped_column(default=list)
    difference: Mapped[list[Any]] = mapped_column(default=list)
    stale: Mapped[list[Any]] = mapped_column(default=list)
    hints: Mapped[list[Any]] = mapped_column(default=list)
    repair: Mapped[dict[str, Any] | None] = mapped_column()
    provenance: Mapped[dict[str, Any]] = mapped_column(default=dict)
    alternatives: Mapped[int] = mapped_column(default=0)
    set: Mapped[ProposalSet] = relationship(back_populates="proposals")

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its segment."""
        return seen_segment(cls.segment_id, person_id)


def sets_for(session: Session, segment_ids: list[str]) -> dict[str, ProposalSet]:
    """The sets of these segments with their proposals, by segment id; a segment still waiting has none."""
    rows = session.scalars(
        select(ProposalSet).where(ProposalSet.segment_id.in_(segment_ids)).options(selectinload(ProposalSet.proposals))
    )
    return {made.segment_id: made for made in rows}
