"""Aligning again what lies between accepted beads, with all that they tell.

It is done at once, in the process that asks, and not by a job: the texts were read and bounded long ago, and it takes a
tenth of a second for a press release (one second for three thousand segments with a fifth of them accepted). What would
take longer is refused: without accepted beads in between, the aligner knows nothing that it did not know before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from service.desk.alignments import new_row
from service.desk.beads import Row, Texts
from service.errors import WrongState
from tm.types import Bead

if TYPE_CHECKING:
    from service.settings import Settings
    from tm.align.knowledge import Knowledge

LONGEST = 1000  # segments of one side between two accepted beads: some two seconds


def between_accepted(
    texts: Texts, rows: Sequence[Row], settings: Settings, knowledge: Knowledge | None = None
) -> list[Row]:
    """The rows as they would be: accepted ones stay, the rest is aligned anew with what a memory has taught, and what
    comes out as it was stays too.

    Raises WrongState (TOO_LONG_TO_ALIGN)."""
    from tm.align import align_segments

    accepted = [row for row in rows if row.state == "accepted"]
    _check_length(texts, accepted)
    found = align_segments(
        [segment.text for segment in texts.french],
        [segment.text for segment in texts.english],
        [texts.place("fr", at) for at in range(len(texts.french))],
        [texts.place("en", at) for at in range(len(texts.english))],
        knowledge=knowledge,
        fixed=[bead for row in accepted for bead in _fixed(row)],
    )
    known = {(row.source, row.target): row for row in rows}
    alone = {row.source[0]: row for row in accepted if not row.target}
    inside = {at for row in alone.values() for at in row.source[1:]}
    result = []
    for bead in found:
        if not bead.target and bead.source[0] in inside:
            continue
        row = alone.get(bead.source[0]) if bead.source and not bead.target else None
        row = row or known.get((bead.source, bead.target))
        result.append(row or new_row(texts, bead.source, bead.target, bead.confidence, settings))
    return result


def _fixed(row: Row) -> list[Bead]:
    """The bead for the aligner; where its English was written by somebody, each of its segments stands alone."""
    sure = 1.0 if row.settled_by is not None else row.confidence
    if row.target:
        return [Bead(row.source, row.target, sure)]
    return [Bead((at,), (), sure) for at in row.source]


def _check_length(texts: Texts, accepted: Sequence[Row]) -> None:
    for side, segments in (("source", texts.french), ("target", texts.english)):
        ends = [-1, *(at for row in accepted if row.source and row.target for at in getattr(row, side)), len(segments)]
        if max(after - before for before, after in pairwise(ends)) > LONGEST:
            raise WrongState(
                f"More than {LONGEST:,} segments lie between two accepted beads.",
                code="TOO_LONG_TO_ALIGN",
                todo="Accept some that are right in between, then align again.",
            )
