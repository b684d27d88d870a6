"""The outline of a release: its sections, by their headings; a long one is parted, so that each can be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.storage.releases import Block

HEADINGS = frozenset({"title", "heading"})
LONGEST = 50  # segments of a section; a longer one is shown in parts


@dataclass(frozen=True)
class Section:
    """A part of a release: its heading, or "" for a further part of the one before, and the numbers of its first and
    last segments."""

    title: str
    first: int
    last: int


def outline_of(blocks: Sequence[Block]) -> list[Section]:
    """The sections of a release, in order, of blocks that have segments."""
    found: list[Section] = []
    for title, first, last in _between_headings(blocks):
        for start in range(first, last + 1, LONGEST):
            found.append(Section(title if start == first else "", start, min(start + LONGEST - 1, last)))
    return found


def _between_headings(blocks: Sequence[Block]) -> list[tuple[str, int, int]]:
    parts: list[tuple[str, int, int]] = []
    for block in blocks:
        first, last = block.segments[0].position, block.segments[-1].position
        if block.role in HEADINGS or not parts:
            parts.append((block.text, first, last))
        else:
            parts[-1] = (parts[-1][0], parts[-1][1], last)
    return parts
