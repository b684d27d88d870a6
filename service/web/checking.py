"""Findings of a whole release, and those that somebody says are meant."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from service.auth.guard import actor, allow, db
from service.desk import checking
from service.storage.releases import Segment, draft_of, get_release
from service.storage.standing import some_of
from service.web.bodies import CodeBody, MeantBody, body
from service.web.findings import findings_of
from service.web.rendering import render

bp = Blueprint("checking", __name__)
MOST = 100  # segments that one request may ask for


@bp.get("/releases/<uuid:release_id>/findings")
@allow("release.see", keeps_alive=False)
def of_release(release_id: UUID) -> Response:
    """How many errors and warnings some segments have: `?ids=` with commas between, at most 100."""
    wanted = set(request.args.get("ids", "").split(",")[:MOST])
    release = get_release(db(), str(release_id))
    found = checking.of_segments(db(), some_of(db(), release.id, wanted))
    return jsonify({key: [len(one.errors), len(one.warnings)] for key, one in found.items()})


@bp.post("/segments/<uuid:segment_id>/intended")
@allow("finding.intend")
def intend(segment_id: UUID) -> Response:
    """Say that a finding is meant, and why."""
    sent = body(MeantBody)
    return _found(checking.intend(db(), actor(), str(segment_id), sent.code, sent.reason))


@bp.post("/segments/<uuid:segment_id>/not-intended")
@allow("finding.intend")
def withdraw(segment_id: UUID) -> Response:
    """Say that a finding is not meant after all."""
    return _found(checking.withdraw(db(), actor(), str(segment_id), body(CodeBody).code))


def _found(segment: Segment) -> Response:
    own = draft_of(db(), actor().id, segment.id)
    found = findings_of(segment, own.text if own else None)
    return jsonify({"findings": render(found), "found": findings_of(segment).counts})
