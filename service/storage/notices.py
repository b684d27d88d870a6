"""What somebody is told inside the product: one row for each person and occasion, until they have read it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.storage.people import Person
from service.storage.releases import Release, Segment, seen_release, seen_segment
from service.storage.sight import Confined
from tm.store.base import Base, now

KINDS = ("mentioned", "answered", "settled", "sent-back", "assigned")


class Notice(Confined, Base):
    """Something that happened on a segment, or to a release, and concerns a person. It holds no text: whoever loses
    sight of the release is told nothing of it any more."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("(segment_id IS NULL) <> (release_id IS NULL)", name="about_one"),
        CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", name="kind"),
        Index("ix_notice_person_id", "person_id", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(16))
    segment_id: Mapped[str | None] = mapped_column(ForeignKey("segment.id"))
    release_id: Mapped[str | None] = mapped_column(ForeignKey("release.id"))
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None] = mapped_column()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    segment: Mapped[Segment | None] = relationship()
    release: Mapped[Release | None] = relationship()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its segment or release; that it is one's own is for the question to say."""
        return seen_segment(cls.segment_id, person_id) | seen_release(cls.release_id, person_id)


def notices_of(session: Session, person_id: str, limit: int = 200) -> list[Notice]:
    """What somebody was told, the unread first, then the newest first."""
    about = (joinedload(Notice.by), joinedload(Notice.segment).joinedload(Segment.release), joinedload(Notice.release))
    query = select(Notice).where(Notice.person_id == person_id).options(*about)
    return list(session.scalars(query.order_by(Notice.read_at.is_not(None), Notice.id.desc()).limit(limit)))


def unread_of(session: Session, person_id: str) -> int:
    """How much somebody has not read yet."""
    unread = select(func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return session.scalar(unread) or 0


def mark_read(session: Session, person_id: str, notice_id: int | None = None) -> None:
    """Note that somebody has read a notice of theirs, or all of them."""
    query = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    session.execute(query.where(Notice.id == notice_id) if notice_id is not None else query, {"read_at": now()})
