"""Segments of a release that have the same source."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from service.storage.releases import History, Segment

TRANSLATABLE = or_(Segment.language.is_(None), Segment.language != "en")


def locked(session: Session, segment: Segment) -> list[Segment]:
    """The other segments with this one's source, in order, and all of them locked in that order until the transaction
    ends, so that two who confirm repetitions of one another wait instead of standing in each other's way."""
    query = select(Segment).where(Segment.release_id == segment.release_id, Segment.source_key == segment.source_key)
    ordered = query.where(TRANSLATABLE).order_by(Segment.position).with_for_update()
    found = session.scalars(ordered.execution_options(populate_existing=True)).all()
    return [one for one in found if one.id != segment.id]


def others_like(session: Session, segment: Segment) -> list[Segment]:
    """The other segments of the release with this one's source, in order, with who translated them."""
    if segment.carried_over:
        return []
    query = select(Segment).where(Segment.release_id == segment.release_id, Segment.source_key == segment.source_key)
    people = joinedload(Segment.translator)
    ordered = query.where(Segment.id != segment.id, TRANSLATABLE).order_by(Segment.position).options(people)
    return list(session.scalars(ordered))


def repeats(session: Session, release_id: str) -> dict[str, int]:
    """How often each source that stands more than once in a release does, by its key."""
    query = select(Segment.source_key, func.count()).where(Segment.release_id == release_id, TRANSLATABLE)
    rows = session.execute(query.group_by(Segment.source_key).having(func.count() > 1))
    return {key: number for key, number in rows}  # noqa: C416 (rows are not pairs to a type checker)


def spread_by(session: Session, release_id: str, operation: str) -> list[History]:
    """What one act put into many segments, in the order in which it was done."""
    query = select(History).join(Segment, Segment.id == History.segment_id).where(Segment.release_id == release_id)
    own = History.operation.startswith(f"{operation}:", autoescape=True)
    return list(session.scalars(query.where(own, History.action.in_(("propagate", "replace"))).order_by(History.id)))
