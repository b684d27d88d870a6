"""The rows that may be similar enough, compiled: from the postings of planned fragments, or all of a fitting length.

A candidate has passed its position, then its sketch. No query costs more than a walk through the sketches.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tm.match.generation.compare import Query, possible
from tm.match.generation.jit import Array, compiled, whole
from tm.match.generation.plan import PER_ROW, PER_STEP, WALK, Plan, chosen, grouped, planned
from tm.match.generation.rows import FAR, Rows

CHUNK = 4096


class Scratch(NamedTuple):
    """Room for one search at a time: for each row a flag, 0 between searches, and a key; for each and CHUNK more a
    candidate and its length."""

    seen: Array
    candidates: Array
    lengths: Array
    keys: Array


class Group(NamedTuple):
    """Rows of these lengths, and the similarity that is asked for."""

    shortest: int
    tallest: int
    threshold: int


@compiled
def edits_of(size: int, length: int, threshold: int) -> int:
    """How many edits may lie between texts of these lengths: `tm.match.score.edits_allowed`, compiled."""
    return max(size, length) * (100 - threshold) // 100


@compiled
def _guess(begin: int, end: int, low: int, rows: int) -> int:
    """Where the first posting from `low` on should be if rows were held evenly."""
    return min(end, begin + (end - begin) * (low >> 8) // rows)


@compiled
def _first(postings: Array, begin: int, end: int, low: int, rows: int) -> int:
    """Where the first posting from `low` on is: the guess, then steps that double, then halves."""
    at, step = _guess(begin, end, low, rows), 4
    if at < end and postings[at] < low:
        begin = at + 1
        while at + step < end and postings[at + step] < low:
            begin = at + step + 1
            step *= 2
        end = min(end, at + step)
    else:
        end = at
        while at - step >= begin and postings[at - step] >= low:
            end = at - step
            step *= 2
        begin = max(begin, at - step)
    while begin < end:
        middle = (begin + end) >> 1
        if postings[middle] < low:
            begin = middle + 1
        else:
            end = middle
    return begin


@compiled
def _from(
    postings: Array, begin: int, end: int, position: int, group: Group, query: Query, rows: Rows, scratch: Scratch,
    found: int,
) -> int:  # fmt: skip
    """Candidates of a group from the postings of one fragment; returns how many there are now."""
    low, high = rows.first[group.shortest] << 8, rows.first[group.tallest + 1] << 8
    begin = _first(postings, begin, end, low, len(rows.units))
    length, size = group.shortest, len(query.words)
    above, edits = rows.first[length + 1], edits_of(size, length, group.threshold)
    while begin < end and postings[begin] < high:
        # two plain passes, so that the processor fetches many sketches at once
        stop, passed = min(end, begin + CHUNK), found
        while begin < stop and postings[begin] < high:
            row, place = whole(postings[begin]) >> 8, whole(postings[begin]) & FAR
            while row >= above:
                length += 1
                above, edits = rows.first[length + 1], edits_of(size, length, group.threshold)
            shift = place - position
            scratch.candidates[passed], scratch.lengths[passed] = row, length
            passed += place == FAR or abs(shift) + abs(length - size - shift) <= edits
            begin += 1
        for at in range(found, passed):
            row, tall = whole(scratch.candidates[at]), whole(scratch.lengths[at])
            if possible(query, rows.sketches, row, tall, edits_of(size, tall, group.threshold)) and (
                scratch.seen[row] == 0
            ):
                scratch.seen[row] = 1
                scratch.candidates[found] = row
                found += 1
    return found


@compiled
def _among_all(group: Group, query: Query, rows: Rows, scratch: Scratch, found: int) -> int:
    """Candidates of a group from all its rows."""
    for length in range(group.shortest, group.tallest + 1):
        edits = edits_of(len(query.words), length, group.threshold)
        for row in range(rows.first[length], rows.first[length + 1]):
            if possible(query, rows.sketches, row, length, edits):
                scratch.candidates[found] = row
                found += 1
    return found


@compiled
def candidates(query: Query, threshold: int, rows: Rows, scratch: Scratch) -> int:
    """All rows that may be similar enough, each once."""
    size, longest = len(query.words), len(rows.first) - 2
    shortest, tallest = max(1, -(-size * threshold // 100)), min(longest, size * 100 // threshold)
    if shortest > tallest or rows.first[shortest] == rows.first[tallest + 1]:
        return 0
    most = min(size, edits_of(size, tallest, threshold) + 1)
    walk = (rows.first[tallest + 1] - rows.first[shortest]) * PER_ROW
    if (most + 1) * size * PER_STEP >= walk:
        return _among_all(Group(shortest, tallest, threshold), query, rows, scratch, 0)
    plan = planned(query.words, most, rows)
    groups, ways = grouped(plan, size, shortest, tallest, threshold, rows)
    found = 0
    for at in range(len(ways)):
        group = Group(groups[at], groups[at + 1] - 1, threshold)
        if rows.first[group.shortest] == rows.first[group.tallest + 1]:
            continue
        if ways[at] == WALK:
            found = _among_all(group, query, rows, scratch, found)
        else:
            found = _along(plan, ways[at], group, query, rows, scratch, found)
    for at in range(found):
        scratch.seen[scratch.candidates[at]] = 0
    return found


@compiled
def _along(plan: Plan, way: int, group: Group, query: Query, rows: Rows, scratch: Scratch, found: int) -> int:
    """Candidates of a group from the postings of the fragments that its way names: see `plan.grouped`."""
    fragments = chosen(plan, way)
    touched, low = np.uint32(0), rows.first[group.shortest] << 8
    for number in range(len(fragments)):  # all first postings are fetched at once
        grams, at = fragments[number]
        offsets, postings = _of(rows, grams)
        begin, end = _span(offsets, plan.bucket[grams, at])
        touched |= postings[min(end - 1, _guess(begin, end, low, len(rows.units)))]
    if touched == 1 and found < 0:
        return found  # never: only so that the reading above is not left out
    for number in range(len(fragments)):
        grams, at = fragments[number]
        offsets, postings = _of(rows, grams)
        begin, end = _span(offsets, plan.bucket[grams, at])
        found = _from(postings, begin, end, at, group, query, rows, scratch, found)
    return found


@compiled
def _span(offsets: Array, place: int) -> tuple[int, int]:
    return whole(offsets[place]), whole(offsets[place + 1])


@compiled
def _of(rows: Rows, grams: int) -> tuple[Array, Array]:
    if grams == 0:
        return rows.one_at, rows.one
    return (rows.two_at, rows.two) if grams == 1 else (rows.three_at, rows.three)
