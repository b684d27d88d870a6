"""Texts as rows of numbered words, sorted by length, with what a search needs to find them.

A posting is `row << 8 | position`. Postings of single words lie by word, those of two and three words in a row lie by
hash: what shares a bucket by accident is told apart when rows are compared. No postings are kept of a word that comes
more than once in COMMON rows, of a pair with a word that comes RARE times or less, or of three words whose pairs have
RARE_PAIR postings or less: there the shorter fragment finds as well. `plan.costs` derives which from the same counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tm.match.generation.jit import Array, compiled, mixed, paired, whole

MOST_ROWS = 1 << 24
FAR = 255  # stands for this position and all after it
RARE = 8
RARE_PAIR = 40
COMMON = 64

Allocate = Callable[[str, type, int], Array]


class Texts(NamedTuple):
    """Texts on their way into rows: their words as `numbers`, one text after another; for each text how many it has,
    and its unit and scope."""

    numbers: Array
    lengths: Array
    units: Array
    scopes: Array


class Rows(NamedTuple):
    """The arrays of an index.

    `first[n]` is the first row of length n or more, `base[n]` where its words begin in `words`; `units` the unit of
    each row and `scopes` its scope, `by_unit` the rows by ascending unit; `sketches` 128 bits a row for the words that
    it holds, first one half of all rows, then the other; `df` how often each word comes. The others are postings and
    their offsets.
    """

    first: Array
    base: Array
    words: Array
    sketches: Array
    units: Array
    scopes: Array
    by_unit: Array
    df: Array
    one_at: Array
    one: Array
    two_at: Array
    two: Array
    three_at: Array
    three: Array


@compiled
def pair_bucket(buckets: int, one: int, other: int) -> int:
    """Where the postings of two words in a row are; `buckets` is a power of two."""
    return whole(paired(np.uint64(one), np.uint64(other)) & np.uint64(buckets - 1))


@compiled
def triple_bucket(buckets: int, one: int, other: int, last: int) -> int:
    """Where the postings of three words in a row are."""
    return whole(paired(paired(np.uint64(one), np.uint64(other)), np.uint64(last)) & np.uint64(buckets - 1))


@compiled
def sketch_bit(word: int, before: int) -> int:
    """Which of 128 bits stands for a word that was `before` times in the same text already."""
    return whole(mixed(np.uint64(word) * np.uint64(4096) + np.uint64(before) + np.uint64(1)) & np.uint64(127))


@compiled
def most_posted(rows: int) -> int:
    """How often a word may come among so many rows and still have postings of its own."""
    return max(64, rows // COMMON)


@compiled
def held(offsets: Array, at: int) -> int:
    """How many postings there are at a place."""
    return whole(offsets[at + 1]) - whole(offsets[at])


@compiled
def _place(numbers: Array, starts: Array, order: Array, lengths: Array, words: Array) -> None:
    written = 0
    for row in order:
        for at in range(lengths[row]):
            words[written] = numbers[starts[row] + at]
            written += 1


@compiled
def _sketch(first: Array, base: Array, words: Array, sketches: Array, seen: Array) -> None:
    for length in range(1, len(first) - 1):
        for row in range(first[length], first[length + 1]):
            start = base[length] + (row - first[length]) * length
            low, high = np.uint64(0), np.uint64(0)
            for at in range(start, start + length):
                bit = sketch_bit(words[at], seen[words[at]])
                seen[words[at]] += 1
                if bit < 64:
                    low |= np.uint64(1) << np.uint64(bit)
                else:
                    high |= np.uint64(1) << np.uint64(bit - 64)
            for at in range(start, start + length):
                seen[words[at]] = 0
            sketches[row], sketches[(len(sketches) >> 1) + row] = low, high


@compiled
def _post(
    grams: int,
    first: Array,
    base: Array,
    words: Array,
    df: Array,
    pairs: Array,
    common: int,
    at: Array,
    postings: Array,
) -> None:
    """Count (without `postings`) or write the postings of fragments of one, two or three words."""
    counting = len(postings) == 0
    buckets = len(at) - 1
    for length in range(grams, len(first) - 1):
        for row in range(first[length], first[length + 1]):
            start = base[length] + (row - first[length]) * length
            for position in range(length - grams + 1):
                one = whole(words[start + position])
                if grams == 1:
                    bucket = one
                    if df[one] > common:
                        continue
                else:
                    other = whole(words[start + position + 1])
                    if df[one] <= RARE or df[other] <= RARE:
                        continue
                    if grams == 2:
                        bucket = pair_bucket(buckets, one, other)
                    else:
                        last = whole(words[start + position + 2])
                        if (
                            df[last] <= RARE
                            or held(pairs, pair_bucket(len(pairs) - 1, one, other)) <= RARE_PAIR
                            or held(pairs, pair_bucket(len(pairs) - 1, other, last)) <= RARE_PAIR
                        ):
                            continue
                        bucket = triple_bucket(buckets, one, other, last)
                if counting:
                    at[bucket + 1] += 1
                else:
                    postings[at[bucket]] = row << 8 | min(position, FAR)
                    at[bucket] += 1


def arranged(texts: Texts, known: int, allocate: Allocate) -> Rows:
    """The rows of texts; `known` is how many different words there are.

    `allocate(name, type, size)` gives the arrays, filled with zeros. ValueError for 2**24 texts or more, and for a unit
    that comes twice.
    """
    numbers, lengths, units, scopes = texts
    count, total = len(lengths), len(numbers)
    if count >= MOST_ROWS:
        raise ValueError(f"{count} units are more than one generation can hold ({MOST_ROWS - 1})")
    order = np.lexsort((units, lengths))
    longest = int(lengths[order[-1]]) if count else 0
    first, base = allocate("first", np.int64, longest + 2), allocate("base", np.int64, longest + 2)
    first[:] = np.searchsorted(lengths[order], np.arange(longest + 2))
    base[1:] = np.cumsum(np.diff(first) * np.arange(longest + 1))
    words = allocate("words", np.uint32, total)
    starts = np.cumsum(lengths, dtype=np.int64) - lengths
    _place(numbers, starts, order, lengths, words)
    sketches = allocate("sketches", np.uint64, 2 * count)
    _sketch(first, base, words, sketches, np.zeros(known, np.int64))
    unit_of = allocate("units", np.int64, count)
    unit_of[:] = units[order]
    scope_of = allocate("scopes", np.uint16, count)
    scope_of[:] = scopes[order]
    by_unit = allocate("by_unit", np.uint32, count)
    by_unit[:] = np.argsort(unit_of)
    if np.any(np.diff(unit_of[by_unit]) == 0):
        raise ValueError("the same unit comes twice")
    posted: list[Array] = []
    df, pairs, common = allocate("df", np.uint32, known), np.zeros(2, np.uint32), most_posted(count)
    _count(words, df)
    for grams, name in enumerate(("one", "two", "three"), 1):
        counts = np.zeros((known if grams == 1 else _buckets(total)) + 1, np.uint32)
        at = allocate(f"{name}_at", np.uint32, len(counts))
        _post(grams, first, base, words, df, pairs, common, counts, np.zeros(0, np.uint32))
        np.cumsum(counts, dtype=np.uint32, out=at)
        counts[:] = at
        postings = allocate(name, np.uint32, int(at[-1]))
        if len(postings):
            _post(grams, first, base, words, df, pairs, common, counts, postings)
        posted += [at, postings]
        pairs = at
    return Rows(first, base, words, sketches, unit_of, scope_of, by_unit, df, *posted)


@compiled
def _count(words: Array, df: Array) -> None:
    for word in words:
        df[word] += 1


def _buckets(words: int) -> int:
    size = 64
    while size * 8 < words:
        size *= 2
    return size
