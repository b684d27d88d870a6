"""Releases, their blocks and segments, drafts and history; and the questions asked of them.

Long because these tables are one thing, and each says what its columns mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
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
    or_,
    select,
)
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    relationship,
    with_loader_criteria,
)

from service.errors import NotFound, SegmentMerged
from service.storage.people import Person
from service.storage.projects import Project, closed_to, open_to
from service.storage.sight import EVERYTHING, Confined, Sight
from tm.store.base import Base, Id, new_id, now
from tm.store.units import SHARED
from tm.text import codes as inline
from tm.types import Code

RELEASE_STATES = (
    "received",
    "ingested",
    "proposed",
    "in_review",
    "approved",
    "published",
    "withdrawn",
    "failed",
)
FINISHED = ("approved", "published", "withdrawn", "failed")  # what no date presses any more
SEGMENT_STATES = ("untranslated", "pretranslated", "draft", "translated", "rejected", "approved")
CATEGORIES = ("meaning", "omission", "terms", "figures", "grammar", "style", "layout")  # of what is sent back
ORIGINS = ("tm", "tm-localised", "tm-repaired", "human", "propagated", "imported", "carried-over")


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Release(Confined, Base):
    """A French text on its way to a bilingual release. `blob` names the bytes as they were handed in.

    `project` is the number of the project whose members alone may see it; NULL: everybody who works on texts.
    `translator_id` and `reviewer_id` are who is asked to work on it, which keeps nobody else from doing so, `due` the
    last day for it. `provenance` is what is known of a text that came from the web: its address, when it was asked for,
    its date, its other languages. `corrects_id` is the publication of which this is a new version.
    """

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint(_one_of("state", RELEASE_STATES), name="state"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure"),
        Index("ix_release_blob", "blob"),
        Index("ix_release_project", "project"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="received")
    failure: Mapped[str | None] = mapped_column(Text)
    blob: Mapped[str] = mapped_column(String(64))
    media: Mapped[str] = mapped_column(String(16))
    filename: Mapped[str] = mapped_column(Text, default="")
    encoding: Mapped[str] = mapped_column(String(32), default="utf-8")
    bom: Mapped[bool] = mapped_column(default=False)
    after: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[list[Any]] = mapped_column(default=list)
    provenance: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    learned_at: Mapped[datetime | None] = mapped_column()
    project: Mapped[int | None] = mapped_column(ForeignKey("project.number"))
    translator_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    due: Mapped[date | None] = mapped_column()
    corrects_id: Mapped[str | None] = mapped_column(Id)
    creator: Mapped[Person] = relationship(foreign_keys=[created_by])
    translator: Mapped[Person | None] = relationship(foreign_keys=[translator_id])
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id])
    kept_by: Mapped[Project | None] = relationship()
    blocks: Mapped[list[Block]] = relationship(order_by="Block.position", back_populates="release")
    segments: Mapped[list[Segment]] = relationship(order_by="Segment.position", back_populates="release")

    @property
    def overdue(self) -> bool:
        """Whether the work should be done by now and is not; days are those of UTC."""
        return self.due is not None and self.state not in FINISHED and now().date() > self.due

    @property
    def scope(self) -> int:
        """The scope of the memory that learns from this release: its project's, or what is shared."""
        return self.project or SHARED

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """By everybody, or by the members of its project."""
        return open_to(cls.project, person_id)


IdColumn = SQLColumnExpression[str] | SQLColumnExpression[str | None]

# the table under a name of its own, for conditions inside any statement
RELEASE = Release.__table__.alias("its_release")


def seen_release(release_id: IdColumn, person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of a release that the person may see."""
    own = open_to(RELEASE.c.project, person_id)
    return exists().where(RELEASE.c.id == release_id, own).correlate_except(RELEASE)


def hidden_release(release_id: SQLColumnExpression[str], person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of a release that the person may not see; no other id is."""
    foreign = closed_to(RELEASE.c.project, person_id)
    return exists().where(RELEASE.c.id == release_id, foreign).correlate_except(RELEASE)


class Block(Confined, Base):
    """A paragraph-like part of a release, with the exact text that its segments and structure rebuild. `codes` tells
    what the inline codes in it stand for (`tm.types.Code`)."""

    __tablename__ = "block"
    __table_args__ = (UniqueConstraint("release_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    position: Mapped[int] = mapped_column()
    role: Mapped[str] = mapped_column(String(16))
    level: Mapped[int] = mapped_column(default=0)
    before: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    codes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    release: Mapped[Release] = relationship(back_populates="blocks")
    segments: Mapped[list[Segment]] = relationship(order_by="Segment.position", back_populates="block")

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its release."""
        return seen_release(cls.release_id, person_id)


class Segment(Confined, Base):
    """One segment: its source and place, its target and state, and who answers for them.

    `position` counts from 1 over the release; `start` and `end` are offsets into the block's text.
    `translated_by` is who last set or confirmed the target; `approved_by` may never be the same person.
    `match_rate` is the rate at which a proposal was inserted and never changes after an edit; `distance` is the
    edit distance (characters) between that proposal and the target since. `reason` and `category` (one of CATEGORIES)
    say why it was sent back; the category counts only beside a reason. `merged_into` is the segment that has the
    source of this one since the two were merged: such a segment has no place in the release any more (its `position` is
    negative), keeps its history, and is left out of every question that does not ask for it (`WITH_MERGED`).
    In a new version of a published release, `carried_from` is the segment whose text stands on, `earlier_source` and
    `earlier_target` what one said before that is said differently now.
    """

    __tablename__ = "segment"
    __table_args__ = (
        UniqueConstraint("release_id", "position"),
        Index("ix_segment_merged_into", "merged_into"),
        Index("ix_segment_source_key", "release_id", "source_key"),
        CheckConstraint(_one_of("state", SEGMENT_STATES), name="state"),
        CheckConstraint("origin IS NULL OR " + _one_of("origin", ORIGINS), name="origin"),
        CheckConstraint("(state = 'approved') = (approved_by IS NOT NULL)", name="approved_has_approver"),
        CheckConstraint(
            "approved_by IS NULL OR translated_by IS NULL OR approved_by <> translated_by", name="two_people"
        ),
        CheckConstraint("state NOT IN ('translated', 'approved') OR target <> ''", name="done_has_target"),
        CheckConstraint("state <> 'untranslated' OR target = ''", name="untranslated_is_empty"),
        CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name="rejected_has_reason"),
        CheckConstraint("(position > 0) = (merged_into IS NULL)", name="merged_has_no_place"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    block_id: Mapped[int] = mapped_column(ForeignKey("block.id"))
    position: Mapped[int] = mapped_column()
    start: Mapped[int] = mapped_column()
    end: Mapped[int] = mapped_column()
    source: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(String(16))
    language: Mapped[str | None] = mapped_column(String(2))
    target: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default="untranslated")
    version: Mapped[int] = mapped_column(default=0)
    origin: Mapped[str | None] = mapped_column(String(16))
    match_rate: Mapped[int | None] = mapped_column()
    distance: Mapped[int | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(String(16))
    translated_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    translated_at: Mapped[datetime | None] = mapped_column()
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column()
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("segment.id"))
    earlier_source: Mapped[str | None] = mapped_column(Text)
    earlier_target: Mapped[str | None] = mapped_column(Text)
    carried_from: Mapped[str | None] = mapped_column(Id)
    release: Mapped[Release] = relationship(back_populates="segments")
    block: Mapped[Block] = relationship(back_populates="segments")
    translator: Mapped[Person | None] = relationship(foreign_keys=[translated_by])
    approver: Mapped[Person | None] = relationship(foreign_keys=[approved_by])

    @property
    def codes(self) -> list[Code]:
        """What the inline codes in the source stand for, in the order of their places."""
        if not inline.CODE.search(self.source):
            return []
        return inline.known(self.source, [Code(**code) for code in self.block.codes])

    @property
    def carried_over(self) -> bool:
        """Whether the source is English already, so that it stands in the translation as it is."""
        return self.language == "en"

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its release."""
        return seen_release(cls.release_id, person_id)


SEGMENT = Segment.__table__.alias("its_segment")
WITH_MERGED = {"with_merged": True}  # execution options of a question that asks for merged segments as well
_STANDING = with_loader_criteria(
    Segment, Segment.merged_into.is_(None), include_aliases=True, propagate_to_loaders=False
)


def leave_out_merged(asked: ORMExecuteState) -> None:
    """Leave segments that were merged into others out of a statement; listens to `do_orm_execute` of every session."""
    if not (asked.is_insert or asked.is_column_load or asked.execution_options.get("with_merged")):
        asked.statement = asked.statement.options(_STANDING)


def seen_segment(segment_id: IdColumn, person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of a segment that the person may see."""
    return _segment_where(segment_id, open_to(RELEASE.c.project, person_id))


def hidden_segment(segment_id: SQLColumnExpression[str], person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of a segment that the person may not see; no other id is."""
    return _segment_where(segment_id, closed_to(RELEASE.c.project, person_id))


def _segment_where(segment_id: IdColumn, its_release: ColumnElement[bool]) -> ColumnElement[bool]:
    placed = exists().where(SEGMENT.c.id == segment_id, RELEASE.c.id == SEGMENT.c.release_id)
    return placed.where(its_release).correlate_except(SEGMENT, RELEASE)


class History(Confined, Base):
    """What happened to a segment's text, one row for each acknowledged save, never changed and never removed.

    `version` is the version that the act made; NULL for a text that lost a conflict, which is kept as well.
    `before` has the columns of the segment that an act changed and that taking it back needs.
    """

    __tablename__ = "history"
    __table_args__ = (UniqueConstraint("segment_id", "version"), UniqueConstraint("operation"))

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[str] = mapped_column(ForeignKey("segment.id"))
    version: Mapped[int | None] = mapped_column()
    operation: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(String(16))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    before: Mapped[dict[str, Any] | None] = mapped_column()
    person: Mapped[Person | None] = relationship()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its segment."""
        return seen_segment(cls.segment_id, person_id)


class Draft(Confined, Base):
    """What a person has typed into a segment and not saved yet: theirs alone."""

    __tablename__ = "draft"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    segment_id: Mapped[str] = mapped_column(ForeignKey("segment.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column()
    saved_at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its segment; that it is one's own is for the question to say."""
        return seen_segment(cls.segment_id, person_id)


def get_release(session: Session, release_id: str, sight: Sight = EVERYTHING) -> Release:
    """The release with this id, if it can be seen with these eyes (and the session's). Raises NotFound."""
    release = session.scalar(select(Release).where(Release.id == release_id).options(*sight.limits()))
    if release is None:
        raise NotFound("release")
    return release


def get_segment(session: Session, segment_id: str, sight: Sight = EVERYTHING) -> Segment:
    """The segment with this id, if it can be seen with these eyes (and the session's). Raises NotFound, and
    SegmentMerged for one that was merged into another."""
    query = select(Segment).where(Segment.id == segment_id).options(*sight.limits())
    segment = session.scalar(query, execution_options=WITH_MERGED)
    if segment is None:
        raise NotFound("segment")
    if segment.merged_into is not None:
        raise SegmentMerged(segment.merged_into, get_segment(session, segment.merged_into).position)
    return segment


def history_of(session: Session, segment_id: str) -> list[History]:
    """What happened to a segment and to those that were merged into it, the newest first."""
    merged = select(SEGMENT.c.id).where(SEGMENT.c.merged_into == segment_id)
    query = select(History).where(or_(History.segment_id == segment_id, History.segment_id.in_(merged)))
    return list(session.scalars(query.order_by(History.id.desc())))


def draft_of(session: Session, person_id: str, segment_id: str) -> Draft | None:
    """A person's own draft of a segment."""
    return session.get(Draft, (person_id, segment_id))


def drafts_of(session: Session, person_id: str, release_id: str) -> dict[str, Draft]:
    """A person's own drafts in a release, by segment id."""
    rows = session.scalars(
        select(Draft)
        .join(Segment, Segment.id == Draft.segment_id)
        .where(Draft.person_id == person_id, Segment.release_id == release_id)
    )
    return {draft.segment_id: draft for draft in rows}
