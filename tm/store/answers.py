"""What is asked of a memory, and what it answers: values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tm.match.house import DEFAULT_STYLE, HouseStyle
from tm.match.lookup import DEFAULT_PENALTIES, Penalties
from tm.types import Context, Language, Match, Span, UnitOrigin, UnitStatus


@dataclass(frozen=True, slots=True)
class Query:
    """A source text and where it stands; `scope` is the project it belongs to, 0 for none."""

    text: str
    context: Context = field(default_factory=Context)
    scope: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a lookup: matches from base rate `threshold`, at most `limit`, from the scopes that the asker
    may see (None: all), with these penalties, in this style of English. `terms` is what repairs write for a French
    term, as `tm.match.repair` takes it."""

    threshold: int = 70
    limit: int = 5
    scopes: frozenset[int] | None = None
    penalties: Penalties = DEFAULT_PENALTIES
    style: HouseStyle = DEFAULT_STYLE
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a concordance looks for: words in one language, as they are written or in any inflection; in units of these
    scopes and statuses (None: all) that were seen in a document of this name, with ids below `before`."""

    text: str
    language: Language = "fr"
    inflected: bool = False
    scopes: Collection[int] | None = None
    statuses: Collection[str] | None = None
    document: str | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit that holds a phrase: where, on the side that was searched, and what stands for it on the other."""

    unit_id: int
    source: str
    target: str
    source_spans: tuple[Span, ...]
    target_spans: tuple[Span, ...]
    document: str
    status: UnitStatus
    origin: UnitOrigin = "imported"
    scope: int = 0


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of a concordance, the newest units first. `before` is what asks for the next page, None at the end."""

    passages: tuple[Passage, ...]
    before: int | None
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A fragment of a source that the memory knows: where it stands in it, its commonest English, how often that was
    found, in how many units the fragment was seen, and one of them. `target` is "" where nothing is sure."""

    fragment: str
    span: Span
    target: str
    count: int
    seen: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All that the memory says about a segment: its matches, or, where there is none, the fragments that it knows."""

    matches: tuple[Match, ...] = ()
    known: tuple[Known, ...] = ()
