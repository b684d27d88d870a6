"""Frozen values that every ring of the house speaks.

Offsets count Unicode code points. A rate is an integer from 0 to 102; a confidence is a float from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Role = Literal[
    "title", "subtitle", "dateline", "heading", "paragraph", "quotation", "caption", "list-item", "table-cell", "note"
]
Language = Literal["fr", "en"]
Media = Literal["txt", "html", "md", "docx", "odt"]
CodeForm = Literal["open", "close", "alone"]
CodeKind = Literal[
    "bold",
    "italic",
    "underline",
    "format",
    "superscript",
    "subscript",
    "link",
    "code",
    "note",
    "picture",
    "field",
    "break",
]
UnitOrigin = Literal["aligned", "approved", "imported"]
UnitStatus = Literal["active", "pending", "superseded"]
MatchOrigin = Literal["tm", "tm-localised", "tm-repaired"]
TermStatus = Literal["preferred", "allowed", "forbidden"]
OperationKind = Literal["equal", "insert", "delete", "replace"]


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range `[start, end)` of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One translatable piece of a block; `start` and `end` are offsets into the text of its block.

    `language` is the language the segment is written in, or None where nothing can be said (fewer than four words).
    What lies between two segments (white space, bullets, separators) is structure and stays in the block.
    """

    text: str
    start: int
    end: int
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """What an inline code stands for (`tm.text.codes`). `shown` is what a person is told of it: the address of a link,
    the number of a note, the name of a picture or a style."""

    number: int
    kind: CodeKind
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-like part of a document.

    `before` is what stands between the end of the previous block and the start of `text` in the source, so that
    `"".join(b.before + b.text for b in blocks) + document.after` is the whole decoded source of a text file.
    For formats with markup, `before` is empty and `text` is the text that a reader sees.
    `level` is 1 to 6 for headings, else 0. `language` is what the markup declares, if anything. `codes` tells what the
    inline codes in `text` stand for.
    """

    role: Role
    text: str
    segments: tuple[Segment, ...] = ()
    before: str = ""
    level: int = 0
    language: Language | None = None
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A source document as its reader understood it."""

    media: Media
    title: str
    blocks: tuple[Block, ...]
    after: str = ""
    encoding: str = "utf-8"
    bom: bool = False
    notes: tuple[str, ...] = ()

    def rebuild(self) -> str:
        """The text that the blocks stand for; for a text file, the decoded source, character for character."""
        return "".join(block.before + block.text for block in self.blocks) + self.after


@dataclass(frozen=True, slots=True)
class Bead:
    """Aligned positions of two segment lists: `source` and `target` are ascending indices, either may be empty."""

    source: tuple[int, ...]
    target: tuple[int, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Context:
    """Where a unit was seen, or where a segment stands.

    `previous` and `next` are fingerprints (`tm.text.normalise.fingerprint`) of the neighbouring source segments;
    `""` is the edge of the document, None is unknown. Unknown is never a mismatch, and never a match either.
    """

    previous: str | None = None
    next: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """One place where a unit was seen."""

    document: str
    position: int | None = None
    origin: UnitOrigin = "imported"
    person: str | None = None
    date: str | None = None
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit of the memory as matching sees it: source, target and every place where the pair was seen.

    `scope` is whose it is: 0 is shared by all, other numbers are projects. `used`: how often it was confirmed.
    """

    id: int
    source: str
    target: str
    origin: UnitOrigin = "imported"
    status: UnitStatus = "active"
    seen: tuple[Provenance, ...] = ()
    scope: int = 0
    used: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What a memory knows of a pair beside its texts and its place: the id it has there, how often it was used, and
    when last (ISO 8601)."""

    id: str = ""
    used: int = 0
    used_at: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A source and its target on the way into or out of a memory, with the place where they were seen."""

    source: str
    target: str
    seen: Provenance
    kept: Kept = field(default_factory=Kept)


@dataclass(frozen=True, slots=True)
class Penalty:
    """Points taken off a base rate, with the stable code that says why: a field of `tm.match.lookup.Penalties`."""

    code: str
    points: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a difference: how `unit` (text of the memory's source) becomes `query` (text to translate)."""

    kind: OperationKind
    unit: str
    query: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """Why words of a target were exchanged: the unit has `unit` where the query has `query`; `old` became `new`, which
    stands at `span` of the repaired target. `evidence`: how often the memory has seen it; 0 for a glossary term, for a
    name that both languages write alike, and for a word that only went (`query` is empty then, `new` what follows it).
    """

    unit: str
    query: str
    old: str
    new: str
    span: Span
    origin: Literal["glossary", "lexicon", "name"]
    evidence: int


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired target. `complete`: every changed word was dealt with, only placeables may still differ."""

    target: str
    replacements: tuple[Replacement, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal for a segment.

    `base_rate` is what the texts and their context earn, `rate` what is left after `penalties`, never below 0.
    `target` is what would be inserted; `raw_target` is the target as the memory holds it (they differ when
    placeables were localised). `stale` lists the spans of `target` whose value belongs to the memory's source only,
    `hints` those of words that stand for words which the query does not have. `repair` is offered beside `target`,
    never in its place.
    """

    entry: Entry
    base_rate: int
    rate: int
    target: str
    raw_target: str
    origin: MatchOrigin = "tm"
    penalties: tuple[Penalty, ...] = ()
    difference: tuple[Operation, ...] = ()
    stale: tuple[Span, ...] = ()
    hints: tuple[Span, ...] = ()
    repair: Repaired | None = None
    provenance: Provenance | None = None
    alternatives: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """One way to say a concept in English, and whether it is to be said so."""

    text: str
    status: TermStatus = "preferred"


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of a glossary: what a thing is called in French, what it is to be called in English, and what not.

    `agreed`: nobody has to keep to what was only proposed. `id` is whatever the caller knows it by.
    """

    french: tuple[str, ...]
    english: tuple[Term, ...] = ()
    domain: str = ""
    note: str = ""
    agreed: bool = True
    id: str = ""

    def called(self, status: TermStatus) -> tuple[str, ...]:
        """Its English terms of a status."""
        return tuple(term.text for term in self.english if term.status == status)

    @property
    def best(self) -> str:
        """What to write: the first preferred term, else the first allowed one; "" where there is neither."""
        return next(iter((*self.called("preferred"), *self.called("allowed"))), "")


@dataclass(frozen=True, slots=True)
class Hit:
    """What an index answers: the unit and its word-level similarity (50 to 100) before forms and context."""

    unit_id: int
    similarity: int
