"""The style of a house: quotation marks and spelling of the English, as the organisation writes them.

Only what is certain is found: pairs of spellings that differ by nothing but the custom of a country, and quotation
marks of the other kind. Apostrophes are no quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tm.checks.findings import Finding, Mend
from tm.types import Span

# British and American; a word is known with the endings that follow it
_PAIRS = (
    "armour armor|behaviour behavior|colour color|endeavour endeavor|favour favor|harbour harbor|honour honor|"
    "labour labor|neighbour neighbor|rumour rumor|centre center|metre meter|kilometre kilometer|theatre theater|"
    "fibre fiber|defence defense|offence offense|licence license|programme program|catalogue catalog|dialogue dialog|"
    "travelled traveled|travelling traveling|cancelled canceled|fulfil fulfill|enrol enroll|skilful skillful|"
    "grey gray|cheque check|tyre tire|aluminium aluminum|manoeuvre maneuver|judgement judgment|instalment installment"
)
_IZE = (
    "authori characteri civili demilitari emphasi finali harmoni minimi mobili moderni neutrali normali optimi organi "
    "prioriti privati reali recogni reorgani speciali stabili standardi summari symboli utili"
).split()
_SAFE = frozenset({"program", "check", "license", "tire", "meter", "judgment", "dialog"})  # right in Britain, too
_ENDINGS = r"(?:s|es|ed|d|r|rs|ing|al|ally|able|ation|ations|less|ful|fully|hood|hoods|ment|ments)?"
_QUOTES = {
    "double": (re.compile(r"(?<!\w)‘[^’‘]{2,}’(?!\w)"), re.compile(r'"[^"]{2,}"')),
    "single": (re.compile(r"“[^”“]{2,}”"), re.compile(r'"[^"]{2,}"')),
    "straight": (re.compile(r"“[^”“]{2,}”"), re.compile(r"(?<!\w)‘[^’‘]{2,}’(?!\w)")),
}
_MARKS = {"double": "“”", "single": "‘’", "straight": '""'}


@dataclass(frozen=True, slots=True)
class Style:
    """How a house writes English: `quotes` is double, single or straight; `spelling` en-GB, en-GB-oxendict or en-US."""

    quotes: str = "double"
    spelling: str = "en-GB"


def _words(spelling: str) -> dict[str, str]:
    """What is written otherwise in this spelling, and how."""
    found: dict[str, str] = {}
    for pair in _PAIRS.split("|"):
        british, american = pair.split()
        if spelling == "en-US":
            found[british] = american
        elif american not in _SAFE:
            found[american] = british
    for stem in _IZE:
        wanted, other = (f"{stem}s", f"{stem}z") if spelling == "en-GB" else (f"{stem}z", f"{stem}s")
        found.update({f"{other}{end}": f"{wanted}{end}" for end in ("e", "ation", "ing")})
    return found


_TABLES = {spelling: _words(spelling) for spelling in ("en-GB", "en-GB-oxendict", "en-US")}
_PATTERNS = {
    spelling: re.compile(rf"\b(?P<stem>{'|'.join(sorted(table, key=len, reverse=True))}){_ENDINGS}\b", re.IGNORECASE)
    for spelling, table in _TABLES.items()
}


def style(target: str, house: Style) -> Iterator[Finding]:
    """What of an English text is not written as the house writes it; spans are of the text as it is."""
    for pattern in _QUOTES[house.quotes]:
        for match in pattern.finditer(target):
            first, last = _MARKS[house.quotes][0], _MARKS[house.quotes][1]
            mend = Mend(Span(match.start(), match.end()), first + match.group()[1:-1] + last)
            marks = f"{first}…{last}"
            yield Finding("QUOTE_STYLE", f"The house writes {marks}.", target=mend.span, mend=mend)
    for match in _PATTERNS[house.spelling].finditer(target):
        stem = match["stem"]
        if _is_name(target, match.start(), stem):
            continue
        word = _as(stem, _TABLES[house.spelling][stem.lower()]) + match.group()[len(stem) :]
        span = Span(match.start(), match.end())
        yield Finding("SPELLING", f"The house writes “{word}”.", target=span, mend=Mend(span, word))


def _is_name(text: str, at: int, word: str) -> bool:
    """Whether a word is part of a name (`International Maritime Organization`): a capital within a sentence."""
    if not word[:1].isupper() or word.isupper():
        return False
    before = text[:at].rstrip()
    return bool(before) and before[-1] not in '.!?:“‘"'


def _as(old: str, new: str) -> str:
    """The new word with the capitals of the old one."""
    if old.isupper():
        return new.upper()
    return new.capitalize() if old[:1].isupper() else new
