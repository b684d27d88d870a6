"""Generations of the memory's index: when one is due, how one is made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from service.desk import jobs, knowing
from service.desk.policy import Actor, require
from service.desk.slots import database_now, rhythm, take
from service.storage import audit, overview
from service.storage.runs import Run
from tm.store import generations as store
from tm.store.generations import Built
from tm.store.units import Generation

if TYPE_CHECKING:
    from service.settings import Settings

TASK = "generation"
EVERY = timedelta(minutes=1)  # how often it is asked whether one is due
REST = timedelta(hours=1)  # after one that failed or was stopped: it would only do so again, or against somebody's will


def listing(session: Session) -> list[Generation]:
    """The latest generations, the newest first."""
    return store.listing(session)


def start(session: Session, actor: Actor) -> Run:
    """Have a new generation built in the background."""
    require(actor, "memory.rebuild")
    audit.record(session, actor.id, "started generation", "memory", jobs.MEMORY)
    return jobs.enqueue(session, "generation", jobs.MEMORY, actor.id)


def due(session: Session, settings: Settings, moment: datetime | None = None) -> Run | None:
    """Start a generation if one is due (`tm.store.generations.is_due` says when) and nobody has started it yet, by the
    database's clock unless a `moment` is given. None is started for an hour after one that failed or was stopped."""
    moment = moment or database_now(session)
    if _rests(session, moment) or not store.is_due(session, settings.index_folder):
        return None
    slot = take(session, TASK, rhythm("00:00", EVERY).slot(moment), moment)
    if slot is None:
        return None
    run = jobs.enqueue(session, TASK, jobs.MEMORY)
    slot.run_id = run.id
    return run


def _rests(session: Session, moment: datetime) -> bool:
    """Whether one is on its way, or none shall be for now."""
    last = overview.latest_run(session, TASK, jobs.MEMORY)
    if last is None or last.state == "done":
        return False
    return last.finished_at is None or moment - last.finished_at < REST


def make(session: Session, settings: Settings, *, anew: bool = False) -> Built:
    """Build the next generation. The session only reads: on SQLite nobody waits for it."""
    return store.build(session, settings.index_folder, anew=anew)


def keep(session: Session, settings: Settings, built: Built) -> Generation:
    """Write down what was built; what jobs under way align with stays."""
    return store.keep(session, settings.index_folder, built, knowing.needed(session))
