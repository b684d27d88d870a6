"""How releases stand: the list, how far each is, and who has worked on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from service.storage.people import Person
from service.storage.releases import Release, Segment


def newest_first(session: Session, limit: int = 200) -> list[Release]:
    """Releases, the newest first."""
    beside = (Release.kept_by, Release.creator, Release.translator, Release.reviewer)
    query = select(Release).options(*map(joinedload, beside)).order_by(Release.created_at.desc(), Release.id)
    return list(session.scalars(query.limit(limit)))


def counts_by_state(session: Session, release_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each release how many segments are in each state, in one query."""
    rows = session.execute(
        select(Segment.release_id, Segment.state, func.count())
        .where(Segment.release_id.in_(release_ids))
        .group_by(Segment.release_id, Segment.state)
    )
    counts: dict[str, dict[str, int]] = {release_id: {} for release_id in release_ids}
    for release_id, state, number in rows:
        counts[release_id][state] = number
    return counts


def some_of(session: Session, release_id: str, ids: Collection[str]) -> list[Segment]:
    """Those of these segments that are the release's, in order; the others are not read."""
    query = select(Segment).where(Segment.release_id == release_id, Segment.id.in_(ids))
    return list(session.scalars(query.order_by(Segment.position)))


def waiting(session: Session, release_id: str) -> list[Segment]:
    """The segments that are not approved yet, in order."""
    return list(
        session.scalars(
            select(Segment)
            .where(Segment.release_id == release_id, Segment.state != "approved")
            .order_by(Segment.position)
        )
    )


def translators(session: Session, release_id: str) -> dict[int, str]:
    """Who translated each segment, by its number; a segment that nobody has touched is not named."""
    rows = session.execute(
        select(Segment.position, Person.name)
        .join(Person, Person.id == Segment.translated_by)
        .where(Segment.release_id == release_id)
    )
    return {position: name for position, name in rows}  # noqa: C416 (rows are not pairs to a type checker)
