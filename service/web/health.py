"""For supervisors and load balancers: whether this process answers, and whether the whole service can work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from service.auth.guard import caller, db, public
from service.desk import jobs

bp = Blueprint("health", __name__)


@bp.get("/")
@public()
def home() -> BaseResponse:
    """The first page."""
    return redirect(url_for("releases.index"), 303)


@bp.get("/healthz")
@public()
def healthz() -> Response:
    """This process answers; nothing else is asked, so a slow database does not have it killed."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public()
def readyz() -> Response:
    """200 when the database answers and a worker is alive, else 503; which of them, only to who runs the service."""
    found = {"database": True, "worker": jobs.lives(db(), "worker")}  # a database that is away: 503 from the guard
    ready = all(found.values())
    response = jsonify({"ready": ready, **(found if _may_look() else {})})
    response.status_code = 200 if ready else 503
    return response


def _may_look() -> bool:
    who = caller()
    return request.remote_addr in ("127.0.0.1", "::1") or (who is not None and "admin" in who.roles)
