"""Whether two texts are a pair at all: what they share where they were aligned, and how much of them was aligned."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tm.align.reading import Side
from tm.types import Bead

ENOUGH = 4.0  # the weight of traits from which two texts can be judged: about two figures or names
STRETCH = 200  # beads that are judged by the words of each other


def likeness(source: Side, target: Side, beads: Sequence[Bead]) -> tuple[float, bool]:
    """From 0 to 1: how sure it is that a French text and an English one, aligned as `beads`, are a pair; and whether
    there was anything to compare (a few words without figures or names can only be measured).

    The geometric mean of the share of both texts that stands in beads of two sides, by length and confidence, and of
    the share of figures, dates, names and words alike that stand where they should, by weight.
    """
    aligned = _aligned(source, target, beads)
    agreed = _agreed(source, target, beads)
    return (aligned, False) if agreed is None else (math.sqrt(aligned * agreed), True)


def _aligned(source: Side, target: Side, beads: Sequence[Bead]) -> float:
    held = sum(
        bead.confidence * (source.lengths[list(bead.source)].sum() + target.lengths[list(bead.target)].sum())
        for bead in beads
        if bead.source and bead.target
    )
    return float(held / max(1.0, source.lengths.sum() + target.lengths.sum()))


def _agreed(source: Side, target: Side, beads: Sequence[Bead]) -> float | None:
    """Of the traits that should be met on both sides of a bead, by weight, the share that is; None for too few.

    Looked at stretch by stretch: in a long text nearly every word of one language is met in the other somewhere, as a
    name or in a quotation, and would be expected wherever it stands.
    """
    met = due = 0.0
    for first in range(0, len(beads), STRETCH):
        some = beads[first : first + STRETCH]
        weights = _weights(_part(source, [bead.source for bead in some]), _part(target, [bead.target for bead in some]))
        for bead in some:
            if bead.source and bead.target:
                ours, theirs = (
                    side.names_of(at) & weights.keys() for side, at in ((source, bead.source), (target, bead.target))
                )
                met += sum(weights[name] for name in sorted(ours & theirs))
                due += sum(weights[name] for name in sorted(ours | theirs))
    return met / due if due >= ENOUGH else None


def _part(side: Side, places: Sequence[Sequence[int]]) -> Side:
    """The segments of a side from the first to the last of these places."""
    found = [at for each in places for at in each]
    return side.cut(min(found), max(found) + 1) if found else side.cut(0, 0)


def _weights(source: Side, target: Side) -> dict[str, float]:
    """A word of one side only says nothing, it is translated; a figure should be on both. Rare ones say most."""
    size = len(source.lengths) * len(target.lengths)
    ours, theirs = _met(source), _met(target)
    found = {}
    for name in ours.keys() | theirs.keys():
        if name[0] == "v" or (name in ours and name in theirs):
            seen = ours.get(name, 1) * theirs.get(name, 1)
            found[name] = max(0.0, math.log(max(0.5 * math.sqrt(size / seen), 1.0)))
    return found


def _met(side: Side) -> dict[str, int]:
    """In how many of its segments each trait is met that is met at all."""
    return {name: often for name, often in zip(side.names, side.often.tolist(), strict=True) if often}
