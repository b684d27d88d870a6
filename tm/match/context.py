"""Where the segments of a document stand: what a rate of 101 or 102 is claimed from."""

from __future__ import annotations

from tm.text.normalise import fingerprint
from tm.types import Context, Document


def contexts(document: Document) -> tuple[Context, ...]:
    """The context of every segment, in the order of the document: the fingerprints of the segments before and after it,
    whatever their block or language, `""` at the edges of the document, and the role of its block."""
    segments = [(segment, block.role) for block in document.blocks for segment in block.segments]
    marks = ["", *(fingerprint(segment.text) for segment, _ in segments), ""]
    return tuple(Context(marks[at], marks[at + 2], role) for at, (_, role) in enumerate(segments))
