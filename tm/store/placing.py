"""One batch of pairs into the memory: units that are new, and the places where units were seen.

Every question is one search for the whole batch, so the work grows with the batch and not with the memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, Text, and_, exists, select, update
from sqlalchemy.orm import Session

from tm.store.base import now
from tm.store.listed import insert_many, listed, reserve
from tm.store.standing import Known, lift, supersede
from tm.store.tables import CHANGES, SEEN, UNITS
from tm.store.units import Import
from tm.text.normalise import fingerprint
from tm.types import Pair

Keys = tuple[str, str]
Place = tuple[int, str, int]  # unit, document key, position


class Row(NamedTuple):
    """A pair that is ready to be written: fingerprints of both texts, and its place for good."""

    pair: Pair
    keys: Keys
    document_key: str
    position: int


def prepare(pairs: Iterable[Pair], document_key: str, *, start: int = 0, many_documents: bool = False) -> list[Row]:
    """Make rows of pairs; it needs no database, so nobody waits for it.

    A pair that brings no position gets its number among all pairs, of which `start` came before. With `many_documents`
    the pairs name documents of their own, and a position counts within its document.
    """
    keys: dict[str, str] = {}
    rows = []
    for number, pair in enumerate(pairs, start):
        seen = pair.seen
        key = keys.get(seen.document) or _key(document_key, seen.document, many_documents)
        keys[seen.document] = key
        position = number if seen.position is None else seen.position
        rows.append(Row(pair, (fingerprint(pair.source), fingerprint(pair.target)), key, position))
    return rows


def _key(document_key: str, document: str, many_documents: bool) -> str:
    if not many_documents:
        return document_key
    return hashlib.sha256(f"{document_key}\0{document}".encode("utf-8", "surrogatepass")).hexdigest()


class Placed(NamedTuple):
    """What one batch changed: units added, pairs that were known, units superseded, pairs left out."""

    added: int
    seen_again: int
    superseded: int
    left_out: int


def place(session: Session, act: Import, rows: Sequence[Row], moment: int) -> Placed:
    """Write the rows as part of `act`, at this tick of the clock, whose lock the caller holds.

    Where batches begin makes no difference to the units that result, unless an act gives one place to several pairs
    and the memory has other pairs from there.
    """
    usable = [row for row in rows if row.keys[0] and row.keys[1]]
    if not usable:
        return Placed(0, 0, 0, len(rows))
    known = _find(session, act.scope, {row.keys for row in usable})
    unknown = [row for row in usable if row.keys not in known]
    corrected = _corrected(session, act.scope, unknown)
    new = [row for row in unknown if _spot(row) not in corrected or row.pair.seen.origin == "approved"]
    fresh = _insert(session, act, new, moment)
    ids = {keys: unit.id for keys, unit in known.items()} | fresh
    found = [(ids[row.keys] if row.keys in ids else corrected[_spot(row)].id, row) for row in usable]
    places = _see(session, act, found, set(fresh.values()))
    approved = {unit_id for unit_id, row in found if row.pair.seen.origin == "approved"}
    old = {unit.id: unit for unit in (*known.values(), *corrected.values())}
    idle = lift(session, act, old, approved, {unit_id for unit_id, _, _ in places}, moment)
    superseded = supersede(session, act, [each for each in places if each[0] not in idle], moment)
    return Placed(len(fresh), len(usable) - len(fresh), superseded, len(rows) - len(usable))


def _find(session: Session, scope: int, keys: set[Keys]) -> dict[Keys, Known]:
    rows = [(scope, *pair) for pair in sorted(keys)]
    given = listed(session, rows, scope=Integer, source_key=Text, target_key=Text).c
    unit = UNITS.c
    same = and_(unit.scope == given.scope, unit.source_key == given.source_key, unit.target_key == given.target_key)
    facts = (unit.id, unit.origin, unit.status, unit.superseded_by, unit.import_id)
    found = session.execute(select(unit.source_key, unit.target_key, *facts).where(same))
    return {(source, target): Known(*rest) for source, target, *rest in found}


def _spot(row: Row) -> tuple[str, int]:
    return row.document_key, row.position


def _corrected(session: Session, scope: int, rows: Sequence[Row]) -> dict[tuple[str, int], Known]:
    """Places whose units a person has corrected: a pair from such a place is known, whatever its texts are.

    Without this, reading a document once more would put its old text in the place of the correction. An approval is
    newer than the correction, and is none of these.
    """
    wanted = {_spot(row) for row in rows if row.pair.seen.origin != "approved"}
    if not wanted:
        return {}
    given = listed(session, sorted(wanted), document_key=Text, position=Integer).c
    unit, seen = UNITS.c, SEEN.c
    edited = exists().where(CHANGES.c.unit_id == unit.id, CHANGES.c.action == "edited")
    found = session.execute(
        select(seen.document_key, seen.position, unit.id, unit.origin, unit.status, unit.superseded_by, unit.import_id)
        .join_from(SEEN, UNITS, unit.id == seen.unit_id)
        .where(seen.document_key == given.document_key, seen.position == given.position, unit.scope == scope, edited)
        .order_by(seen.id)
    )
    return {(key, position): Known(*facts) for key, position, *facts in found}


def _insert(session: Session, act: Import, rows: Sequence[Row], moment: int) -> dict[Keys, int]:
    """Add a unit for each pair of keys; the first text stands, and one approval makes the unit approved."""
    new: dict[Keys, dict[str, Any]] = {}
    for row in rows:
        made = new.setdefault(row.keys, {})
        if not made:
            made.update(_unit(row))
        elif row.pair.seen.origin == "approved":
            made["origin"] = "approved"
    if not new:
        return {}
    for unit_id, made in zip(reserve(session, UNITS, len(new)), new.values(), strict=True):
        made["id"] = unit_id
    same = {
        "scope": act.scope,
        "source_language": "fr",
        "target_language": "en",
        "status": "active",
        "changed": moment,
        "import_id": act.id,
        "created_at": now(),
    }
    insert_many(session, UNITS, list(new.values()), same)
    return {keys: made["id"] for keys, made in new.items()}


def _unit(row: Row) -> dict[str, Any]:
    pair = row.pair
    return {
        "source": pair.source,
        "target": pair.target,
        "source_key": row.keys[0],
        "target_key": row.keys[1],
        "origin": pair.seen.origin,
        "used": pair.kept.used,
        "used_at": _moment(pair.kept.used_at),
    }


def _moment(date: str | None) -> datetime | None:
    """The moment that a file names (ISO 8601); without a zone it is UTC."""
    moment = datetime.fromisoformat(date) if date else None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _see(session: Session, act: Import, rows: Iterable[tuple[int, Row]], fresh: set[int]) -> list[Place]:
    """Write where units were seen; returns the places that are new, or stand again after an undo."""
    wanted: dict[Place, Row] = {}
    for unit_id, row in rows:
        wanted.setdefault((unit_id, row.document_key, row.position), row)
    there = _there(session, [place for place in wanted if place[0] not in fresh])
    new = [_occurrence(place, row, act) for place, row in wanted.items() if place not in there]
    if new:
        insert_many(session, SEEN, new, {"import_id": act.id, "withdrawn": False, "created_at": now()})
    again = {place: number for place, (number, withdrawn) in there.items() if withdrawn}
    if again:
        session.execute(update(SEEN).where(SEEN.c.id.in_(again.values())).values(withdrawn=False, import_id=act.id))
    return [place for place in wanted if place not in there or place in again]


def _there(session: Session, places: Sequence[Place]) -> dict[Place, tuple[int, bool]]:
    if not places:
        return {}
    given = listed(session, places, unit_id=Integer, document_key=Text, position=Integer).c
    seen = SEEN.c
    same = and_(seen.unit_id == given.unit_id, seen.document_key == given.document_key, seen.position == given.position)
    found = session.execute(select(seen.unit_id, seen.document_key, seen.position, seen.id, seen.withdrawn).where(same))
    return {(unit_id, key, position): (number, gone) for unit_id, key, position, number, gone in found}


def _occurrence(place: Place, row: Row, act: Import) -> dict[str, Any]:
    unit_id, document_key, position = place
    seen = row.pair.seen
    return {
        "unit_id": unit_id,
        "document": seen.document,
        "document_key": document_key,
        "position": position,
        "role": seen.context.role,
        "previous_key": seen.context.previous,
        "next_key": seen.context.next,
        "origin": seen.origin,
        "person": seen.person or act.person,
        "dated": seen.date,
    }
