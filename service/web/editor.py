"""The editor: its page, the rows and panels that it asks for, and the acts on a segment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, redirect, request, url_for

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.auth.kept import key_of
from service.desk import cutting, people, policy, presence, review, segmentation, terms
from service.desk import repetitions as repeating
from service.storage import overview, repetitions
from service.storage.comments import open_threads
from service.storage.proposals import sets_for
from service.storage.releases import Segment, draft_of, get_release, get_segment, history_of
from service.storage.runs import runs_about
from service.storage.standing import some_of
from service.web import acts
from service.web.bench import rows_of
from service.web.bodies import (
    ApproveBody,
    ConfirmBody,
    DraftBody,
    MergeBody,
    PresenceBody,
    ReasonBody,
    SaveBody,
    SendBackBody,
    SplitBody,
    WordBody,
    body,
)
from service.web.comments import threads_of
from service.web.findings import findings_of
from service.web.languages import sentence
from service.web.outline import outline_of
from service.web.pages import Editor, Rows
from service.web.panel import panel_of
from service.web.rendering import render
from service.web.segment_terms import terms_of
from tm.store.base import now

bp = Blueprint("editor", __name__)
RIGHTS = ("segment.edit", "segment.cut", "segment.approve", "segment.send-back", "segment.reopen")
MOST_ROWS = 200  # rows that one request may ask for


@bp.get("/releases/<uuid:release_id>/edit")
@allow("release.see")
def show(release_id: UUID) -> str:
    """The whole release in two columns."""
    release = get_release(db(), str(release_id))
    blocks = overview.blocks_of(db(), release.id)
    rows = rows_of([segment for block in blocks for segment in block.segments])
    live = any(run.state in ("queued", "running") for run in runs_about(db(), release.id))
    rights = [action for action in RIGHTS if policy.may(actor(), action)]
    placed = [(block, [rows[segment.id] for segment in block.segments]) for block in blocks]
    bindings = acts.bindings_of(people.keys_of(db(), actor()))
    return render(
        Editor(
            release,
            placed,
            rights,
            live,
            bindings,
            acts.grouped(bindings),
            acts.FILTERS,
            outline_of(blocks),
            sorted({block.role for block in blocks}),
            key_of(house().settings, actor().id),
        )
    )


@bp.get("/releases/<uuid:release_id>/rows")
@allow("release.see", keeps_alive=False)
def rows(release_id: UUID) -> str:
    """Some rows as they stand now: `?ids=` with commas between, at most 200."""
    wanted = set(request.args.get("ids", "").split(",")[:MOST_ROWS])
    release = get_release(db(), str(release_id))
    return render(Rows(list(rows_of(some_of(db(), release.id, wanted)).values())))


@bp.get("/releases/<uuid:release_id>/pulse")
@allow("release.progress", keeps_alive=False)
def pulse(release_id: UUID) -> Response:
    """Whether something changed: `[id, version, proposed, open threads]` of every segment, and how far the worker is.

    Answers 304 to who has this already.
    """
    release = get_release(db(), str(release_id))
    runs = [run for run in runs_about(db(), release.id) if run.kind in ("ingest", "propose")]
    live = next((run for run in runs if run.state in ("queued", "running")), None)
    talked = open_threads(db(), release.id)
    pulses = overview.pulse(db(), release.id)
    segments = [[one.id, one.version, one.proposed, talked.get(one.id, 0)] for one in pulses]
    done = sum(one.proposed for one in pulses)
    failed = next((run.reason for run in runs[:1] if run.state == "failed"), None)
    response = jsonify(
        {
            "live": live is not None,
            "done": done,
            "total": len(segments),
            "failed": failed,
            "state": release.state,
            "segments": segments,
        }
    )
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/segments/<uuid:segment_id>")
@allow("release.see")
def place_of(segment_id: UUID) -> Response:
    """The lasting address of a segment: on to the editor, at the number that the segment has now."""
    segment = get_segment(db(), str(segment_id))
    editor = url_for(".show", release_id=segment.release_id, _anchor=f"s{segment.position}")
    return make_response(redirect(editor, 303))


@bp.get("/segments/<uuid:segment_id>/panel")
@allow("release.see", keeps_alive=False)
def panel(segment_id: UUID) -> str:
    """Proposals, what the memory knows of a segment without one, findings and history."""
    segment = get_segment(db(), str(segment_id))
    made = sets_for(db(), [segment.id]).get(segment.id)
    projects = overview.projects_of(db(), [proposal.unit_id for proposal in made.proposals]) if made else {}
    own = draft_of(db(), actor().id, segment.id)
    history, typed = history_of(db(), segment.id), own.text if own else None
    twins = repetitions.others_like(db(), segment)
    return render(
        panel_of(segment, made, history, projects, typed, terms.glossary_of(db(), segment), twins, threads_of(segment))
    )


@bp.post("/releases/<uuid:release_id>/presence")
@allow("presence.tell", keeps_alive=False)
def here(release_id: UUID) -> Response:
    """Say on which segment the caller is, and hear who else is there."""
    others = presence.tell(db(), actor(), str(release_id), body(PresenceBody).segment)
    return jsonify({"others": [{"name": one.person.name, "segment": one.segment_id} for one in others]})


@bp.put("/segments/<uuid:segment_id>/draft")
@allow("segment.draft")
def draft(segment_id: UUID) -> Response:
    """Keep what the caller has typed so far, and say what a second reader would find in it."""
    sent = body(DraftBody)
    segment = review.save_draft(db(), actor(), str(segment_id), sent.text, sent.seen)
    glossary = terms.glossary_of(db(), segment)
    found, said = findings_of(segment, sent.text), terms_of(segment, glossary, sent.text)
    return jsonify({"saved_at": now().isoformat(), "findings": render(found), "terms": render(said)})


@bp.post("/segments/<uuid:segment_id>/save")
@allow("segment.edit")
def save(segment_id: UUID) -> Response:
    """Set the target, or confirm it."""
    sent = body(SaveBody)
    return _saved(review.save(db(), actor(), str(segment_id), **sent.model_dump()))


@bp.post("/segments/<uuid:segment_id>/confirm")
@allow("segment.edit")
def confirm(segment_id: UUID) -> Response:
    """Confirm the target, here and in the repetitions of the segment."""
    sent = body(ConfirmBody)
    spread = repeating.confirm(db(), actor(), str(segment_id), **sent.model_dump())
    return _saved(spread.segment, spread_values(spread) | {"act": sent.operation})


def said_of(spread: repeating.Spread) -> list[tuple[int, str]]:
    """What an act left, and why, in the reader's language."""
    return [(position, sentence(why)) for position, why in spread.left]


def spread_values(spread: repeating.Spread) -> dict[str, Any]:
    """An act on many segments as JSON has it: the rows that it touched, and what it left and why."""
    return {
        "others": render(Rows(list(rows_of(spread.done).values()))),
        "count": len(spread.done),
        "left": said_of(spread),
    }


@bp.post("/segments/<uuid:segment_id>/split")
@allow("segment.cut")
def split(segment_id: UUID) -> Response:
    """Split the segment in two."""
    return _cut(cutting.split(db(), actor(), str(segment_id), **body(SplitBody).model_dump()))


@bp.post("/segments/<uuid:segment_id>/merge")
@allow("segment.cut")
def merge(segment_id: UUID) -> Response:
    """Merge the segment with the one after it."""
    return _cut(cutting.merge(db(), actor(), str(segment_id), **body(MergeBody).model_dump()))


def _cut(cut: cutting.Cut) -> Response:
    return _saved(cut.segments[0], {"segments": [one.id for one in cut.segments], "never_after": cut.never_after})


@bp.post("/segments/<uuid:segment_id>/never-after")
@allow("segmentation.change")
def never_after(segment_id: UUID) -> Response:
    """Make it a rule of the segment's project that no segment ends after a word."""
    segmentation.never_after_in(db(), actor(), str(segment_id), body(WordBody).word)
    return jsonify({})


@bp.post("/segments/<uuid:segment_id>/approve")
@allow("segment.approve")
def approve(segment_id: UUID) -> Response:
    """Approve the segment as it was seen."""
    return _saved(review.approve(db(), actor(), str(segment_id), **body(ApproveBody).model_dump()))


@bp.post("/segments/<uuid:segment_id>/send-back")
@allow("segment.send-back")
def send_back(segment_id: UUID) -> Response:
    """Send the segment back to its translator, saying why."""
    return _saved(review.send_back(db(), actor(), str(segment_id), **body(SendBackBody).model_dump()))


@bp.post("/segments/<uuid:segment_id>/reopen")
@allow("segment.reopen")
def reopen(segment_id: UUID) -> Response:
    """Take the approval back, saying why."""
    return _saved(review.reopen(db(), actor(), str(segment_id), **body(ReasonBody).model_dump()))


def _saved(segment: Segment, more: dict[str, Any] | None = None) -> Response:
    rows = list(rows_of([segment]).values())
    return make_response(
        jsonify(
            {
                "version": segment.version,
                "state": segment.state,
                "target": segment.target,
                "saved_at": now().isoformat(),
                "html": render(Rows(rows)),
                "found": findings_of(segment).counts,
                **(more or {}),
            }
        )
    )
