"""The words of a text for concordance: whole words as people type them, and nothing about what they amount to.

Words are parted as `tm.text.tokens` parts them (a French elision and the English `'s` are words of their own, a hyphen
parts), but figures and dates are words like any other, so that any part of them can be asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tm.text.normalise import APOSTROPHES, IGNORED
from tm.types import Language, Span

_REST = r"\w[\w\u0300-\u036f]*"
_PATTERNS: dict[Language, re.Pattern[str]] = {
    "fr": re.compile(rf"(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)'(?=\w)|{_REST}(?:'{_REST})*"),
    "en": re.compile(rf"{_REST}(?:'(?!s\b){_REST})*|(?<=\w)'s\b"),
}
_HIDDEN = re.compile(f"[{IGNORED}]")
_JAMO = range(0x1160, 0x1200)


class Folded(NamedTuple):
    """A text without the difference of case, in NFC, apostrophes straight, invisible marks gone. `places` says for each
    of its characters where the piece of the text that it comes from begins and ends; None where all are in place."""

    text: str
    places: Sequence[tuple[int, int]] | None

    def span(self, start: int, end: int) -> Span:
        """Where a part of the folded text stands in the text."""
        if self.places is None:
            return Span(start, end)
        return Span(self.places[start][0], self.places[end - 1][1])


def folded(text: str) -> Folded:
    """`text` as it is compared."""
    if text.isascii():
        return Folded(text.lower(), None)
    plain = text
    for sign in APOSTROPHES:
        plain = plain.replace(sign, "'")
    plain = plain.casefold()
    # a case-folded character is one or more, so that the same length means the same places
    if len(plain) == len(text) and unicodedata.is_normalized("NFC", plain) and not _HIDDEN.search(plain):
        return Folded(plain, None)
    return _by_pieces(text)


def _by_pieces(text: str) -> Folded:
    folds: list[str] = []
    places: list[tuple[int, int]] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _goes_on(text, end):
            continue
        fold = _fold(text[start:end])
        folds.append(fold)
        places += [(start, end)] * len(fold)
        start = end
    return Folded("".join(folds), places)


def _goes_on(text: str, at: int) -> bool:
    """Whether the character may be one with those before it."""
    sign = text[at]
    return sign in IGNORED or unicodedata.combining(sign) > 0 or ord(sign) in _JAMO or _composes(text[at - 1], sign)


@lru_cache(maxsize=4096)
def _composes(before: str, sign: str) -> bool:
    one, other = _fold(before), _fold(sign)
    return unicodedata.normalize("NFC", one + other) != one + other


@lru_cache(maxsize=4096)
def _fold(piece: str) -> str:
    plain = unicodedata.normalize("NFC", _HIDDEN.sub("", piece))
    for sign in APOSTROPHES:
        plain = plain.replace(sign, "'")
    return unicodedata.normalize("NFC", plain.casefold())


def words(given: Folded, language: Language) -> list[str]:
    """The words of a folded text in order."""
    return _PATTERNS[language].findall(given.text)


def placed(given: Folded, language: Language) -> list[re.Match[str]]:
    """The words of a folded text with their places in it; `given.span` says where that is in the text."""
    return list(_PATTERNS[language].finditer(given.text))
