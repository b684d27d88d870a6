"""Alignment of a document with its translation."""

from tm.align.beads import align_segments
from tm.align.documents import AlignmentRefused, align, pairs

__all__ = ["AlignmentRefused", "align", "align_segments", "pairs"]
