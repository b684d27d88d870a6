"""The dynamic programme: the best chain of beads through two texts, and how sure each bead is.

Only a band of the grid is visited, so that memory and time grow with the length of the longer text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Row = NDArray[np.float64]
    # (source segments, target segments, row, lo, hi) -> scores of the beads that end at the row, for columns lo to hi
    Scores = Callable[[int, int, int, int, int], NDArray[np.float64]]

SHAPES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1))
MOVES = (*SHAPES, (1, 0), (0, 1))
_SOURCE_ALONE, _TARGET_ALONE = len(SHAPES), len(SHAPES) + 1


@dataclass(frozen=True, slots=True)
class Step:
    """A bead: `a` source segments from `i`, `b` target segments from `j`, with its posterior probability."""

    i: int
    a: int
    j: int
    b: int
    posterior: float


def best_path(rows: int, columns: int, centres: Sequence[int], width: int, scores: Scores, gap: float) -> list[Step]:
    """The chain of beads with the highest sum of scores from (0, 0) to (rows, columns).

    Row `r` visits the columns from `width` before `centres[r]` to `width` after `centres[r + 1]`. Scores are
    logarithms, `gap` is that of a segment left alone. The posterior of a bead is the share of all chains, weighted
    by their scores, that hold it; that of a segment left alone is the share that leave it alone, wherever the other
    text stands.
    """
    following = [*centres[1:], columns]
    band = [
        (max(0, centre - width), min(columns, further + width) + 1)
        for centre, further in zip(centres, following, strict=True)
    ]
    lattice = _Lattice(band, scores, gap)
    path = []
    i, j = rows, columns
    while i or j:
        a, b = lattice.move(i, j)
        path.append(Step(i - a, a, j - b, b, min(1.0, lattice.posterior(i, a, j, b))))
        i, j = i - a, j - b
    return path[::-1]


class _Lattice:
    """The visited cells: sums over all chains from the beginning and to the end, and the best way to each."""

    def __init__(self, band: Sequence[tuple[int, int]], scores: Scores, gap: float) -> None:
        import numpy as np

        self._band = band
        self._gap = gap
        self._gaps = gap * np.arange(band[-1][1], dtype=float)
        self._known: dict[tuple[int, int], list[Row | None]] = {shape: [] for shape in SHAPES}
        self._forward: list[Row] = []
        self._best: list[Row] = []
        self._moves: list[NDArray[np.int8]] = []
        for i in range(len(band)):
            self._advance(i, scores)
        self._backward = self._backwards()
        self._total = self._forward[-1][-1]

    def _advance(self, i: int, scores: Scores) -> None:
        """Fill row `i` from the rows before it."""
        import numpy as np

        lo, hi = self._band[i]
        total, best = np.full(hi - lo, -np.inf), np.full(hi - lo, -np.inf)
        moves = np.full(hi - lo, _TARGET_ALONE, dtype=np.int8)
        if i == 0:
            total[0] = best[0] = 0.0
        for number, (a, b) in enumerate(MOVES[:-1]):
            score = np.full(hi - lo, self._gap) if b == 0 else scores(a, b, i, lo, hi) if i >= a else None
            if b:
                self._known[a, b].append(score)
            if score is None or i < a:
                continue
            start = self._band[i - a][0]
            total = np.logaddexp(total, _cut(self._forward[i - a], start, lo - b, hi - b) + score)
            offer = _cut(self._best[i - a], start, lo - b, hi - b) + score
            better = offer > best
            best[better], moves[better] = offer[better], number
        # along the row, target segments are left alone one after another
        slope = self._gaps[lo:hi]
        self._forward.append(np.logaddexp.accumulate(total - slope) + slope)
        reached = np.maximum.accumulate(best - slope) + slope
        moves[reached > best + 1e-9] = _TARGET_ALONE
        self._best.append(reached)
        self._moves.append(moves)

    def _backwards(self) -> list[Row]:
        """For each cell the sum over all chains from it to the end."""
        import numpy as np

        last = len(self._band) - 1
        found: list[Row] = [np.zeros(0)] * (last + 1)
        for i in range(last, -1, -1):
            lo, hi = self._band[i]
            total = np.full(hi - lo, -np.inf)
            if i == last:
                total[-1] = 0.0
            for a, b in MOVES[:-1]:
                if i + a <= last:
                    score = self._known[a, b][i + a] if b else None
                    onward = found[i + a] + (self._gap if score is None else score)
                    total = np.logaddexp(total, _cut(onward, self._band[i + a][0], lo + b, hi + b))
            slope = self._gaps[lo:hi]
            found[i] = np.logaddexp.accumulate((total + slope)[::-1])[::-1] - slope
        return found

    def move(self, i: int, j: int) -> tuple[int, int]:
        """The shape of the last bead of the best chain to the cell."""
        return MOVES[int(self._moves[i][j - self._band[i][0]])]

    def posterior(self, i: int, a: int, j: int, b: int) -> float:
        """The probability of the bead of `a` and `b` segments that ends at the cell."""
        import numpy as np

        if a == 0:
            return self._alone_across(j)
        lo, hi = self._band[i]
        back = self._backward[i]
        if b == 0:
            before = _cut(self._forward[i - 1], self._band[i - 1][0], lo, hi)
            return float(np.exp(np.logaddexp.reduce(before + self._gap + back) - self._total))
        score = self._known[a, b][i]
        assert score is not None  # there are rows enough above the cell
        before = self._forward[i - a][j - b - self._band[i - a][0]]
        return float(np.exp(before + score[j - lo] + back[j - lo] - self._total))

    def _alone_across(self, j: int) -> float:
        import numpy as np

        rows = zip(self._forward, self._backward, self._band, strict=True)
        return float(
            sum(
                np.exp(forward[j - 1 - lo] + self._gap + backward[j - lo] - self._total)
                for forward, backward, (lo, hi) in rows
                if lo < j < hi
            )
        )


def _cut(row: Row, start: int, lo: int, hi: int) -> Row:
    """The columns `lo` to `hi` of a row that holds those from `start`; minus infinity outside."""
    import numpy as np

    cut = np.full(hi - lo, -np.inf)
    left, right = max(lo, start), min(hi, start + len(row))
    if left < right:
        cut[left - lo : right - lo] = row[left - start : right - start]
    return cut
