"""Many pairs at hand and no memory: what they teach about words together, so that each is aligned better."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tm.align.beads import align_sides, sure_words
from tm.align.weights import DEFAULT_WEIGHTS

if TYPE_CHECKING:
    from tm.align.knowledge import Knowledge


def teach(texts: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Knowledge:
    """What French and English texts (lists of segments) that are translations of each other teach about words.

    Each pair is aligned by what can be seen; the words of all beads that are sure are learned together. Hand the result
    to `align` as `knowledge`. Memory grows with the number of sure beads, of which 20,000 are learned from.
    """
    from tm.align.learning import Taught
    from tm.align.reading import read

    found: list[tuple[list[str], list[str]]] = []
    for source, target in texts:
        if source and target:
            sides = read(source, "fr"), read(target, "en")
            beads = align_sides(sides, (None, None), DEFAULT_WEIGHTS, knowledge=None, fixed=())
            found += sure_words(sides, beads)
    return Taught(found)


def prepare() -> None:
    """Compile everything that aligning needs, once for all processes of a machine: call it when the product is set up.
    Without it the first process that aligns compiles, which takes some ten seconds."""
    from tm.align.reading import read

    sides = read(["Le Conseil s’est réuni le 12 mars.", "Il y a 3 points."], "fr"), read(["The Council met."], "en")
    align_sides(sides, (None, None), DEFAULT_WEIGHTS, knowledge=None, fixed=())
