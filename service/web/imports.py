"""What came into the memory at once: the list, a new file, and one import with the way to undo it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, url_for

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import imports, policy, undo
from service.errors import NotFound, WrongState, status_of
from service.storage import overview
from service.web.fields import line, text, upload
from service.web.import_pages import ImportLine, ImportList, ImportPage, ImportStatus
from service.web.pages import View
from service.web.rendering import render
from service.web.scopes import own_projects, project_names
from tm.errors import InputError, PasserelleError
from tm.store.units import Import

LONGEST_REASON = 2_000
bp = Blueprint("imports", __name__, url_prefix="/memory/imports")


@bp.get("")
@allow("memory.see")
def index() -> str:
    """The latest imports."""
    return render(_list())


def _list(error: PasserelleError | None = None) -> ImportList:
    names = project_names()
    lines = [_line(act, names) for act in undo.listing(db(), actor())]
    return ImportList(lines, own_projects(), house().settings.upload_limit_mb, error)


def _line(act: Import, names: dict[int, str]) -> ImportLine:
    return ImportLine(act, "undoing" if undo.is_being_undone(act) else act.state, names.get(act.scope, ""))


@bp.post("")
@allow("memory.import")
def add() -> Response:
    """Take in an exchange file; a background job reads it."""
    try:
        name, data = upload("Choose a .tmx, .po, .xlf or .tsv file.")
        project = line("project", 64) or None
        act = imports.submit(db(), actor(), name, data, settings=house().settings, project=project)
    except (InputError, NotFound) as error:
        db().rollback()
        return _refused(_list(error), error)
    return _go(act.id)


def _refused(page: View, error: PasserelleError) -> Response:
    response = make_response(render(page))
    response.status_code = status_of(error)
    return response


def _go(import_id: str) -> Response:
    return make_response(redirect(url_for(".show", import_id=import_id), 303))


@bp.get("/<uuid:import_id>")
@allow("memory.see")
def show(import_id: UUID) -> str:
    """One import: what it brought, and what undoing it would touch."""
    return render(_page(str(import_id)))


@bp.get("/<uuid:import_id>/status")
@allow("memory.see", keeps_alive=False)
def status(import_id: UUID) -> str:
    """The part of the page that changes by itself."""
    return render(_status(undo.visible(db(), actor(), str(import_id))))


def _page(import_id: str, reason: str = "", error: PasserelleError | None = None) -> ImportPage:
    status = _status(undo.visible(db(), actor(), import_id))
    undoable = status.line.state in ("done", "running") and not status.live
    if undoable and policy.may(actor(), "memory.import"):
        return ImportPage(status, undo.foresee(db(), actor(), import_id), reason, error)
    return ImportPage(status, None, reason, error)


def _status(act: Import) -> ImportStatus:
    run = overview.latest_run(db(), "import", act.id)
    return ImportStatus(_line(act, project_names()), run, run is not None and run.state in ("queued", "running"))


@bp.post("/<uuid:import_id>/undo")
@allow("memory.import")
def take_back(import_id: UUID) -> Response:
    """Undo an import, saying why; a large one is taken back in the background."""
    reason = ""
    try:
        reason = text("reason", LONGEST_REASON)
        undo.undo_import(db(), actor(), str(import_id), reason)
    except (InputError, WrongState) as error:
        db().rollback()
        return _refused(_page(str(import_id), reason, error), error)
    return _go(str(import_id))
