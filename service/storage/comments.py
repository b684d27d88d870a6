"""What people say to one another about a segment: threads, who is named in them, and which are settled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Text, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.errors import NotFound
from service.storage.people import Person
from service.storage.projects import Member
from service.storage.releases import Release, Segment, seen_segment
from service.storage.sight import EVERYTHING, Confined, Sight
from tm.store.base import Base, now

READERS = ("translator", "reviewer", "editor")  # the roles that see texts


class Comment(Confined, Base):
    """A remark on a segment. `thread_id` is the first remark of its thread, NULL for that one itself; only the first is
    settled, for all. A withdrawn remark keeps its place and loses its text."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled"),
        CheckConstraint("withdrawn_at IS NULL OR text = ''", name="withdrawn_is_empty"),
        Index("ix_comment_segment_id", "segment_id"),
        Index("ix_comment_thread_id", "thread_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[str] = mapped_column(ForeignKey("segment.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime | None] = mapped_column()
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    settler: Mapped[Person | None] = relationship(foreign_keys=[settled_by])

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its segment."""
        return seen_segment(cls.segment_id, person_id)


def get_comment(session: Session, comment_id: int, sight: Sight = EVERYTHING) -> Comment:
    """The remark with this number, if it can be seen with these eyes (and the session's). Raises NotFound."""
    comment = session.scalar(select(Comment).where(Comment.id == comment_id).options(*sight.limits()))
    if comment is None:
        raise NotFound("comment")
    return comment


def threads_on(session: Session, segment_id: str) -> list[list[Comment]]:
    """The threads on a segment, those that are open first, then by age; each from its first remark."""
    people = (joinedload(Comment.person), joinedload(Comment.settler))
    rows = session.scalars(
        select(Comment).where(Comment.segment_id == segment_id).order_by(Comment.id).options(*people)
    )
    threads: dict[int, list[Comment]] = {}
    for row in rows:
        threads.setdefault(row.thread_id or row.id, []).append(row)
    return sorted(threads.values(), key=lambda thread: (thread[0].settled_at is not None, thread[0].id))


def open_threads(session: Session, release_id: str) -> dict[str, int]:
    """How many open threads each segment of a release has; one without any is not named."""
    query = select(Comment.segment_id, func.count()).join(Segment, Segment.id == Comment.segment_id)
    first = (Comment.thread_id.is_(None), Comment.settled_at.is_(None), Comment.withdrawn_at.is_(None))
    rows = session.execute(query.where(Segment.release_id == release_id, *first).group_by(Comment.segment_id))
    return {segment: number for segment, number in rows}  # noqa: C416 (rows are not pairs to a type checker)


def readers_of(session: Session, release: Release) -> list[Person]:
    """Who may be named in a remark on this release: who sees its text and can sign in, by name."""
    query = select(Person).where(Person.active, Person.password_hash.is_not(None), Person.role.in_(READERS))
    if release.project is not None:
        query = query.where(Person.id.in_(select(Member.person_id).where(Member.project == release.project)))
    return list(session.scalars(query.order_by(func.lower(Person.name), Person.id)))
