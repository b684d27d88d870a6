"""An import taken back, part by part: what it brought goes, what it changed is as it was before.

What somebody has touched since is left as it is and counted. Nothing is deleted: places are withdrawn, units are
superseded, and each change is written down. Three rounds, each in parts that a transaction can hold; how far it is
stands in the row of the act, so that whoever dies half-way is followed by somebody who goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from tm.store.base import now
from tm.store.history import Change, write_down
from tm.store.restoring import restore
from tm.store.tables import CHANGES, IMPORTS, SEEN, UNITS
from tm.store.units import Import

PART = 1000  # rows looked at in one transaction
ROUNDS = ("places", "changes", "units")
GONE = ("undone", "failed")  # states of acts that count for nothing any more


def take_back(session: Session, act: Import, moment: int, *, person: str | None, reason: str) -> bool:
    """Take a part of the act back, at this tick; returns whether more is left to do.

    The caller has the act under its lock (`tm.store.importing.under_lock`) and says at the end what became of it.
    """
    undo: dict[str, int] = {"round": 0, "after": 0, "places": 0, "withdrawn": 0, "restored": 0, "left": 0}
    undo |= act.counts.get("undo", {})
    work = _WORK[ROUNDS[undo["round"]]]
    last, counted = work(session, act, undo["after"], moment, {"person": person, "reason": reason})
    for name, number in counted.items():
        undo[name] += number
    if last is None:
        undo["round"], undo["after"] = undo["round"] + 1, 0
    else:
        undo["after"] = last
    more = undo["round"] < len(ROUNDS)
    act.counts = {**act.counts, "undo": undo}
    session.flush()
    return more


Told = dict[str, Any]
Worked = tuple[int | None, dict[str, int]]  # the last row that was looked at, or None; and what was done


def _places(session: Session, act: Import, after: int, moment: int, told: Told) -> Worked:
    """The places that the act brought speak for their units no more."""
    rows = session.execute(
        select(SEEN.c.id, SEEN.c.unit_id)
        .where(SEEN.c.import_id == act.id, SEEN.c.id > after, SEEN.c.withdrawn.is_(False))
        .order_by(SEEN.c.id)
        .limit(PART)
    ).all()
    if not rows:
        return None, {}
    session.execute(update(SEEN).where(SEEN.c.id.in_([row.id for row in rows])).values(withdrawn=True))
    session.execute(update(UNITS).where(UNITS.c.id.in_({row.unit_id for row in rows})).values(changed=moment))
    return rows[-1].id, {"places": len(rows)}


def _changes(session: Session, act: Import, after: int, moment: int, told: Told) -> Worked:
    """Units that the act approved, brought back or superseded are what they were before it."""
    rows = session.execute(
        select(CHANGES.c.id, CHANGES.c.unit_id)
        .where(
            CHANGES.c.import_id == act.id,
            CHANGES.c.id > after,
            CHANGES.c.action.in_(("approved", "superseded", "reactivated")),
        )
        .order_by(CHANGES.c.id)
        .limit(PART)
    ).all()
    if not rows:
        return None, {}
    first = _first_changes(session, act, {row.unit_id for row in rows})
    mine = {row.unit_id: row.id for row in rows if first[row.unit_id] == row.id}
    restored, left = restore(session, act, mine, moment, told)
    return rows[-1].id, {"restored": restored, "left": left}


def _first_changes(session: Session, act: Import, unit_ids: set[int]) -> dict[int, int]:
    found = session.execute(
        select(CHANGES.c.unit_id, func.min(CHANGES.c.id))
        .where(CHANGES.c.unit_id.in_(unit_ids), CHANGES.c.import_id == act.id)
        .group_by(CHANGES.c.unit_id)
    )
    return {row[0]: row[1] for row in found}


def _units(session: Session, act: Import, after: int, moment: int, told: Told) -> Worked:
    """Units that the act brought, or another act that was taken back, and that stand nowhere now, are superseded."""
    rows = session.execute(
        select(SEEN.c.id, SEEN.c.unit_id)
        .where(SEEN.c.import_id == act.id, SEEN.c.id > after)
        .order_by(SEEN.c.id)
        .limit(PART)
    ).all()
    if not rows:
        return None, {}
    idle = _standing_nowhere(session, act, {row.unit_id for row in rows})
    gone = sorted(unit_id for unit_id, touched in idle.items() if not touched)
    _withdraw(session, act, gone, moment, told)
    left = _seen_first(session, act, idle.keys() - set(gone), after)
    return rows[-1].id, {"withdrawn": len(gone), "left": left}


def _seen_first(session: Session, act: Import, unit_ids: set[int], after: int) -> int:
    """How many of these units the act saw at no place up to `after`, where they would have been counted already."""
    if not unit_ids:
        return 0
    earlier = select(SEEN.c.unit_id).where(SEEN.c.unit_id.in_(unit_ids), SEEN.c.import_id == act.id, SEEN.c.id <= after)
    return len(unit_ids) - len(set(session.scalars(earlier)))


def _standing_nowhere(session: Session, act: Import, unit_ids: set[int]) -> dict[int, bool]:
    """Of these units those that no act stands for any more, and whether somebody has touched them since."""
    acts, touching = IMPORTS.alias("acts"), IMPORTS.alias("touching")
    lives = exists().where(SEEN.c.unit_id == UNITS.c.id, SEEN.c.withdrawn.is_(False))
    touch = exists(
        select(CHANGES.c.id)
        .outerjoin(touching, touching.c.id == CHANGES.c.import_id)
        .where(
            CHANGES.c.unit_id == UNITS.c.id,
            or_(CHANGES.c.import_id.is_(None), and_(touching.c.id != act.id, touching.c.state.not_in(GONE))),
        )
    )
    found = session.execute(
        select(UNITS.c.id, touch)
        .outerjoin(acts, acts.c.id == UNITS.c.import_id)
        .where(
            UNITS.c.id.in_(unit_ids),
            UNITS.c.status != "superseded",
            or_(UNITS.c.import_id.is_(None), acts.c.id == act.id, acts.c.state.in_(GONE)),
            ~lives,
        )
    )
    return {row[0]: bool(row[1]) for row in found}


def _withdraw(session: Session, act: Import, unit_ids: Sequence[int], moment: int, told: Told) -> None:
    if not unit_ids:
        return
    was = session.execute(select(UNITS.c.id, UNITS.c.status).where(UNITS.c.id.in_(unit_ids)).order_by(UNITS.c.id)).all()
    session.execute(
        update(UNITS).where(UNITS.c.id.in_(unit_ids)).values(status="superseded", superseded_by=None, changed=moment)
    )
    changes = [Change(row.id, "withdrawn", {"status": row.status}, {"status": "superseded"}) for row in was]
    write_down(session, changes, import_id=act.id, at=now(), **told)


_WORK: dict[str, Callable[[Session, Import, int, int, Told], Worked]] = {
    "places": _places,
    "changes": _changes,
    "units": _units,
}
