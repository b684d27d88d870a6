"""A text as the words that terms are made of: hyphens and apostrophes part words, and so do spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from tm.text.normalise import APOSTROPHES, IGNORED

_WORD = re.compile(rf"(?:[A-ZÀ-Þ]\.){{2,}}|[^\W_](?:[^\W_]|[\u0300-\u036f{IGNORED}])*(?:&[^\W\d_]+)?")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_HIDDEN = str.maketrans(dict.fromkeys(IGNORED))
# what may lie between two words of a term
_JOINTS = re.compile(rf"[\s'{APOSTROPHES}\-\u2010\u2011{IGNORED}]*\Z")
_HYPHENS = frozenset("-\u2010\u2011")


class Word(NamedTuple):
    """A word of a text: as it stands there without invisible marks, folded, and its place. `joint`: how it hangs on
    the word before, `-`, `'` or a space; "" where something lies between that parts terms (a comma, a full stop)."""

    text: str
    folded: str
    start: int
    end: int
    joint: str


def words(text: str) -> list[Word]:
    """The words of a text in order, but for those of addresses; `O.N.U.` is the word `ONU`. Offsets are into `text`, in
    code points."""
    found: list[Word] = []
    before = 0
    plain = (
        _ADDRESS.sub(lambda match: "/" * len(match[0]), text) if "www." in text or "@" in text or ":/" in text else text
    )
    for match in _WORD.finditer(plain):
        written = match[0]
        if "." in written:
            written = written.replace(".", "")
        elif not written.isascii():
            written = unicodedata.normalize("NFC", written.translate(_HIDDEN))
        joint = _joint(plain[before : match.start()]) if found else ""
        found.append(Word(written, written.casefold().replace("œ", "oe"), *match.span(), joint))
        before = match.end()
    return found


def _joint(between: str) -> str:
    if between == " ":
        return " "
    if not between or not _JOINTS.match(between):
        return ""
    if any(mark in _HYPHENS for mark in between):
        return "-"
    return " " if any(mark.isspace() for mark in between) else "'"


@lru_cache(maxsize=50_000)
def bare(word: str) -> str:
    """A word without its accents, as capitals often stand."""
    return "".join(mark for mark in unicodedata.normalize("NFD", word) if not unicodedata.combining(mark))
