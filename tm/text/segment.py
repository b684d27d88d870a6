"""Sentences of a text, by rules.

The rules are data (`tm.text.rules`); this is the one engine that applies them. At each place where a rule could end a
sentence, the first rule that fits decides. Patterns are bounded and are matched at a place, backwards and forwards, so
that the time is linear in the length of the text whatever the rules and the text are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tm.text.rules import Rules
from tm.text.rules.program import Program
from tm.text.rules.shipped import program
from tm.types import Language, Span

_SPACE = re.compile(r"\s*")
_NONE = Rules()


def split(text: str, language: Language = "fr", *, rules: Rules = _NONE) -> list[Span]:
    """The sentences of `text`: ordered, disjoint spans without white space at their ends.

    Outside of the spans there is only white space. A line break is white space like any other: hand in one block at
    a time. `:` and `;` never end a sentence; quoted speech of several sentences is split inside its quotation marks.
    `rules` are those of a project, asked before those of the language; raises InputError RULE_PATTERN if they cannot
    be used.
    """
    cuts = [0, *_boundaries(text, program(language, rules)), len(text)]
    spans = [_trimmed(text, start, end) for start, end in pairwise(cuts)]
    return [span for span in spans if span.start < span.end]


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(end - len(piece.lstrip()), start + len(piece.rstrip()))


def _boundaries(text: str, asked: Program) -> Iterator[int]:
    if asked.places is None:
        return
    size = len(text)
    backwards = text[::-1]
    sentence = _first(text, 0)
    for place in asked.places.finditer(text):
        at = place.start()
        if sentence < at < size and _ends(asked, text, backwards, at, size - sentence):
            yield at
            sentence = _first(text, at)


def _first(text: str, at: int) -> int:
    """Where the sentence begins that is cut off at `at`."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _ends(asked: Program, text: str, backwards: str, at: int, begun: int) -> bool:
    """What the first rule says that fits the place `at`. `begun`: where the sentence begins, counted backwards."""
    if asked.follows and not asked.follows.match(text, at):
        return False
    size = len(text)
    for step in asked.after_letter(text[at - 1]):
        if step.before and not step.before.match(backwards, size - at, begun if step.within else size):
            continue
        if not step.after or step.after.match(text, at):
            return step.ends
    return False
