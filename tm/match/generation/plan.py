"""Which fragments of a query to look for, compiled: the pigeonhole argument, at the least cost.

At most k edits lie between a query and a unit, so of k + 1 disjoint fragments of the query at least one stands in the
unit as it is. Where the unit is longer by g words, g edits are insertions, which leave single words whole: then
k - g + 1 single words suffice. A word that no unit holds is a fragment that costs nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tm.match.generation.jit import Array, compiled, whole
from tm.match.generation.rows import RARE, RARE_PAIR, Rows, held, most_posted, pair_bucket, triple_bucket

NEVER = 1 << 40  # the cost of a fragment that has no postings though units may hold it
WALK = 0  # the way past all rows of a group
# nanoseconds, as measured: only the choice of the way depends on them, never what is found
PER_POSTING, PER_FRAGMENT, PER_ROW, PER_STEP = 20, 300, 3, 3


class Plan(NamedTuple):
    """What the fragments of a query cost (`costs`), the cheapest choices (`cheapest`), its single words by their cost
    and what so many of them cost together."""

    cost: Array
    bucket: Array
    total: Array
    taken: Array
    singles: Array
    sums: Array


@compiled
def costs(query: Array, rows: Rows, cost: Array, bucket: Array) -> None:
    """For each fragment `[grams - 1, start]` of the query how many postings it has and where they are."""
    size, common = len(query), most_posted(len(rows.units))
    two, three = len(rows.two_at) - 1, len(rows.three_at) - 1
    for at in range(size):
        word = query[at]
        df = whole(rows.df[word]) if word >= 0 else 0
        cost[0, at] = df if df <= common else NEVER
        bucket[0, at] = word
        cost[1, at] = cost[2, at] = NEVER
    for at in range(size - 1):
        if cost[0, at] == 0 or cost[0, at + 1] == 0:
            cost[1, at] = 0
        elif cost[0, at] > RARE and cost[0, at + 1] > RARE:
            bucket[1, at] = pair_bucket(two, query[at], query[at + 1])
            cost[1, at] = held(rows.two_at, bucket[1, at])
    for at in range(size - 2):
        if cost[1, at] == 0 or cost[1, at + 1] == 0:
            cost[2, at] = 0
        elif RARE_PAIR < cost[1, at] < NEVER and RARE_PAIR < cost[1, at + 1] < NEVER:
            bucket[2, at] = triple_bucket(three, query[at], query[at + 1], query[at + 2])
            cost[2, at] = held(rows.three_at, bucket[2, at])


@compiled
def cheapest(cost: Array, total: Array, taken: Array) -> None:
    """The least cost of j disjoint fragments in the first i words to `total[j, i]`, and in `taken[j, i]` the length of
    the fragment that ends there, 0 for none."""
    most, size = total.shape[0], total.shape[1] - 1
    total[0, :] = 0
    for pieces in range(1, most):
        total[pieces, 0] = NEVER
        for end in range(1, size + 1):
            best, grams = total[pieces, end - 1], 0
            for length in range(1, min(3, end) + 1):
                value = total[pieces - 1, end - length] + cost[length - 1, end - length]
                if value < best:
                    best, grams = value, length
            total[pieces, end] = best
            taken[pieces, end] = grams


@compiled
def planned(query: Array, most: int, rows: Rows) -> Plan:
    """The plan of a query for up to `most` fragments."""
    size = len(query)
    cost, bucket = np.empty((3, size), np.int64), np.zeros((3, size), np.int64)
    total, taken = np.empty((most + 1, size + 1), np.int64), np.zeros((most + 1, size + 1), np.int8)
    costs(query, rows, cost, bucket)
    cheapest(cost, total, taken)
    singles, sums = np.argsort(cost[0]), np.zeros(size + 1, np.int64)
    for at in range(size):
        sums[at + 1] = min(NEVER, sums[at] + cost[0, singles[at]])
    return Plan(cost, bucket, total, taken, singles, sums)


@compiled
def grouped(plan: Plan, size: int, shortest: int, tallest: int, threshold: int, rows: Rows) -> tuple[Array, Array]:
    """The lengths from `shortest` to `tallest` in groups, each with its way, at the least cost in all.

    Group g begins at length `groups[g]` and ends before `groups[g + 1]`. Its way is WALK, or as many fragments as its
    longest rows demand, or as many single words, then as a negative number.
    """
    bands = np.empty(tallest - shortest + 2, np.int64)  # where the number of allowed edits changes
    count, last = 0, -1
    for length in range(shortest, tallest + 1):
        edits = max(size, length) * (100 - threshold) // 100
        if edits != last:
            bands[count] = length
            count, last = count + 1, edits
    bands[count] = tallest + 1
    least, begin, way = np.full(count + 1, np.inf), np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    least[0] = 0.0
    for end in range(1, count + 1):
        pieces = max(size, bands[end] - 1) * (100 - threshold) // 100 + 1
        words = 0
        for start in range(end - 1, -1, -1):
            length = bands[start]
            words = max(words, max(size, length) * (100 - threshold) // 100 - max(0, length - size) + 1)
            inside = float(rows.first[bands[end]] - rows.first[length])
            share = inside / len(rows.units) * PER_POSTING
            value, best = inside * PER_ROW, WALK
            if pieces < len(plan.total) and plan.total[pieces, size] < NEVER:
                other = plan.total[pieces, size] * share + pieces * PER_FRAGMENT
                if other < value:
                    value, best = other, pieces
            if words <= size and plan.sums[words] < NEVER:
                other = plan.sums[words] * share + words * PER_FRAGMENT
                if other < value:
                    value, best = other, -words
            if least[start] + value < least[end]:
                least[end], begin[end], way[end] = least[start] + value, start, best
    groups, ways = [tallest + 1], [0]
    end = count
    while end:
        groups.append(bands[begin[end]])
        ways.append(way[end])
        end = begin[end]
    return np.array(groups)[::-1], np.array(ways[1:])[::-1]


@compiled
def chosen(plan: Plan, way: int) -> Array:
    """The fragments of a way that have postings: for each how many words, minus one, and where it starts."""
    fragments, count = np.empty((abs(way), 2), np.int64), 0
    if way < 0:
        for at in plan.singles[:-way]:
            fragments[count, 0], fragments[count, 1] = 0, at
            count += plan.cost[0, at] > 0
        return fragments[:count]
    end = plan.total.shape[1] - 1
    for pieces in range(way, 0, -1):
        while plan.taken[pieces, end] == 0:
            end -= 1
        grams = whole(plan.taken[pieces, end])
        end -= grams
        fragments[count, 0], fragments[count, 1] = grams - 1, end
        count += plan.cost[grams - 1, end] > 0
    return fragments[:count]
