"""Units of the memory, one by one and in lists, as people look at them. What they may change: `edit_units`.

Everything is asked within the scopes that the actor may see; what lies outside is not there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk.edit_units import count_use, edit, reactivate, supersede, visible
from service.desk.policy import Actor, may, require
from service.desk.projects import scopes_of
from service.storage.alignments import Bead, beads_of_unit
from tm.errors import InputError
from tm.store import browsing
from tm.store import contradictions as contradicting
from tm.store import growth as growing
from tm.store.browsing import Filter, UnitLine
from tm.store.contradictions import Contradiction
from tm.store.growth import Growth
from tm.store.units import Import, Occurrence, Unit, UnitChange

__all__ = [
    "Contradiction",
    "Filter",
    "Growth",
    "UnitDetail",
    "UnitLine",
    "browse",
    "contradictions",
    "count",
    "count_use",
    "edit",
    "growth",
    "reactivate",
    "show",
    "supersede",
]

MOST = 200  # places, changes or other units that are shown of one unit


@dataclass(frozen=True, slots=True)
class UnitDetail:
    """A unit with its places and changes, the newest first, the other units of the same source in its scope, and what
    the imports that are named in all of it are called, by id. `beads`: the bead of a pair of documents that it comes
    from at a place, by the import and the position of the place, for whoever may look at it."""

    unit: Unit
    occurrences: list[Occurrence]
    changes: list[UnitChange]
    others: list[UnitLine]
    imports: dict[str, str]
    beads: dict[tuple[str, int], Bead]


def browse(session: Session, actor: Actor, wanted: Filter, after: int | None = None, limit: int = 50) -> list[UnitLine]:
    """Units, the newest first; `after` is the id of the last unit of the page before."""
    require(actor, "memory.see")
    return browsing.page(session, scopes_of(session, actor), wanted, after, limit)


def count(session: Session, actor: Actor, wanted: Filter) -> int:
    """How many units `browse` has on all its pages."""
    require(actor, "memory.see")
    return browsing.count(session, scopes_of(session, actor), wanted)


def show(session: Session, actor: Actor, unit_id: int) -> UnitDetail:
    """Everything about one unit. Raises NotFound where there is none for this actor."""
    require(actor, "memory.see")
    unit = visible(session, actor, unit_id)
    occurrences = list(
        session.scalars(
            select(Occurrence).where(Occurrence.unit_id == unit.id).order_by(Occurrence.id.desc()).limit(MOST)
        )
    )
    changes = list(
        session.scalars(
            select(UnitChange).where(UnitChange.unit_id == unit.id).order_by(UnitChange.id.desc()).limit(MOST)
        )
    )
    same = select(Unit.id).where(Unit.scope == unit.scope, Unit.source_key == unit.source_key, Unit.id != unit.id)
    others = browsing.lines(session, session.scalars(same.order_by(Unit.id.desc()).limit(MOST)))
    acts = {unit.import_id, *(each.import_id for each in occurrences), *(each.import_id for each in changes)}
    labels = session.execute(select(Import.id, Import.label).where(Import.id.in_(acts - {None}))).all()
    ordered = sorted(others.values(), key=lambda line: -line.id)
    documents = {each.document_key for each in occurrences}
    beads = beads_of_unit(session, unit.id, documents) if may(actor, "alignment.see") else {}
    return UnitDetail(unit, occurrences, changes, ordered, {row.id: row.label for row in labels}, beads)


def contradictions(session: Session, actor: Actor, after: str | None = None, limit: int = 50) -> list[Contradiction]:
    """Sources with several active targets that nothing tells apart; `after` is that of the last one before.

    A source is told whole, so there may be a few more than `limit`. Raises InputError for an `after` of another kind.
    """
    require(actor, "memory.see")
    try:
        return contradicting.contradictions(session, scopes_of(session, actor), after, limit)
    except ValueError:
        raise InputError("There is no such page.", code="PAGE_UNKNOWN", todo="Begin with the first one.") from None


def growth(session: Session, actor: Actor) -> list[Growth]:
    """How the memory that the actor may see grew: a line for each day on which something came or went."""
    require(actor, "refresh.see")
    return growing.growth(session, scopes_of(session, actor))
