"""The memory of one process: what it holds follows the database's clock; the questions asked of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from tm.errors import MemoryUnavailable
from tm.match.hints import hints
from tm.match.lookup import rank
from tm.match.repair import repair
from tm.match.score import FORM
from tm.store import concordance, reading
from tm.store.answers import Hits, Known, Passage, Phrase, Query, Suggestions, Wanted
from tm.store.follow import Follower
from tm.store.held import Held
from tm.store.reading import statistics
from tm.text.normalise import fingerprint
from tm.types import Entry, Hit, Match

__all__ = ["Hits", "Known", "Memory", "Passage", "Phrase", "Query", "Suggestions", "Wanted", "statistics"]

NEAR = 96  # similar units that are rated for one query, the most similar first, beside all with the same text
TRIES = 6  # a question is asked anew so often while the memory changes under it
SAME = 200  # units with the very text that are rated for one query, the newest first, beside all in its context
T = TypeVar("T")


class Memory:
    """Looks things up in the units of a database. One per process; safe to use from several threads.

    What it holds is derived from the database, and follows it: a unit is found as soon as it is committed. `folder` is
    where generations of the index lie; None: everything is read from the database.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._follower = Follower(folder)

    @property
    def warning(self) -> str:
        """Why answers are slower than they should be, for people to read; "" when all is well."""
        return self._follower.warning

    @property
    def standing_on(self) -> int:
        """The number of the generation that answers now; 0 for none."""
        return self._follower.number

    @property
    def waited_for_a_switch(self) -> float:
        """For how many seconds, at most, a change of generation has kept a question waiting in this process."""
        return self._follower.waited

    def follow(self, session: Session) -> int:
        """Take in what changed since the last question; returns the tick that is reflected now."""
        return self._follower.at_least(session).tick

    def lookup(self, session: Session, queries: Sequence[Query], wanted: Wanted) -> list[tuple[Match, ...]]:
        """For each query its matches, the best first. Every unit at or above the threshold that the asker may see has
        been looked at; hints and repairs are those that the lexicon is sure of. The answer is right for one moment of
        the call, whoever writes meanwhile."""
        return self._at_one_moment(session, lambda asked, held: self._lookup(asked, held, queries, wanted))

    def _lookup(
        self, session: Session, held: Held, queries: Sequence[Query], wanted: Wanted
    ) -> list[tuple[Match, ...]]:
        found = _found(session, held, queries, wanted)
        contexts = [query.context for query in queries]
        entries = reading.entries_of(session, {each for ids in found for each in ids}, contexts, wanted.scopes)
        return [
            tuple(_finished(query, held, match, wanted.terms) for match in _ranked(query, ids, entries, wanted))
            for query, ids in zip(queries, found, strict=True)
        ]

    def suggest(self, session: Session, queries: Sequence[Query], wanted: Wanted) -> list[Suggestions]:
        """`lookup`, and for each query without a match the longest fragments of it that the memory knows."""
        return [
            Suggestions(matches, () if matches else self.known(session, query.text, wanted.scopes))
            for query, matches in zip(queries, self.lookup(session, queries, wanted), strict=True)
        ]

    def concordance(self, session: Session, phrase: Phrase, limit: int = 50) -> Hits:
        """Units that hold a phrase, the newest first: all of them, page by page."""
        return self._at_one_moment(
            session, lambda asked, held: concordance.page(asked, held, phrase, limit, self.warning)
        )

    def known(self, session: Session, text: str, scopes: Collection[int] | None = None) -> tuple[Known, ...]:
        """The longest fragments of a text that the memory knows, none inside another, each with its English."""
        return self._at_one_moment(session, lambda asked, held: concordance.known(asked, held, text, scopes))

    def _at_one_moment(self, session: Session, ask: Callable[[Session, Held], T], tries: int = TRIES) -> T:
        """What `ask` answers while neither the memory nor what is held of it changes.

        Ids come from what is held and texts from the database. Where each statement of a transaction sees the newest
        state, somebody may commit between them; where the transaction sees an old one, another thread may have brought
        what is held further. Then the question is asked anew, in the second case in a transaction of its own.
        """
        held = self._follower.at_least(session)
        began = held.tick
        try:
            answer = ask(session, held)
        except MemoryUnavailable as error:
            if tries <= 1:
                raise
            self._follower.drop(held, session, error)
            return self._at_one_moment(session, ask, tries - 1)
        tick = reading.clock(session)[0]
        if tries <= 1 or began == held.tick == tick:
            return answer
        if tick >= held.tick:
            return self._at_one_moment(session, ask, tries - 1)
        with type(session)(session.get_bind(), info=dict(session.info)) as fresh:  # with the same sight
            return self._at_one_moment(fresh, ask, tries - 1)


def _found(session: Session, held: Held, queries: Sequence[Query], wanted: Wanted) -> list[set[int]]:
    """The ids of all units that may be a match: similar ones from the index, the same text and the same place from the
    database, so that no number of similar ones hides them."""
    near = held.search([query.text for query in queries], wanted.threshold, NEAR, wanted.scopes)
    same = _same(session, queries, near, wanted)
    return [ids | {hit.unit_id for hit in hits} for ids, hits in zip(same, near, strict=True)]


def _same(session: Session, queries: Sequence[Query], near: Sequence[Sequence[Hit]], wanted: Wanted) -> list[set[int]]:
    keys = [fingerprint(query.text) if hits else "" for query, hits in zip(queries, near, strict=True)]
    same = reading.same_sources(session, {key for key in keys if key}, wanted.scopes)
    placed = {
        (key, query.context.previous, query.context.next)
        for query, key in zip(queries, keys, strict=True)
        if len(same.get(key, ())) > SAME and query.context.previous is not None and query.context.next is not None
    }
    there = reading.in_context(session, placed, wanted.scopes) if placed else set()
    return [{*same.get(key, ())[:SAME], *(there & set(same.get(key, ())))} for key in keys]


def _ranked(query: Query, ids: Collection[int], entries: dict[int, Entry], wanted: Wanted) -> list[Match]:
    return rank(
        query.text,
        query.context,
        [entries[each] for each in sorted(ids) if each in entries],
        threshold=wanted.threshold,
        limit=wanted.limit,
        penalties=wanted.penalties,
        style=wanted.style,
        scope=query.scope,
    )


def _finished(query: Query, held: Held, match: Match, terms: Mapping[str, str]) -> Match:
    """A match with what the lexicon has to say of it, where other words stand in the unit than in the query."""
    if held.lexicon is None or match.base_rate >= FORM:
        return match
    source = match.entry.source
    return replace(
        match,
        hints=hints(query.text, source, match.target, held.lexicon),
        repair=repair(query.text, source, match.target, held.lexicon, terms=terms),
    )
