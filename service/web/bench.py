"""What the editor shows of a segment, made from its rows."""

from __future__ import annotations

from typing import Any

from service.desk.policy import Actor
from service.storage.overview import Pulse
from service.storage.proposals import Proposal, ProposalSet
from service.storage.releases import Draft, History, Segment
from service.web.pages import OwnDraft, Panel, Piece, ProposalCard, SegmentRow


def row_of(segment: Segment, pulse: Pulse, draft: Draft | None, actor: Actor) -> SegmentRow:
    """The row of a segment as this person sees it. A draft that says what stands already is none."""
    fresh = draft is not None and draft.text != segment.target
    return SegmentRow(
        id=segment.id,
        position=segment.position,
        source=segment.source,
        target=segment.target,
        state=segment.state,
        version=segment.version,
        carried_over=segment.carried_over,
        proposed=pulse.proposed,
        rate=pulse.rate,
        origin=pulse.origin,
        inserted_rate=segment.match_rate,
        inserted_origin=segment.origin,
        distance=segment.distance,
        reason=segment.reason,
        translator=segment.translator.name if segment.translator else "",
        approver=segment.approver.name if segment.approver else "",
        own=segment.translated_by == actor.id,
        draft=OwnDraft(draft.text, draft.version, draft.saved_at) if draft is not None and fresh else None,
    )


def panel_of(segment: Segment, made: ProposalSet | None, history: list[History]) -> Panel:
    """The panel beside a segment; `made` is None while nothing was looked for yet."""
    return Panel(
        segment_id=segment.id,
        position=segment.position,
        carried_over=segment.carried_over,
        proposed=made is not None,
        cards=[_card(proposal) for proposal in made.proposals] if made else [],
        clues=list(made.fragments) if made else [],
        history=history,
    )


def _card(proposal: Proposal) -> ProposalCard:
    return ProposalCard(
        rank=proposal.rank,
        rate=proposal.rate,
        base_rate=proposal.base_rate,
        origin=proposal.origin,
        penalties=[(penalty["code"], penalty["points"]) for penalty in proposal.penalties],
        source=_compared(proposal),
        target=marked(proposal.target, proposal.stale, "stale"),
        text=proposal.target,
        provenance=proposal.provenance,
        alternatives=proposal.alternatives,
    )


def _compared(proposal: Proposal) -> list[Piece]:
    """The memory's source as it differs from the segment's: what only the memory has, and what only the segment has."""
    pieces: list[Piece] = []
    for step in proposal.difference:
        if step["kind"] == "equal":
            pieces.append(Piece("", step["unit"]))
            continue
        if step["unit"]:
            pieces.append(Piece("delete", step["unit"]))
        if step["query"]:
            pieces.append(Piece("insert", step["query"]))
    return pieces or [Piece("", proposal.source)]


def marked(text: str, spans: list[Any], kind: str) -> list[Piece]:
    """`text` in pieces, those inside `spans` (`{"start", "end"}`, ascending) marked with `kind`."""
    pieces, end = [], 0
    for span in spans:
        pieces.append(Piece("", text[end : span["start"]]))
        pieces.append(Piece(kind, text[span["start"] : span["end"]]))  # type: ignore[arg-type]
        end = span["end"]
    pieces.append(Piece("", text[end:]))
    return [piece for piece in pieces if piece.text]
