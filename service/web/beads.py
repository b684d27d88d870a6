"""The page of a pair: how it stands, or its beads side by side, and what reviewers do to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, redirect, request, url_for

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import bead_review, bead_sheet, policy
from service.desk.bead_sheet import Sheet
from service.errors import WrongState, status_of
from service.storage import overview
from service.storage.alignments import BeadAct, FilePair
from service.web.alignment_pages import BeadRows, Beads, PairPage, PairStatus, Review
from service.web.bead_bodies import BeadBody, from_form
from service.web.bodies import body
from service.web.pages import View
from service.web.rendering import render
from service.web.scopes import project_names
from tm.errors import InputError, PasserelleError
from tm.store.base import now

bp = Blueprint("beads", __name__, url_prefix="/memory/alignments/<uuid:pair_id>")


@bp.get("")
@allow("alignment.see")
def show(pair_id: UUID) -> str:
    """The review page; for a pair without beads, how it stands."""
    return render(_page(str(pair_id)))


def _page(pair_id: str, error: PasserelleError | None = None) -> View:
    sheet = bead_sheet.look(db(), actor(), pair_id)
    project = project_names().get(sheet.pair.scope, "")
    if sheet.pair.state in ("aligned", "done"):
        return Review(_beads(sheet), project, error)
    return PairPage(_status(sheet.pair), project, error)


def _beads(sheet: Sheet) -> Beads:
    buttons = "buttons" in request.args and not sheet.closed and policy.may(actor(), "alignment.review")
    return Beads(sheet.pair, sheet.lines, sheet.last, sheet.closed, buttons)


def _status(pair: FilePair) -> PairStatus:
    run = overview.latest_run(db(), "align", pair.id)
    return PairStatus(pair, run, pair.state == "received" and (run is None or run.state in ("queued", "running")))


@bp.get("/status")
@allow("alignment.see", keeps_alive=False)
def status(pair_id: UUID) -> str:
    """The part of the page that changes by itself while the pair is aligned."""
    return render(_status(bead_sheet.pair_of(db(), actor(), str(pair_id))))


@bp.get("/rows")
@allow("alignment.see", keeps_alive=False)
def rows(pair_id: UUID) -> str:
    """All beads as they stand now."""
    return render(_beads(bead_sheet.look(db(), actor(), str(pair_id))))


@bp.post("/acts")
@allow("alignment.review")
def act(pair_id: UUID) -> Response:
    """Do something to beads. To a script: the rows that stand in the place of others; else the page again."""
    if request.is_json:
        sent = body(BeadBody)
        return _told(ACTS[sent.act](str(pair_id), sent))
    sent = from_form()
    try:
        done = ACTS[sent.act](str(pair_id), sent)
    except (InputError, WrongState) as error:
        db().rollback()
        return make_response(render(_page(str(pair_id), error)), status_of(error))
    return make_response(
        redirect(url_for(".show", pair_id=pair_id, buttons=1, _anchor=f"b-{done.after[0]['id']}"), 303)
    )


def _told(done: BeadAct) -> Response:
    sheet = bead_sheet.after(db(), actor(), done)
    return jsonify(
        {
            "version": done.number,
            "gone": [row["id"] for row in done.before],
            "html": render(BeadRows(sheet.lines)),
            "counts": sheet.pair.counts,
            "undo": sheet.last.kind if sheet.last else None,
            "undo_by": sheet.last.person if sheet.last and sheet.last.person != actor().name else None,
            "saved_at": now().isoformat(),
        }
    )


def _realign(pair_id: str, sent: BeadBody) -> BeadAct:
    # looked for in a session of its own: it may take a second, in which nobody has to wait to write
    with house().sessions.read() as session:
        found = bead_review.realigned(session, actor(), pair_id, seen=sent.version, settings=house().settings)
    return bead_review.realign(db(), actor(), pair_id, seen=sent.version, rows=found)


def _one(verb: Callable[..., BeadAct], *names: str) -> Callable[[str, BeadBody], BeadAct]:
    """An act on one bead, with what it takes besides."""

    def do(pair_id: str, sent: BeadBody) -> BeadAct:
        further: dict[str, Any] = {name: getattr(sent, name) for name in names}
        return verb(db(), actor(), pair_id, sent.bead, seen=sent.seen, **further)

    return do


ACTS: dict[str, Callable[[str, BeadBody], BeadAct]] = {
    "accept": _one(bead_review.accept),
    "reject": _one(bead_review.reject),
    "edit": _one(bead_review.edit, "source", "target"),
    "merge": _one(bead_review.merge),
    "split": _one(bead_review.split, "french", "english"),
    "move": _one(bead_review.move, "side", "up"),
    "realign": _realign,
    "undo": lambda pair_id, sent: bead_review.undo(db(), actor(), pair_id, seen=sent.version),
}
