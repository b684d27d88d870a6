"""How the memory grew, day by day, from what its acts say of themselves and from the changes of units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, case, func, select
from sqlalchemy.orm import Session

from tm.store.tables import CHANGES, IMPORTS, UNITS


@dataclass(frozen=True, slots=True)
class Growth:
    """A day on which the memory changed: units added, units that were superseded (less those brought back), and how
    many stood at its end."""

    day: date
    added: int
    superseded: int
    units: int


def growth(session: Session, scopes: Collection[int]) -> list[Growth]:
    """Each day on which units of these scopes came or went, in order."""
    added, gone = _added(session, scopes), _gone(session, scopes)
    found, units = [], 0
    for day in sorted(added.keys() | gone.keys()):
        units += added[day] - gone[day]
        found.append(Growth(day, added[day], gone[day], units))
    return found


def _added(session: Session, scopes: Collection[int]) -> Counter[date]:
    days: Counter[date] = Counter()
    acts = session.execute(select(IMPORTS.c.at, IMPORTS.c.counts).where(IMPORTS.c.scope.in_(scopes)))
    for at, counts in acts:
        if number := int(counts.get("added", 0)):
            days[at.date()] += number
    return days


def _gone(session: Session, scopes: Collection[int]) -> Counter[date]:
    """A change that was part of an act has the scope of the act, of which there are few; others that of their unit."""
    by_acts = _counted(session).join(IMPORTS, IMPORTS.c.id == CHANGES.c.import_id).where(IMPORTS.c.scope.in_(scopes))
    by_people = (
        _counted(session)
        .join(UNITS, UNITS.c.id == CHANGES.c.unit_id)
        .where(CHANGES.c.import_id.is_(None), UNITS.c.scope.in_(scopes))
    )
    days: Counter[date] = Counter()
    for query in (by_acts, by_people):
        for day, number in session.execute(query):
            if number:
                days[day if isinstance(day, date) else date.fromisoformat(day)] += number
    return days


def _counted(session: Session) -> Select[Any]:
    before, after = CHANGES.c.before["status"].as_string(), CHANGES.c.after["status"].as_string()
    number = case((after == "superseded", 1), (before == "superseded", -1), else_=0)
    day = _day(session)
    return select(day, func.sum(number)).select_from(CHANGES).group_by(day)


def _day(session: Session) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "sqlite":
        return func.date(CHANGES.c.at)
    return func.date(func.timezone("UTC", CHANGES.c.at), type_=Date())
