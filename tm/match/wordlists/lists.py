"""The arrays behind concordance in one language: which rows hold which word. A row is a unit, in the order of ids.

Rows of a word are listed, three bytes for each, in ascending order; a word that more than one in COMMON rows holds has
a bitmap instead, which is smaller then. A sketch for each row tells which words stand next to each other in it, so that
a phrase of common words is not looked for in every row that has them somewhere: a bit for each pair, by the stem of the
first and the place in the alphabet of the second, so that few bits stand for all words that begin alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tm.match.generation.jit import Array, compiled, paired, whole
from tm.match.wordlists.encoding import Encoder
from tm.match.wordlists.stems import stems

MOST_ROWS = 1 << 24
COMMON = 24
FEW = 64  # rows that are never many: no bitmap for a word of so few
BITS = 4  # of a sketch, for each word of the row
BUCKETS = 64  # parts of the alphabet, of about as many words in all rows

_HALF = np.uint64(32)

Allocate = Callable[[str, type, int], Array]


class Lists(NamedTuple):
    """The arrays of one language.

    Word number `w`, in the order of UTF-16, is `letters[ends[w]:ends[w + 1]]`, and its rows are the postings from
    `at[w]` to `at[w + 1]`; or, where it is `common[c]`, `bits` from `c` times the words of a bitmap. Stem number `s` is
    `stem_letters[stem_ends[s]:stem_ends[s + 1]]`; `forms[forms_at[s]:forms_at[s + 1]]` are its words, `stem_of[w]` is
    the stem of a word, `buckets[w]` its part of the alphabet. The sketch of row `r` is
    `sketches[sketch_at[r]:sketch_at[r + 1]]`, nothing for a row of one word.
    """

    letters: Array
    ends: Array
    at: Array
    postings: Array
    common: Array
    bits: Array
    stem_letters: Array
    stem_ends: Array
    forms_at: Array
    forms: Array
    stem_of: Array
    buckets: Array
    sketch_at: Array
    sketches: Array


class Texts(NamedTuple):
    """Texts on their way into lists, in the order of rows: those of row `r` are `numbers[starts[r]:][:lengths[r]]`, as
    the encoder numbered them."""

    numbers: Array
    starts: Array
    lengths: Array


@compiled
def next_to(stem: int, bucket: int) -> np.uint64:
    """What stands for a word of this stem with one of this bucket after it."""
    return paired(np.uint64(stem), np.uint64(bucket)) >> _HALF


@compiled
def bit_of(key: np.uint64, size: int) -> int:
    """Its place in a sketch of `size` times 32 bits."""
    return whole(key * np.uint64(32 * size) >> _HALF)


@compiled
def _count(texts: Texts, counts: Array, seen: Array) -> None:
    """In how many rows each word comes."""
    for row in range(len(texts.starts)):
        start = texts.starts[row]
        for at in range(start, start + texts.lengths[row]):
            number = texts.numbers[at]
            if seen[number] != row + 1:
                seen[number] = row + 1
                counts[number] += 1


@compiled
def _post(texts: Texts, rank: Array, slots: Array, seen: Array, cursors: Array, lists: Lists) -> None:
    """Write postings, bitmaps and sketches. `rank` gives the word of a number, `slots` the bitmap of a word or -1."""
    size = (len(texts.starts) + 63) >> 6
    for row in range(len(texts.starts)):
        start, before = texts.starts[row], -1
        sketch = lists.sketches[lists.sketch_at[row] : lists.sketch_at[row + 1]]
        for at in range(start, start + texts.lengths[row]):
            word = rank[texts.numbers[at]]
            if before >= 0:
                bit = bit_of(next_to(before, lists.buckets[word]), len(sketch))
                sketch[bit >> 5] |= np.uint32(1) << np.uint32(bit & 31)
            before = whole(lists.stem_of[word])
            if seen[word] == row + 1:
                continue
            seen[word] = row + 1
            if slots[word] >= 0:
                lists.bits[slots[word] * size + (row >> 6)] |= np.uint64(1) << np.uint64(row & 63)
                continue
            place = 3 * cursors[word]
            lists.postings[place], lists.postings[place + 1] = row & 255, row >> 8 & 255
            lists.postings[place + 2] = row >> 16
            cursors[word] += 1


def arranged(texts: Texts, encoder: Encoder, allocate: Allocate) -> Lists:
    """The lists of texts whose words `encoder` numbered; `allocate(name, type, size)` gives the arrays, filled with
    zeros. ValueError for 2**24 texts or more."""
    rows = len(texts.starts)
    if rows >= MOST_ROWS:
        raise ValueError(f"{rows} units are more than one generation can hold ({MOST_ROWS - 1})")
    counts, seen = np.zeros(encoder.known, np.uint32), np.zeros(encoder.known, np.uint32)
    _count(texts, counts, seen)
    spelled = sorted((_sortable(encoder.word(number)), number) for number in np.flatnonzero(counts).tolist())
    numbers = np.array([number for _, number in spelled], np.int64)
    words = [word for word, _ in spelled]
    held = counts[numbers]
    common = np.flatnonzero(held > max(FEW, rows // COMMON))
    slots = np.full(len(words), -1, np.int64)
    slots[common] = np.arange(len(common))
    listed = np.where(slots < 0, held, 0)
    sketch_at = _sketched(texts.lengths, allocate)
    lists = Lists(
        *_strings(words, "letters", "ends", allocate),
        _filled(np.concatenate([[0], np.cumsum(listed)]), "at", np.uint32, allocate),
        allocate("postings", np.uint8, 3 * int(listed.sum())),
        _filled(common, "common", np.uint32, allocate),
        allocate("bits", np.uint64, len(common) * ((rows + 63) >> 6)),
        *_stemmed(words, encoder, allocate),
        _filled(_buckets(held), "buckets", np.uint8, allocate),
        sketch_at,
        allocate("sketches", np.uint32, int(sketch_at[-1])),
    )
    rank = np.zeros(encoder.known, np.int64)
    rank[numbers] = np.arange(len(numbers))
    if rows:
        _post(texts, rank, slots, np.zeros(len(words), np.uint32), lists.at[:-1].astype(np.int64), lists)
    return lists


def _sketched(lengths: Array, allocate: Allocate) -> Array:
    """Where the sketch of each row begins, and the last ends."""
    sketch_at = allocate("sketch_at", np.uint32, len(lengths) + 1)
    sizes = lengths * np.uint32(BITS)
    sizes += 31
    sizes >>= 5
    sizes[lengths < 2] = 0
    np.cumsum(sizes, out=sketch_at[1:])
    return sketch_at


def _buckets(held: Array) -> Array:
    """The part of the alphabet of each word, which so many rows hold."""
    before = np.cumsum(held, dtype=np.int64) - held
    return before * BUCKETS // max(1, int(held.sum()))


def _sortable(word: bytes) -> bytes:
    """UTF-16 whose bytes sort as its units do."""
    return np.frombuffer(word, np.uint16).byteswap().tobytes()


def _filled(values: Array, name: str, kind: type, allocate: Allocate) -> Array:
    array = allocate(name, kind, len(values))
    array[:] = values
    return array


def _strings(several: list[bytes], letters: str, ends: str, allocate: Allocate) -> tuple[Array, Array]:
    """Sortable strings one after another, and where each begins and the last ends."""
    lengths = np.fromiter(map(len, several), np.int64, len(several)) // 2
    return (
        _filled(np.frombuffer(b"".join(several), np.uint16).byteswap(), letters, np.uint16, allocate),
        _filled(np.concatenate([[0], np.cumsum(lengths)]), ends, np.uint32, allocate),
    )


def _stemmed(words: list[bytes], encoder: Encoder, allocate: Allocate) -> tuple[Array, Array, Array, Array, Array]:
    """The stems of all words, and the words by stem."""
    spelled = [word.decode("utf-16-be", "surrogatepass") for word in words]
    of = [stem.encode("utf-16-be", "surrogatepass") for stem in stems(spelled, encoder.language)]
    known = sorted(set(of))
    number = {stem: at for at, stem in enumerate(known)}
    stem_of = np.fromiter((number[stem] for stem in of), np.int64, len(of))
    starts = np.concatenate([[0], np.cumsum(np.bincount(stem_of, minlength=len(known)))])
    return (
        *_strings(known, "stem_letters", "stem_ends", allocate),
        _filled(starts, "forms_at", np.uint32, allocate),
        _filled(np.argsort(stem_of, kind="stable"), "forms", np.uint32, allocate),
        _filled(stem_of, "stem_of", np.uint32, allocate),
    )
