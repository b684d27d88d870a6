"""Units as lists: filtered, the newest first, page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from tm.store.tables import SEEN, UNITS


@dataclass(frozen=True, slots=True)
class Filter:
    """Which units are wanted; what is None does not matter.

    `import_id`: an act that saw them, `document_key`: a document where they stand, `text`: a part of one of
    their texts.
    """

    status: str | None = None
    origin: str | None = None
    scope: int | None = None
    import_id: str | None = None
    document_key: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in a list. `places` counts where it stands, `document` is the one where it was seen last."""

    id: int
    source: str
    target: str
    status: str
    origin: str
    scope: int
    used: int
    changed: int
    superseded_by: int | None
    places: int
    document: str


def page(session: Session, scopes: Collection[int], wanted: Filter, after: int | None, limit: int) -> list[UnitLine]:
    """Units of these scopes, the newest first; `after` is the id of the last unit of the page before."""
    query = _filtered(select(UNITS.c.id), scopes, wanted)
    if after is not None:
        query = query.where(UNITS.c.id < after)
    found = lines(session, session.scalars(query.order_by(UNITS.c.id.desc()).limit(limit)))
    return sorted(found.values(), key=lambda line: -line.id)


def count(session: Session, scopes: Collection[int], wanted: Filter) -> int:
    """How many units there are on all pages."""
    return session.scalar(_filtered(select(func.count()).select_from(UNITS), scopes, wanted)) or 0


def _filtered(query: Select[Any], scopes: Collection[int], wanted: Filter) -> Select[Any]:
    unit = UNITS.c
    if wanted == Filter(scope=wanted.scope):
        return query.where(unit.scope.in_(scopes if wanted.scope is None else {wanted.scope} & set(scopes)))
    # by the index of scopes SQLite would fetch row after row from all over the table, which takes ten times longer
    query = query.where((unit.scope + 0).in_(scopes))
    for column, value in ((unit.status, wanted.status), (unit.origin, wanted.origin), (unit.scope + 0, wanted.scope)):
        if value is not None:
            query = query.where(column == value)
    for column, key in ((SEEN.c.import_id, wanted.import_id), (SEEN.c.document_key, wanted.document_key)):
        if key is not None:
            query = query.where(unit.id.in_(select(SEEN.c.unit_id).where(column == key)))
    if wanted.text:
        sides = (unit.source, unit.target)
        query = query.where(or_(*(side.icontains(wanted.text, autoescape=True) for side in sides)))
    return query


def lines(session: Session, unit_ids: Iterable[int]) -> dict[int, UnitLine]:
    """The units with these ids, as lines; for a page or a group, not for a memory."""
    ids = list(unit_ids)
    unit, place = UNITS.c, SEEN.c
    stands = (
        select(place.unit_id, func.count().label("places"), func.max(place.id).label("last"))
        .where(place.unit_id.in_(ids), place.withdrawn.is_(False))
        .group_by(place.unit_id)
        .subquery()
    )
    facts = (unit.id, unit.source, unit.target, unit.status, unit.origin, unit.scope, unit.used, unit.changed)
    rows = session.execute(
        select(*facts, unit.superseded_by, func.coalesce(stands.c.places, 0), func.coalesce(place.document, ""))
        .outerjoin_from(UNITS, stands, stands.c.unit_id == unit.id)
        .outerjoin(SEEN, place.id == stands.c.last)
        .where(unit.id.in_(ids))
    )
    return {row[0]: UnitLine(*row) for row in rows}
