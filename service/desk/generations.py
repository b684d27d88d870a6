"""Generations of the memory's index: when one is due, how one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from service.desk import jobs
from service.desk.policy import Actor, require
from service.storage import audit
from service.storage.runs import Run
from tm.store import generations as store
from tm.store.generations import Built
from tm.store.units import Generation

if TYPE_CHECKING:
    from service.settings import Settings


def listing(session: Session) -> list[Generation]:
    """The latest generations, the newest first."""
    return store.listing(session)


def start(session: Session, actor: Actor) -> Run:
    """Have a new generation built in the background."""
    require(actor, "memory.rebuild")
    audit.record(session, actor.id, "started generation", "memory", jobs.MEMORY)
    return jobs.enqueue(session, "generation", jobs.MEMORY, actor.id)


def due(session: Session, settings: Settings) -> Run | None:
    """Start a generation if one is due: `tm.store.generations.is_due` says when."""
    return jobs.enqueue(session, "generation", jobs.MEMORY) if store.is_due(session, settings.index_folder) else None


def make(session: Session, settings: Settings, *, anew: bool = False) -> Built:
    """Build the next generation. The session only reads: on SQLite nobody waits for it."""
    return store.build(session, settings.index_folder, anew=anew)


def keep(session: Session, settings: Settings, built: Built) -> Generation:
    """Write down what was built."""
    return store.keep(session, settings.index_folder, built)
