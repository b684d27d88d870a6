"""Units on their way out, page by page, each with the place where it was seen last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tm.store.tables import SEEN, UNITS
from tm.types import Context, Kept, Pair, Provenance

PAGE = 1000


def export(session: Session, scope: int) -> Iterator[Pair]:
    """Every active pair of a scope, in the order in which it came; memory use does not grow with their number."""
    last = 0
    while units := session.execute(_page(scope, last)).all():
        last = units[-1].id
        seen = _last_seen(session, [row.id for row in units])
        for row in units:
            place = seen.get(row.id) or Provenance("", origin=row.origin)
            yield Pair(row.source, row.target, place, Kept(str(row.id), row.used, _iso(row.used_at)))


def _page(scope: int, last: int) -> Select[Any]:
    """The units after `last`. The sum keeps SQLite from the index of scopes, by which it would sort the whole scope
    for each page."""
    unit = UNITS.c
    return (
        select(unit.id, unit.source, unit.target, unit.origin, unit.used, unit.used_at)
        .where(unit.id > last, unit.scope + 0 == scope, unit.status == "active")
        .order_by(unit.id)
        .limit(PAGE)
    )


def _last_seen(session: Session, unit_ids: Sequence[int]) -> dict[int, Provenance]:
    place = SEEN.c
    latest = (
        select(func.max(place.id))
        .where(place.unit_id.in_(unit_ids), place.withdrawn.is_(False))
        .group_by(place.unit_id)
        .scalar_subquery()
    )
    rows = session.execute(select(SEEN).where(place.id.in_(latest)))
    return {row.unit_id: _provenance(row) for row in rows}


def _provenance(row: Any) -> Provenance:
    return Provenance(
        document=row.document,
        position=row.position,
        origin=row.origin,
        person=row.person,
        date=row.dated or _iso(row.created_at),
        context=Context(row.previous_key, row.next_key, row.role),
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else None
