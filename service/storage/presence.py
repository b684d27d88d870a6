"""Who is at work on a release, and on which segment: advisory, and forgotten after a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.storage.people import Person
from service.storage.releases import seen_release
from service.storage.sight import Confined
from tm.store.base import Base, now

LASTS = timedelta(seconds=45)  # a page says every 20 seconds that it is still there


class Presence(Confined, Base):
    """A person in a release. `segment_id` is the segment that they have open, or NULL."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_release_id", "release_id", "at"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), primary_key=True)
    segment_id: Mapped[str | None] = mapped_column(ForeignKey("segment.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person] = relationship()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its release."""
        return seen_release(cls.release_id, person_id)


def others_in(session: Session, release_id: str, person_id: str) -> list[Presence]:
    """Who else was in the release a moment ago, by name."""
    query = select(Presence).join(Person, Person.id == Presence.person_id).options(joinedload(Presence.person))
    lately = query.where(Presence.release_id == release_id, Presence.at > now() - LASTS)
    return list(session.scalars(lately.where(Presence.person_id != person_id).order_by(Person.name, Person.id)))
