"""The rows of segments in the editor, made from what is stored of them: a few questions, however many rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.auth.guard import actor, db
from service.storage import overview, repetitions
from service.storage.comments import open_threads
from service.storage.overview import Pulse
from service.storage.presence import changed_since
from service.storage.releases import Draft, Segment, drafts_of
from service.web.pages import OwnDraft, SegmentRow


@dataclass(frozen=True)
class Around:
    """What a release has around its segments: best proposals and the reader's drafts by segment, how often sources are
    repeated by their key, open threads by segment, and which segments others have changed since the reader looked."""

    pulses: Mapping[str, Pulse]
    drafts: Mapping[str, Draft]
    repeats: Mapping[str, int]
    threads: Mapping[str, int]
    changed: set[str]


def rows_of(segments: Sequence[Segment]) -> dict[str, SegmentRow]:
    """The rows of segments of one release, as the caller sees them, by segment."""
    if not segments:
        return {}
    release_id, reader = segments[0].release_id, actor().id
    around = Around(
        {pulse.id: pulse for pulse in overview.pulse(db(), release_id)},
        drafts_of(db(), reader, release_id),
        repetitions.repeats(db(), release_id),
        open_threads(db(), release_id),
        changed_since(db(), release_id, reader),
    )
    return {segment.id: _row(segment, around, reader) for segment in segments}


def _row(segment: Segment, around: Around, reader: str) -> SegmentRow:
    pulse = around.pulses[segment.id]
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
        category=segment.category or "",
        translator=segment.translator.name if segment.translator else "",
        approver=segment.approver.name if segment.approver else "",
        own=segment.translated_by == reader,
        key=segment.source_key,
        repeats=1 if segment.carried_over else around.repeats.get(segment.source_key, 1),
        comments=around.threads.get(segment.id, 0),
        changed=segment.id in around.changed,
        draft=_draft(segment, around.drafts.get(segment.id)),
    )


def _draft(segment: Segment, draft: Draft | None) -> OwnDraft | None:
    """The reader's draft; one that says what stands already is none."""
    if draft is None or draft.text == segment.target:
        return None
    return OwnDraft(draft.text, draft.version, draft.saved_at)
