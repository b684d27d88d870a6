"""Publications: immutable, numbered, named by the hash of their content."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, Text, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from service.errors import NotFound
from service.storage.people import Person
from service.storage.projects import open_to
from service.storage.releases import RELEASE, IdColumn, Release, seen_release
from service.storage.sight import EVERYTHING, Confined, Sight
from tm.store.base import Base, Id, new_id, now


class Publication(Confined, Base):
    """What went out. `content` is the canonical JSON text that `content_hash` (SHA-256) is taken over, `record` the
    same for who translated and approved each segment and in what style it was made (`service.desk.records`).
    `corrects_id` is the publication that this one corrects.

    Rows are never changed or removed: the database refuses both.
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("release_id", "number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    number: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(Text)
    title_fr: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(Text, default="", server_default="")
    record_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    corrects_id: Mapped[str | None] = mapped_column(Id)
    logo_blob: Mapped[str | None] = mapped_column(String(64))
    published_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(default=now)
    release: Mapped[Release] = relationship()
    publisher: Mapped[Person] = relationship()
    files: Mapped[list[PublicationFile]] = relationship(order_by="PublicationFile.format", back_populates="publication")

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its release: what a project publishes stays with its members."""
        return seen_release(cls.release_id, person_id)


PUBLICATION = Publication.__table__.alias("its_publication")


def seen_publication(publication_id: IdColumn, person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of a publication that the person may see."""
    placed = exists().where(PUBLICATION.c.id == publication_id, RELEASE.c.id == PUBLICATION.c.release_id)
    return placed.where(open_to(RELEASE.c.project, person_id)).correlate_except(PUBLICATION, RELEASE)


class PublicationFile(Confined, Base):
    """One rendering of a publication, kept by the hash of its bytes."""

    __tablename__ = "publication_file"

    publication_id: Mapped[str] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    format: Mapped[str] = mapped_column(String(16), primary_key=True)
    filename: Mapped[str] = mapped_column(Text)
    blob: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    publication: Mapped[Publication] = relationship(back_populates="files")

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its publication."""
        return seen_publication(cls.publication_id, person_id)


class Evaluation(Confined, Base):
    """How close the proposals of a release were to what was approved: scores by match band, and over all."""

    __tablename__ = "evaluation"

    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    bands: Mapped[list[Any]] = mapped_column(default=list)

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its release."""
        return seen_release(cls.release_id, person_id)


def get_publication(session: Session, publication_id: str, sight: Sight = EVERYTHING) -> Publication:
    """The publication with this id, if it can be seen with these eyes (and the session's). Raises NotFound."""
    query = select(Publication).where(Publication.id == publication_id)
    publication = session.scalar(query.options(*sight.limits()))
    if publication is None:
        raise NotFound("publication")
    return publication


def publications_of(session: Session, release_id: str) -> list[Publication]:
    """The publications of a release, by number."""
    return list(
        session.scalars(select(Publication).where(Publication.release_id == release_id).order_by(Publication.number))
    )


def ids_of_all(session: Session) -> list[str]:
    """The id of every publication, the oldest first."""
    return list(session.scalars(select(Publication.id).order_by(Publication.published_at, Publication.id)))
