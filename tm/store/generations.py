"""Generations of a memory: built from the database, kept in its folder, checked."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tm.errors import MemoryUnavailable
from tm.match.generation.folders import named, number_of, remove_older, remove_unfinished
from tm.store import reading
from tm.store.held import LEXICON, opened
from tm.store.units import Generation

if TYPE_CHECKING:
    from tm.match.wordlists.build import WordsBuilder

FIRST = 50  # units from which on a generation is worth while: before, there is nothing to learn a lexicon from
FEWEST, SHARE = 200, 20  # a new one is due when so many units changed, or one in so many
FORGOTTEN = 24 * 3600  # seconds after which a generation that was begun is nobody's any more
ALIKE = 20  # a lexicon is taken over while the memory has grown by less than one in so many


@dataclass(frozen=True, slots=True)
class Built:
    """A generation that was just built, with what it cost in milliseconds of wall clock."""

    path: Path
    number: int
    tick: int
    units: int
    bytes: int
    milliseconds: int
    lexicon_pairs: int
    lexicon_milliseconds: int


def build(session: Session, folder: Path, *, anew: bool = False) -> Built:
    """Build the next generation of the memory in this database; a folder of its own in `folder` holds it.

    The index and the words of both languages come from all units that may be proposed, the lexicon from pairs of active
    ones; a lexicon learned from nearly the same memory is taken over, unless all is wanted `anew`. The session reads
    only, and its transaction is ended before the lexicon is learned.
    """
    from tm.match.generation.build import Unfinished, fill
    from tm.match.wordlists.build import WordsBuilder

    _compile()
    tick, memory_id = reading.clock(session)
    home = folder / memory_id
    started = time.perf_counter()
    with Unfinished(home) as made:
        with WordsBuilder(made.place) as words:
            units = _Units(session, words)
            fill(made.place, units, tick)
            words.finish(tick)
        indexed = time.perf_counter()
        taught = _lexicon(session, home, made.place / LEXICON, units.count, anew)
        learned = time.perf_counter()
        path = made.publish()
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    took, learning = indexed - started, learned - indexed
    return Built(path, number_of(path), tick, units.count, size, round(1000 * took), taught, round(1000 * learning))


class _Units:
    """All units that may be proposed, for the index; shown to the builder of word lists on their way, and counted."""

    def __init__(self, session: Session, words: WordsBuilder) -> None:
        self._session, self._words = session, words
        self.count = 0

    def __iter__(self) -> Iterator[tuple[int, str, int]]:
        for batch in reading.proposed(self._session):
            self._words.add([(unit.id, unit.source, unit.target) for unit in batch])
            self.count += len(batch)
            yield from ((unit.id, unit.source, unit.scope) for unit in batch)


def _compile() -> None:
    """Compile what searching and aligning need, once for all processes of this machine: nobody shall wait for it."""
    from tm import align
    from tm.match.generation import index
    from tm.match.wordlists import mapped

    align.prepare()
    index.prepare()
    mapped.prepare()


def _lexicon(session: Session, home: Path, place: Path, units: int, anew: bool) -> int:
    """Put a lexicon into a folder: the one of the generation before, or a new one. Returns how many pairs taught it."""
    before = session.scalar(
        select(Generation)
        .where(Generation.state == "ready", Generation.lexicon_pairs > 0)
        .order_by(Generation.number.desc())
        .limit(1)
    )
    if before is not None and not anew and abs(units - before.units) * ALIKE < before.units:
        pairs, source = before.lexicon_pairs, named(home, before.number) / LEXICON
        if source.is_dir():
            shutil.copytree(source, place, copy_function=os.link)
            return pairs
    from tm.match.lexicon.corpus import sample
    from tm.match.lexicon.training import MOST, train

    pairs_of = sample(((unit.source, unit.target) for batch in reading.active(session) for unit in batch), MOST)
    session.rollback()  # nothing was written, and learning takes longer than a transaction should lie idle
    if not pairs_of:
        return 0
    train(pairs_of, most=MOST).save(place)
    return len(pairs_of)


def keep(session: Session, folder: Path, built: Built, needed: Collection[int] = ()) -> Generation:
    """Write down a generation that was built, and remove all but the newest two and those that are `needed`."""
    tidy(session, folder, needed)
    row = session.get(Generation, built.number) or Generation(number=built.number)
    row.tick, row.units, row.bytes, row.state = built.tick, built.units, built.bytes, "ready"
    row.milliseconds, row.lexicon_pairs = built.milliseconds, built.lexicon_pairs
    row.lexicon_milliseconds = built.lexicon_milliseconds
    session.add(row)
    session.flush()
    return row


def tidy(session: Session, folder: Path, needed: Collection[int] = ()) -> int:
    """Remove all generations but the newest two and those that are `needed`, and what a build that died has left;
    returns how many of both."""
    home = folder / reading.clock(session)[1]
    gone = [number_of(path) for path in remove_older(home, needed=needed)]
    session.execute(update(Generation).where(Generation.number.in_(gone)).values(state="removed"))
    return len(gone) + len(remove_unfinished(home, time.time() - FORGOTTEN))


def newest(session: Session) -> Generation | None:
    """The newest generation that is said to be ready."""
    asked = select(Generation).where(Generation.state == "ready").order_by(Generation.number.desc()).limit(1)
    return session.scalar(asked)


def teaching(session: Session, moment: datetime | None = None) -> Generation | None:
    """The newest generation with a lexicon, of those that were there at a moment (now)."""
    asked = select(Generation).where(Generation.state == "ready", Generation.lexicon_pairs > 0)
    if moment is not None:
        asked = asked.where(Generation.built_at <= moment)
    return session.scalar(asked.order_by(Generation.number.desc()).limit(1))


def teaching_at(session: Session, moments: Collection[datetime]) -> set[int]:
    """The numbers of the generations that `teaching` names for these moments."""
    if not moments:
        return set()
    asked = select(Generation.number, Generation.built_at).where(
        Generation.state == "ready", Generation.lexicon_pairs > 0
    )
    built = session.execute(asked.order_by(Generation.number.desc())).all()
    found = (next((number for number, at in built if at <= moment), 0) for moment in set(moments))
    return {number for number in found if number}


def lexicon_folder(session: Session, folder: Path, moment: datetime | None = None) -> Path | None:
    """Where the lexicon of `teaching` lies; whether it is whole, its opener finds out."""
    found = teaching(session, moment)
    return None if found is None else named(folder / reading.clock(session)[1], found.number) / LEXICON


def check(session: Session, folder: Path) -> Generation | None:
    """The newest ready generation if its files are whole; one that is not is written down as damaged."""
    found = newest(session)
    if found is None:
        return None
    try:
        opened(named(folder / reading.clock(session)[1], found.number))
    except MemoryUnavailable:
        found.state = "damaged"
        session.flush()
        return None
    return found


def is_due(session: Session, folder: Path) -> bool:
    """Whether a new generation is worth building: the first one, one in place of a damaged one, or enough changed."""
    found = check(session, folder)
    if found is None:
        return reading.changed_count(session, 0) >= FIRST
    return reading.changed_count(session, found.tick) >= max(FEWEST, found.units // SHARE)


def listing(session: Session, limit: int = 60) -> list[Generation]:
    """The latest generations, the newest first."""
    return list(session.scalars(select(Generation).order_by(Generation.number.desc()).limit(limit)))
