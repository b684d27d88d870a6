"""The row of a segment in the editor, made from what is stored of it."""

from __future__ import annotations

from service.desk.policy import Actor
from service.storage.overview import Pulse
from service.storage.releases import Draft, Segment
from service.web.pages import OwnDraft, SegmentRow


def row_of(segment: Segment, pulse: Pulse, draft: Draft | None, actor: Actor, repeats: int) -> SegmentRow:
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
        key=segment.source_key,
        repeats=1 if segment.carried_over else repeats,
        draft=OwnDraft(draft.text, draft.version, draft.saved_at) if draft is not None and fresh else None,
    )
