"""What the traits of each segment say for standing opposite each run of up to four segments of the other text.

Compiled; what calls each other stays in this file, because a change elsewhere would not be seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tm.align.links import Told
from tm.align.reading import Array, Side
from tm.match.generation.jit import compiled

RUN = 4  # segments of the longest run


@dataclass(frozen=True, slots=True)
class Gains:
    """For segment `i` and the runs of the other text that begin at `first[i]` and after it, stored from `at[i]` on:
    `runs[k - 1]` is what its traits say for a run of `k`. `centres` is where in the single segment opposite, from 0 to
    1, its counterparts stand in the middle, and `masses` how much that stands on."""

    first: Array
    at: Array
    runs: Array
    centres: Array
    masses: Array


def gains(side: Side, other: Side, told: Told, first: Array, last: Array) -> Gains:
    """The gains of the segments of `side` over the runs of `other` that begin from `first[i]` to `last[i]`."""
    at = np.zeros(len(first) + 1, dtype=np.int64)
    np.cumsum(last - first + 1, out=at[1:])
    order = np.argsort(other.traits, kind="stable")
    segments = np.repeat(np.arange(len(other.lengths)), np.diff(other.starts))[order]
    ends = np.zeros(len(other.names) + 1, dtype=np.int64)
    np.cumsum(other.often, out=ends[1:])
    sizes = np.diff(other.starts).astype(np.float64)
    runs = np.zeros((RUN, int(at[-1])))
    centres, masses = np.full(int(at[-1]), 0.5), np.zeros(int(at[-1]))
    said = (told.starts, told.others, told.likely, told.rates, told.missed, told.weights)
    _fill(side.starts, side.traits, said, (ends, segments, other.places[order]), sizes,
          first, last, at, runs, centres, masses)  # fmt: skip
    return Gains(first, at, runs, centres, masses)


@compiled
def _gather(trait: int, told: Any, places: Any, low: int, high: int, amount: Array, best: Array, place: Array) -> bool:
    """Add up the counterparts of a trait in the segments of the other text from `low` to `high`; whether there are any.

    `amount`: how likely all together, `best` and `place`: the likeliest and where it stands."""
    starts, others, likely = told[0], told[1], told[2]
    ends, segments, where = places
    touched = False
    for y in range(starts[trait], starts[trait + 1]):
        z, stop = ends[others[y]], ends[others[y] + 1]
        if stop - z > 16:
            z += np.searchsorted(segments[z:stop], low)
        while z < stop and segments[z] < high:
            j = segments[z]
            if j >= low:
                touched = True
                amount[j] += likely[y]
                if likely[y] > best[j]:
                    best[j], place[j] = likely[y], where[z]
            z += 1
    return touched


@compiled
def _add(
    j: int,
    low: int,
    last: int,
    amount: Array,
    total: Array,
    share: float,
    missed: float,
    weight: float,
    silence: float,
    runs: Array,
    base: int,
) -> None:
    """Add what a trait says for the runs in which segment `j` is the first that has a counterpart of it."""
    for begin in range(max(low, j - 3), min(j, last) + 1):
        here = 0.0
        for k in range(1, min(4, len(amount) - begin) + 1):
            here += amount[begin + k - 1]
            if begin + k <= j:
                if here > 0.0:
                    break
                continue
            says = math.log(missed + share * here / (total[begin + k] - total[begin] + 1.0))
            runs[k - 1, base + begin - low] += weight * max(-8.0, min(8.0, says)) - silence


@compiled
def _fill(
    starts: Array,
    traits: Array,
    told: Any,
    places: Any,
    sizes: Array,
    first: Array,
    last: Array,
    at: Array,
    runs: Array,
    centres: Array,
    masses: Array,
) -> None:
    count = len(sizes)
    typical = max(1.0, sizes.mean())
    total = np.zeros(count + 1)
    total[1:] = np.cumsum(sizes)
    rates, missed, weights = told[3], told[4], told[5]
    amount, best, place = np.zeros(count), np.zeros(count), np.zeros(count)
    for i in range(len(starts) - 1):
        low, high, base = first[i], min(count, last[i] + 4), at[i]
        ground = 0.0
        for x in range(starts[i], starts[i + 1]):
            trait = traits[x]
            silence = max(-8.0, math.log(missed[trait])) * weights[trait]
            ground += silence
            if not _gather(trait, told, places, low, high, amount, best, place):
                continue
            news = max(0.0, -math.log(rates[trait] / typical))
            share = 0.95 * typical / rates[trait]
            for j in range(low, high):
                if amount[j] == 0.0:
                    continue
                if j <= last[i]:
                    masses[base + j - low] += best[j] * news
                    centres[base + j - low] += best[j] * news * (place[j] - 0.5)
                _add(j, low, last[i], amount, total, share, missed[trait], weights[trait], silence, runs, base)
            amount[low:high] = 0.0
            best[low:high] = 0.0
        runs[:, base : at[i + 1]] += ground
    for cell in range(len(masses)):
        if masses[cell] > 0.0:
            # `centres` held the sum of what each counterpart adds to the middle
            centres[cell] = 0.5 + (centres[cell] - 0.5) / masses[cell]
