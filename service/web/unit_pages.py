"""What the pages of units need, declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.desk.units import Contradiction, Filter, UnitDetail, UnitLine
from service.errors import StaleUnit
from service.web.pages import View
from service.web.panel_pages import Piece
from tm.errors import PasserelleError
from tm.store.units import UnitChange


@dataclass(frozen=True)
class UnitList(View):
    """Units that fit a filter, a page of them; `further` asks for the next page, None at the end. `address` is the
    filter as the values of an address, `projects` names the scopes that the reader may see."""

    template = "pages/units.html"
    wanted: Filter
    units: list[UnitLine]
    count: int
    further: int | None
    address: dict[str, Any]
    projects: dict[int, str]
    error: PasserelleError | None = None


@dataclass(frozen=True)
class Typed:
    """What was typed into the form of a unit."""

    source: str
    target: str
    reason: str


@dataclass(frozen=True)
class Event:
    """Something that happened to a unit, with its texts as they changed, by language."""

    change: UnitChange
    texts: list[tuple[str, list[Piece]]]


@dataclass(frozen=True)
class UnitPage(View):
    """All about one unit. After a refusal: what was typed, and why it does not stand; `conflict` where somebody else
    was first."""

    template = "pages/unit.html"
    detail: UnitDetail
    history: list[Event]
    projects: dict[int, str]
    typed: Typed | None = None
    error: PasserelleError | None = None
    conflict: StaleUnit | None = None


@dataclass(frozen=True)
class ContradictionPage(View):
    """Sources with several targets that nothing tells apart; `further` asks for the next page, None at the end."""

    template = "pages/contradictions.html"
    groups: list[Contradiction]
    further: str | None
    projects: dict[int, str]
