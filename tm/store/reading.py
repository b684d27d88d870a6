"""Units on their way out of the database: as matching sees them, as they changed, as exports want them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tm.store.units import Clock, Import, Occurrence, Unit
from tm.types import Context, Entry, Provenance, Role, UnitOrigin

LOAD = 5000  # rows read at a time
ASKED = 500  # ids named in one question
PLACES = 24  # where a unit was seen, at most, the latest: a formula may stand in thousands of documents

T = TypeVar("T")
Key = tuple[str, str, str]  # of a place: the fingerprints of a source and of its neighbours
_LIVE = exists().where(Occurrence.unit_id == Unit.id, Occurrence.withdrawn.is_(False))
# what an import that was undone brought, and nobody else, is not proposed any more
PROPOSED = or_(Unit.status != "superseded", _LIVE)


def clock(session: Session) -> tuple[int, str]:
    """The memory's tick and id."""
    row = session.execute(select(Clock.tick, Clock.memory_id).where(Clock.id == 1)).one_or_none()
    return (row.tick, row.memory_id) if row else (0, "")


class Text(NamedTuple):
    """A unit as an index wants it; `proposed` is false for what must not be found any more."""

    id: int
    source: str
    target: str
    scope: int
    proposed: bool


_TEXT = (Unit.id, Unit.source, Unit.target, Unit.scope, PROPOSED)


def changed_since(session: Session, tick: int) -> Iterator[list[Text]]:
    """The units that changed after `tick`, in batches."""
    return _in_batches(session, Unit.changed > tick)


def proposed(session: Session) -> Iterator[list[Text]]:
    """All units that may be proposed, in batches."""
    return _in_batches(session, PROPOSED)


def active(session: Session) -> Iterator[list[Text]]:
    """All active units, in batches."""
    return _in_batches(session, Unit.status == "active")


def _in_batches(session: Session, which: ColumnElement[bool]) -> Iterator[list[Text]]:
    last = 0
    asked = select(*_TEXT).where(which).order_by(Unit.id).limit(LOAD)
    while rows := [Text._make(row) for row in session.execute(asked.where(Unit.id > last))]:
        yield rows
        last = rows[-1].id


def changed_count(session: Session, since: int) -> int:
    """How many units changed after a tick."""
    return session.scalar(select(func.count()).select_from(Unit).where(Unit.changed > since)) or 0


def same_sources(session: Session, keys: Collection[str], scopes: Collection[int] | None) -> dict[str, list[int]]:
    """For each fingerprint of a source the units that have it, the newest first."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for some in _chunks(sorted(set(keys)), ASKED):
        asked = select(Unit.source_key, Unit.id).where(Unit.source_key.in_(some), within(scopes), PROPOSED)
        for key, unit_id in session.execute(asked.order_by(Unit.id.desc())):
            found[key].append(unit_id)
    return found


def in_context(session: Session, places: Collection[Key], scopes: Collection[int] | None) -> set[int]:
    """The units that were seen with these sources between these neighbours."""
    found: set[int] = set()
    for some in _chunks(sorted(set(places)), ASKED // 4):
        wanted = [
            and_(Unit.source_key == source, Occurrence.previous_key == before, Occurrence.next_key == after)
            for source, before, after in some
        ]
        asked = select(Unit.id).join(Occurrence).where(or_(*wanted), Occurrence.withdrawn.is_(False), within(scopes))
        found.update(session.scalars(asked))
    return found


def within(scopes: Collection[int] | None) -> ColumnElement[bool]:
    """The condition that a unit is in one of these scopes; None: any."""
    return Unit.scope.in_(sorted(scopes)) if scopes is not None else Unit.id.is_not(None)


def entries_of(
    session: Session,
    unit_ids: Iterable[int],
    contexts: Collection[Context] = (),
    scopes: Collection[int] | None = None,
) -> dict[int, Entry]:
    """The units with these ids as matching sees them: the latest places where each was seen, and every place in one of
    `contexts`. Rights are part of the question, however the ids were found."""
    found: dict[int, Entry] = {}
    for some in _chunks(sorted(set(unit_ids)), ASKED):
        places = _places(session, some, contexts)
        for unit in session.execute(_columns().where(Unit.id.in_(some), within(scopes))):
            id_, source, target, origin, status, scope, used = unit
            seen = tuple(provenance_of(place) for place in places.get(id_, ()))
            found[id_] = Entry(id_, source, target, origin, status, seen, scope, used)
    return found


def _columns() -> Select:  # type: ignore[type-arg]
    return select(Unit.id, Unit.source, Unit.target, Unit.origin, Unit.status, Unit.scope, Unit.used)


def _places(session: Session, unit_ids: Sequence[int], contexts: Collection[Context]) -> dict[int, list[Any]]:
    latest = func.row_number().over(partition_by=Occurrence.unit_id, order_by=Occurrence.id.desc()).label("latest")
    numbered = (
        select(Occurrence.id, Occurrence.previous_key, Occurrence.next_key, latest)
        .where(Occurrence.unit_id.in_(unit_ids), Occurrence.withdrawn.is_(False))
        .subquery()
    )
    wanted = [
        and_(numbered.c.previous_key == each.previous, numbered.c.next_key == each.next)
        for each in set(contexts)
        if each.previous is not None and each.next is not None
    ]
    chosen = select(numbered.c.id).where(or_(numbered.c.latest <= PLACES, *wanted[:ASKED]))
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(select(*_PLACE).where(Occurrence.id.in_(chosen)).order_by(Occurrence.id)):
        found[row.unit_id].append(row)
    return found


_PLACE = (
    Occurrence.unit_id,
    Occurrence.document,
    Occurrence.position,
    Occurrence.origin,
    Occurrence.person,
    Occurrence.dated,
    Occurrence.previous_key,
    Occurrence.next_key,
    Occurrence.role,
)


def texts_of(
    session: Session,
    unit_ids: Sequence[int],
    scopes: Collection[int] | None = None,
    statuses: Collection[str] | None = None,
    document: str | None = None,
) -> Sequence[Row[Any]]:
    """Those of these units that fit, the newest first: id, source, target, status, origin, scope, and the document
    where each was seen last (in which it must have been seen, if one is named)."""
    places = select(Occurrence.document).where(Occurrence.unit_id == Unit.id, Occurrence.withdrawn.is_(False))
    if document is not None:
        places = places.where(Occurrence.document == document)
    seen = places.order_by(Occurrence.id.desc()).limit(1).scalar_subquery().label("document")
    asked = select(Unit.id, Unit.source, Unit.target, Unit.status, Unit.origin, Unit.scope, seen)
    asked = asked.where(Unit.id.in_(unit_ids), within(scopes), PROPOSED)
    if statuses is not None:
        asked = asked.where(Unit.status.in_(sorted(statuses)))
    if document is not None:
        asked = asked.where(places.exists())
    return session.execute(asked.order_by(Unit.id.desc())).all()


def _chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def provenance_of(occurrence: Occurrence | Row[Any]) -> Provenance:
    """Where a unit was seen, as a value."""
    return Provenance(
        document=occurrence.document,
        position=occurrence.position,
        origin=cast("UnitOrigin", occurrence.origin),
        person=occurrence.person,
        date=occurrence.dated,
        context=Context(occurrence.previous_key, occurrence.next_key, cast("Role | None", occurrence.role)),
    )


def statistics(session: Session) -> dict[str, int]:
    """How many units (by status), places and imports the memory holds, and its tick."""
    counted = session.execute(select(Unit.status, func.count()).group_by(Unit.status))
    by_status: dict[str, int] = {row[0]: row[1] for row in counted}
    return {
        "units": sum(by_status.values()),
        "active": by_status.get("active", 0),
        "pending": by_status.get("pending", 0),
        "superseded": by_status.get("superseded", 0),
        "occurrences": session.scalar(select(func.count()).select_from(Occurrence)) or 0,
        "imports": session.scalar(select(func.count()).select_from(Import)) or 0,
        "tick": clock(session)[0],
    }
