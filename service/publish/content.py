"""What a publication says, as values: the structure, and the two texts of every segment. Renderers read only this."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from tm.text.codes import plain
from tm.types import Code

VERSION = "passerelle-content-2"
Side = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class SegmentText:
    """A segment: its number in the release and its two texts (equal where the source was English already), with their
    inline codes."""

    number: int
    fr: str
    en: str
    carried_over: bool = False

    def text(self, side: Side) -> str:
        """The text in one language; what has no English yet stands in French."""
        return self.fr if side == "fr" or not self.en else self.en


@dataclass(frozen=True, slots=True)
class BlockText:
    """A block: its role and its parts in order. A `str` part is structure (white space, bullets) and stays. `codes`
    tells what the inline codes in the parts stand for."""

    role: str
    level: int
    before: str
    parts: tuple[str | SegmentText, ...]
    codes: tuple[Code, ...] = ()

    @property
    def segments(self) -> tuple[SegmentText, ...]:
        """The segments among the parts."""
        return tuple(part for part in self.parts if isinstance(part, SegmentText))

    def text(self, side: Side) -> str:
        """The block's text in one language, structure and codes included."""
        return "".join(part if isinstance(part, str) else part.text(side) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Content:
    """A bilingual release. `canonical` is what its hash is taken over; `media` is the format of its source."""

    blocks: tuple[BlockText, ...]
    after: str = ""
    media: str = "txt"

    def title(self, side: Side) -> str:
        """The title in one language: the text of the title block, or else of the first block with text."""
        titled = [block for block in self.blocks if block.role == "title" and block.segments]
        chosen = titled or [block for block in self.blocks if block.segments]
        return " ".join(plain(chosen[0].text(side)).split()) if chosen else ""

    def text(self, side: Side) -> str:
        """The whole text in one language, with the structure of the source; blocks of a format with markup are parted
        by an empty line."""
        if self.media == "txt":
            return "".join(block.before + block.text(side) for block in self.blocks) + self.after
        return "\n\n".join(plain(block.text(side)) for block in self.blocks) + "\n"

    def segments(self) -> Iterator[tuple[BlockText, SegmentText]]:
        """Every segment with its block, in order."""
        for block in self.blocks:
            for segment in block.segments:
                yield block, segment

    def canonical(self) -> str:
        """The content as one line of JSON that is the same on every machine: sorted keys, no spaces, no escapes."""
        blocks = [_block(block) for block in self.blocks]
        return canonical_json({"format": VERSION, "after": self.after, "media": self.media, "blocks": blocks})


def canonical_json(data: dict[str, Any]) -> str:
    """Data as one line of JSON that is the same on every machine: sorted keys, no spaces, no escapes."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _block(block: BlockText) -> dict[str, Any]:
    parts = [part if isinstance(part, str) else asdict(part) for part in block.parts]
    codes = [asdict(code) for code in block.codes]
    return {"role": block.role, "level": block.level, "before": block.before, "parts": parts, "codes": codes}


def content_hash(canonical: str) -> str:
    """SHA-256 over the canonical content, 64 hex characters; the prefix, its format, keeps it apart from other kinds of
    hash."""
    form = str(json.loads(canonical)["format"])
    return hashlib.sha256(form.encode() + b"\0" + canonical.encode("utf-8")).hexdigest()


def from_canonical(canonical: str) -> Content:
    """The content again from its canonical form, this one or an earlier one."""
    data = json.loads(canonical)
    blocks = tuple(
        BlockText(
            block["role"],
            block["level"],
            block["before"],
            tuple(part if isinstance(part, str) else SegmentText(**part) for part in block["parts"]),
            tuple(Code(**code) for code in block.get("codes", ())),
        )
        for block in data["blocks"]
    )
    return Content(blocks, data["after"], data.get("media", "txt"))
