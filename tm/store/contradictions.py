"""Sources that the memory renders in two ways although nothing about their place tells which.

Found by walking the index of sources, a bounded piece at a time, so that a page costs no more in a large memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, Text, and_, func, select
from sqlalchemy.orm import Session

from tm.store.browsing import UnitLine, lines
from tm.store.listed import listed
from tm.store.tables import SEEN, UNITS
from tm.types import Context

PIECE = 500  # sources with several units that are looked at together
Key = tuple[int, str]  # scope, fingerprint of the source


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Active units of one scope with the same source, other targets, and at least one context in common.

    A context in which nothing is known counts as well: then nothing at all tells the units apart. `after` asks for
    what follows this one.
    """

    after: str
    units: tuple[UnitLine, ...]
    contexts: tuple[Context, ...]


def contradictions(session: Session, scopes: Collection[int], after: str | None, limit: int) -> list[Contradiction]:
    """The contradictions of these scopes, in a lasting order; a source is told whole, so there may be a few more.

    Raises ValueError for an `after` that none of them had.
    """
    cursor = _cursor(after)
    found: list[Contradiction] = []
    for scope in sorted(scope for scope in scopes if scope >= cursor[0]):
        start = cursor[1] if scope == cursor[0] else ""
        while keys := _several(session, scope, start):
            for told in _among(session, keys):
                if len(found) >= limit and told.after != found[-1].after:
                    return found
                found.append(told)
            start = keys[-1][1]
    return found


def _cursor(after: str | None) -> Key:
    if after is None:
        return (-1, "")
    scope, key = after.split("-", 1)
    return (int(scope), key)


def _several(session: Session, scope: int, start: str) -> list[Key]:
    """The next sources of a scope that have more than one unit, whatever their status: the index alone tells."""
    rows = session.scalars(
        select(UNITS.c.source_key)
        .where(UNITS.c.scope == scope, UNITS.c.source_key > start)
        .group_by(UNITS.c.source_key)
        .having(func.count() > 1)
        .order_by(UNITS.c.source_key)
        .limit(PIECE)
    )
    return [(scope, key) for key in rows]


def _among(session: Session, keys: Sequence[Key]) -> list[Contradiction]:
    groups = _sharing(session, keys)
    told = lines(session, {unit_id for _, unit_ids in groups for unit_id in unit_ids})
    return [
        Contradiction(f"{key[0]}-{key[1]}", tuple(told[unit_id] for unit_id in sorted(unit_ids)), tuple(contexts))
        for (key, unit_ids), contexts in sorted(groups.items(), key=lambda group: (group[0][0], sorted(group[0][1])))
    ]


def _sharing(session: Session, keys: Sequence[Key]) -> dict[tuple[Key, frozenset[int]], list[Context]]:
    """Groups of two units or more that share a source and a context, each with all contexts that it shares."""
    given = listed(session, keys, scope=Integer, source_key=Text).c
    unit, place = UNITS.c, SEEN.c
    rows = session.execute(
        select(unit.scope, unit.source_key, unit.id, place.previous_key, place.next_key, place.role)
        .distinct()
        .select_from(UNITS)
        .outerjoin(SEEN, and_(place.unit_id == unit.id, place.withdrawn.is_(False)))
        .where(unit.scope == given.scope, unit.source_key == given.source_key, unit.status == "active")
    )
    holders: dict[tuple[Key, Context], set[int]] = defaultdict(set)
    for scope, key, unit_id, *context in rows:
        holders[(scope, key), Context(*context)].add(unit_id)
    groups: dict[tuple[Key, frozenset[int]], list[Context]] = defaultdict(list)
    for (source, known), unit_ids in holders.items():
        if len(unit_ids) > 1:
            groups[source, frozenset(unit_ids)].append(known)
    return groups
