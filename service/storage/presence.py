"""Who is at work on a release, and on which segment: advisory, and forgotten after a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.storage.people import Person
from service.storage.releases import History, Segment, seen_release
from service.storage.sight import Confined
from tm.store.base import Base, now

LASTS = timedelta(seconds=45)  # a page says every 20 seconds that it is still there
VISIT = timedelta(minutes=15)  # who has been away for longer comes back to a new visit


class Presence(Confined, Base):
    """A person in a release. `segment_id` is the segment that they have open, or NULL; `since` is when the visit before
    this one ended, NULL while they are here for the first time."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_release_id", "release_id", "at"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), primary_key=True)
    segment_id: Mapped[str | None] = mapped_column(ForeignKey("segment.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    since: Mapped[datetime | None] = mapped_column()
    person: Mapped[Person] = relationship()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its release."""
        return seen_release(cls.release_id, person_id)


def last_visit(session: Session, release_id: str, person_id: str) -> datetime | None:
    """When a person was last in a release, this visit left out; None if they never were."""
    row = session.get(Presence, (person_id, release_id))
    if row is None:
        return None
    return row.at if now() - row.at > VISIT else row.since


def changed_since(session: Session, release_id: str, person_id: str) -> set[str]:
    """The segments of a release that others have worked on since a person was last there; none at their first visit."""
    since = last_visit(session, release_id, person_id)
    if since is None:
        return set()
    query = select(History.segment_id).join(Segment, Segment.id == History.segment_id)
    others = query.where(Segment.release_id == release_id, History.at > since, History.person_id != person_id)
    return set(session.scalars(others.distinct()))


def others_in(session: Session, release_id: str, person_id: str) -> list[Presence]:
    """Who else was in the release a moment ago, by name."""
    query = select(Presence).join(Person, Person.id == Presence.person_id).options(joinedload(Presence.person))
    lately = query.where(Presence.release_id == release_id, Presence.at > now() - LASTS)
    return list(session.scalars(lately.where(Presence.person_id != person_id).order_by(Person.name, Person.id)))
