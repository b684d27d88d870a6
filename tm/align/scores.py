"""The score of every bead in the corridor: traits, lengths, order, joining marks, places in the documents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tm.align.gains import Gains
from tm.align.lattice import SHAPES
from tm.align.reading import Array, Side
from tm.align.weights import Place, Weights
from tm.match.generation.jit import compiled
from tm.types import Role


@dataclass(frozen=True, slots=True)
class Structure:
    """What the documents say of their segments, French and English: 1 where one begins a block, a number for the kind
    of its block, 1 where it is to be left alone. `told` is whether blocks are known; without, only the last counts."""

    opens: tuple[Array, Array]
    kinds: tuple[Array, Array]
    alone: tuple[Array, Array]
    told: bool

    @classmethod
    def of(cls, source: Sequence[Place], target: Sequence[Place]) -> Structure:
        """The structure of two texts whose segments stand at these places."""
        kinds: dict[tuple[Role, int], int] = {}
        one, other = (
            np.array([kinds.setdefault((place.role, place.level), len(kinds)) for place in places], dtype=np.int64)
            for places in (source, target)
        )
        nothing = np.zeros(len(one), dtype=np.int64), np.zeros(len(other), dtype=np.int64)
        return cls((_opens(source), _opens(target)), (one, other), nothing, True)

    @classmethod
    def none(cls, rows: int, columns: int) -> Structure:
        """No structure, for texts of so many segments."""
        nothing = np.zeros(rows, dtype=np.int64), np.zeros(columns, dtype=np.int64)
        return cls(nothing, nothing, nothing, False)

    def cut(self, rows: slice, columns: slice) -> Structure:
        """That of a part of both texts."""
        opens, kinds, alone = ((pair[0][rows], pair[1][columns]) for pair in (self.opens, self.kinds, self.alone))
        return Structure(opens, kinds, alone, self.told)


def _opens(places: Sequence[Place]) -> Array:
    begins = [at == 0 or places[at - 1].block != place.block for at, place in enumerate(places)]
    return np.array(begins, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Grid:
    """The corridor: row `i` holds the columns `first[i]` to `last[i]` in the cells from `at[i]` on."""

    first: Array
    last: Array
    at: Array

    @classmethod
    def of(cls, first: Array, last: Array) -> Grid:
        """The cells of rows with these borders."""
        return cls(first, last, np.concatenate([[0], np.cumsum(last - first + 1)]))


_FIRM, _LOOSE = math.log(0.9), math.log(0.1 / 3.0)


def scores(
    sides: tuple[Side, Side], gains: tuple[Gains, Gains], structure: Structure, grid: Grid, length: float, w: Weights
) -> Array:
    """The scores of the beads of each shape that begin at each cell of the corridor; `length` is how much the ratio of
    lengths counts."""
    source, target = sides
    found = np.full((len(SHAPES), int(grid.at[-1])), -np.inf)
    priors = np.array([w.prior(a, b) for a, b in SHAPES.tolist()])
    # how much longer one language is than the other, as far as these two texts can say
    shift = math.log((target.lengths.sum() + 200) / (source.lengths.sum() + 200))
    placed = (w.block_starts, w.block_crossed, w.role) if structure.told else (0.0, 0.0, 0.0)
    figures = np.array([length, w.spread, w.short_spread, w.chance_spread, max(-0.25, min(0.25, shift)),
                        w.joint, w.order, *placed])  # fmt: skip
    lengths = _summed(source.lengths), _summed(target.lengths), _logarithms(source.lengths), _logarithms(target.lengths)
    ours, theirs = ((each.first, each.at, each.runs, each.centres, each.masses) for each in gains)
    alone = (_summed(structure.alone[0]), _summed(structure.alone[1]))
    _fill(SHAPES, (grid.first, grid.last, grid.at), ours, theirs, lengths, (source.joints, target.joints),
          structure.opens, structure.kinds, alone, priors, figures, found)  # fmt: skip
    return found


def _summed(values: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(values)])


def _logarithms(lengths: Array) -> Array:
    """The logarithm of the length of each run of one to four segments (columns) that begins at a segment (rows)."""
    summed = np.pad(_summed(lengths), (0, 4), mode="edge")
    runs = np.stack([summed[k : k + len(lengths)] - summed[: len(lengths)] for k in range(1, 5)], axis=1)
    return np.log(runs + 4.0)


@compiled
def _length(source: float, target: float, ratio: float, figures: Array) -> float:
    """The log ratio of lengths: how likely for a translation, one in ten of them loose, against any two segments.

    Written without the exponentials of the two normal distributions: of the firm and the loose one the likelier counts.
    """
    off = (ratio - figures[4]) ** 2
    noise = figures[2] ** 2 / ((source + target) / 2.0 + 4.0)
    own, chance = figures[1] ** 2 + noise, figures[3] ** 2 + noise
    near = max(_FIRM - 0.5 * off / own, _LOOSE - off / own / 18.0)
    score: float = figures[0] * max(-12.0, near + 0.5 * off / chance + 0.5 * math.log(chance / own))
    return score


@compiled
def _after(one: float, mass: float, next_one: float, next_mass: float) -> float:
    """From -0.65 to 0.35: whether the counterparts of the next segment stand after those of the one before."""
    firm = min(mass, next_mass)
    return max(-0.5, min(0.5, next_one - one)) * firm / (firm + 10.0) - 0.15


@compiled
def _merged(one: int, others: int, across: int, gains: Any, joints: Array, joint: float, order: float) -> float:
    """What is said for `others` segments from `one` on being merged in the single segment `across` opposite."""
    first, at, _, centres, masses = gains
    score = joint if joints[across] >= others - 1 else 0.0
    for x in range(one, one + others - 1):
        here, there = at[x] + across - first[x], at[x + 1] + across - first[x + 1]
        score += order * _after(centres[here], masses[here], centres[there], masses[there])
    return score


@compiled
def _placed(i: int, a: int, j: int, b: int, opens: Any, kinds: Any, figures: Array) -> float:
    """What blocks say: a bead begins one on both sides or on none, goes over no border of blocks, and joins like to
    like."""
    source, target = opens
    score: float = figures[7] * (1.0 if source[i] and target[j] else -1.0 if source[i] or target[j] else 0.0)
    alike = 1.0
    for x in range(i, i + a):
        score += figures[8] * (source[x] if x > i else 0.0)
        for y in range(j, j + b):
            if kinds[0][x] != kinds[1][y]:
                alike = -1.0
    for y in range(j + 1, j + b):
        score += figures[8] * target[y]
    score += figures[9] * alike
    return score


@compiled
def _fill(
    shapes: Array,
    grid: Any,
    ours: Any,
    theirs: Any,
    lengths: Any,
    joints: Any,
    opens: Any,
    kinds: Any,
    alone: Any,
    priors: Array,
    figures: Array,
    found: Array,
) -> None:
    first, last, at = grid
    our_first, our_at, our_runs = ours[0], ours[1], ours[2]
    their_first, their_at, their_runs = theirs[0], theirs[1], theirs[2]
    source, target, source_log, target_log = lengths
    placed = figures[7] != 0.0 or figures[8] != 0.0 or figures[9] != 0.0
    rows = len(first) - 1
    for i in range(rows):
        for j in range(first[i], last[i] + 1):
            cell = at[i] + j - first[i]
            for s in range(len(shapes)):
                a, b = shapes[s, 0], shapes[s, 1]
                if i + a > rows or j + b < first[i + a] or j + b > last[i + a]:
                    continue
                if alone[0][i + a] > alone[0][i] or alone[1][j + b] > alone[1][j]:
                    continue
                says = 0.0
                for x in range(i, i + a):
                    says += our_runs[b - 1, our_at[x] + j - our_first[x]]
                for y in range(j, j + b):
                    says += their_runs[a - 1, their_at[y] + i - their_first[y]]
                ratio = target_log[j, b - 1] - source_log[i, a - 1]
                score = says / 2.0 + priors[s]
                score += _length(source[i + a] - source[i], target[j + b] - target[j], ratio, figures)
                if b == 1 and a > 1:
                    score += _merged(i, a, j, ours, joints[1], figures[5], figures[6])
                elif a == 1 and b > 1:
                    score += _merged(j, b, i, theirs, joints[0], figures[5], figures[6])
                if placed:
                    score += _placed(i, a, j, b, opens, kinds, figures)
                found[s, cell] = score
