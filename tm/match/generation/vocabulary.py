"""The words of an index and their numbers: a hash table in three arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tm.match.generation.jit import Array, compiled, mixed, whole

_PRIME, _BASIS = np.uint64(1099511628211), np.uint64(14695981039346656037)


class Vocabulary(NamedTuple):
    """Word number `w` is `letters[ends[w]:ends[w + 1]]`; `table` holds numbers plus one at their hashed places."""

    letters: Array
    ends: Array
    table: Array


def empty() -> Vocabulary:
    """A vocabulary without words."""
    return Vocabulary(np.zeros(0, np.uint16), np.zeros(1, np.uint32), np.zeros(2, np.uint32))


@compiled
def place(vocabulary: Vocabulary, words: Array, start: int, end: int) -> int:
    """Where in the table a word is, or would be."""
    letters, ends, table = vocabulary
    hashed = _BASIS
    for at in range(start, end):
        hashed = (hashed ^ np.uint64(words[at])) * _PRIME
    slot = whole(mixed(hashed) & np.uint64(len(table) - 1))
    while table[slot] != 0:
        known = whole(ends[table[slot] - 1])
        if whole(ends[table[slot]]) - known == end - start:
            at = 0
            while at < end - start and letters[known + at] == words[start + at]:
                at += 1
            if at == end - start:
                break
        slot = (slot + 1) & (len(table) - 1)
    return slot


@compiled
def numbered(vocabulary: Vocabulary, words: Array, ends: Array, count: int, numbers: Array) -> None:
    """The numbers of `count` words to `numbers`; -1 for a word that is not known."""
    start = 0
    for at in range(count):
        numbers[at] = whole(vocabulary.table[place(vocabulary, words, start, ends[at])]) - 1
        start = ends[at]


@compiled
def learned(vocabulary: Vocabulary, known: int, words: Array, ends: Array, count: int, numbers: Array) -> int:
    """The numbers of `count` words to `numbers`, new words added to the `known` ones; returns how many are known now.
    There must be room."""
    start = 0
    for at in range(count):
        slot = place(vocabulary, words, start, ends[at])
        if vocabulary.table[slot] == 0:
            first = whole(vocabulary.ends[known])
            for letter in range(ends[at] - start):
                vocabulary.letters[first + letter] = words[start + letter]
            known += 1
            vocabulary.ends[known] = first + ends[at] - start
            vocabulary.table[slot] = known
        numbers[at] = vocabulary.table[slot] - 1
        start = ends[at]
    return known


@compiled
def _replace(old: Vocabulary, known: int, new: Vocabulary) -> None:
    for word in range(known):
        new.table[place(new, old.letters, whole(old.ends[word]), whole(old.ends[word + 1]))] = word + 1


def with_room(vocabulary: Vocabulary, known: int, words: int, letters: int) -> Vocabulary:
    """A copy that has room for `words` more words of `letters` letters in all."""
    size = 2
    while size < 2 * (known + words):
        size *= 2
    used = int(vocabulary.ends[known])
    fresh = Vocabulary(
        np.empty(used + letters, np.uint16), np.empty(known + words + 1, np.uint32), np.zeros(size, np.uint32)
    )
    fresh.letters[:used] = vocabulary.letters[:used]
    fresh.ends[: known + 1] = vocabulary.ends[: known + 1]
    if size == len(vocabulary.table):
        fresh.table[:] = vocabulary.table
    else:
        _replace(vocabulary, known, fresh)
    return fresh
