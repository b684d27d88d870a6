"""Writing to the memory: pairs in, units and occurrences kept, nothing twice and nothing deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import update
from sqlalchemy.orm import Session

from tm.store.placing import Row, place, prepare
from tm.store.units import SHARED, Clock, Import
from tm.types import Pair

BATCH = 500  # pairs written at a time


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import changed: units new to the memory, pairs it knew already, units superseded, pairs left out."""

    added: int = 0
    seen_again: int = 0
    superseded: int = 0
    left_out: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.added + other.added,
            self.seen_again + other.seen_again,
            self.superseded + other.superseded,
            self.left_out + other.left_out,
        )

    def as_dict(self) -> dict[str, int]:
        """The counts by name, for a record or for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def tick(session: Session) -> int:
    """Move the memory's clock and return the new tick; the clock's lock is held until the transaction ends."""
    value = session.scalar(update(Clock).where(Clock.id == 1).values(tick=Clock.tick + 1).returning(Clock.tick))
    if value is None:
        raise LookupError("the memory has no clock: the database is not migrated")
    return int(value)


def add_pairs(
    session: Session,
    pairs: Iterable[Pair],
    *,
    kind: str,
    label: str,
    document_key: str,
    person: str | None = None,
    scope: int = SHARED,
) -> Counts:
    """Add aligned, approved or imported pairs to the memory, as one `Import` in the caller's transaction.

    `kind` is the act (`pair`, `publication`), `label` what people call it, `document_key` names the document for good:
    adding the same pairs with the same key again changes nothing. `scope` is whose the units are. A pair with an empty
    side is left out and counted. Memory use does not grow with the number of pairs.
    """
    moment = tick(session)
    act = Import(kind=kind, label=label, person=person, document_key=document_key, scope=scope)
    session.add(act)
    session.flush()
    counts, position = Counts(), 0
    for batch in batches(pairs):
        counts += add_rows(session, act, prepare(batch, document_key, start=position), moment)
        position += len(batch)
    act.counts = counts.as_dict()
    session.flush()
    return counts


def add_rows(session: Session, act: Import, rows: Sequence[Row], moment: int) -> Counts:
    """Write rows that were made ready as part of an act that is under way, at a tick that this transaction has made."""
    return Counts(*place(session, act, rows, moment))


def batches(pairs: Iterable[Pair], size: int = BATCH) -> Iterator[list[Pair]]:
    """The pairs, `size` at a time."""
    source = iter(pairs)
    while batch := list(islice(source, size)):
        yield batch
