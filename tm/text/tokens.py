"""Texts as typed tokens: words, placeables with their values, punctuation; never spaces.

A French elision is a word of its own (`l'` `Alliance`), as is the English `'s`; `aujourd'hui` and `don't` are one. A
hyphen parts words (`OTAN` `-` `Russie`, `est` `-` `il`), so that the parts of a compound are found and compared one
by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from tm.text.normalise import APOSTROPHES, IGNORED, folded
from tm.text.placeables import Token, TokenKind, placeables
from tm.types import Language

__all__ = ["Token", "TokenKind", "measured", "signature", "tokens"]

_Q = f"['{APOSTROPHES}]"
_REST = r"\w[\w\u0300-\u036f]*"
_PIECES: dict[Language, re.Pattern[str]] = {
    "fr": re.compile(
        rf"(?P<word>(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu){_Q}(?=\w)|{_REST}(?:{_Q}\w[\w\u0300-\u036f]*)*)|(?P<mark>{_Q}+|(\S)\3*)",
        re.I,
    ),
    "en": re.compile(
        rf"(?P<word>{_REST}(?:{_Q}(?!s\b)\w[\w\u0300-\u036f]*)*|(?<=\w){_Q}s\b)|(?P<mark>{_Q}+|(\S)\3*)",
        re.I,
    ),
}
_HIDDEN = re.compile(f"[{IGNORED}]")
_UNTIDY = re.compile(rf"[{IGNORED}]|\s\s")


def tokens(text: str, language: Language = "fr") -> tuple[Token, ...]:
    """The tokens of `text` in order, with offsets into it. Two texts that are the same text for
    `tm.text.normalise.normal` have tokens of the same kinds and values. Time grows with the length of the text."""
    if unicodedata.is_normalized("NFC", text) and not _UNTIDY.search(text):
        return tuple(_tokens(text, language))
    clean, places = _cleaned(text)
    return tuple(
        Token(token.kind, text[start:end], start, end, token.value)
        for token in _tokens(clean, language)
        for start, end in [(places[token.start], places[token.end])]
    )


def measured(found: Sequence[Token]) -> list[Token]:
    """The tokens that similarity is measured on: all but punctuation; the punctuation where there is nothing else."""
    return [token for token in found if token.kind != "punctuation"] or list(found)


def signature(token: Token) -> str:
    """What stands for a token when texts are compared: the folded word, and only the kind of a placeable."""
    return str(token.value) if token.kind in ("word", "punctuation") else f"\0{token.kind}"


def _tokens(text: str, language: Language) -> Iterator[Token]:
    at = 0
    for placeable in placeables(text, language):
        yield from _words(text, at, placeable.start, language)
        yield placeable
        at = placeable.end
    yield from _words(text, at, len(text), language)


def _words(text: str, start: int, end: int, language: Language) -> Iterator[Token]:
    for match in _PIECES[language].finditer(text, start, end):
        piece = match[0]
        kind: TokenKind = "punctuation" if match.lastgroup == "mark" else "word"
        value = piece.casefold() if piece.isascii() else folded(piece)
        yield Token(kind, piece, match.start(), match.end(), value)


def _cleaned(text: str) -> tuple[str, list[int]]:
    """`text` in NFC without invisible marks and doubled spaces, and for each offset into it the offset into `text`."""
    pieces: list[str] = []
    places: list[int] = []
    for match in re.finditer(rf"(?s)\s[\s{IGNORED}]*|.[\u0300-\u036f{IGNORED}]*", text):
        piece = " " if match[0][0].isspace() else unicodedata.normalize("NFC", _HIDDEN.sub("", match[0]))
        pieces.append(piece)
        places.extend([match.start()] * len(piece))
    return "".join(pieces), [*places, len(text)]
