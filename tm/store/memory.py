"""The memory of one process: an index that follows the database's clock, and the questions asked of it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tm.match.concordance import fragments, passages
from tm.match.index import Index, TokenIndex
from tm.match.lookup import Penalties, rank
from tm.match.words import WordIndex
from tm.store.units import Clock, Import, Occurrence, Unit
from tm.types import Context, Entry, Language, Match, Pair, Provenance, Span

LOAD = 2000  # units read at a time
HITS = 64  # units looked at for one query, the most similar first


@dataclass(frozen=True, slots=True)
class Query:
    """A source text and where it stands."""

    text: str
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit that holds a phrase, with the places of the phrase on the side that was searched."""

    unit_id: int
    source: str
    target: str
    source_spans: tuple[Span, ...]
    target_spans: tuple[Span, ...]
    document: str
    status: str


@dataclass(frozen=True, slots=True)
class Clue:
    """For a source without a match: a fragment of it that the memory knows, and where."""

    fragment: str
    passages: tuple[Passage, ...]


class Memory:
    """Looks things up in the units of a database. One per process; safe to use from several threads.

    The index is derived from the database: `follow` brings it up to the memory's clock before every question, so a
    unit is found as soon as it is committed.
    """

    def __init__(self, index: Index | None = None) -> None:
        self._index: Index = index if index is not None else TokenIndex()
        self._words: dict[Language, WordIndex] = {"fr": WordIndex(), "en": WordIndex()}
        self._tick = -1
        self._lock = threading.RLock()

    def follow(self, session: Session) -> int:
        """Take in what changed since the last question; returns the tick that is reflected now."""
        with self._lock:
            current = session.scalar(select(Clock.tick).where(Clock.id == 1)) or 0
            if current > self._tick:
                for unit_id, source, target in _changed(session, self._tick):
                    self._index.update([(unit_id, source)])
                    self._words["fr"].update(unit_id, source)
                    self._words["en"].update(unit_id, target)
                self._tick = current
            return current

    def lookup(
        self,
        session: Session,
        queries: Sequence[Query],
        *,
        threshold: int,
        limit: int,
        penalties: Penalties | None = None,
    ) -> list[list[Match]]:
        """For each query its matches, the best first, at most `limit`; every unit at or above `threshold` is seen."""
        with self._lock:
            self.follow(session)
            found = self._index.search([query.text for query in queries], threshold, HITS)
        entries = entries_of(session, {hit.unit_id for hits in found for hit in hits})
        return [
            rank(
                query.text,
                query.context,
                [entries[hit.unit_id] for hit in hits if hit.unit_id in entries],
                threshold=threshold,
                limit=limit,
                penalties=penalties or Penalties(),
            )
            for query, hits in zip(queries, found, strict=True)
        ]

    def concordance(self, session: Session, phrase: str, language: Language, limit: int = 50) -> list[Passage]:
        """Units that hold `phrase` (case and accents of spelling as `tm.match.concordance` says), the newest first."""
        with self._lock:
            self.follow(session)
            candidates = self._words[language].holding(phrase)
        found: list[Passage] = []
        for unit_ids in _chunks(sorted(candidates, reverse=True), LOAD // 10):
            for unit in _units(session, unit_ids):
                spans = passages(phrase, unit.source if language == "fr" else unit.target, language)
                if spans:
                    found.append(_passage(unit, spans, language))
                if len(found) == limit:
                    return found
        return found

    def clues(
        self, session: Session, text: str, *, fragments_at_most: int = 3, passages_at_most: int = 2
    ) -> list[Clue]:
        """What the memory knows of the parts of a text: its longest known fragments, each with where it was seen."""
        found: list[Clue] = []
        for fragment in fragments(text, 24):
            if any(fragment in clue.fragment for clue in found):
                continue
            hits = self.concordance(session, fragment, "fr", passages_at_most)
            if hits:
                found.append(Clue(fragment, tuple(hits)))
            if len(found) == fragments_at_most:
                break
        return found


def _changed(session: Session, since: int) -> Iterator[tuple[int, str, str]]:
    last = 0
    while True:
        rows = session.execute(
            select(Unit.id, Unit.source, Unit.target)
            .where(Unit.changed > since, Unit.id > last)
            .order_by(Unit.id)
            .limit(LOAD)
        ).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].id


def _chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _units(session: Session, unit_ids: Sequence[int]) -> list[Unit]:
    return list(
        session.scalars(
            select(Unit)
            .where(Unit.id.in_(unit_ids))
            .options(selectinload(Unit.occurrences))
            .order_by(Unit.id.desc())
            .execution_options(populate_existing=True)
        )
    )


def entries_of(session: Session, unit_ids: set[int]) -> dict[int, Entry]:
    """The units with these ids as matching sees them, with every place where each was seen."""
    found: dict[int, Entry] = {}
    for chunk in _chunks(sorted(unit_ids), LOAD // 4):
        for unit in _units(session, chunk):
            found[unit.id] = _entry(unit)
    return found


def _entry(unit: Unit) -> Entry:
    return Entry(
        id=unit.id,
        source=unit.source,
        target=unit.target,
        origin=unit.origin,  # type: ignore[arg-type]
        status=unit.status,  # type: ignore[arg-type]
        seen=tuple(provenance_of(occurrence) for occurrence in unit.occurrences),
    )


def provenance_of(occurrence: Occurrence) -> Provenance:
    """Where a unit was seen, as a value."""
    return Provenance(
        document=occurrence.document,
        position=occurrence.position,
        origin=occurrence.origin,  # type: ignore[arg-type]
        person=occurrence.person,
        date=occurrence.dated,
        context=Context(occurrence.previous_key, occurrence.next_key, occurrence.role),  # type: ignore[arg-type]
    )


def _passage(unit: Unit, spans: Iterable[Span], language: Language) -> Passage:
    found = tuple(spans)
    document = unit.occurrences[-1].document if unit.occurrences else ""
    source_spans, target_spans = (found, ()) if language == "fr" else ((), found)
    return Passage(unit.id, unit.source, unit.target, source_spans, target_spans, document, unit.status)


def statistics(session: Session) -> dict[str, int]:
    """How many units (by status), places and imports the memory holds, and its tick."""
    by_status = dict(session.execute(select(Unit.status, func.count()).group_by(Unit.status)).all())
    return {
        "units": sum(by_status.values()),
        "active": by_status.get("active", 0),
        "pending": by_status.get("pending", 0),
        "superseded": by_status.get("superseded", 0),
        "occurrences": session.scalar(select(func.count()).select_from(Occurrence)) or 0,
        "imports": session.scalar(select(func.count()).select_from(Import)) or 0,
        "tick": session.scalar(select(Clock.tick)) or 0,
    }


def export(session: Session) -> Iterator[Pair]:
    """Every active pair with the latest place where it was seen, in the order in which it came."""
    last = 0
    while True:
        units = list(
            session.scalars(
                select(Unit)
                .where(Unit.id > last, Unit.status == "active")
                .options(selectinload(Unit.occurrences))
                .order_by(Unit.id)
                .limit(LOAD)
            )
        )
        if not units:
            return
        for unit in units:
            seen = provenance_of(unit.occurrences[-1]) if unit.occurrences else Provenance(document="")
            yield Pair(unit.source, unit.target, seen)
        last = units[-1].id
        session.expunge_all()
