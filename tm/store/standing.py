"""What a batch does to units that are there already: approved, brought back, superseded; never deleted.

All of it is written down as changes, so that it can be told and taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Integer, Text, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from tm.store.history import Change, differing, write_down
from tm.store.listed import listed
from tm.store.tables import CHANGES, SEEN, UNITS
from tm.store.units import Import

UP = {"status": "active", "superseded_by": None}


class Known(NamedTuple):
    """A unit that was there before the batch, as it stood."""

    id: int
    origin: str
    status: str
    superseded_by: int | None
    import_id: str | None


def lift(
    session: Session,
    act: Import,
    known: Mapping[int, Known],
    approved: Collection[int],
    placed: Collection[int],
    moment: int,
) -> set[int]:
    """Approve units that a person approved, and bring back those that an undo had taken away and that are seen again.

    An approval outweighs how a unit first came in, and brings a superseded one back. `placed`: the units with a new
    place in this batch. Returns the ids of the units that stay superseded.
    """
    approvals = {**UP, "origin": "approved"}
    better = [unit for unit in known.values() if unit.id in approved and _differs(unit, approvals)]
    down = {unit.id for unit in known.values() if unit.status == "superseded" and unit.id not in approved}
    back = _taken_away(session, act, down & set(placed))
    _set(session, {unit.id for unit in better}, approvals, moment)
    _set(session, back, UP, moment)
    # of a unit that this very act brought in, nothing needs to be told beside that
    told = [unit for unit in better if (unit.import_id, unit.status) != (act.id, "active")]
    changes = [_change(unit, approvals) for unit in told] + [_change(known[unit_id], UP) for unit_id in sorted(back)]
    write_down(session, changes, import_id=act.id, person=act.person)
    _set(session, set(placed) & known.keys(), {}, moment)
    return down - back


def _differs(unit: Known, after: Mapping[str, Any]) -> bool:
    return any(getattr(unit, name) != value for name, value in after.items())


def _change(unit: Known, after: Mapping[str, Any]) -> Change:
    before, values = differing(unit._asdict(), after)
    return Change(unit.id, "reactivated" if unit.status == "superseded" else "approved", before, values)


def _set(session: Session, unit_ids: Collection[int], values: Mapping[str, Any], moment: int) -> None:
    if unit_ids:
        session.execute(update(UNITS).where(UNITS.c.id.in_(unit_ids)).values(**values, changed=moment))


def _taken_away(session: Session, act: Import, unit_ids: Collection[int]) -> set[int]:
    """Of these superseded units, those that stood nowhere any more because their imports were undone, and those that
    this act itself has superseded before it saw them elsewhere. What a person has superseded stays as it is."""
    if not unit_ids:
        return set()
    last = select(func.max(CHANGES.c.id)).where(CHANGES.c.unit_id.in_(unit_ids)).group_by(CHANGES.c.unit_id)
    elsewhere = exists().where(
        SEEN.c.unit_id == CHANGES.c.unit_id, SEEN.c.withdrawn.is_(False), SEEN.c.import_id.is_distinct_from(act.id)
    )
    undone = and_(CHANGES.c.action.in_(("withdrawn", "restored")), ~elsewhere)
    own = and_(CHANGES.c.action == "superseded", CHANGES.c.import_id == act.id)
    return set(session.scalars(select(CHANGES.c.unit_id).where(CHANGES.c.id.in_(last), or_(undone, own))))


def supersede(session: Session, act: Import, places: Sequence[tuple[int, str, int]], moment: int) -> int:
    """Units of the same scope that another act had put at one of these places, and that stand nowhere else, are
    superseded by the unit that stands there now. Returns how many."""
    replaced = _replaced(session, act, places)
    standing = _standing(session, act, replaced)
    gone = {unit_id: by for unit_id, by in replaced.items() if unit_id not in standing}
    if not gone:
        return 0
    statuses = dict(session.execute(select(UNITS.c.id, UNITS.c.status).where(UNITS.c.id.in_(gone))).all())
    session.execute(
        update(UNITS)
        .where(UNITS.c.id == bindparam("unit"))
        .values(status="superseded", superseded_by=bindparam("by"), changed=moment),
        [{"unit": unit_id, "by": by} for unit_id, by in sorted(gone.items())],
    )
    changes = [
        Change(
            unit_id,
            "superseded",
            {"status": statuses[unit_id], "superseded_by": None},
            {"status": "superseded", "superseded_by": by},
        )
        for unit_id, by in sorted(gone.items())
    ]
    return write_down(session, changes, import_id=act.id, person=act.person)


def _replaced(session: Session, act: Import, places: Sequence[tuple[int, str, int]]) -> dict[int, int]:
    """Units that stood at the places, each with the last unit that has taken one of its places."""
    if not places:
        return {}
    rows = [(number, *place) for number, place in enumerate(places)]
    given = listed(session, rows, number=Integer, unit_id=Integer, document_key=Text, position=Integer).c
    found = session.execute(
        select(SEEN.c.unit_id, given.unit_id)
        .join(UNITS, UNITS.c.id == SEEN.c.unit_id)
        .where(
            SEEN.c.document_key == given.document_key,
            SEEN.c.position == given.position,
            SEEN.c.unit_id != given.unit_id,
            SEEN.c.withdrawn.is_(False),
            SEEN.c.import_id.is_distinct_from(act.id),
            UNITS.c.scope == act.scope,
            UNITS.c.status != "superseded",
        )
        .order_by(given.number)
    )
    return {row[0]: row[1] for row in found}


def _standing(session: Session, act: Import, unit_ids: Collection[int]) -> set[int]:
    """Of these units, those that stand at a place where this act has put no other unit."""
    if not unit_ids:
        return set()
    other = SEEN.alias("other")
    taken = exists().where(
        other.c.document_key == SEEN.c.document_key,
        other.c.position == SEEN.c.position,
        other.c.unit_id != SEEN.c.unit_id,
        other.c.import_id == act.id,
        other.c.withdrawn.is_(False),
    )
    return set(
        session.scalars(
            select(SEEN.c.unit_id).where(SEEN.c.unit_id.in_(unit_ids), SEEN.c.withdrawn.is_(False), ~taken).distinct()
        )
    )
