"""What works in the background: jobs, and the refreshes of the memory."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.auth.addresses import safe_next
from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import jobs, policy
from service.storage import overview, runs
from service.web.pages import RefreshPage, RunPage
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


@bp.get("/refreshes")
@allow("refresh.see")
def refresh_list() -> str:
    """What each refresh of the memory changed."""
    running = jobs.MEMORY in overview.live_subjects(db(), [jobs.MEMORY])
    found = runs.refreshes(db())
    titles = overview.titles(db(), [learned["id"] for refresh in found for learned in refresh.releases])
    return render(RefreshPage(found, titles, running, house().settings.refresh_at))


@bp.post("/refreshes")
@allow("refresh.start")
def start_refresh() -> Response:
    """Refresh the memory now."""
    jobs.start_refresh(db(), actor())
    return make_response(redirect(url_for(".refresh_list"), 303))
