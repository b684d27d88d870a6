"""The dynamic programme: how likely each bead is, and the chain of beads that is expected to be right most often.

Borders of source segments are rows, those of target segments columns; a row holds the columns of the corridor, and the
cells of all rows lie one after another. Compiled; what calls each other stays in this file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tm.align.reading import Array
from tm.match.generation.jit import compiled

SHAPES = np.array(
    [(1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (1, 4), (4, 1), (2, 2),
     (2, 3), (3, 2), (3, 3), (2, 4), (4, 2), (3, 4), (4, 3), (4, 4)], dtype=np.int64
)  # fmt: skip
# what a bead must be likely for, to be better than its parts left out: one right bead more against one wrong one
WORTH = 0.4
_NEVER = -1e30


@dataclass(frozen=True, slots=True)
class Step:
    """A bead: `a` source segments from `i`, `b` target segments from `j`, with its posterior probability."""

    i: int
    a: int
    j: int
    b: int
    posterior: float


def best_path(scores: Array, first: Array, last: Array, at: Array, gap: float) -> Iterator[Step]:
    """The chain of beads through the corridor with the most right beads to be expected, from its end to its beginning.

    `scores[s, c]` is the logarithm of the weight of a bead of shape `s` that begins at cell `c`, minus infinity for
    none; `gap` that of a segment left alone. The posterior of a bead is the share of all chains, by weight, that hold
    it; that of a segment left alone the share that leave it alone, wherever the other text stands.
    """
    size = int(at[-1])
    forward, backward = np.full(size, _NEVER), np.full(size, _NEVER)
    rows, columns = len(first) - 1, int(last[-1])
    likely = np.zeros(scores.shape, dtype=np.float32)
    alone = np.zeros(rows), np.zeros(columns)
    _weigh(SHAPES, scores, first, last, at, gap, forward, backward)
    _judge(SHAPES, scores, first, last, at, gap, forward, backward, likely, *alone)
    moves = np.zeros(size, dtype=np.int8)
    _choose(SHAPES, likely, first, last, at, *alone, WORTH, moves)
    i, j = rows, columns
    while i or j:
        move = int(moves[at[i] + j - first[i]])
        a, b = SHAPES[move].tolist() if move >= 0 else (1, 0) if move == -1 else (0, 1)
        i, j = i - a, j - b
        found = likely[move, at[i] + j - first[i]] if move >= 0 else alone[0][i] if move == -1 else alone[1][j]
        yield Step(i, a, j, b, min(1.0, float(found)))


@compiled
def _sum(values: Array, count: int) -> float:
    """The logarithm of the sum of the exponentials of the first values."""
    most = -1e30
    for at in range(count):
        most = max(most, values[at])
    if most <= -1e29:
        return -1e30
    total = 0.0
    for at in range(count):
        if values[at] > most - 40.0:
            total += math.exp(values[at] - most)
    return most + math.log(total)


@compiled
def _weigh(
    shapes: Array,
    scores: Array,
    first: Array,
    last: Array,
    at: Array,
    gap: float,
    forward: Array,
    backward: Array,
) -> None:
    """For each cell the sum over all chains to it, and over all chains from it."""
    rows = len(first) - 1
    held = np.empty(len(shapes) + 2)
    for i in range(rows + 1):
        for j in range(first[i], last[i] + 1):
            cell, count = at[i] + j - first[i], 0
            if i == 0 and j == 0:
                forward[cell] = 0.0
                continue
            for s in range(len(shapes)):
                k, m = i - shapes[s, 0], j - shapes[s, 1]
                if k >= 0 and m >= first[k] and m <= last[k]:
                    held[count] = forward[at[k] + m - first[k]] + scores[s, at[k] + m - first[k]]
                    count += 1
            if i > 0 and j >= first[i - 1] and j <= last[i - 1]:
                held[count] = forward[at[i - 1] + j - first[i - 1]] + gap
                count += 1
            if j > first[i]:
                held[count] = forward[cell - 1] + gap
                count += 1
            forward[cell] = _sum(held, count)
    for i in range(rows, -1, -1):
        for j in range(last[i], first[i] - 1, -1):
            cell, count = at[i] + j - first[i], 0
            if i == rows and j == last[i]:
                backward[cell] = 0.0
                continue
            for s in range(len(shapes)):
                k, m = i + shapes[s, 0], j + shapes[s, 1]
                if k <= rows and m >= first[k] and m <= last[k]:
                    held[count] = backward[at[k] + m - first[k]] + scores[s, cell]
                    count += 1
            if i < rows and j >= first[i + 1] and j <= last[i + 1]:
                held[count] = backward[at[i + 1] + j - first[i + 1]] + gap
                count += 1
            if j < last[i]:
                held[count] = backward[cell + 1] + gap
                count += 1
            backward[cell] = _sum(held, count)


@compiled
def _judge(
    shapes: Array,
    scores: Array,
    first: Array,
    last: Array,
    at: Array,
    gap: float,
    forward: Array,
    backward: Array,
    likely: Array,
    source_alone: Array,
    target_alone: Array,
) -> None:
    """The posterior of each bead and of each segment left alone."""
    rows, total = len(first) - 1, backward[0]
    for i in range(rows + 1):
        for j in range(first[i], last[i] + 1):
            cell = at[i] + j - first[i]
            here = forward[cell] - total
            if here <= -1e29:
                continue
            for s in range(len(shapes)):
                k, m = i + shapes[s, 0], j + shapes[s, 1]
                if k <= rows and m >= first[k] and m <= last[k]:
                    weight = here + scores[s, cell] + backward[at[k] + m - first[k]]
                    if weight > -20.0:
                        likely[s, cell] = math.exp(min(0.0, weight))
            if i < rows and j >= first[i + 1] and j <= last[i + 1]:
                source_alone[i] += math.exp(min(0.0, here + gap + backward[at[i + 1] + j - first[i + 1]]))
            if j < last[i]:
                target_alone[j] += math.exp(min(0.0, here + gap + backward[cell + 1]))


@compiled
def _choose(
    shapes: Array,
    likely: Array,
    first: Array,
    last: Array,
    at: Array,
    source_alone: Array,
    target_alone: Array,
    worth: float,
    moves: Array,
) -> None:
    """The last bead of the best chain to each cell: a shape, -1 for a source segment alone, -2 for a target segment."""
    best = np.full(len(moves), -1e30)
    for i in range(len(first)):
        for j in range(first[i], last[i] + 1):
            cell = at[i] + j - first[i]
            if i == 0 and j == 0:
                best[cell] = 0.0
                continue
            if i > 0 and j >= first[i - 1] and j <= last[i - 1]:
                best[cell] = best[at[i - 1] + j - first[i - 1]] + source_alone[i - 1] - worth
                moves[cell] = -1
            if j > first[i] and best[cell - 1] + target_alone[j - 1] - worth > best[cell]:
                best[cell] = best[cell - 1] + target_alone[j - 1] - worth
                moves[cell] = -2
            for s in range(len(shapes)):
                k, m = i - shapes[s, 0], j - shapes[s, 1]
                if k >= 0 and m >= first[k] and m <= last[k]:
                    start = at[k] + m - first[k]
                    if likely[s, start] > 0.0 and best[start] + likely[s, start] - worth > best[cell]:
                        best[cell] = best[start] + likely[s, start] - worth
                        moves[cell] = s
