"""One section of two texts: from their segments to beads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tm.align.corridor import corridor
from tm.align.gains import Gains, gains
from tm.align.lattice import Step, best_path
from tm.align.links import Told
from tm.align.reading import Side
from tm.align.scores import Grid, Structure, scores
from tm.align.weights import Weights


@dataclass(frozen=True, slots=True)
class Section:
    """Segments of two texts, what their traits can say and what the documents say of them."""

    source: Side
    target: Side
    ours: Told
    theirs: Told
    structure: Structure

    def cut(self, rows: tuple[int, int], columns: tuple[int, int]) -> Section:
        """A part of both texts; what traits say stays what they say in the whole."""
        structure = self.structure.cut(slice(*rows), slice(*columns))
        return Section(self.source.cut(*rows), self.target.cut(*columns), self.ours, self.theirs, structure)

    def steps(self, length: float, weights: Weights) -> list[Step]:
        """The beads of the section from its beginning to its end, each segment in exactly one; `length` is how much the
        ratio of lengths counts."""
        rows, columns = len(self.source.lengths), len(self.target.lengths)
        if not rows or not columns:
            return [Step(i, 1, 0, 0, 1.0) for i in range(rows)] + [Step(0, 0, j, 1, 1.0) for j in range(columns)]
        grid = Grid.of(*corridor(self.source, self.target, self.ours))
        found = scores((self.source, self.target), self._gains(grid), self.structure, grid, length, weights)
        return list(best_path(found, grid.first, grid.last, grid.at, weights.gap))[::-1]

    def _gains(self, grid: Grid) -> tuple[Gains, Gains]:
        # a bead that holds a segment begins at most three before it
        first, last = grid.first, grid.last
        rows, columns = np.arange(len(first) - 1), np.arange(int(last[-1]))
        span = first[np.maximum(rows - 3, 0)], last[np.minimum(rows + 3, len(first) - 1)]
        ours = gains(self.source, self.target, self.ours, *span)
        border = np.arange(len(columns) + 1)
        top = np.searchsorted(last, border, side="left")
        bottom = np.searchsorted(first, border, side="right") - 1
        span = top[np.maximum(columns - 3, 0)], bottom[np.minimum(columns + 3, len(columns))]
        return ours, gains(self.target, self.source, self.theirs, *span)
