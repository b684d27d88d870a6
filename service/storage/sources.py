"""Sources of pairs: what is watched, the pages that were found there, the hosts they lie on, and each visit."""

from __future__ import annotations

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
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.errors import NotFound
from service.storage.projects import closed_to, open_to
from service.storage.sight import Confined
from tm.store.base import Base, Id, new_id, now

KINDS = ("folder", "feed", "sitemap", "list")
PAGE_STATES = ("read", "unreadable", "refused", "failed", "vanished", "absent")


class Source(Confined, Base):
    """Something that is visited again and again: a folder, a feed, a sitemap, or a list of addresses, one to a line.

    `project` is whose its pairs are; NULL: everybody's. Units of pairs stay in the memory when their source is removed.
    """

    __tablename__ = "source"
    __table_args__ = (
        CheckConstraint("kind IN ('folder', 'feed', 'sitemap', 'list')", name="kind"),
        CheckConstraint("hours > 0", name="hours"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    project: Mapped[int | None] = mapped_column(ForeignKey("project.number"))
    hours: Mapped[int] = mapped_column(default=24)
    active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """By everybody, or by the members of its project."""
        return open_to(cls.project, person_id)


# the table under a name of its own, for conditions inside any statement
SOURCE = Source.__table__.alias("its_source")


def seen_source(source_id: SQLColumnExpression[str], person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of a source that the person may see."""
    own = open_to(SOURCE.c.project, person_id)
    return exists().where(SOURCE.c.id == source_id, own).correlate_except(SOURCE)


def hidden_source(source_id: SQLColumnExpression[str], person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of a source of a project of which the person is not a member."""
    other = closed_to(SOURCE.c.project, person_id)
    return exists().where(SOURCE.c.id == source_id, other).correlate_except(SOURCE)


class SourcePage(Confined, Base):
    """A page or file of a source, as it was last seen.

    `body_hash` is of the bytes, `text_hash` of the main text; `blob` keeps the bytes that this text was read from.
    `facts` is what the page says of others, and what is compared to find its partner. On a French page: `partner_id`
    is the English one, `how` it was found, `paired_hash` stands for the two texts that were last aligned, and
    `pair_code` says why they were refused, if they were. `absent`: an address that was guessed, and nothing is there.
    """

    __tablename__ = "source_page"
    __table_args__ = (
        UniqueConstraint("source_id", "url_key"),
        CheckConstraint(
            "state IN ('read', 'unreadable', 'refused', 'failed', 'vanished', 'absent')",
            name="state",
        ),
        Index("ix_source_page_partner_id", "partner_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    url: Mapped[str] = mapped_column(Text)
    url_key: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    code: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(8), default="")
    title: Mapped[str] = mapped_column(Text, default="")
    etag: Mapped[str] = mapped_column(String(200), default="")
    last_modified: Mapped[str] = mapped_column(String(80), default="")
    body_hash: Mapped[str] = mapped_column(String(64), default="")
    text_hash: Mapped[str] = mapped_column(String(64), default="")
    blob: Mapped[str | None] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    partner_id: Mapped[str | None] = mapped_column(ForeignKey("source_page.id"))
    how: Mapped[str | None] = mapped_column(String(16))
    paired_hash: Mapped[str] = mapped_column(String(64), default="")
    pair_code: Mapped[str | None] = mapped_column(String(32))
    first_seen_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime | None] = mapped_column()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its source."""
        return seen_source(cls.source_id, person_id)


class SourceHost(Base):
    """A host that is visited politely: its robots.txt, and when it may be asked for the next time."""

    __tablename__ = "source_host"

    site: Mapped[str] = mapped_column(String(300), primary_key=True)
    robots: Mapped[str] = mapped_column(Text, default="")
    robots_state: Mapped[str] = mapped_column(String(8), default="")  # "": never asked; rules, none, closed
    robots_until: Mapped[datetime] = mapped_column(default=now)
    free_at: Mapped[datetime] = mapped_column(default=now)


class SourceVisit(Confined, Base):
    """What one visit to a source found and changed. It may take several runs; `finished_at` is NULL until its end.

    `counts`: fetched, unchanged, changed, new, refused, vanished, failed (pages); paired, repaired, unpaired (pairs);
    added, seen_again, superseded, left_out (units), doubtful (beads). `errors` name an address and a code. `left` says
    that it goes on.
    """

    __tablename__ = "source_visit"
    __table_args__ = (Index("ix_source_visit_source_id", "source_id", "started_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"))
    trigger: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None] = mapped_column()
    left: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    errors: Mapped[list[Any]] = mapped_column(default=list)
    code: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As its source."""
        return seen_source(cls.source_id, person_id)


def get_source(session: Session, source_id: str) -> Source:
    """The source with this id. Raises NotFound."""
    source = session.get(Source, source_id)
    if source is None:
        raise NotFound("source")
    return source


def all_sources(session: Session) -> list[Source]:
    """Every source, by name."""
    return list(session.scalars(select(Source).order_by(func.lower(Source.name), Source.id)))


def sources_in(session: Session, scopes: frozenset[int]) -> list[Source]:
    """The sources that are shared or of one of these projects, by name."""
    ours = or_(Source.project.is_(None), Source.project.in_(scopes))
    return list(session.scalars(select(Source).where(ours).order_by(func.lower(Source.name), Source.id)))


def pages_of(session: Session, source_id: str) -> list[SourcePage]:
    """All pages of a source, by address."""
    return list(session.scalars(select(SourcePage).where(SourcePage.source_id == source_id).order_by(SourcePage.url)))


def page_at(session: Session, source_id: str, url_key: str) -> SourcePage | None:
    """The page of a source at an address (its SHA-256), or None."""
    return session.scalar(select(SourcePage).where(SourcePage.source_id == source_id, SourcePage.url_key == url_key))


def visits_of(session: Session, source_id: str, limit: int = 20) -> list[SourceVisit]:
    """The latest visits to a source, the newest first."""
    return list(
        session.scalars(
            select(SourceVisit)
            .where(SourceVisit.source_id == source_id)
            .order_by(SourceVisit.started_at.desc(), SourceVisit.id)
            .limit(limit)
        )
    )


def open_visit(session: Session, source_id: str) -> SourceVisit | None:
    """The visit to a source that has not come to its end, or None."""
    return session.scalar(
        select(SourceVisit).where(SourceVisit.source_id == source_id, SourceVisit.finished_at.is_(None)).limit(1)
    )


def visit_of(session: Session, run_id: str) -> SourceVisit:
    """The visit that this run began or went on with."""
    return session.scalars(select(SourceVisit).where(SourceVisit.run_id == run_id)).one()


def take_turn(session: Session, site: str, at: datetime, until: datetime) -> datetime | None:
    """Take a host for oneself until then. None: it is ours; else the moment from which it may be free."""
    if session.get(SourceHost, site) is None:
        try:
            with session.begin_nested():
                session.add(SourceHost(site=site, free_at=until))
                session.flush()
            return None
        except IntegrityError:  # another visit was there first
            pass
    taken = session.execute(
        update(SourceHost)
        .where(SourceHost.site == site, SourceHost.free_at <= at)
        .values(free_at=until)
        .returning(SourceHost.site)
        .execution_options(synchronize_session=False)
    ).first()
    return None if taken else session.scalar(select(SourceHost.free_at).where(SourceHost.site == site))


def give_turn(session: Session, site: str, until: datetime) -> None:
    """Give a host back; it may be asked again from then on."""
    session.execute(
        update(SourceHost)
        .where(SourceHost.site == site)
        .values(free_at=until)
        .execution_options(synchronize_session=False)
    )
