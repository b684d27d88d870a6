"""A release as plain data, for scripts and for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.storage.proposals import Proposal, ProposalSet, sets_for
from service.storage.releases import Block, Release, Segment
from service.storage.runs import runs_about
from service.storage.standing import counts_by_state
from tm.text.codes import written


def summary(session: Session, release: Release) -> dict[str, Any]:
    """A release in a few words: id, title, state, segments by state, and its runs."""
    return {
        "id": release.id,
        "title": release.title,
        "state": release.state,
        "failure": release.failure,
        "segments": counts_by_state(session, [release.id])[release.id],
        "runs": [
            {"kind": run.kind, "state": run.state, "done": run.done, "total": run.total, "attempt": run.attempt}
            for run in runs_about(session, release.id)
        ],
    }


def whole(session: Session, release: Release) -> dict[str, Any]:
    """A release with every block, segment and proposal. `before` and `after` are the structure around the blocks."""
    blocks = list(
        session.scalars(
            select(Block)
            .where(Block.release_id == release.id)
            .order_by(Block.position)
            .options(selectinload(Block.segments))
        )
    )
    made = sets_for(session, [segment.id for block in blocks for segment in block.segments])
    data = summary(session, release)
    data |= {"after": release.after, "notes": release.notes, "blocks": [_block(block, made) for block in blocks]}
    return data


def _block(block: Block, made: dict[str, ProposalSet]) -> dict[str, Any]:
    return {
        "role": block.role,
        "level": block.level,
        "before": block.before,
        "text": written(block.text),
        "segments": [_segment(segment, made.get(segment.id)) for segment in block.segments],
    }


def _segment(segment: Segment, made: ProposalSet | None) -> dict[str, Any]:
    return {
        "id": segment.id,
        "position": segment.position,
        "start": segment.start,
        "end": segment.end,
        "source": written(segment.source),
        "target": written(segment.target),
        "codes": [asdict(code) for code in segment.codes],
        "state": segment.state,
        "language": segment.language,
        "version": segment.version,
        "origin": segment.origin,
        "rate": segment.match_rate,
        "distance": segment.distance,
        "reason": segment.reason,
        "proposed": made is not None,
        "proposals": [_proposal(proposal) for proposal in made.proposals] if made else [],
        "fragments": made.fragments if made else [],
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    names = (
        "rank source target raw_target rate base_rate origin penalties difference stale hints repair provenance "
        "alternatives unit_id"
    )
    return {name: getattr(proposal, name) for name in names.split()}
