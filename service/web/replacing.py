"""Acts on many segments of a release: replacing, with its preview, one act for all, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, jsonify

from service.auth.guard import actor, allow, db
from service.desk import bulk, repetitions, replacing
from service.desk.patterns import Pattern
from service.storage.releases import Segment
from service.web.bodies import BulkBody, PatternBody, ReplaceBody, TakeBackBody, body
from service.web.editor import said_of, spread_values
from service.web.pages import View
from service.web.panel_pages import Piece
from service.web.rendering import render

bp = Blueprint("replacing", __name__)


@dataclass(frozen=True)
class Replacements(View):
    """What replacing would change: segments with their texts in pieces, and the numbers of those that stay."""

    template = "partials/replacements.html"
    hits: list[tuple[Segment, list[Piece]]]
    places: int
    approved: list[int]


@bp.post("/releases/<uuid:release_id>/replace/preview")
@allow("segment.edit")
def preview(release_id: UUID) -> Response:
    """What replacing would change."""
    found = replacing.preview(db(), actor(), str(release_id), body(PatternBody).pattern())
    hits = [(hit.segment, _pieces(hit)) for hit in found.hits]
    return jsonify({"html": render(Replacements(hits, found.places, found.approved))})


@bp.post("/releases/<uuid:release_id>/replace")
@allow("segment.edit")
def replace(release_id: UUID) -> Response:
    """Replace in what was chosen."""
    sent = body(ReplaceBody)
    pattern: Pattern = sent.pattern()
    return jsonify(spread_values(replacing.replace(db(), actor(), str(release_id), pattern, sent.seen, sent.operation)))


@bp.post("/releases/<uuid:release_id>/take-back")
@allow("segment.edit")
def take_back(release_id: UUID) -> Response:
    """Take an act of the caller's back out of the segments that it was put into."""
    sent = body(TakeBackBody)
    return jsonify(spread_values(repetitions.take_back(db(), actor(), str(release_id), sent.act, sent.operation)))


@bp.post("/releases/<uuid:release_id>/bulk")
@allow("segment.bulk")
def bulk_act(release_id: UUID) -> Response:
    """Do one act on many segments, or say what it would do."""
    sent = body(BulkBody)
    wanted = bulk.Bulk(sent.act, sent.reason, sent.category, sent.least, sent.acknowledged)
    if sent.operation is None:
        found = bulk.foresee(db(), actor(), str(release_id), wanted, sent.seen)
        return jsonify({"count": len(found.done), "left": said_of(found)})
    return jsonify(spread_values(bulk.do(db(), actor(), str(release_id), wanted, sent.seen, sent.operation)))


def _pieces(hit: replacing.Hit) -> list[Piece]:
    pieces, end, text = [], 0, hit.segment.target
    for change in hit.changes:
        pieces += [Piece("", text[end : change.start]), Piece("delete", text[change.start : change.end])]
        pieces.append(Piece("insert", change.new))
        end = change.end
    return [piece for piece in [*pieces, Piece("", text[end:])] if piece.text]
