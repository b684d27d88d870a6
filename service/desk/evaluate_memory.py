"""How good the memory is: documents held out by date, proposed for from the rest, beside what people wrote."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from service.desk import jobs
from service.desk.policy import Actor, require
from service.storage import audit, evaluations
from service.storage.evaluations import MemoryEvaluation
from service.storage.runs import Run
from tm.errors import InputError
from tm.store import reading
from tm.store.units import SHARED

if TYPE_CHECKING:
    from tm.match.evaluation.proposals import Known, Units
    from tm.match.index import Index

LIMIT = 50_000  # segments, where nobody says otherwise: enough for figures that hold, and done in minutes
SHARE = 10.0  # per cent of the documents
SMALL = 5000  # units up to which an index in memory is quicker than one on disk
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is held out: documents dated `since` or later, or else the newest `share` per cent; and how many of their
    segments are looked at, drawn by chance that is the same every time."""

    since: str | None = None
    share: float = SHARE
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class Finding:
    """What an evaluation found, on its way to its row."""

    tick: int
    since: str
    documents: int
    segments: int
    units: int
    milliseconds: int
    bands: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""


def start(session: Session, actor: Actor) -> Run:
    """Have the memory evaluated in the background; one that is under way is returned instead of a second one."""
    require(actor, "evaluation.start")
    audit.record(session, actor.id, "started evaluation", "memory", jobs.MEMORY)
    return jobs.enqueue(session, "evaluate-memory", jobs.MEMORY, actor.id)


def begin(session: Session, actor: Actor, wanted: Wanted) -> None:
    """Leave word that somebody evaluates the memory here and now. Raises InputError (`DATE_INVALID`)."""
    require(actor, "evaluation.start")
    _checked(wanted)
    audit.record(session, actor.id, "started evaluation", "memory", jobs.MEMORY)


def look(session: Session, wanted: Wanted) -> Finding:
    """Hold documents out and see what the rest proposes for them. Only reads, and no transaction stays open meanwhile.

    Units that everybody may see and that are in force count, no others. Raises InputError: `DATE_INVALID`, or
    `NOTHING_HELD_OUT` where no document is so new, or none would be left.
    """
    started = time.perf_counter()
    parted = _parted(session, _checked(wanted))
    with _index(session, parted.memory) as index:
        bands, segments = _measured(session, parted, index, wanted.limit)
    drawn = f"{segments:,} of {len(parted.held):,} segments were drawn." if segments < len(parted.held) else ""
    took = round(1000 * (time.perf_counter() - started))
    return Finding(
        reading.clock(session)[0], parted.since, parted.documents, segments, len(parted.memory), took, bands, drawn
    )


def keep(session: Session, found: Finding, run_id: str | None = None) -> MemoryEvaluation:
    """Write down what was found."""
    row = MemoryEvaluation(
        run_id=run_id,
        tick=found.tick,
        since=found.since,
        documents=found.documents,
        segments=found.segments,
        units=found.units,
        milliseconds=found.milliseconds,
        bands=found.bands,
        note=found.note,
    )
    session.add(row)
    session.flush()
    return row


def _checked(wanted: Wanted) -> Wanted:
    if wanted.since is not None and not _DATE.fullmatch(wanted.since):
        raise InputError(
            f"“{wanted.since}” is not a date.", code="DATE_INVALID", todo="Write 2024, 2024-03 or 2024-03-12."
        )
    return wanted


@dataclass(frozen=True, slots=True)
class _Parted:
    """The memory without the documents held out: units with the date that each was last seen at; units held out."""

    since: str
    documents: int
    memory: Mapping[int, str]
    held: frozenset[int]


def _parted(session: Session, wanted: Wanted) -> _Parted:
    from tm.match.evaluation.split import split

    found = evaluations.documents(session)
    parted = split({name: document.date for name, document in found.items()}, since=wanted.since, share=wanted.share)
    memory: dict[int, str] = {}
    for name, document in found.items():
        if name not in parted.held:
            for unit_id in document.units:
                memory[unit_id] = max(memory.get(unit_id, ""), document.date)
    held = frozenset(unit_id for name in parted.held for unit_id in found[name].units)
    if not memory or not held:
        dates = sorted(document.date for document in found.values())
        told = f"Its {len(dates)} documents are dated {dates[0]} to {dates[-1]}." if dates else "It has no documents."
        raise InputError(
            f"The memory cannot be parted by date: nothing would be {'left' if held else 'held out'}. {told}",
            code="NOTHING_HELD_OUT",
            todo="Say another date with --since.",
        )
    return _Parted(parted.since, len(parted.held), memory, held)


@contextmanager
def _index(session: Session, memory: Mapping[int, str]) -> Iterator[Index]:
    """An index of the units that were left, gone when it is no longer needed."""
    from tm.match.index import TokenIndex

    if len(memory) <= SMALL:
        index = TokenIndex()
        index.update((unit_id, source) for unit_id, source, _ in _left(session, memory))
        yield index
        return
    from tm.match.generation.build import build
    from tm.match.generation.following import FollowingIndex
    from tm.match.generation.index import GenerationIndex

    with tempfile.TemporaryDirectory(prefix="passerelle-evaluation-") as folder:
        built = build(Path(folder), ((unit_id, source) for unit_id, source, _ in _left(session, memory)), 0)
        yield FollowingIndex(GenerationIndex(built))


def _left(session: Session, memory: Mapping[int, str]) -> Iterator[tuple[int, str, str]]:
    for batch in reading.active(session):
        yield from ((unit.id, unit.source, unit.target) for unit in batch if unit.scope == SHARED and unit.id in memory)


def _measured(session: Session, parted: _Parted, index: Index, limit: int) -> tuple[list[dict[str, Any]], int]:
    from tm.match.evaluation.proposals import outcomes
    from tm.match.evaluation.table import table
    from tm.match.lexicon.corpus import sample
    from tm.match.lexicon.training import MOST, train

    taught = sample(((source, target) for _, source, target in _left(session, parted.memory)), MOST)
    held = sample(evaluations.texts(session, parted.held).values(), limit)
    session.rollback()  # nothing was written, and learning takes longer than a transaction should lie idle
    lexicon = train(taught)
    found = list(outcomes(held, index, _units(session, parted.memory), lexicon))
    session.rollback()
    return [row.as_dict() for row in table(found)], len(found)


def _units(session: Session, memory: Mapping[int, str]) -> Units:
    from tm.match.evaluation.proposals import Known

    def known(unit_ids: Iterable[int]) -> dict[int, Known]:
        found = evaluations.texts(session, set(unit_ids))
        return {unit_id: Known(*pair, memory[unit_id]) for unit_id, pair in found.items()}

    return known
