"""What a publication says, as values: the structure, and the two texts of every segment. Renderers read only this."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

VERSION = "passerelle-content-1"
Side = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class SegmentText:
    """A segment: its number in the release and its two texts (equal where the source was English already)."""

    number: int
    fr: str
    en: str
    carried_over: bool = False

    def text(self, side: Side) -> str:
        """The text in one language; what has no English yet stands in French."""
        return self.fr if side == "fr" or not self.en else self.en


@dataclass(frozen=True, slots=True)
class BlockText:
    """A block: its role and its parts in order. A `str` part is structure (white space, bullets) and stays."""

    role: str
    level: int
    before: str
    parts: tuple[str | SegmentText, ...]

    @property
    def segments(self) -> tuple[SegmentText, ...]:
        """The segments among the parts."""
        return tuple(part for part in self.parts if isinstance(part, SegmentText))

    def text(self, side: Side) -> str:
        """The block's text in one language, structure included."""
        return "".join(part if isinstance(part, str) else part.text(side) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Content:
    """A bilingual release. `canonical` is what its hash is taken over."""

    blocks: tuple[BlockText, ...]
    after: str = ""

    def title(self, side: Side) -> str:
        """The title in one language: the text of the title block, or else of the first block with text."""
        titled = [block for block in self.blocks if block.role == "title" and block.segments]
        chosen = titled or [block for block in self.blocks if block.segments]
        return " ".join(chosen[0].text(side).split()) if chosen else ""

    def text(self, side: Side) -> str:
        """The whole text in one language, with the structure of the source."""
        return "".join(block.before + block.text(side) for block in self.blocks) + self.after

    def segments(self) -> Iterator[tuple[BlockText, SegmentText]]:
        """Every segment with its block, in order."""
        for block in self.blocks:
            for segment in block.segments:
                yield block, segment

    def canonical(self) -> str:
        """The content as one line of JSON that is the same on every machine: sorted keys, no spaces, no escapes."""
        data = {"format": VERSION, "after": self.after, "blocks": [_block(block) for block in self.blocks]}
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _block(block: BlockText) -> dict[str, Any]:
    parts = [part if isinstance(part, str) else asdict(part) for part in block.parts]
    return {"role": block.role, "level": block.level, "before": block.before, "parts": parts}


def content_hash(canonical: str) -> str:
    """SHA-256 over the canonical content, 64 hex characters; the prefix keeps it apart from other kinds of hash."""
    return hashlib.sha256(VERSION.encode() + b"\0" + canonical.encode("utf-8")).hexdigest()


def from_canonical(canonical: str) -> Content:
    """The content again from its canonical form."""
    data = json.loads(canonical)
    blocks = tuple(
        BlockText(
            block["role"],
            block["level"],
            block["before"],
            tuple(part if isinstance(part, str) else SegmentText(**part) for part in block["parts"]),
        )
        for block in data["blocks"]
    )
    return Content(blocks, data["after"])
