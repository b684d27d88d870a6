"""How much of a release the memory knows, before the work, and what each band has cost after it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, redirect, request, url_for

from service.auth.guard import actor, allow, db
from service.desk import analysing
from service.errors import NotFound, WrongState, status_of
from service.storage.releases import get_release
from service.web.downloads import attachment
from service.web.published_pages import AnalysisPage
from service.web.rendering import render
from tm.errors import PasserelleError

bp = Blueprint("analyses", __name__, url_prefix="/releases/<uuid:release_id>/analysis")


@bp.get("")
@allow("release.see")
def show(release_id: UUID) -> str:
    """The last analysis, and the costs so far."""
    return render(_page(str(release_id)))


def _page(release_id: str, error: PasserelleError | None = None) -> AnalysisPage:
    release = get_release(db(), release_id)
    found = analysing.latest(db(), release.id)
    return AnalysisPage(release, found, analysing.costs(db(), actor(), release.id), error)


@bp.post("")
@allow("release.analyse")
def analyse(release_id: UUID) -> Response:
    """Analyse it now."""
    try:
        analysing.analyse(db(), actor(), str(release_id), internal=bool(request.form.get("internal")))
    except WrongState as error:
        db().rollback()
        return make_response(render(_page(str(release_id), error)), status_of(error))
    return make_response(redirect(url_for(".show", release_id=release_id), 303))


@bp.get("/table.<form>")
@allow("release.see")
def table(release_id: UUID, form: str) -> Response:
    """The tables as CSV or JSON."""
    release = get_release(db(), str(release_id))
    found, costs = analysing.latest(db(), release.id), analysing.costs(db(), actor(), release.id)
    rows = found.rows if found else []
    if form == "csv":
        return attachment(analysing.as_csv(rows), "analysis.csv", "text/csv; charset=utf-8")
    if form == "costs.csv":
        return attachment(analysing.as_csv(costs, analysing.COSTS), "costs.csv", "text/csv; charset=utf-8")
    if form == "json":
        made = {"tick": found.tick, "internal": found.internal} if found else {"tick": None, "internal": None}
        return jsonify({**made, "rows": rows, "costs": costs})
    raise NotFound("table")
