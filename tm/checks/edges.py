"""How a translation begins, letters that only look like Latin ones, and who says what is quoted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tm.checks.findings import Finding, Mend
from tm.types import Span

_WORD = re.compile(r"[^\W\d_]{2,}")
_LIST_MARK = re.compile(r"\s*\(?(\d{1,3}|[a-z])[.)]\s|\s*([-–—•])\s")
_SMALL_WORDS = re.compile(r"\b(?:of|the|and|in|on|to|for|with|by|at|from)\b", re.IGNORECASE)
_OPENING = re.compile(r"[\s«»“”\"„‘’'(\[*-]+")
# a small letter begins what these begin: names that are written so
_SMALL = re.compile(r"[a-z][A-Z]|www\.|https?:")
_SAYS = (
    "déclaré dit affirmé souligné ajouté expliqué indiqué noté rappelé estimé précisé conclu annoncé observé poursuivi "
    "insisté réaffirmé assuré averti confié répondu lancé"
)
_SAID_IN_FRENCH = re.compile(
    rf"[»”]\s*,?\s+(?:a|ont|avait|avaient|a-t-(?:il|elle)|ont-(?:ils|elles))\s+(?:\w+\s+)?(?:{'|'.join(_SAYS.split())})\b"
    rf"|\b(?:a|ont)\s+(?:{'|'.join(_SAYS.split())})[^«“]{{0,60}}[«“]|\bselon\b[^«“]{{0,60}}[«“]|[»”]\s*,?\s+selon\b",
    re.IGNORECASE,
)
_SAID_IN_ENGLISH = re.compile(
    r"\b(?:said|says?|saying|stated?|states|stating|declared?|declaring|added?|adding|noted?|noting|stressed|stressing"
    r"|emphasi[sz]ed|emphasi[sz]ing|told|explained|explaining|recalled|recalling|underlined|underlining|underscored"
    r"|affirmed|reaffirmed|concluded|concluding|announced|announcing|observed|observing|remarked|continued|insisted"
    r"|according|indicated|indicating|highlighted|pointed out|replied|warned|assured|confirmed|argued|went on"
    r"|called|believes?|believed|for\s+\w+\s+\w+,)\b",
    re.IGNORECASE,
)


def edges(source: str, target: str) -> Iterator[Finding]:
    """What is wrong with how a translation begins, with its letters, and with who speaks in it."""
    yield from _look_alikes(target)
    yield from _list_mark(source, target)
    yield from _capital(source, target)
    yield from _title_case(source, target)
    if _SAID_IN_FRENCH.search(source) and not _SAID_IN_ENGLISH.search(target):
        at = _SAID_IN_FRENCH.search(source)
        yield Finding("SPEAKER", "The translation does not say who speaks.", Span(*at.span()) if at else None)


def _look_alikes(target: str) -> Iterator[Finding]:
    """Words that mix Latin letters with those of another script, which the eye does not see."""
    for found in _WORD.finditer(target):
        scripts = {unicodedata.name(sign, "?").split()[0] for sign in found[0]}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK"}:
            message = f"“{found[0]}” has letters that only look like Latin ones."
            yield Finding("LOOK_ALIKE", message, target=Span(*found.span()))


def _list_mark(source: str, target: str) -> Iterator[Finding]:
    ours, theirs = _LIST_MARK.match(source), _LIST_MARK.match(target)
    if ours and not theirs:
        yield Finding("LIST_MARK", f"The item’s “{ours[0].strip()}” is missing.", Span(*ours.span()))
    elif ours and theirs and (ours[1] or "") != (theirs[1] or ""):
        written = target[: theirs.end()].replace(theirs[1] or theirs[2], ours[1] or ours[2])
        message = f"“{ours[0].strip()}” became “{theirs[0].strip()}”."
        span = Span(*theirs.span())
        yield Finding("LIST_MARK", message, Span(*ours.span()), span, Mend(span, written))


def _capital(source: str, target: str) -> Iterator[Finding]:
    """A sentence that begins with a small letter where the French begins with a capital."""
    start = _start(target)
    first, theirs = source[_start(source) :][:1], target[start : start + 1]
    if first.isupper() and theirs.islower() and not _SMALL.match(target[start:]):
        span = Span(start, start + 1)
        message = "The French text begins with a capital, the translation does not."
        yield Finding("CAPITAL", message, target=span, mend=Mend(span, theirs.upper()))


def _title_case(source: str, target: str) -> Iterator[Finding]:
    """A translation in capitals throughout where the French is not, as titles are taken over from a layout; and one in
    which every word has a capital, small ones too, which no way of writing English titles has."""
    if _shouted(target) and not _shouted(source):
        yield Finding(
            "TITLE_CASE", "The translation is in capitals, the French text is not.", target=Span(0, len(target))
        )
    small = [found for found in _SMALL_WORDS.finditer(target) if target[: found.start()].strip()]
    if len(small) > 1 and all(found[0][0].isupper() and not found[0].isupper() for found in small):
        span = Span(*small[0].span())
        yield Finding("TITLE_CASE", "Small words have capitals in the translation.", target=span)


def _shouted(text: str) -> bool:
    words = [found[0] for found in _WORD.finditer(text)]
    return len(words) > 2 and all(word.isupper() for word in words)


def _start(text: str) -> int:
    """Where a text begins, without marks before its first word."""
    found = _OPENING.match(text)
    return found.end() if found else 0
