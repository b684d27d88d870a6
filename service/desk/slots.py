"""Slots: the hours of the schedule. Each is a row with a unique key, and the clock is the database's.

A slot that was missed is made up for once, however many went by. A clock that goes back finds its slots taken: none
runs again, and none that lies before the last one. Hours are UTC, which no summer time moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.storage.runs import Slot, last_slot
from tm.store.base import now

# a slot that lies further ahead was taken while the clock was wrong, and keeps nothing waiting
FAR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Slots at equal distances, for ever; `first` is one of them."""

    first: datetime
    step: timedelta

    def slot(self, moment: datetime) -> datetime:
        """The latest slot, not after this moment."""
        return self.first + (moment - self.first) // self.step * self.step

    def after(self, moment: datetime) -> datetime:
        """The next slot after this moment."""
        return self.slot(moment) + self.step


def rhythm(at: str, step: timedelta, later: timedelta = timedelta(0)) -> Rhythm:
    """Slots counted from a time of day, `02:30`, or from so much later."""
    hour, minute = (int(part) for part in at.split(":"))
    return Rhythm(datetime(2020, 1, 1, hour, minute, tzinfo=UTC) + later, step)


def database_now(session: Session) -> datetime:
    """The moment by the database's clock; SQLite has none but this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return now()
    moment = session.scalar(select(func.now()))
    return moment.astimezone(UTC) if moment is not None else now()


def take(session: Session, task: str, start: datetime, moment: datetime) -> Slot | None:
    """Take a slot, or answer None: somebody else has it, or a later one was taken already."""
    later = select(Slot.start).where(Slot.task == task, Slot.start >= start, Slot.start <= moment + FAR)
    if session.scalar(later.limit(1)) is not None:
        return None
    slot = Slot(task=task, start=start)
    try:
        with session.begin_nested():
            session.add(slot)
            session.flush()
    except IntegrityError:
        return None
    return slot


def is_new(session: Session, task: str) -> bool:
    """Whether a task has never had a slot: it begins with the next one, not with one that was before its time."""
    return last_slot(session, task) is None


def upcoming(session: Session, task: str, beats: Rhythm, moment: datetime) -> datetime:
    """When the next slot of a task is due: `moment` or earlier, if it is only waiting for a scheduler."""
    start, last = beats.slot(moment), last_slot(session, task)
    missed = last is not None and last.start < start
    return start if missed else beats.after(moment)
