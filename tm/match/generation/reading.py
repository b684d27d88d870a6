"""From texts to words, compiled; it must agree with `tm.text.tokens` to the letter. A word is a run of UTF-16 units."""

from __future__ import annotations

import numpy as np

from tm.match.generation.jit import Array, compiled, whole
from tm.match.generation.texts import (
    APOSTROPHE,
    AT,
    FIGURE,
    FIGURES,
    MARK,
    MARKED,
    ORDINARY,
    OTHER,
    PLACE,
    SEPARATOR,
    SPACE,
    SPELLED,
    STRANGE,
    WORD,
    Alphabet,
)

_ROMAN = np.array([chr(point) in "IVXLC" for point in range(128)])
_LONGEST_ENDING = 4  # of a Roman ordinal: "èmes"
# Elisions without their apostrophe, as numbers: up to seven letters of five bits each
_ELIDED = "c d j l m n s t qu jusqu lorsqu puisqu quoiqu"


def _packed(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number << 5 | ord(letter) & 31
    return number


_ELISIONS = np.array(sorted(_packed(letters) for letters in _ELIDED.split()), dtype=np.int64)


@compiled
def _elides(words: Array, start: int, end: int) -> bool:
    """Whether these folded letters lose their last vowel before another word."""
    if end - start > 6:
        return False
    number = 0
    for at in range(start, end):
        if words[at] < 97 or words[at] > 122:
            return False
        number = number << 5 | whole(words[at]) & 31
    for elision in _ELISIONS:  # noqa: SIM110 (compiled code knows no generators)
        if number == elision:
            return True
    return False


@compiled
def _may_be_ordinal(text: Array, start: int, end: int) -> bool:
    """Whether a run of word characters could be a Roman ordinal; fifty and a hundred alone are none ("Les", "Ce")."""
    at = start
    while at < end and text[at] < 128 and _ROMAN[text[at]]:
        at += 1
    if at == start or (at == start + 1 and (text[start] == 76 or text[start] == 67)):
        return False
    return 0 < end - at <= _LONGEST_ENDING and (text[at] == 101 or text[at] == 114 or text[at] == 232)


@compiled
def _parted(text: Array, words: Array, ends: Array) -> int:
    count, written = 0, 0
    if len(text) == 1:
        return 0
    for at in range(1, len(text)):
        if text[at] == SEPARATOR:
            ends[count] = written
            count += 1
        else:
            words[written] = text[at]
            written += 1
    ends[count] = written
    return count + 1


@compiled
def _class_of(unit: int, alphabet: Alphabet, is_marked: bool) -> int:
    """The class of a UTF-16 unit. Where placeables are marked, the figures left over are letters like any other."""
    if unit >= len(alphabet.classes):
        return MARK if is_marked and PLACE <= unit < PLACE + 64 else OTHER
    found = whole(alphabet.classes[unit])
    if is_marked and found >= FIGURE:
        return WORD if found == FIGURE else MARK
    return found


@compiled
def _declined(text: Array, alphabet: Alphabet) -> int:
    """Why a text is not plain, 0 for one that is."""
    figures, hinted, doubled, start = False, False, False, 0
    for at in range(len(text)):
        kind = _class_of(text[at], alphabet, False)
        if kind == OTHER:
            return STRANGE
        if kind == WORD:
            continue
        doubled |= kind == SPACE and at > 0 and _class_of(text[at - 1], alphabet, False) == SPACE
        figures |= kind == FIGURE
        hinted |= kind == AT or _may_be_ordinal(text, start, at)
        hinted |= text[at] == 47 and at > 0 and text[at - 1] == 58  # ":/"
        hinted |= text[at] == 46 and at - start >= 3 and text[at - 1] == text[at - 2] == text[at - 3] == 119  # "www."
        start = at + 1
    hinted |= _may_be_ordinal(text, start, len(text))
    if not figures and not hinted:
        return 0
    return STRANGE if doubled else ORDINARY if hinted else FIGURES  # doubled spaces are one for placeables


@compiled
def read(text: Array, alphabet: Alphabet, words: Array, ends: Array) -> int:
    """The folded words of what `opened`, `marked` or `spelled` gave: units to `words`, the end of each to `ends`.

    Returns how many, or why the text is declined: see `again`. There must be room for eleven times as many
    units as `text` has, and for as many ends as it has units.
    """
    if len(text) and text[0] == SPELLED:
        return _parted(text, words, ends)
    is_marked = len(text) > 0 and text[0] == MARKED
    if not is_marked:
        declined = _declined(text, alphabet)
        if declined:
            return declined
    size, count, written, at = len(text), 0, 0, 1 if is_marked else 0
    while at < size:
        if is_marked and PLACE <= text[at] < PLACE + 64:
            kind = text[at] - PLACE
            for unit in range(alphabet.kind_ends[kind], alphabet.kind_ends[kind + 1]):
                words[written] = alphabet.kinds[unit]
                written += 1
            at += 1
        elif _class_of(text[at], alphabet, is_marked) == WORD:
            at, written = _word(text, at, alphabet, is_marked, words, written)
        else:
            at += 1
            continue
        ends[count] = written
        count += 1
    return count if count else STRANGE


@compiled
def _word(text: Array, at: int, alphabet: Alphabet, is_marked: bool, words: Array, written: int) -> tuple[int, int]:
    """One word that begins at `at`; returns where it ends, in `text` and in `words`."""
    first, size = written, len(text)
    while True:
        while at < size and _class_of(text[at], alphabet, is_marked) == WORD:
            words[written] = alphabet.folds[text[at]]
            written += 1
            at += 1
        joins = (
            at + 1 < size
            and _class_of(text[at], alphabet, is_marked) == APOSTROPHE
            and _class_of(text[at + 1], alphabet, is_marked) == WORD
        )
        if not joins:
            return at, written
        words[written] = 39
        written += 1
        at += 1
        if _elides(words, first, written - 1):
            return at, written
