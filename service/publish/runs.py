"""A block of a publication as runs of one look: what every renderer with emphasis and links is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.publish.content import BlockText, SegmentText, Side
from tm.text import codes
from tm.types import Code, CodeKind

_PARTS = re.compile(f"({codes.CODE.pattern})")
_ADDRESS = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """Text within the same codes; `segment` is whose it is, None for structure. `alone` is a code that stands alone:
    then there is no text."""

    segment: SegmentText | None
    text: str
    within: tuple[Code, ...] = ()
    alone: Code | None = None

    def has(self, kind: CodeKind) -> bool:
        """Whether it stands within a code of this kind, first or further look."""
        return any(code.kind == kind or kind in code.shown.split(", ") for code in self.within)

    @property
    def address(self) -> str:
        """The address that it is linked to, "" for none, or for one that leads nowhere outside of the document."""
        links = [code.shown for code in self.within if code.kind == "link" and _ADDRESS.match(code.shown)]
        return links[-1] if links else ""


def runs(block: BlockText, side: Side) -> Iterator[Run]:
    """The runs of a block in one language, in order. Codes that are not closed hold until the end of the block."""
    known = {code.number: code for code in block.codes}
    opened: list[Code] = []
    for part in block.parts:
        segment = None if isinstance(part, str) else part
        for piece in _PARTS.split(part if isinstance(part, str) else part.text(side)):
            if not codes.CODE.fullmatch(piece):
                if piece:
                    yield Run(segment, piece, tuple(opened))
                continue
            form, number = codes.form_of(piece)
            code = known.get(number)
            if code is None:
                continue
            if form == "open":
                opened.append(code)
            elif form == "close":
                opened = [one for one in opened if one is not code]
            else:
                yield Run(segment, "", tuple(opened), code)


def said(code: Code) -> str:
    """What stands in a text for a code that stands alone."""
    match code.kind:
        case "break":
            return "\n"
        case "field" | "code":
            return code.shown
        case _:
            return ""


def shown(block: BlockText, side: Side) -> list[Run]:
    """The runs of a block without the structure at its ends, which a page or a document has its own of; the parts of a
    date line are set apart by a dot."""
    found = list(runs(block, side))
    numbers = [at for at, run in enumerate(found) if run.segment is not None]
    kept = found[numbers[0] : numbers[-1] + 1] if numbers else []
    if block.role != "dateline":
        return kept
    return [run if run.segment is not None else Run(None, " · ") for run in kept]
