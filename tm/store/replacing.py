"""Places of a document whose pairs change: what stood there goes, what stands there now comes, under the same act.

A correction of an alignment, or its undoing, is one of these. Nothing is deleted: places are withdrawn, units that
stand nowhere else are superseded, and come back when they are put at a place again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tm.store.history import Change, write_down
from tm.store.placing import prepare
from tm.store.tables import SEEN, UNITS
from tm.store.units import Import
from tm.store.writing import Counts, add_rows, tick
from tm.types import Pair


def replace_places(
    session: Session,
    act: Import,
    positions: Collection[int],
    pairs: Sequence[Pair],
    *,
    person: str | None = None,
    reason: str | None = None,
) -> Counts:
    """Let the pairs stand in the document of `act`, and nothing else at these positions. Each pair brings its position.

    A unit that was approved only where it stands no more is not approved any longer. The clock's lock is held until the
    transaction ends.
    """
    moment = tick(session)
    before = _withdraw(session, act, positions, moment)
    counts = add_rows(session, act, prepare(pairs, act.document_key), moment)
    now_there = units_at(session, act, [pair.seen.position or 0 for pair in pairs])
    _say_origins(session, act, pairs, now_there)
    changes = _settle(session, before, now_there, moment)
    counts += Counts(superseded=sum(change.action == "withdrawn" for change in changes))
    write_down(session, changes, import_id=act.id, person=person, reason=reason)
    return counts


def units_at(session: Session, act: Import, positions: Collection[int]) -> dict[int, int]:
    """The unit that stands at each of these positions of the document of `act`, in its scope."""
    found = session.execute(
        select(SEEN.c.position, SEEN.c.unit_id)
        .join(UNITS, UNITS.c.id == SEEN.c.unit_id)
        .where(
            SEEN.c.document_key == act.document_key,
            SEEN.c.position.in_(positions),
            SEEN.c.withdrawn.is_(False),
            UNITS.c.scope == act.scope,
        )
        .order_by(SEEN.c.id)
    )
    return {row.position: row.unit_id for row in found}


def _withdraw(session: Session, act: Import, positions: Collection[int], moment: int) -> dict[int, int]:
    """Take the places away; returns the units that had them, each with its position."""
    standing = (
        select(SEEN.c.id, SEEN.c.unit_id, SEEN.c.position)
        .join(UNITS, UNITS.c.id == SEEN.c.unit_id)
        .where(
            SEEN.c.document_key == act.document_key,
            SEEN.c.position.in_(positions),
            SEEN.c.withdrawn.is_(False),
            UNITS.c.scope == act.scope,
        )
    )
    rows = session.execute(standing).all()
    session.execute(update(SEEN).where(SEEN.c.id.in_([row.id for row in rows])).values(withdrawn=True))
    session.execute(update(UNITS).where(UNITS.c.id.in_({row.unit_id for row in rows})).values(changed=moment))
    return {row.unit_id: row.position for row in rows}


def _say_origins(session: Session, act: Import, pairs: Sequence[Pair], there: dict[int, int]) -> None:
    """A place that stands again says who vouches for it now."""
    for pair in pairs:
        unit_id = there.get(pair.seen.position or 0)
        place = (SEEN.c.unit_id == unit_id, SEEN.c.document_key == act.document_key)
        session.execute(
            update(SEEN)
            .where(*place, SEEN.c.position == pair.seen.position)
            .values(origin=pair.seen.origin, person=pair.seen.person)
        )


def _settle(session: Session, before: dict[int, int], there: dict[int, int], moment: int) -> list[Change]:
    """Supersede units that stand nowhere now, and take back approvals that nobody gives any more."""
    origins: dict[int, set[str]] = {unit_id: set() for unit_id in before}
    for unit_id, origin in session.execute(
        select(SEEN.c.unit_id, SEEN.c.origin).where(SEEN.c.unit_id.in_(before), SEEN.c.withdrawn.is_(False))
    ):
        origins[unit_id].add(origin)
    rows = session.execute(select(UNITS).where(UNITS.c.id.in_(before)).order_by(UNITS.c.id)).all()
    changes = []
    for row in rows:
        left = origins[row.id]
        if not left and row.status != "superseded":
            # where it stands nowhere, nobody vouches for it: it comes back as what it comes back by
            was = {"status": row.status, "superseded_by": None, "origin": row.origin}
            values = {"status": "superseded", "superseded_by": there.get(before[row.id]), "origin": "aligned"}
            changes.append(Change(row.id, "withdrawn", was, values))
        elif left and row.origin == "approved" and "approved" not in left:
            values = {"origin": min(left)}  # of two, `aligned` is the weaker claim
            changes.append(Change(row.id, "restored", {"origin": "approved"}, values))
        else:
            continue
        session.execute(update(UNITS).where(UNITS.c.id == row.id).values(**values, changed=moment))
    return changes
