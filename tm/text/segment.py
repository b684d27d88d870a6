"""Sentences of a text, by rules.

Every run of final punctuation is a candidate; a candidate is a boundary unless something around it says that the
sentence goes on. Patterns are possessive or bounded and each candidate looks at a bounded neighbourhood, so that the
time is linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tm.text.rules import RULES, Rules
from tm.types import Language, Span

_SPACE = r"[ \t\u00a0\u202f\u2007-\u200a]"
# The gap may be empty: a candidate that cannot match would be tried again from each of its characters.
_FINAL = re.compile(
    rf"(?P<mark>[.!?…]++(?>{_SPACE}*+[!?]++)*+)"
    rf"(?P<close>(?>{_SPACE}*+[»”)\]]|[\"'’›]|{_SPACE}?\[\d{{1,3}}\])*+)"
    r"(?P<gap>\s*+)"
)
# what may stand before the first word of a sentence
_LEAD = re.compile(r"[\s«“‘\"'(\[–—•*\-]{0,20}")
_ALPHANUMERIC = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]{1,40}|\d{1,20}")
_LAST_TOKEN = re.compile(r"[\w.°'’/²³\-]+\Z")
# a title or an aside in the middle of a sentence: nothing inside of it ends the sentence
_SHIELD = re.compile(
    r"(?<=[^\W_][ \u00a0\u202f])(?:«\s?[A-ZÀ-Þ][^«»]{0,160}»|“[A-ZÀ-Þ][^“”]{0,160}”|\"[A-ZÀ-Þ][^\"]{0,160}\""
    r"|‘[A-ZÀ-Þ][^‘’]{0,160}’|\([^()]{0,240}\)|\[[^\[\]]{0,240}\])"
)
_LABEL = re.compile(r"[\s(\[«“\"•–—-]*(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6}|[^\W\d_])\Z")
_LABEL_AHEAD = re.compile(r"\d|[IVXLC]{1,6}\b(?!['’])|[A-Z]\b(?!['’])|\(|n[°o]\b")
_INITIALS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{1,2}\.[-‑]?)*[A-ZÀ-Þ]\Z")
_FAMILY_NAME = re.compile(r"[^\W\d_]{1,20}(?:['’]|\s)[A-ZÀ-Þ]")
_LOOK_BACK = 48


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A full stop with its surroundings: `before` + `token` + `.` … and the next sentence would start at `first`."""

    before: str
    token: str
    text: str
    first: int
    word: str
    opener: bool


def split(text: str, language: Language = "fr") -> list[Span]:
    """The sentences of `text`: ordered, disjoint spans without white space at their ends.

    Outside of the spans there is only white space. A line break is white space like any other: hand in one block at
    a time. `:` and `;` never end a sentence; quoted speech of several sentences is split inside its quotation marks.
    """
    cuts = [0, *_boundaries(text, RULES[language]), len(text)]
    spans = [_trimmed(text, start, end) for start, end in pairwise(cuts)]
    return [span for span in spans if span.start < span.end]


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(end - len(piece.lstrip()), start + len(piece.rstrip()))


def _boundaries(text: str, rules: Rules) -> Iterator[int]:
    shields = [match.span() for match in _SHIELD.finditer(text)]
    starts = [start for start, _ in shields]
    sentence = seen = 0
    worded = False
    for match in _FINAL.finditer(text):
        worded = worded or _ALPHANUMERIC.search(text, seen, match.start()) is not None
        seen = match.end()
        if not worded or not match["gap"] or match.end() == len(text):
            continue
        nearest = bisect_right(starts, match.start()) - 1
        shielded = nearest >= 0 and match.end() < shields[nearest][1]
        if not shielded and _ends(text, sentence, match, rules):
            sentence, worded = match.end(), False
            yield sentence


def _ends(text: str, sentence: int, match: re.Match[str], rules: Rules) -> bool:
    """Whether the sentence that began at `sentence` ends with this candidate."""
    mark, close, after = match["mark"], match["close"], match.end()
    lead = _LEAD.match(text, after)
    first = lead.end() if lead else after
    if not _may_begin(text, after, first):
        return False
    if mark in {"…", "..."} and close[:1] in {"]", ")"} and text[match.start() - 1 : match.start()] in {"[", "("}:
        return False  # `[…]` stands for words left out
    if ")" in close and text[after] in "–—-":
        return False  # GENÈVE (12 sept.) – Le …
    if mark != ".":
        return not (close and _speaker_follows(text, after, rules))
    return _full_stop_ends(text, sentence, match, first, rules)


def _may_begin(text: str, after: int, first: int) -> bool:
    """Whether a sentence can begin here, by the look of its first characters."""
    char = text[first : first + 1]
    if char.islower():
        return first == after and text[first + 1 : first + 2].isupper()  # eTransit
    return not char or char.isalnum() or (first > after and char not in "»”)],;:/.!?…")


def _speaker_follows(text: str, after: int, rules: Rules) -> bool:
    """Whether a name and a verb of speaking follow a quotation: `“Now!” Mr. Okoro told delegates.`"""
    words = [word.rstrip(".,") for word in text[after : after + 80].split()[:5]]
    named = next((position for position, word in enumerate(words) if not word[:1].isupper()), 0)
    return named > 0 and words[named] in rules.speech and words[0].lower() not in rules.openers


def _full_stop_ends(text: str, sentence: int, match: re.Match[str], first: int, rules: Rules) -> bool:
    dot = match.start()
    back = text[max(sentence, dot - _LOOK_BACK) : dot]
    found = _LAST_TOKEN.search(back)
    if found is None:
        return True
    if dot - sentence <= 16 and _LABEL.match(text[sentence:dot]):
        return False  # 1. Contexte
    token = _without_elision(found.group())
    before = back[: len(back) - len(token)]
    if not match["close"] and before.rstrip() != before and before.rstrip()[-1] in ":;," and _LABEL.match(token):
        return False  # … : 1. Former ; 2. Équiper
    found = _WORD.match(text, first)
    word = found.group().lower() if found else ""
    elided = text[first + len(word) : first + len(word) + 1] in {"'", "’"}
    opener = word + ("'" if elided else "") in rules.openers
    return _word_ends(_Candidate(before, token, text, first, word, opener), rules)


def _without_elision(token: str) -> str:
    """`l’art` → `art`; what a token of figures and dots begins with stays."""
    return re.split(r"['’]", token.lstrip("-.'’/"))[-1]


def _word_ends(at: _Candidate, rules: Rules) -> bool:
    """What the word before the full stop says, from the surest rule to the weakest."""
    word = at.token.lower()
    initial = len(at.token) == 1 and at.token.isupper()
    figure = at.text[at.first : at.first + 1].isdigit()
    label = _LABEL_AHEAD.match(at.text, at.first) is not None
    if at.token in rules.titles or word in rules.leading or (word in rules.dates and figure):
        return False
    if initial:
        return _initial_ends(at, rules)
    if word in rules.units and (at.before.rstrip()[-1:].isdigit() or word not in rules.references | rules.words):
        return not (figure and word != "etc") and at.word not in rules.clock
    if word in rules.words:
        return at.opener or not label
    if word in rules.references:
        return at.opener and not label
    if word in rules.endings:
        return at.opener or at.text[at.first - 1] in '«“"('
    return at.opener or not _INITIALS.search(at.token)


def _initial_ends(at: _Candidate, rules: Rules) -> bool:
    """A single letter: the end before a usual opener, unless that belongs to a name (`J. Le Goff`)."""
    if not at.opener:
        return False
    previous = (at.before.split() or [""])[-1]
    if not previous or previous.rstrip(".") in rules.titles or _INITIALS.search(previous.rstrip(".")):
        return False
    # a first name's initial follows a word like `de` or `par`; the letter of `plan B` follows its noun
    family = at.word.rstrip("'") in rules.particles and _FAMILY_NAME.match(at.text, at.first)
    return previous.lower() not in rules.openers or not family
