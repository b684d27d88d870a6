"""Units of the memory: a list to look through, one of them with all that is known of it, and what may be done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.auth.guard import actor, allow, db
from service.desk import units
from service.desk.units import Filter
from service.errors import StaleUnit, WrongState, status_of
from service.web import errors, words
from service.web.fields import choice, line, number, text
from service.web.pages import View
from service.web.panel_pages import Piece
from service.web.pieces import compared
from service.web.rendering import render
from service.web.scopes import project_names
from service.web.unit_pages import ContradictionPage, Event, Typed, UnitList, UnitPage
from tm.errors import InputError, PasserelleError
from tm.match.difference import difference
from tm.store.units import Unit, UnitChange

PAGE = 50  # units, or sources, on one page
LONGEST, LONGEST_REASON = 20_000, 2_000
UNIT = "/units/<int(max=2147483647):unit_id>"
TEXTS = {"source": "fr", "target": "en"}
bp = Blueprint("units", __name__, url_prefix="/memory")


@bp.get("/units")
@allow("memory.see")
def index() -> Response:
    """Units, the newest first, narrowed down by the fields of the form."""
    try:
        return make_response(render(_list(_wanted(), number("after"))))
    except InputError as error:
        return _refused(_list(Filter(), None, error), error)


def _wanted() -> Filter:
    return Filter(
        status=choice("status", words.UNIT_STATUSES) or None,
        origin=choice("origin", words.UNIT_ORIGINS) or None,
        scope=number("scope"),
        import_id=_import_id(),
        document_key=line("document", 64) or None,
        text=line("text", 500) or None,
    )


def _import_id() -> str | None:
    value = line("import", 36)
    try:
        return str(UUID(value)) if value else None
    except ValueError:
        raise InputError("There is no such import.", code="CHOICE_UNKNOWN", where="import") from None


def _list(wanted: Filter, after: int | None, error: PasserelleError | None = None) -> UnitList:
    found = units.browse(db(), actor(), wanted, after, PAGE)
    names = {"import_id": "import", "document_key": "document"}
    return UnitList(
        wanted=wanted,
        units=found,
        count=units.count(db(), actor(), wanted),
        further=found[-1].id if len(found) == PAGE else None,
        address={names.get(name, name): value for name, value in asdict(wanted).items() if value is not None},
        projects=project_names(),
        error=error,
    )


def _refused(page: View, error: PasserelleError) -> Response:
    if errors.wants_json():
        return errors.of_ours(error)
    response = make_response(render(page))
    response.status_code = status_of(error)
    return response


@bp.get(UNIT)
@allow("memory.see")
def show(unit_id: int) -> str:
    """All about one unit."""
    return render(_page(unit_id))


def _page(unit_id: int, typed: Typed | None = None, error: PasserelleError | None = None) -> UnitPage:
    detail = units.show(db(), actor(), unit_id)
    history = [Event(change, _changed(change)) for change in detail.changes]
    conflict = error if isinstance(error, StaleUnit) else None
    return UnitPage(detail, history, project_names(), typed, error, conflict)


def _changed(change: UnitChange) -> list[tuple[str, list[Piece]]]:
    before, after = change.before, change.after
    return [
        (language, compared([asdict(step) for step in difference(before[name], after[name])]))
        for name, language in TEXTS.items()
        if name in before and name in after
    ]


@bp.post(UNIT + "/edit")
@allow("memory.edit")
def edit(unit_id: int) -> Response:
    """Change its texts, with the clock that the form saw; a refusal comes back with everything that was typed."""
    fields = request.form
    typed = Typed(fields.get("source", ""), fields.get("target", ""), fields.get("reason", ""))
    try:
        unit = units.edit(
            db(),
            actor(),
            unit_id,
            source=text("source", LONGEST),
            target=text("target", LONGEST),
            reason=text("reason", LONGEST_REASON),
            seen=number("seen") or 0,
        )
    except (InputError, StaleUnit, WrongState) as error:
        db().rollback()
        return _refused(_page(unit_id, typed, error), error)
    return _go(unit)


@bp.post(UNIT + "/supersede")
@allow("memory.edit")
def supersede(unit_id: int) -> Response:
    """Take it out of use, saying why."""
    return _turned(unit_id, units.supersede)


@bp.post(UNIT + "/reactivate")
@allow("memory.edit")
def reactivate(unit_id: int) -> Response:
    """Bring it back, saying why."""
    return _turned(unit_id, units.reactivate)


def _turned(unit_id: int, turn: Callable[..., Unit]) -> Response:
    try:
        unit = turn(db(), actor(), unit_id, text("reason", LONGEST_REASON))
    except (InputError, WrongState) as error:
        db().rollback()
        return _refused(_page(unit_id, None, error), error)
    return _go(unit)


def _go(unit: Unit) -> Response:
    return make_response(redirect(url_for(".show", unit_id=unit.id), 303))


@bp.get("/contradictions")
@allow("memory.see")
def contradictions() -> str:
    """Sources that the memory renders in two ways although nothing tells when to use which."""
    groups = units.contradictions(db(), actor(), line("after", 40) or None, PAGE)
    further = groups[-1].after if len(groups) >= PAGE else None
    return render(ContradictionPage(groups, further, project_names()))
