"""What works in the background: jobs. What starts by itself: `schedule`."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.auth.addresses import safe_next
from service.auth.guard import actor, allow, db
from service.desk import jobs, policy
from service.storage import overview, runs
from service.web.pages import RunPage
from service.web.rendering import render

bp = Blueprint("background", __name__)


@bp.get("/runs")
@allow("run.see")
def run_list() -> str:
    """Jobs: one's own, or all of them for editors and administrators; an administrator is not told their subjects."""
    who = actor()
    found = runs.latest(db()) if who.sees_all_jobs else overview.runs_of(db(), who.id)
    titles = overview.titles(db(), [run.subject for run in found]) if policy.may(who, "release.see") else {}
    return render(RunPage(found, titles, not who.sees_all_jobs))


@bp.post("/runs/<uuid:run_id>/retry")
@allow("run.retry")
def retry(run_id: UUID) -> Response:
    """Start a failed job again."""
    jobs.retry(db(), actor(), str(run_id))
    return make_response(redirect(safe_next(request.form.get("next", ""), url_for(".run_list")), 303))


@bp.post("/runs/<uuid:run_id>/stop")
@allow("run.stop")
def stop(run_id: UUID) -> Response:
    """Stop a job of the schedule."""
    jobs.stop(db(), actor(), str(run_id))
    return make_response(redirect(safe_next(request.form.get("next", ""), url_for(".run_list")), 303))
