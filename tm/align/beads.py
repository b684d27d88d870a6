"""Two lists of segments in, beads out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tm.align.fixed import Gap, gaps
from tm.align.weights import DEFAULT_WEIGHTS, Place, Weights
from tm.types import Bead

if TYPE_CHECKING:
    from tm.align.grid import Section
    from tm.align.knowledge import Knowledge
    from tm.align.reading import Side
    from tm.align.scores import Structure

__all__ = ["DEFAULT_WEIGHTS", "Place", "Weights", "align_segments"]

SURE = 0.9  # confidence of a bead from which words may be learned


def align_segments(
    source: Sequence[str],
    target: Sequence[str],
    source_places: Sequence[Place] | None = None,
    target_places: Sequence[Place] | None = None,
    weights: Weights = DEFAULT_WEIGHTS,
    *,
    knowledge: Knowledge | None = None,
    fixed: Sequence[Bead] = (),
) -> list[Bead]:
    """Beads of French `source` and English `target` segments in order, each segment in exactly one bead.

    Shapes: up to four segments on either side, 1:0 and 0:1. `confidence` is how likely the bead is right. With both
    lists of places, the structure of the documents counts too. `knowledge` is what a memory has taught; without, the
    texts are aligned by what can be seen, words are learned from the sure beads, and the texts are aligned again.
    Beads in `fixed` are kept as they are (see `tm.align.fixed.gaps`), only what lies between them is aligned. Time and
    memory grow with the longer list. The same texts give the same beads.
    """
    from tm.align.reading import read

    return align_sides((read(source, "fr"), read(target, "en")), (source_places, target_places), weights,
                       knowledge=knowledge, fixed=fixed)  # fmt: skip


def align_sides(
    sides: tuple[Side, Side],
    places: tuple[Sequence[Place] | None, Sequence[Place] | None],
    weights: Weights,
    *,
    knowledge: Knowledge | None,
    fixed: Sequence[Bead],
) -> list[Bead]:
    """As `align_segments`, for texts that were read."""
    from tm.align.scores import Structure

    rows, columns = (len(side.lengths) for side in sides)
    sections = gaps(rows, columns, fixed)
    ours, theirs = places
    structure = Structure.of(ours, theirs) if ours and theirs else Structure.none(rows, columns)
    for bead in fixed:
        if not bead.source or not bead.target:
            structure.alone[0][list(bead.source)] = 1
            structure.alone[1][list(bead.target)] = 1
    beads = _aligned(sides, structure, sections, knowledge, weights)
    if knowledge is None:
        beads = _aligned(sides, structure, sections, _taught(sides, [*beads, *fixed]), weights)
    kept = {(bead.source, bead.target): bead for bead in fixed}
    both = [bead for bead in fixed if bead.source and bead.target]
    return in_order([*(kept.get((bead.source, bead.target), bead) for bead in beads), *both])


def in_order(beads: Sequence[Bead]) -> list[Bead]:
    """Beads that cover two texts and do not cross, from the beginning to the end."""
    waiting = sorted((bead for bead in beads if not bead.source), key=lambda bead: bead.target)
    found: list[Bead] = []
    for bead in sorted((bead for bead in beads if bead.source), key=lambda bead: bead.source):
        while bead.target and waiting and waiting[0].target < bead.target:
            found.append(waiting.pop(0))
        found.append(bead)
    return [*found, *waiting]


def _aligned(
    sides: tuple[Side, Side],
    structure: Structure,
    sections: Sequence[Gap],
    knowledge: Knowledge | None,
    weights: Weights,
) -> list[Bead]:
    from tm.align.grid import Section
    from tm.align.links import told

    whole = Section(*sides, *told(*sides, knowledge), structure)
    length = weights.length_alone if knowledge is None else weights.length
    return [bead for gap in sections for bead in _between(whole, gap, length, weights)]


def _between(whole: Section, gap: Gap, length: float, weights: Weights) -> list[Bead]:
    from tm.align.confidence import confidences

    (row, last_row), (column, last_column) = gap
    part = whole if column == row == 0 and _size(whole) == (last_row, last_column) else whole.cut(*gap)
    steps = part.steps(length, weights)
    return [
        Bead(
            tuple(range(row + step.i, row + step.i + step.a)),
            tuple(range(column + step.j, column + step.j + step.b)),
            confidence,
        )
        for step, confidence in zip(steps, confidences(steps), strict=True)
    ]


def _size(whole: Section) -> tuple[int, int]:
    return len(whole.source.lengths), len(whole.target.lengths)


def _taught(sides: tuple[Side, Side], beads: Sequence[Bead]) -> Knowledge:
    from tm.align.learning import Taught

    return Taught(sure_words(sides, beads))


def sure_words(sides: tuple[Side, Side], beads: Sequence[Bead]) -> list[tuple[list[str], list[str]]]:
    """The words of each sure bead of two texts, French and English, as `tm.align.learning.Taught` takes them."""
    source, target = sides
    return [
        (source.words_of(bead.source), target.words_of(bead.target))
        for bead in beads
        if bead.source and bead.target and bead.confidence >= SURE
    ]
