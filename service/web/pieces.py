"""Texts cut into pieces, so that a template can mark some of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from service.web.panel_pages import Kind, Piece

WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Mark:
    """The range `[start, end)` of a text is of a kind, and why."""

    start: int
    end: int
    kind: Kind
    why: str = ""


def marks(kind: Kind, spans: Iterable[Any]) -> list[Mark]:
    """Marks of one kind for spans as JSON has them (`{"start", "end"}`)."""
    return [Mark(span["start"], span["end"], kind) for span in spans]


def marked(text: str, places: Sequence[Mark]) -> list[Piece]:
    """`text` in pieces. Where two marks overlap, the one that begins first has the place, and of two that begin
    together the one named first."""
    pieces, end = [], 0
    for mark in sorted(places, key=lambda mark: mark.start):
        start = max(mark.start, end)
        if start >= mark.end:
            continue
        pieces += [Piece("", text[end:start]), Piece(mark.kind, text[start : mark.end], mark.why)]
        end = mark.end
    pieces.append(Piece("", text[end:]))
    return [piece for piece in pieces if piece.text]


def reworded(before: str, after: str) -> list[Piece]:
    """How one text became another, word by word: what went, and what came."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces: list[Piece] = []
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("", "".join(old[start:end])))
            continue
        pieces += [Piece("delete", "".join(old[start:end])), Piece("insert", "".join(new[first:last]))]
    return [piece for piece in pieces if piece.text]


def compared(difference: Iterable[Any]) -> list[Piece]:
    """The memory's source as it differs from the segment's: what only the memory has, and what only the segment has."""
    pieces: list[Piece] = []
    for step in difference:
        if step["kind"] == "equal":
            pieces.append(Piece("", step["unit"]))
            continue
        if step["unit"]:
            pieces.append(Piece("delete", step["unit"]))
        if step["query"]:
            pieces.append(Piece("insert", step["query"]))
    return pieces
