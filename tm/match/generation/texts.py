"""Texts on their way into the compiled reading: the alphabet that it knows, and what it is given when it declines.

A text is plain when it is Latin, composed, holds a word, and nothing in it could be a placeable: no figure, no address,
no Roman ordinal. Where only the last is untrue, `tm.text.placeables` finds them and leaves a mark for each (`marked`).
For all others the words are the signatures that `tm.text.tokens` gives (`spelled`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, cast, get_args

import numpy as np

import tm.text
from tm.match.generation.jit import Array
from tm.text.normalise import APOSTROPHES, IGNORED, folded
from tm.text.placeables import PATTERNS, placeables
from tm.text.tokens import Token, TokenKind, measured, signature, tokens
from tm.types import Language

OTHER, WORD, SPACE, MARK, APOSTROPHE, FIGURE, AT = range(7)
# why `read` declines: figures may be placeables; something else may be one; no such text at all
FIGURES, ORDINARY, STRANGE = -1, -2, -3
SEPARATOR = 10  # parts signatures: a line feed is in none of them
SPELLED, MARKED = 0xFFFF, 0xFFFE  # begin a text that is given as signatures, with its placeables as marks
PLACE = 0xE000  # and those that follow: the marks
_MARKS = ("\uffff", "\ufffe")
_FIGURES = re.compile(r"\d+")
_BLOCKS = [range(0x250), range(0x2000, 0x2070), range(0x20A0, 0x20C0)]


class Alphabet(NamedTuple):
    """For each of the first code points its class and its folded form; for each kind of placeable its signature."""

    classes: Array
    folds: Array
    kinds: Array
    kind_ends: Array


def _class(sign: str) -> int:
    if unicodedata.normalize("NFC", sign) != sign or unicodedata.combining(sign) or sign in IGNORED:
        return OTHER
    if sign == "@" or re.match(r"\d", sign):
        return AT if sign == "@" else FIGURE
    if sign == "'" or (sign in APOSTROPHES and not re.match(r"\w", sign)):
        return APOSTROPHE
    if sign.isspace():
        return SPACE
    if not re.match(r"\w", sign):
        return MARK
    plain = folded(sign)
    return WORD if len(plain) == 1 and ord(plain) < 0x10000 else OTHER


def _alphabet() -> Alphabet:
    size = max(block.stop for block in _BLOCKS)
    classes, folds = np.zeros(size, np.uint8), np.zeros(size, np.uint16)
    for block in _BLOCKS:
        for point in block:
            classes[point] = _class(chr(point))
            if classes[point] in (WORD, FIGURE):
                folds[point] = ord(folded(chr(point)))
    kinds = [signature(Token(kind, "", 0, 0, "")) for kind in KINDS]
    made = Alphabet(classes, folds, np.frombuffer(units("".join(kinds)), np.uint16), np.cumsum([0, *map(len, kinds)]))
    made.classes.flags.writeable = made.folds.flags.writeable = made.kind_ends.flags.writeable = False
    return made


def units(text: str) -> bytes:
    """`text` in UTF-16, lone surrogates and all."""
    return text.encode("utf-16-le", "surrogatepass")


def _rules() -> str:
    source = b"".join(path.read_bytes() for path in sorted(Path(str(tm.text.__file__)).parent.glob("*.py")))
    return hashlib.sha256(source + unicodedata.unidata_version.encode()).hexdigest()


# What the words of a text depend on, as a checksum: an index made by other rules must be built anew.
RULES = _rules()
KINDS: tuple[TokenKind, ...] = get_args(TokenKind)
_SIGNS = {kind: chr(PLACE + at) for at, kind in enumerate(KINDS)}
_KIND_OF: dict[str, TokenKind] = {
    group: "date" if (name := group.partition("_")[0]) in ("iso", "numeric") else cast(TokenKind, name)
    for group in PATTERNS["fr"].groupindex
}
ALPHABET = _alphabet()


def spelled(text: str, language: Language) -> bytes:
    """The words of any text as `tm.text.tokens` gives them, in UTF-16, for `read`."""
    return units("\uffff" + "\n".join(signature(token) for token in measured(tokens(text, language))))


def opened(text: str, language: Language) -> bytes:
    """A text in UTF-16 for `read`, which may still decline it."""
    return units(text) if language == "fr" and text[:1] not in _MARKS else spelled(text, language)


def again(text: str, language: Language, declined: int) -> bytes:
    """What to give to `read` after it declined a text: `marked` or `spelled`."""
    if declined == STRANGE:
        return spelled(text, language)
    found = (
        [(token.kind, token.start, token.end) for token in placeables(text, "fr")]
        if declined == ORDINARY
        else [place for start, end in _windows(text) for place in _places(text, start, end)]
    )
    return marked(text, found)


def marked(text: str, places: Iterable[tuple[TokenKind, int, int]]) -> bytes:
    """A text with its placeables as marks; they are given by kind, start and end."""
    pieces, at = ["\ufffe"], 0
    for kind, start, end in places:
        pieces += [text[at:start], _SIGNS[kind]]
        at = end
    return units("".join([*pieces, text[at:]]))


def _places(text: str, start: int, end: int) -> Iterator[tuple[TokenKind, int, int]]:
    for match in PATTERNS["fr"].finditer(text, start, end):
        yield _KIND_OF[str(match.lastgroup)], match.start(), match.end()


def _windows(text: str) -> list[tuple[int, int]]:
    """Where placeables with figures are: no French one has more than two words before its first figure, four after its
    last, or three between figures. A window is wider, so that nothing is cut."""
    found: list[tuple[int, int]] = []
    for figures in _FIGURES.finditer(text):
        start, end = figures.span()
        if found and start < found[-1][1]:
            start = found.pop()[0]
        else:
            for _ in range(5):
                start = text.rfind(" ", 0, max(0, start))
        for _ in range(7):
            end = text.find(" ", end) + 1 or len(text)
        found.append((max(0, start), end))
    return found
