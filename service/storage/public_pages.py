"""Publications that anybody may read, from a moment on, and those that were withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from service.storage.people import Person
from service.storage.publications import Publication, seen_publication
from service.storage.releases import Release
from service.storage.sight import Confined
from tm.store.base import Base, now


class Withdrawal(Confined, Base):
    """That a publication was withdrawn, and why; never changed and never removed."""

    __tablename__ = "withdrawal"

    publication_id: Mapped[str] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person] = relationship()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its publication."""
        return seen_publication(cls.publication_id, person_id)


class PublicPage(Confined, Base):
    """That anybody may read a publication from `from_at` on, under an address that cannot be guessed."""

    __tablename__ = "public_page"

    publication_id: Mapped[str] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    from_at: Mapped[datetime] = mapped_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    publication: Mapped[Publication] = relationship()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its publication; who is not signed in asks with `open_page` alone."""
        return seen_publication(cls.publication_id, person_id)


def open_page(session: Session, slug: str) -> Publication | None:
    """The publication under this address, if it is open by the clock of the database."""
    query = select(PublicPage).where(PublicPage.slug == slug, PublicPage.from_at <= func.current_timestamp())
    page = session.scalar(query)
    return page.publication if page is not None else None


def withdrawal_of(session: Session, publication_id: str) -> Withdrawal | None:
    """Why a publication was withdrawn, None where it stands."""
    return session.get(Withdrawal, publication_id)


def corrected_by(session: Session, publication_id: str) -> Publication | None:
    """The publication that corrects this one, if there is one."""
    query = select(Publication).where(Publication.corrects_id == publication_id).order_by(Publication.number.desc())
    return session.scalars(query.limit(1)).first()


def correction_of(session: Session, publication_id: str) -> Release | None:
    """The release that is to correct a publication, if there is one that has not failed."""
    query = select(Release).where(Release.corrects_id == publication_id, Release.state != "failed")
    return session.scalars(query.limit(1)).first()


def withdrawn_among(session: Session, ids: Collection[str]) -> set[str]:
    """Those of these publications that were withdrawn."""
    return set(session.scalars(select(Withdrawal.publication_id).where(Withdrawal.publication_id.in_(ids))))


def corrected_among(session: Session, ids: Collection[str]) -> set[str]:
    """Those of these publications that a later one corrects."""
    found = select(Publication.corrects_id).where(Publication.corrects_id.in_(ids))
    return {one for one in session.scalars(found) if one is not None}
