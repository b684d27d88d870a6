"""The inner loops of learning, compiled. All texts of a side lie one after another in one array, `ends` says where each
ends; the links of a pair are numbered row by row, source word by source word."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tm.match.generation.jit import Array, compiled
from tm.match.lexicon.model import ABSENT


@compiled
def where(words: Array, size: int) -> tuple[Array, Array]:
    """The places of each word below `size`: the end of its run in the second array, the runs one after another."""
    ends = np.zeros(size + 1, np.int64)
    for word in words:
        ends[word + 1] += 1
    for at in range(size):
        ends[at + 1] += ends[at]
    places = np.empty(len(words), np.int64)
    free = ends[:-1].copy()
    for at in range(len(words)):
        places[free[words[at]]] = at
        free[words[at]] += 1
    return ends[1:], places


@compiled
def owners(ends: Array, size: int) -> Array:
    """For each of `size` places the number of the text that it lies in."""
    found = np.empty(size, np.int32)
    start = 0
    for text in range(len(ends)):
        found[start : ends[text]] = text
        start = ends[text]
    return found


@compiled
def _count(
    word: int, run_ends: Array, places: Array, owner: Array, target: Array, ends: Array, counts: Array, met: Array
) -> int:
    """Count the target words that stand beside a source word; which they are goes to `met`, how many is returned."""
    found = 0
    for at in range(run_ends[word - 1] if word else 0, run_ends[word]):
        text = owner[places[at]]
        for there in range(ends[text - 1] if text else 0, ends[text]):
            other = target[there]
            if counts[other] == 0:
                met[found] = other
                found += 1
            counts[other] += 1
    return found


@compiled
def together(
    run_ends: Array, places: Array, owner: Array, target: Array, ends: Array, columns: int, least: int
) -> tuple[Array, Array]:
    """The pairs of words that could be linked in at least `least` places, as `source * columns + target`, ascending,
    and in how many."""
    counts, met = np.zeros(columns, np.int64), np.empty(columns, np.int64)
    sizes = np.zeros(len(run_ends), np.int64)
    for word in range(len(run_ends)):
        for at in range(_count(word, run_ends, places, owner, target, ends, counts, met)):
            sizes[word] += counts[met[at]] >= least
            counts[met[at]] = 0
    keys, numbers = np.empty(sizes.sum(), np.int64), np.empty(sizes.sum(), np.int64)
    written = 0
    for word in range(len(run_ends)):
        first = written
        found = _count(word, run_ends, places, owner, target, ends, counts, met)
        for at in range(found):
            if counts[met[at]] >= least:
                keys[written] = met[at]
                written += 1
        keys[first:written].sort()
        for at in range(first, written):
            numbers[at] = counts[keys[at]]
            keys[at] += word * columns
        for at in range(found):
            counts[met[at]] = 0
    return keys, numbers


@compiled
def place(
    keys: Array, columns: int, run_ends: Array, places: Array, owner: Array, starts: Array, source_ends: Array,
    target: Array, ends: Array, links: Array,
) -> None:  # fmt: skip
    """Write to `links`, for every link of every pair, where its words stand in `keys`, or `len(keys)`. `starts` is
    where the links of each pair begin."""
    at_column = np.full(columns, len(keys), np.int32)
    first = 0
    for word in range(len(run_ends)):
        last = first
        while last < len(keys) and keys[last] < (word + 1) * columns:
            at_column[keys[last] - word * columns] = last
            last += 1
        for at in range(run_ends[word - 1] if word else 0, run_ends[word]):
            text = owner[places[at]]
            begin = ends[text - 1] if text else 0
            row = places[at] - (source_ends[text - 1] if text else 0)
            link = starts[text] + row * (ends[text] - begin)
            for there in range(begin, ends[text]):
                links[link] = at_column[target[there]]
                link += 1
        for at in range(first, last):
            at_column[keys[at] - word * columns] = len(keys)
        first = last


@compiled
def believe(
    links: Array, source: Array, source_ends: Array, target: Array, ends: Array, forward: Array, backward: Array,
    source_chance: Array, target_chance: Array, steepness: float, evidence: Array,
) -> None:  # fmt: skip
    """Add to `evidence` what every link is believed to be worth: the product of its posteriors in both directions."""
    longest = 0
    for text in range(len(ends)):
        longest = max(longest, ends[text] - (ends[text - 1] if text else 0))
    # near words are linked sooner: exp(-steepness * |x - y|) is the smaller of x/y and y/x, in these
    theirs, inverse, one_near, one_sum = np.empty(longest), np.empty(longest), np.empty(longest), np.empty(longest)
    backed = np.empty(longest)
    link, first, begin = 0, 0, 0
    for text in range(len(ends)):
        n, m = source_ends[text] - first, ends[text] - begin
        for j in range(m):
            theirs[j] = math.exp(steepness * (j + 0.5) / m)
            inverse[j] = 1 / theirs[j]
            one_near[j] = one_sum[j] = 0.0
        for i in range(n):
            ours = math.exp(steepness * (i + 0.5) / n)
            ours_inverse = 1 / ours
            for j in range(m):
                near = min(ours * inverse[j], theirs[j] * ours_inverse)
                one_near[j] += near
                one_sum[j] += near * forward[links[link + i * m + j]]
        for j in range(m):
            # the sum over words of the source, and what chance has beside it
            one_sum[j] = 1 / (one_sum[j] + target_chance[target[begin + j]] * one_near[j])
        for i in range(n):
            ours = math.exp(steepness * (i + 0.5) / n)
            ours_inverse = 1 / ours
            other_near = other_sum = 0.0
            for j in range(m):
                near = min(ours * inverse[j], theirs[j] * ours_inverse)
                at = links[link + i * m + j]
                other_near += near
                other_sum += near * backward[at]
                backed[j] = near * near * backward[at] * forward[at] * one_sum[j]
            scale = 1 / (other_sum + source_chance[source[first + i]] * other_near)
            for j in range(m):
                evidence[links[link + i * m + j]] += backed[j] * scale
        link += n * m
        first, begin = source_ends[text], ends[text]


@compiled
def estimate(
    keys: Array, columns: int, evidence: Array, sparsity: float, source: Array, target: Array, forward: Array,
    backward: Array,
) -> None:  # fmt: skip
    """Probabilities of the target given the source (`forward`) and the reverse: the variational estimate under a sparse
    prior. `source` and `target` are room for one number per word."""
    source[:] = 0.0
    target[:] = 0.0
    for at in range(len(keys)):
        source[keys[at] // columns] += evidence[at] + sparsity
        target[keys[at] % columns] += evidence[at] + sparsity
    for totals in (source, target):
        for at in range(len(totals)):
            totals[at] = digamma(max(totals[at], sparsity))
    for at in range(len(keys)):
        worth = digamma(evidence[at] + sparsity)
        forward[at] = max(math.exp(worth - source[keys[at] // columns]), ABSENT)
        backward[at] = max(math.exp(worth - target[keys[at] % columns]), ABSENT)


@compiled
def digamma(x: float) -> Any:
    """The derivative of the logarithm of the gamma function, for x above 0."""
    result = 0.0
    for _ in range(6):
        result -= 1 / x
        x += 1
    square = 1 / (x * x)
    return result + math.log(x) - 1 / (2 * x) - square * (1 / 12 - square / 120)
