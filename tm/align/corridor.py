"""Where in the grid of two texts their beads are looked for, so that time and memory grow with their length."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from tm.align.links import Told
from tm.align.reading import Array, Side

WHOLE = 1_600  # cells of a grid that is searched whole
MARGIN = 15  # segments on either side of a landmark
REACH = 5  # rows around a landmark in which it is not trusted
WIDEST, LARGEST = 300, 200_000  # columns of a row, or else cells, that are searched between two landmarks far apart
TRUSTED = 0.3  # how likely two traits must stand for each other to be a landmark


def corridor(source: Side, target: Side, told: Told) -> tuple[Array, Array]:
    """For each border between source segments the first and the last border between target segments that may be
    opposite; both rise, from the beginning to the end of the texts."""
    rows, columns = len(source.lengths), len(target.lengths)
    if rows * columns <= WHOLE:
        return np.zeros(rows + 1, dtype=np.int64), np.full(rows + 1, columns, dtype=np.int64)
    marks = [(0, 0), *longest_rising(_landmarks(source, target, told)), (rows, columns)]
    xs, ys = np.array([x for x, _ in marks]), np.array([y for _, y in marks])
    border = np.arange(rows + 1)
    before = np.maximum(np.searchsorted(xs, border - REACH, side="right") - 1, 0)
    after = np.minimum(np.searchsorted(xs, border + REACH, side="left"), len(xs) - 1)
    middle = np.interp(border, xs, ys)
    most = np.maximum(WIDEST, LARGEST // (xs[after] - xs[before] + 1))
    first = np.maximum(ys[before] - MARGIN, np.floor(middle) - most)
    last = np.minimum(ys[after] + MARGIN, np.ceil(middle) + most)
    first, last = _connected(first, last, columns)
    return first, last


def _connected(first: Array, last: Array, columns: int) -> tuple[Array, Array]:
    """Both borders rising, within the grid, and no row apart from the next."""
    first = np.clip(np.minimum.accumulate(first[::-1])[::-1], 0, columns).astype(np.int64)
    last = np.clip(np.maximum.accumulate(last), 0, columns).astype(np.int64)
    first[0], last[-1] = 0, columns
    # a chain that leaves nothing but target segments alone must fit through
    last[:-1] = np.maximum(last[:-1], first[1:])
    return first, np.maximum.accumulate(last)


def _landmarks(source: Side, target: Side, told: Told) -> list[tuple[int, int]]:
    """Places of traits that are met once on each side and stand for each other."""
    ours, theirs = _alone(source), _alone(target)
    rows = np.repeat(np.arange(len(source.names)), np.diff(told.starts))
    good = (told.likely >= TRUSTED) & (ours[rows] >= 0) & (theirs[told.others] >= 0)
    return list(zip(ours[rows[good]].tolist(), theirs[told.others[good]].tolist(), strict=True))


def _alone(side: Side) -> Array:
    """For each trait the segment that has it, where it is the only one; else -1."""
    segments = np.repeat(np.arange(len(side.lengths)), np.diff(side.starts))
    found = np.full(len(side.names), -1, dtype=np.int64)
    found[side.traits] = segments
    return np.where(side.often == 1, found, -1)


def longest_rising(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence that rises on both sides, by patience sorting; of points in a row at most one."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    order = sorted(set(points), key=lambda point: (point[0], -point[1]))
    for index, (_, column) in enumerate(order):
        place = bisect_left(ends, column)
        before.append(at_end[place - 1] if place else -1)
        ends[place : place + 1] = [column]
        at_end[place : place + 1] = [index]
    chain = []
    index = at_end[-1] if at_end else -1
    while index >= 0:
        chain.append(order[index])
        index = before[index]
    return chain[::-1]
