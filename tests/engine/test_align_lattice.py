"""The dynamic programme against every chain of beads there is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest

from tm.align.corridor import corridor, longest_rising
from tm.align.lattice import SHAPES, best_path
from tm.align.links import told
from tm.align.reading import read
from tm.align.scores import Grid

Move = tuple[int, int, int, int]


def chains(rows: int, columns: int, i: int = 0, j: int = 0) -> Iterator[list[Move]]:
    if (i, j) == (rows, columns):
        yield []
    for a, b in [*SHAPES.tolist(), (1, 0), (0, 1)]:
        if i + a <= rows and j + b <= columns:
            for rest in chains(rows, columns, i + a, j + b):
                yield [(i, a, j, b), *rest]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 4), (4, 4), (4, 2)])
def test_posteriors_are_the_share_of_all_chains(rows: int, columns: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    grid = Grid.of(np.zeros(rows + 1, np.int64), np.full(rows + 1, columns, np.int64))
    scores = dice.normal(-1, 2, (len(SHAPES), int(grid.at[-1])))
    numbers = {tuple(shape): at for at, shape in enumerate(SHAPES.tolist())}
    gap = -1.5

    def weight(chain: list[Move]) -> float:
        return math.exp(
            sum(scores[numbers[a, b], grid.at[i] + j - grid.first[i]] if a and b else gap for i, a, j, b in chain)
        )

    held: defaultdict[tuple[int, ...], float] = defaultdict(float)
    total = 0.0
    for chain in chains(rows, columns):
        total += weight(chain)
        for i, a, j, b in chain:
            # a segment left alone counts wherever the other text stands
            held[(i, a, j, b) if a and b else (i, 1, -1, 0) if a else (-1, 0, j, 1)] += weight(chain)
    steps = list(best_path(scores, grid.first, grid.last, grid.at, gap))[::-1]
    for step in steps:
        key = (step.i, step.a, step.j, step.b)
        key = key if step.a and step.b else (step.i, 1, -1, 0) if step.a else (-1, 0, step.j, 1)
        assert step.posterior == pytest.approx(held[key] / total, abs=2e-6)
    assert [at for step in steps for at in range(step.i, step.i + step.a)] == list(range(rows))
    assert [at for step in steps for at in range(step.j, step.j + step.b)] == list(range(columns))


def test_the_longest_rising_chain() -> None:
    points = [(0, 3), (1, 1), (2, 2), (2, 5), (3, 4), (5, 0), (6, 6)]
    assert longest_rising(points) == [(1, 1), (2, 2), (3, 4), (6, 6)]
    assert longest_rising([]) == []


def test_the_corridor_of_long_texts_is_narrow_rises_and_holds_the_way() -> None:
    french = [f"Le point {number} de l’ordre du jour est adopté." for number in range(2000)]
    english = [f"Item {number} of the agenda is adopted." for number in range(2000)]
    del english[700:900]
    source, target = read(french, "fr"), read(english, "en")
    first, last = corridor(source, target, told(source, target, None)[0])
    assert first[0] == 0
    assert last[-1] == len(english)
    assert (np.diff(first) >= 0).all()
    assert (np.diff(last) >= 0).all()
    assert (first[1:] <= last[:-1]).all()
    way = [at if at <= 700 else max(700, at - 200) for at in range(2001)]
    assert all(first[at] <= way[at] <= last[at] for at in range(2001))
    assert (last - first).mean() < 120
