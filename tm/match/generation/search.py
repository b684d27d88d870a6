"""The compiled search: everything at or above a threshold, the most similar first."""

from __future__ import annotations

import numpy as np

from tm.match.generation.candidates import Scratch, candidates
from tm.match.generation.compare import Query, distance_of, prepared
from tm.match.generation.jit import Array, compiled, whole
from tm.match.generation.reading import read
from tm.match.generation.rows import Rows
from tm.match.generation.texts import Alphabet
from tm.match.generation.vocabulary import Vocabulary, numbered

UNIT_BITS = 55  # a key is (100 - similarity) << 55 | unit, so that keys in ascending order are hits in theirs


@compiled
def _hits(query: Query, threshold: int, rows: Rows, dead: Array, epoch: int, allowed: Array, scratch: Scratch) -> int:
    """The keys of all rows that are similar enough, alive and of an allowed scope; returns how many."""
    size, hits = len(query.words), 0
    for candidate in scratch.candidates[: candidates(query, threshold, rows, scratch)]:
        row = whole(candidate)
        if 0 < dead[row] <= epoch:
            continue
        if len(allowed) and (rows.scopes[row] >= len(allowed) or not allowed[rows.scopes[row]]):
            continue
        length = whole(np.searchsorted(rows.first, row, side="right")) - 1
        tallest = max(size, length)
        edits = tallest * (100 - threshold) // 100
        start = rows.base[length] + (row - rows.first[length]) * length
        distance = distance_of(query, rows.words, start, length, edits)
        if distance <= edits:
            scratch.keys[hits] = (100 - 100 * (tallest - distance) // tallest) << UNIT_BITS | rows.units[row]
            hits += 1
    return hits


@compiled
def _best(keys: Array, limit: int) -> Array:
    """The smallest keys in their order, at most `limit`."""
    if len(keys) > 4 * limit + 64:
        counts = np.zeros(101, np.int64)
        for key in keys:
            counts[key >> UNIT_BITS] += 1
        last, enough = 0, counts[0]
        while enough < limit:
            last += 1
            enough += counts[last]
        keys = keys[keys >> UNIT_BITS <= last]
    return np.sort(keys)[:limit]


@compiled
def answer(
    text: Array, ends: Array, threshold: int, limit: int, alphabet: Alphabet, vocabulary: Vocabulary,
    rows: Rows, dead: Array, epoch: int, allowed: Array, scratch: Scratch, counts: Array, keys: Array,
) -> None:  # fmt: skip
    """Search for texts that lie one after another. `counts[i]` becomes the number of hits of text i, whose keys are
    `keys[i * limit:]`, or -1 where `reading.read` declined the text. Rows that died at or before `epoch` are not
    found, nor those of a scope that is not marked in `allowed` (which is empty where all are)."""
    start = 0
    for number in range(len(ends)):
        one = text[start : ends[number]]
        start = ends[number]
        words, closes = np.empty(11 * len(one), np.uint16), np.empty(len(one), np.int64)
        size = read(one, alphabet, words, closes)
        counts[number] = min(size, 0)
        if size <= 0 or len(rows.units) == 0:
            continue
        numbers = np.empty(size, np.int64)
        numbered(vocabulary, words, closes, size, numbers)
        for at in range(size):
            if numbers[at] >= len(rows.df):
                numbers[at] = -1
        best = _best(scratch.keys[: _hits(prepared(numbers), threshold, rows, dead, epoch, allowed, scratch)], limit)
        counts[number] = len(best)
        keys[number * limit : number * limit + len(best)] = best


@compiled
def touched(memory: Array) -> int:
    """Read a byte of every page, so that none is missing later; returns their sum."""
    total = 0
    for at in range(0, len(memory), 4096):
        total += whole(memory[at])
    return total
