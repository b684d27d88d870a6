"""Two lists of segments in, beads out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tm.align.evidence import Evidence
from tm.align.lattice import best_path
from tm.types import Bead, Role

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands: the number of its block, the role and the heading level of the block."""

    block: int
    role: Role
    level: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the score of a bead; all are natural logarithms of odds but `width` and the spreads.

    `band` is how far, in segments, the search leaves the expected diagonal. Set on the development set of the quality
    suite, coarsely: finer steps about these values change F1 by tenths of a point.
    """

    evidence: float = 0.4
    merged: float = -3.0
    merged_both: float = -6.5
    merged_three: float = -5.5
    gap: float = -3.0
    spread: float = 0.15
    short_spread: float = 1.1
    chance_spread: float = 0.8
    block_starts: float = 2.0
    block_crossed: float = -3.0
    role: float = 1.0
    band: int = 150


DEFAULT_WEIGHTS = Weights()


def align_segments(
    source: Sequence[str],
    target: Sequence[str],
    source_places: Sequence[Place] | None = None,
    target_places: Sequence[Place] | None = None,
    weights: Weights = DEFAULT_WEIGHTS,
) -> list[Bead]:
    """Beads of French `source` and English `target` segments in order, each segment in exactly one bead.

    Shapes: 1:1, 1:2, 2:1, 2:2, 1:3, 3:1, 1:0 and 0:1. `confidence` is the posterior probability of the bead. With both
    lists of places, the structure of the documents counts too. Memory grows with the longer list.
    """
    if not source or not target:
        return [Bead((i,), (), 1.0) for i in range(len(source))] + [Bead((), (j,), 1.0) for j in range(len(target))]
    evidence = Evidence(source, target)
    scorer = _Scorer(evidence, source, target, source_places, target_places, weights)
    steps = best_path(len(source), len(target), evidence.centres(), weights.band, scorer.scores, weights.gap)
    return [
        Bead(tuple(range(step.i, step.i + step.a)), tuple(range(step.j, step.j + step.b)), step.posterior)
        for step in steps
    ]


class _Scorer:
    """The score of every bead that ends at a row: how likely its lengths, shared traits and places are."""

    def __init__(
        self,
        evidence: Evidence,
        source: Sequence[str],
        target: Sequence[str],
        source_places: Sequence[Place] | None,
        target_places: Sequence[Place] | None,
        weights: Weights,
    ) -> None:
        import numpy as np

        self._weights = weights
        self._source_length = np.concatenate([[0.0], np.cumsum([len(text) for text in source], dtype=float)])
        self._target_length = np.concatenate([[0.0], np.cumsum([len(text) for text in target], dtype=float)])
        # how much longer one language is than the other, as far as these two texts can say
        ratio = math.log((self._target_length[-1] + 200) / (self._source_length[-1] + 200))
        self._shift = max(-0.25, min(0.25, ratio))
        self._places = (source_places, target_places) if source_places and target_places else None
        self._starts = [_starts(places) for places in (source_places or (), target_places or ())]
        self._borders = np.concatenate([[0.0], np.cumsum(self._starts[1])])
        self._roles = [(place.role, place.level) for place in target_places or ()]
        self._rows: dict[int, NDArray[np.float64]] = {}
        self._evidence = evidence

    def scores(self, a: int, b: int, row: int, lo: int, hi: int) -> NDArray[np.float64]:
        """The scores of the beads of `a` source segments that end before `row` and `b` target segments that end before
        each column from `lo` to `hi`, `hi` left out."""
        import numpy as np

        w = self._weights
        found = np.full(hi - lo, -np.inf)
        left = max(lo, b)
        if left >= hi:
            return found
        ends, begins = slice(left, hi), slice(left - b, hi - b)
        shared = sum(self._cumulated(at)[ends] - self._cumulated(at)[begins] for at in range(row - a, row))
        ours = self._source_length[row] - self._source_length[row - a]
        theirs = self._target_length[ends] - self._target_length[begins]
        score = w.evidence * shared + self._length_score(ours, theirs)
        score += {2: 0.0, 3: w.merged, 4: w.merged_both if a == b else w.merged_three}[a + b]
        if self._places:
            score += self._structure(a, b, row, begins)
        found[left - lo :] = score
        return found

    def _length_score(self, source: float, target: NDArray[np.float64]) -> NDArray[np.float64]:
        """The log ratio of lengths: how likely for a translation against how likely for any two segments."""
        import numpy as np

        w = self._weights
        ratio = np.log((target + 4) / (source + 4)) - self._shift
        noise = w.short_spread**2 / ((source + target) / 2 + 4)
        own, chance = np.sqrt(w.spread**2 + noise), np.sqrt(w.chance_spread**2 + noise)
        score = 0.5 * (ratio / chance) ** 2 - 0.5 * (ratio / own) ** 2 + np.log(chance / own)
        return np.asarray(np.maximum(score, -12.0))

    def _structure(self, a: int, b: int, row: int, begins: slice) -> NDArray[np.float64]:
        """What blocks say: a bead begins one on both sides or on none, and goes over no border of blocks."""
        import numpy as np

        w = self._weights
        opens, borders = self._starts[1][begins], self._borders
        # both begin a block: +1; one of them: -1; none: 0
        score = w.block_starts * (2.0 * opens - 1.0 if self._starts[0][row - a] else -opens)
        crossed = borders[begins.start + b : begins.stop + b] - borders[begins.start + 1 : begins.stop + 1]
        return np.asarray(score + w.block_crossed * (crossed + self._starts[0][row - a + 1 : row].sum()))

    def _cumulated(self, at: int) -> NDArray[np.float64]:
        import numpy as np

        if at not in self._rows:
            row = self._evidence.row(at)
            if self._places:
                place = self._places[0][at]
                agree = [role == (place.role, place.level) for role in self._roles]
                row = row + self._weights.role / self._weights.evidence * np.where(agree, 1.0, -1.0)
            self._rows = {key: kept for key, kept in self._rows.items() if key >= at - 3}
            self._rows[at] = np.concatenate([[0.0], np.cumsum(row)])
        return self._rows[at]


def _starts(places: Sequence[Place]) -> NDArray[np.float64]:
    """1 for each segment that begins a block, else 0."""
    import numpy as np

    return np.array([at == 0 or places[at - 1].block != place.block for at, place in enumerate(places)], dtype=float)
