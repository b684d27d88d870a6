"""Inline codes: what stands in a text for formatting, links, notes and pictures.

A code is one character of a private range, so that it is moved, copied and deleted as one thing, wherever text is
edited. A pair is an opening and a closing character with one number; what stands alone has one character. Numbers
count from 1 in each block. Whatever compares, counts or searches texts is given them `plain`.

    OPENING + n    opens code n
    CLOSING + n    closes it
    ALONE + n      stands alone

In files that people fill in by hand a code is written `<1>`, `</1>` or `<1/>`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tm.types import Code, CodeForm, Span

OPENING, CLOSING, ALONE = 0xE100, 0xE300, 0xE500
MOST = 0x1FF  # codes of one block
FIRST, LAST = chr(OPENING), chr(ALONE + MOST)
CODE = re.compile(f"[{FIRST}-{LAST}]")
CODES = re.compile(f"[{FIRST}-{LAST}]+")
WRITTEN = re.compile(r"<(/?)([1-9]\d{0,2})(/?)>")
_STARTS: dict[CodeForm, int] = {"open": OPENING, "close": CLOSING, "alone": ALONE}


def character(form: CodeForm, number: int) -> str:
    """The character of a code; `number` is 1 to MOST."""
    return chr(_STARTS[form] + number)


def form_of(mark: str) -> tuple[CodeForm, int]:
    """What a code character says: its form and number."""
    at = ord(mark)
    if at >= ALONE:
        return "alone", at - ALONE
    return ("close", at - CLOSING) if at >= CLOSING else ("open", at - OPENING)


def plain(text: str) -> str:
    """The text without its codes."""
    return CODES.sub("", text)


def codes_in(text: str) -> list[str]:
    """The code characters of a text, in order."""
    return CODE.findall(text)


def written(text: str) -> str:
    """The text with its codes as people write them: `<1>`, `</1>`, `<1/>`."""
    return CODE.sub(lambda found: _written(*form_of(found.group())), text)


def _written(form: CodeForm, number: int) -> str:
    return {"open": f"<{number}>", "close": f"</{number}>", "alone": f"<{number}/>"}[form]


def read(text: str, known: Iterable[str]) -> str:
    """The text in which people wrote codes: what is written like one of the `known` characters becomes it, all else
    stays text."""
    by_form = {_written(*form_of(mark)): mark for mark in known}
    return WRITTEN.sub(lambda found: by_form.get(found.group(), found.group()), text)


class Plain:
    """A text without its codes, and where its characters stand in the text with them."""

    def __init__(self, coded: str) -> None:
        self.coded = coded
        self.text = plain(coded)
        found = CODE.search(coded) is not None
        self._places = [at for at, mark in enumerate(coded) if not FIRST <= mark <= LAST] if found else None

    def place(self, at: int) -> int:
        """Where the character at `at` stands; for the end of the text, the end of the text with codes."""
        if self._places is None:
            return at
        return self._places[at] if at < len(self._places) else len(self.coded)

    def span(self, span: Span) -> Span:
        """A span of the plain text in the one with codes, without the codes at its ends."""
        if span.end <= span.start:
            at = self.place(span.start)
            return Span(at, at)
        return Span(self.place(span.start), self.place(span.end - 1) + 1)


def widened(coded: str, span: Span) -> Span:
    """The span with the codes at its ends whose partners are inside: `<1>Arvane</1>, le 4 mars` keeps its pair. All
    other codes at the ends are left outside, where they keep their places."""
    start, end = span.start, span.end
    inside = set(coded[start:end])
    for at in range(start - 1, -1, -1):
        if not FIRST <= coded[at] <= LAST:
            break
        if _partner(coded[at], "open") in inside:
            start = at
    for at in range(end, len(coded)):
        if not FIRST <= coded[at] <= LAST:
            break
        if _partner(coded[at], "close") in inside:
            end = at + 1
    return Span(start, end)


def _partner(mark: str, wanted: CodeForm) -> str:
    form, number = form_of(mark)
    if form != wanted:
        return ""
    return character("close" if form == "open" else "open", number)


def missing(source: str, target: str) -> list[str]:
    """The codes of the source that the target has not, in order."""
    there = Counter(codes_in(target))
    return [mark for mark in codes_in(source) if not _taken(there, mark)]


def foreign(source: str, target: str) -> list[str]:
    """The codes of the target that the source has not, or has less often, in order."""
    return missing(target, source)


def _taken(there: Counter[str], mark: str) -> bool:
    there[mark] -= 1
    return there[mark] >= 0


def crossed(text: str) -> str:
    """A code of the text that is not nested: it closes before it opens, or inside of what is opened later; else ""."""
    opened: list[str] = []
    here = set(codes_in(text))
    for mark in codes_in(text):
        form, number = form_of(mark)
        if form == "open" and character("close", number) in here:
            opened.append(mark)
        elif form == "close" and character("open", number) in here:
            if not opened or opened[-1] != character("open", number):
                return mark
            opened.pop()
    return ""


def renumbered(target: str, old: str, new: str) -> str:
    """A translation of `old` made one of `new`, the same text with codes of its own: codes are exchanged in their
    order. Where the two do not have the same forms, the codes go."""
    mine, theirs = codes_in(old), codes_in(new)
    if [form_of(mark)[0] for mark in mine] != [form_of(mark)[0] for mark in theirs]:
        return plain(target)
    exchange = dict(zip(mine, theirs, strict=True))
    return CODE.sub(lambda found: exchange.get(found.group(), ""), target)


def placed(source: str, target: str) -> str:
    """A translation without codes, with those of its source where their places are certain: a pair around words that
    stand in the translation once and the same, and what stands alone before the first word, after the last, or behind
    such words. The rest is for the translator to place."""
    seen = Plain(source)
    if seen.text == source or codes_in(target):
        return target
    inserts: list[tuple[int, int, str]] = []
    for rank, mark in enumerate(codes_in(source)):
        form, number = form_of(mark)
        at = source.index(mark)
        if form == "alone":
            place = _beside(source, at, target)
            inserts += [(place, rank, mark)] if place is not None else []
        elif form == "open" and (end := source.find(character("close", number), at)) > 0:
            span = _same(plain(source[at:end]), target)
            if span:
                inserts += [(span.start, rank, mark), (span.end, -rank, source[end])]
    for place, _, mark in sorted(inserts, reverse=True):
        target = target[:place] + mark + target[place:]
    return target if not crossed(target) else plain(target)


def _beside(source: str, at: int, target: str) -> int | None:
    before, after = plain(source[:at]), plain(source[at:])
    if not before.strip():
        return 0
    if not any(mark.isalnum() for mark in after):
        return (
            len(target.rstrip())
            if not after.strip() or not target.rstrip().endswith(after.strip())
            else (target.rstrip().rindex(after.strip()))
        )
    span = _same(before.split()[-1], target)
    return span.end if span and not before[-1].isspace() else None


def _same(words: str, target: str) -> Span | None:
    """Where words stand in a text, if they do once and as whole words."""
    found = list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", target)) if words.strip() else []
    return Span(found[0].start(), found[0].end()) if len(found) == 1 else None


def known(text: str, codes: Sequence[Code]) -> list[Code]:
    """What the codes of a text stand for, in the order of their first place."""
    by_number = {code.number: code for code in codes}
    numbers = dict.fromkeys(form_of(mark)[1] for mark in codes_in(text))
    return [by_number[number] for number in numbers if number in by_number]
