"""Pairs of documents that are aligned: their segments, their beads, and every act of the people who settle them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SQLColumnExpression,
    String,
    Text,
    UniqueConstraint,
    exists,
    func,
    not_,
    select,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from service.errors import NotFound
from service.storage.projects import closed_to, open_to
from service.storage.sight import EVERYTHING, Confined, Sight
from tm.store.base import Base, Id, new_id, now
from tm.store.units import Occurrence, Unit

PAIR_STATES = ("received", "aligned", "done", "quarantined", "failed")
BEAD_STATES = ("accepted", "waiting", "held", "rejected")


class FilePair(Confined, Base):
    """A French and an English document that belong together, or one bilingual table (`english_blob` is NULL then).

    `document_key` names the pair for good, in the memory too. `import_id` is the act by which its beads are in the
    memory. `version` moves by one with each act on its beads. `aligned`: some beads wait; `done`: none does.
    `quarantined`: the two do not belong together, `code` and `reason` say why; `failed`: a file cannot be read.
    """

    __tablename__ = "pair"
    __table_args__ = (
        CheckConstraint("state IN ('received', 'aligned', 'done', 'quarantined', 'failed')", name="state"),
        CheckConstraint("source IN ('upload', 'cli', 'folder', 'source')", name="source"),
        CheckConstraint("(state IN ('quarantined', 'failed')) = (code IS NOT NULL)", name="refused_has_reason"),
        UniqueConstraint("document_key", "scope"),
        Index("ix_pair_state", "state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    label: Mapped[str] = mapped_column(Text)
    document_key: Mapped[str] = mapped_column(String(64))
    french_name: Mapped[str] = mapped_column(Text)
    french_blob: Mapped[str] = mapped_column(String(64))
    english_name: Mapped[str] = mapped_column(Text, default="")
    english_blob: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="received")
    code: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(8))
    scope: Mapped[int] = mapped_column(default=0)  # the project's number, or what is shared; part of the unique key
    project: Mapped[int | None] = mapped_column(ForeignKey("project.number"))
    created_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"))
    version: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """By everybody, or by the members of its project."""
        return open_to(cls.project, person_id)


PAIR = FilePair.__table__.alias("its_pair")


def hidden_pair(pair_id: SQLColumnExpression[str], person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of a pair of a project of which the person is not a member."""
    return exists().where(PAIR.c.id == pair_id, closed_to(PAIR.c.project, person_id)).correlate_except(PAIR)


class PairSegment(Confined, Base):
    """A segment of one side of a pair. `joint` is what stands between it and the segment before it: the white space of
    their block, or one space where a new block begins."""

    __tablename__ = "pair_segment"
    __table_args__ = (CheckConstraint("side IN ('fr', 'en')", name="side"),)

    pair_id: Mapped[str] = mapped_column(ForeignKey("pair.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(2), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    joint: Mapped[str] = mapped_column(Text)
    block: Mapped[int] = mapped_column()
    role: Mapped[str] = mapped_column(String(16))
    level: Mapped[int] = mapped_column(default=0)
    language: Mapped[str | None] = mapped_column(String(2))

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its pair."""
        return not_(hidden_pair(cls.pair_id, person_id))


class Bead(Confined, Base):
    """Positions of segments that stand for each other; `number` is its place among the beads of its pair, from 0.

    An edited text stands in the place of that of the segments. `settled_by`: who has looked at it; NULL, if nobody has.
    `version` is that of the pair when the bead last changed. `unit_id` is the unit that it is in the memory.
    `source_key` is the fingerprint of its source, "" where there is none.
    """

    __tablename__ = "bead"
    __table_args__ = (
        CheckConstraint("state IN ('accepted', 'waiting', 'held', 'rejected')", name="state"),
        Index("ix_bead_pair_id", "pair_id", "number"),
        Index("ix_bead_source_key", "source_key", "state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    pair_id: Mapped[str] = mapped_column(ForeignKey("pair.id"))
    number: Mapped[int] = mapped_column()
    source: Mapped[list[Any]] = mapped_column()
    target: Mapped[list[Any]] = mapped_column()
    source_key: Mapped[str] = mapped_column(String(16), default="")
    confidence: Mapped[float] = mapped_column()
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=0)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    edited_source: Mapped[str | None] = mapped_column(Text)
    edited_target: Mapped[str | None] = mapped_column(Text)
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its pair."""
        return not_(hidden_pair(cls.pair_id, person_id))


class BeadAct(Confined, Base):
    """What somebody did to neighbouring beads: as they were, and as they were then. Written once, never changed.

    `undoes` is the act that this one takes back. `number` is the version of the pair that it made.
    """

    __tablename__ = "bead_act"
    __table_args__ = (UniqueConstraint("pair_id", "number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    pair_id: Mapped[str] = mapped_column(ForeignKey("pair.id"))
    number: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    before: Mapped[list[Any]] = mapped_column()
    after: Mapped[list[Any]] = mapped_column()
    undoes: Mapped[str | None] = mapped_column(ForeignKey("bead_act.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its pair."""
        return not_(hidden_pair(cls.pair_id, person_id))


def get_pair(session: Session, pair_id: str, sight: Sight = EVERYTHING, *, lock: bool = False) -> FilePair:
    """The pair as it stands now; `lock`: nobody else changes it until the transaction ends. Raises NotFound."""
    query = select(FilePair).where(FilePair.id == pair_id).options(*sight.limits())
    query = query.execution_options(populate_existing=True)
    pair = session.scalar(query.with_for_update() if lock else query)
    if pair is None:
        raise NotFound("pair")
    return pair


def find_pair(session: Session, document_key: str, scope: int) -> FilePair | None:
    """The pair with this key in this scope."""
    return session.scalar(select(FilePair).where(FilePair.document_key == document_key, FilePair.scope == scope))


def pairs_listed(session: Session, limit: int = 200) -> list[FilePair]:
    """The latest pairs, newest first."""
    return list(session.scalars(select(FilePair).order_by(FilePair.created_at.desc(), FilePair.id).limit(limit)))


def states_of(session: Session, pair_ids: Collection[str]) -> dict[str, str]:
    """The state of each of these pairs."""
    found = session.execute(select(FilePair.id, FilePair.state).where(FilePair.id.in_(pair_ids)))
    return {row.id: row.state for row in found}


def segments_of(session: Session, pair_id: str) -> tuple[list[PairSegment], list[PairSegment]]:
    """The French and the English segments, in their order."""
    found = session.scalars(select(PairSegment).where(PairSegment.pair_id == pair_id).order_by(PairSegment.position))
    sides: dict[str, list[PairSegment]] = {"fr": [], "en": []}
    for segment in found:
        sides[segment.side].append(segment)
    return sides["fr"], sides["en"]


def beads_of(session: Session, pair_id: str) -> list[Bead]:
    """The beads of a pair as they stand now, in their order."""
    query = select(Bead).where(Bead.pair_id == pair_id).order_by(Bead.number)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def acts_of(session: Session, pair_id: str) -> list[BeadAct]:
    """What was done to the beads of a pair, oldest first."""
    return list(session.scalars(select(BeadAct).where(BeadAct.pair_id == pair_id).order_by(BeadAct.number)))


def beads_of_unit(session: Session, unit_id: int, document_keys: Collection[str]) -> dict[tuple[str, int], Bead]:
    """The beads that are this unit in the memory, among the pairs with these keys: by the key and the place in the
    document."""
    query = select(Bead, FilePair.document_key).join(FilePair, FilePair.id == Bead.pair_id)
    found = session.execute(query.where(FilePair.document_key.in_(document_keys), Bead.unit_id == unit_id))
    return {(key, bead.source[0] + 1): bead for bead, key in found}


def last_act(session: Session, pair_id: str) -> BeadAct | None:
    """The last act on the beads of a pair that still stands: no undo, and not undone."""
    its = aliased(BeadAct)
    undone = exists().where(its.undoes == BeadAct.id)
    query = select(BeadAct).where(BeadAct.pair_id == pair_id, BeadAct.undoes.is_(None), not_(undone))
    return session.scalar(query.order_by(BeadAct.number.desc()).limit(1))


def count_doubtful(session: Session, scopes: Collection[int]) -> int:
    """How many beads wait for somebody in these scopes."""
    query = select(func.count()).select_from(Bead).join(FilePair, FilePair.id == Bead.pair_id)
    return session.scalar(query.where(Bead.state == "waiting", FilePair.scope.in_(scopes))) or 0


def doubtful(session: Session, scopes: Collection[int], limit: int) -> list[tuple[Bead, int]]:
    """Beads that wait, each with how often its source is met in these scopes of the memory and in other beads that
    wait; what would be used most comes first."""
    other, its = aliased(Bead), aliased(FilePair)
    met = (
        select(func.count())
        .select_from(Occurrence)
        .join(Unit, Unit.id == Occurrence.unit_id)
        .where(Unit.source_key == Bead.source_key, Unit.scope.in_(scopes), Occurrence.withdrawn.is_(False))
        .correlate(Bead)
        .scalar_subquery()
    )
    waiting = (
        select(func.count())
        .select_from(other)
        .join(its, its.id == other.pair_id)
        .where(other.source_key == Bead.source_key, other.state == "waiting", other.id != Bead.id)
        .where(its.scope.in_(scopes))
        .correlate(Bead)
        .scalar_subquery()
    )
    often = (met + waiting).label("often")
    found = session.execute(
        select(Bead, often)
        .join(FilePair, FilePair.id == Bead.pair_id)
        .where(Bead.state == "waiting", FilePair.scope.in_(scopes))
        .order_by(often.desc(), FilePair.created_at, FilePair.id, Bead.number)
        .limit(limit)
    )
    return [(bead, number) for bead, number in found]
