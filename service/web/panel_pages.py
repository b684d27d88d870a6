"""What the panel beside a segment needs, declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from service.storage.comments import Comment
from service.storage.releases import History, Segment
from service.web.pages import View
from service.web.segment_terms import Terms

Kind = Literal["", "insert", "delete", "stale", "hint", "new", "found"]


@dataclass(frozen=True)
class Piece:
    """A piece of a text. `kind` says what is the matter with it, or "" where nothing is; `why` says more in words.

    `insert`, `delete`: only this segment, only the memory has it. `stale`: a value of the memory's source. `hint`: it
    stands for words that this segment does not have. `new`: put in by a repair. `found`: what was looked for.
    """

    kind: Kind
    text: str
    why: str = ""


@dataclass(frozen=True)
class RepairedText:
    """A target with words exchanged for those of the segment. `complete`: no changed word is left in it. `exchanges`
    are `(old, new, how it is known)`."""

    pieces: list[Piece]
    text: str
    exchanges: list[tuple[str, str, str]]
    complete: bool


@dataclass(frozen=True)
class ProposalCard:
    """A proposal as the panel shows it: the memory's source with its differences, the target with what to look at.

    `project` is the name of the project that keeps the unit to itself, or "". `alternatives` counts the other
    translations of the same source in the memory; `shown` is how many of the proposals have this source.
    """

    rank: int
    unit_id: int
    rate: int
    base_rate: int
    origin: str
    penalties: list[tuple[str, int]]
    source: list[Piece]
    target: list[Piece]
    text: str
    repair: RepairedText | None
    provenance: dict[str, Any]
    project: str
    alternatives: int
    shown: int


@dataclass(frozen=True)
class FragmentCard:
    """A piece of a source without a match: its commonest English, found `count` times in the `seen` units that hold
    the French, and one of these units with both places marked. `text` is "" where its English is not clear."""

    rank: int
    french: str
    text: str
    count: int
    seen: int
    unit_id: int
    source: list[Piece]
    target: list[Piece]
    document: str


@dataclass(frozen=True)
class Earlier:
    """What a segment of a new version said in the published one: its source with the difference, and its English."""

    source: list[Piece]
    text: str


@dataclass(frozen=True)
class CodeCard:
    """An inline code of the source: its characters (two for a pair), its number and what it stands for."""

    marks: str
    number: int
    kind: str
    shown: str


@dataclass(frozen=True)
class FindingCard:
    """A finding. `source` and `target` are the surroundings of its places, in pieces; empty where it has none.

    `place` is its range in the translation and `mend` what would be put right, both as `(start, end)` and
    `(start, end, old, new)` in the UTF-16 units that a browser counts in. `insert` goes in where the cursor is.
    """

    code: str
    severity: str
    message: str
    source: list[Piece]
    target: list[Piece]
    place: tuple[int, int] | None
    mend: tuple[int, int, str, str] | None
    insert: str = ""


@dataclass(frozen=True)
class Meant:
    """A finding that somebody has said is meant: why, who, when."""

    code: str
    message: str
    reason: str
    person: str
    at: datetime


@dataclass(frozen=True)
class Findings(View):
    """The findings of one text, and what is meant of them. `typed`: it is the reader's own draft, not the text that
    stands."""

    template = "partials/findings.html"
    findings: list[FindingCard]
    typed: bool
    meant: list[Meant]

    @property
    def counts(self) -> tuple[int, int]:
        """How many errors and warnings there are."""
        errors = sum(card.severity == "error" for card in self.findings)
        return errors, len(self.findings) - errors


@dataclass(frozen=True)
class Threads(View):
    """The threads on a segment, and the names of those who may be named in them."""

    template = "partials/comments.html"
    segment_id: str
    threads: list[list[Comment]]
    names: list[str]


@dataclass(frozen=True)
class Entry:
    """One act in the history of a segment. `pieces` is its text, as it differs from the one before; empty where the act
    left the text as it was."""

    row: History
    pieces: list[Piece]


@dataclass(frozen=True)
class Panel(View):
    """What stands beside a segment: proposals, or what the memory knows of its parts, its terms, its history, and
    what a second reader would find in its text; `twins` are the other
    segments with its source, `said` what people say about it."""

    template = "partials/panel.html"
    segment_id: str
    position: int
    carried_over: bool
    proposed: bool
    cards: list[ProposalCard]
    fragments: list[FragmentCard]
    history: list[Entry]
    found: Findings
    terms: Terms
    codes: list[CodeCard]
    earlier: Earlier | None
    twins: list[Segment]
    said: Threads
