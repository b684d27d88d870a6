"""Pairs of files for the memory: handing them in, the list of them, what became of each, and the beads that wait."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import alignments, bead_sheet, handing_in
from service.desk.alignments import File
from service.desk.handing_in import Received
from service.errors import status_of
from service.storage.alignments import FilePair
from service.web.alignment_pages import PairLine, PairList, Queue
from service.web.fields import line
from service.web.rendering import render
from service.web.scopes import own_projects, project_names
from tm.errors import InputError, PasserelleError

MOST_DOUBTS = 50
MOST_PARTS = 2 * handing_in.MOST_AT_ONCE + 20  # files and fields of one form
bp = Blueprint("alignments", __name__, url_prefix="/memory/alignments")


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: object) -> None:
    """Many files come in one form; this has to be said before anybody looks into it."""
    if endpoint == "alignments.add_many":
        request.max_form_parts = MOST_PARTS


@bp.get("")
@allow("alignment.see")
def index() -> str:
    """The latest pairs."""
    return render(_list())


def _list(received: Received | None = None, error: PasserelleError | None = None, chosen: str = "") -> PairList:
    found = alignments.listing(db(), actor())
    return PairList(
        pairs=found,
        projects=own_projects(),
        names=project_names(),
        waiting=sum(pair.counts.get("waiting", 0) for pair in found),
        limit_mb=house().settings.upload_limit_mb,
        received=received,
        error=error,
        chosen=chosen,
    )


@bp.get("/<uuid:pair_id>/line")
@allow("alignment.see", keeps_alive=False)
def pair_line(pair_id: UUID) -> str:
    """One row of the list."""
    return render(PairLine(bead_sheet.pair_of(db(), actor(), str(pair_id)), project_names()))


@bp.get("/queue")
@allow("alignment.see")
def queue() -> str:
    """Beads that wait for somebody, across all pairs."""
    return render(Queue(alignments.queue(db(), actor(), MOST_DOUBTS), MOST_DOUBTS))


@bp.post("")
@allow("alignment.submit")
def add() -> Response:
    """Take in two files, or a bilingual table."""
    french, english = _file("french"), _file("english")
    try:
        settings, project = house().settings, line("project", 64)
        pair = handing_in.hand_in_two(db(), actor(), french, english, settings=settings, project=project)
    except InputError as error:
        return _refused(error)
    return go(pair)


@bp.post("/files")
@allow("alignment.submit")
def add_many() -> Response:
    """Take in files whose names pair up, or zip files of them; says what became of each."""
    files = [File(each.filename, each.read()) for each in request.files.getlist("files") if each.filename]
    try:
        received = handing_in.hand_in(db(), actor(), files, settings=house().settings, project=line("project", 64))
    except InputError as error:
        return _refused(error)
    pairs = received.pairs + received.known
    if len(pairs) == 1 and not received.refused and not received.alone:
        return go(pairs[0])
    return make_response(render(_list(received)), 200 if pairs else 422)


def _file(name: str) -> File | None:
    found = request.files.get(name)
    return File(found.filename, found.read()) if found is not None and found.filename else None


def _refused(error: InputError) -> Response:
    db().rollback()
    return make_response(render(_list(error=error, chosen=request.form.get("project", ""))), status_of(error))


def go(pair: FilePair) -> Response:
    """On to the page of a pair."""
    return make_response(redirect(url_for("beads.show", pair_id=pair.id), 303))


@bp.post("/<uuid:pair_id>/again")
@allow("alignment.submit")
def again(pair_id: UUID) -> Response:
    """Try a pair once more that was refused."""
    return go(alignments.align_again(db(), actor(), str(pair_id)))


@bp.post("/<uuid:pair_id>/swap")
@allow("alignment.submit")
def swap(pair_id: UUID) -> Response:
    """Take the French file for the English one, and try again."""
    return go(handing_in.swap(db(), actor(), str(pair_id), settings=house().settings))
