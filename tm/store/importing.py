"""Large imports: one act in several transactions, each so short that nobody waits for it.

The row of the act says how far it is, in the same transaction as the units. So whoever dies half-way leaves an act
that goes on where it stopped, and two that carry on the same act share the work.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tm.store.placing import Row
from tm.store.units import Import
from tm.store.writing import BATCH, Counts, add_rows, tick

HELD = 0.3  # seconds for which a transaction may hold the memory's clock


@dataclass(frozen=True, slots=True)
class Part:
    """A run of prepared pairs; `start` is the number of the first among all pairs of the act."""

    start: int
    rows: Sequence[Row]

    @property
    def end(self) -> int:
        """The number after the last pair."""
        return self.start + len(self.rows)


def under_lock(session: Session, import_id: str) -> tuple[Import, int]:
    """The act as it stands now, and a new tick: until the transaction ends, nobody else writes to the memory.

    Raises LookupError when there is no such act.
    """
    moment = tick(session)
    act = session.scalar(select(Import).where(Import.id == import_id).execution_options(populate_existing=True))
    if act is None:
        raise LookupError(import_id)
    return act, moment


def write_part(session: Session, import_id: str, part: Part, held: float = HELD) -> int:
    """Write what is not written yet of a part, as far as one transaction may go; returns the pairs done by now.

    To be called again, after a commit, until that is `part.end` or more. An act that somebody has finished or is taking
    back is left as it is, and counts as done.
    """
    act, moment = under_lock(session, import_id)
    began, done = time.monotonic(), pairs_done(act)
    if not is_going_on(act):
        return part.end
    if done < part.start:
        raise LookupError(f"pairs {done} to {part.start} of import {import_id} were left out")
    while done < part.end:
        rows = part.rows[done - part.start :][:BATCH]
        counts = counts_of(act) + add_rows(session, act, rows, moment)
        done += len(rows)
        act.counts = {**act.counts, **counts.as_dict(), "read": done}
        if time.monotonic() - began > held:
            break
    session.flush()
    return done


def is_going_on(act: Import) -> bool:
    """Whether an act is being written: not done, not failing, and not being taken back."""
    return act.state == "running" and act.undone_by is None and "error" not in act.counts


def pairs_done(act: Import) -> int:
    """How many pairs of its file an act has written."""
    return int(act.counts.get("read", 0))


def counts_of(act: Import) -> Counts:
    """What an act has changed so far."""
    return Counts(**{name: int(act.counts.get(name, 0)) for name in Counts().as_dict()})
