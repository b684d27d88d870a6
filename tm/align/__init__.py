"""Alignment of a document with its translation.

    align, align_segments     two texts in, beads with confidence out
    pairs                     beads as units for the memory
    likeness                  how sure it is that two documents are a pair
    teach                     what pairs at hand teach about words, for an empty memory
    knowledge.Learned         the lexicon of a memory as knowledge for `align`
    prepare                   compile everything once for all processes of a machine

Importing this package loads neither numpy nor numba; aligning does.
"""

from tm.align.beads import align_segments
from tm.align.documents import AlignmentRefused, align, likeness, pairs
from tm.align.together import prepare, teach

__all__ = ["AlignmentRefused", "align", "align_segments", "likeness", "pairs", "prepare", "teach"]
