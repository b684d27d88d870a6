"""Where a phrase stands in the memory, and which fragments of a text it knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from tm.match.concordance import counterparts, fragments, passages
from tm.match.fragments import fragments as known_fragments
from tm.store import reading
from tm.store.answers import Hits, Known, Passage, Phrase
from tm.store.held import Held
from tm.types import Span

READ = 100  # units of which the texts are read at a time
LOOKED_AT = 6000  # texts that are read at most for one page, so that typing is never held up
SHOWN = 40  # pairs that are looked at for one fragment
ASKED = 6  # fragments that are looked for before their English is sought


def page(session: Session, held: Held, phrase: Phrase, limit: int, warning: str = "") -> Hits:
    """At most `limit` units that hold the phrase, the newest first; `before` of the answer asks for the next page."""
    found: list[Passage] = []
    looked = 0
    for ids in _batches(held.holding(phrase.text, phrase.language, phrase.inflected, phrase.before)):
        for unit in reading.texts_of(session, ids, phrase.scopes, phrase.statuses, phrase.document):
            passage = _passage(held, unit, phrase)
            if passage:
                found.append(passage)
            if len(found) == limit:
                return Hits(tuple(found), unit.id, warning)
        looked += len(ids)
        if looked >= LOOKED_AT:
            return Hits(tuple(found), ids[-1], warning)
    return Hits(tuple(found), None, warning)


def _batches(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    source = iter(ids)
    while batch := list(islice(source, READ)):
        yield batch


def _passage(held: Held, unit: Row[Any], phrase: Phrase) -> Passage | None:
    searched = unit.source if phrase.language == "fr" else unit.target
    spans = passages(phrase.text, searched, phrase.language, inflected=phrase.inflected)
    if not spans:
        return None
    lexicon = held.lexicon
    theirs = counterparts(unit.source, unit.target, spans, lexicon, phrase.language) if lexicon is not None else ()
    source, target = (spans, theirs) if phrase.language == "fr" else (theirs, spans)
    return Passage(
        unit.id, unit.source, unit.target, source, target, unit.document or "", unit.status, unit.origin, unit.scope
    )


def known(
    session: Session, held: Held, text: str, scopes: Collection[int] | None, at_most: int = 4
) -> tuple[Known, ...]:
    """The longest fragments of a text that the memory knows, none inside another, each with its commonest English."""
    seen: dict[str, tuple[Passage, ...]] = {}
    for fragment in fragments(text, 24):
        if len(seen) == ASKED:
            break
        if not any(fragment in longer for longer in seen):
            hits = page(session, held, Phrase(fragment, "fr", scopes=scopes), SHOWN).passages
            if hits:
                seen[fragment] = hits
    if held.lexicon is None:
        return tuple(_without_english(text, fragment, hits) for fragment, hits in list(seen.items())[:at_most])
    pairs = {hit.unit_id: hit for hits in seen.values() for hit in hits}
    return _with_english(text, list(pairs.values()), held, at_most)


def _without_english(text: str, fragment: str, hits: Sequence[Passage]) -> Known:
    start = text.index(fragment)
    return Known(fragment, Span(start, start + len(fragment)), "", 0, len(hits), hits[0])


def _with_english(text: str, pairs: Sequence[Passage], held: Held, at_most: int) -> tuple[Known, ...]:
    assert held.lexicon is not None
    found = known_fragments(text, [(pair.source, pair.target) for pair in pairs], held.lexicon, limit=at_most)
    return tuple(
        Known(
            each.source,
            each.span,
            each.target,
            each.count,
            each.seen,
            _marked(pairs[each.pair], each.source_span, each.target_span),
        )
        for each in found
    )


def _marked(passage: Passage, source: Span, target: Span) -> Passage:
    return replace(passage, source_spans=(source,), target_spans=(target,))
