"""Units as they were before an act, unless something that still counts has happened to them since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, exists, func, select, update
from sqlalchemy.orm import Session

from tm.store.history import Change, differing, write_down
from tm.store.tables import CHANGES, IMPORTS, SEEN, UNITS
from tm.store.units import Import

FACTS = ("status", "origin", "superseded_by")


class Told(NamedTuple):
    """A change of a unit, with the state of the act that it was part of."""

    unit_id: int
    import_id: str | None
    action: str
    before: Mapping[str, Any]
    state: str | None


def restore(
    session: Session, act: Import, first: Mapping[int, int], moment: int, told: Mapping[str, Any]
) -> tuple[int, int]:
    """Put units back to what they were before the act; `first` names each unit's first change by it.

    Returns how many were restored, and how many were left because somebody touched them, approved them, replaced them
    or saw them again since.
    """
    if not first:
        return 0, 0
    wanted = {unit_id: before for unit_id, before in _before(session, act, first).items() if before is not None}
    kept = _kept(session, act, wanted)
    left = len(first) - len(wanted)
    changes = []
    for unit_id, now_is in _states(session, wanted).items():
        before, after = differing(now_is, {**now_is, **wanted[unit_id]})
        if not after:
            continue
        if kept.forbid(unit_id, after):
            left += 1
            continue
        changes.append(Change(unit_id, "restored", before, after))
    _write(session, changes, moment)
    return write_down(session, changes, import_id=act.id, **told), left


def _before(session: Session, act: Import, first: Mapping[int, int]) -> dict[int, dict[str, Any] | None]:
    """What each unit was before the act, as far as it differs; None where it was touched since."""
    found: dict[int, dict[str, Any] | None] = {}
    for unit_id, changes in _since(session, first).items():
        own = [change for change in changes if change.import_id == act.id]
        if any(change.action in ("restored", "withdrawn") for change in own):
            found[unit_id] = {}
        elif any(change.import_id != act.id and change.state not in ("undone", "failed") for change in changes):
            found[unit_id] = None
        else:
            found[unit_id] = {name: value for change in reversed(own) for name, value in change.before.items()}
    return found


def _since(session: Session, first: Mapping[int, int]) -> dict[int, list[Told]]:
    """Every change of these units from their first one on, in order."""
    rows = session.execute(
        select(
            CHANGES.c.id,
            CHANGES.c.unit_id,
            CHANGES.c.import_id,
            CHANGES.c.action,
            CHANGES.c.before,
            IMPORTS.c.state,
        )
        .outerjoin(IMPORTS, IMPORTS.c.id == CHANGES.c.import_id)
        .where(CHANGES.c.unit_id.in_(first))
        .order_by(CHANGES.c.id)
    )
    found: dict[int, list[Told]] = defaultdict(list)
    for number, unit_id, *facts in rows:
        if number >= first[unit_id]:
            found[unit_id].append(Told(unit_id, *facts))
    return found


def _states(session: Session, unit_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    names = [UNITS.c[name] for name in FACTS]
    rows = session.execute(select(UNITS.c.id, *names).where(UNITS.c.id.in_(unit_ids)).order_by(UNITS.c.id))
    return {unit_id: dict(zip(FACTS, facts, strict=True)) for unit_id, *facts in rows}


class _Kept(NamedTuple):
    """What later acts, and places that were not replaced since, have to say about units."""

    seen: Collection[int]
    approved: Collection[int]
    standing: Collection[int]

    def forbid(self, unit_id: int, after: Mapping[str, Any]) -> bool:
        """Whether the unit must not be put back to `after`."""
        if after.get("status") == "superseded":
            return unit_id in self.seen
        if "status" in after and unit_id not in self.standing:
            return True
        return "origin" in after and unit_id in self.approved


def _kept(session: Session, act: Import, unit_ids: Collection[int]) -> _Kept:
    approved = func.max(case((SEEN.c.origin == "approved", 1), else_=0))
    later = session.execute(
        select(SEEN.c.unit_id, approved)
        .join(IMPORTS, IMPORTS.c.id == SEEN.c.import_id)
        .where(SEEN.c.unit_id.in_(unit_ids), SEEN.c.withdrawn.is_(False), IMPORTS.c.at > act.at)
        .group_by(SEEN.c.unit_id)
    ).all()
    return _Kept({row[0] for row in later}, {row[0] for row in later if row[1]}, _not_replaced(session, act, unit_ids))


def _not_replaced(session: Session, act: Import, unit_ids: Collection[int]) -> set[int]:
    """Of these units those with a place that no act after this one has given to another unit."""
    other = SEEN.alias("other")
    replaced = exists(
        select(other.c.id)
        .join(IMPORTS, IMPORTS.c.id == other.c.import_id)
        .where(
            other.c.document_key == SEEN.c.document_key,
            other.c.position == SEEN.c.position,
            other.c.unit_id != SEEN.c.unit_id,
            other.c.withdrawn.is_(False),
            IMPORTS.c.at > act.at,
        )
    )
    return set(
        session.scalars(
            select(SEEN.c.unit_id)
            .where(SEEN.c.unit_id.in_(unit_ids), SEEN.c.withdrawn.is_(False), ~replaced)
            .distinct()
        )
    )


def _write(session: Session, changes: Sequence[Change], moment: int) -> None:
    """Set what each change says, the changes with the same outcome together."""
    together: dict[tuple[str, ...], list[Change]] = defaultdict(list)
    for change in changes:
        together[tuple(sorted(change.after))].append(change)
    for names, some in together.items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        session.execute(
            update(UNITS).where(UNITS.c.id == bindparam("unit")).values(**values, changed=moment),
            [{"unit": each.unit_id, **{f"new_{name}": each.after[name] for name in names}} for each in some],
        )
