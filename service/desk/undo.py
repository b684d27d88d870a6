"""Imports taken back as a whole, by people or because they failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from service.desk import jobs
from service.desk.moves import checked_reason
from service.desk.policy import Actor, require
from service.desk.projects import scopes_of
from service.errors import NotFound, WrongState
from service.storage import audit
from service.storage.runs import Run
from tm.store.base import now
from tm.store.importing import HELD, under_lock
from tm.store.undoing import take_back
from tm.store.units import Import, Occurrence, Unit, UnitChange


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What undoing an import would touch: places withdrawn, units that would stand nowhere, units it had changed."""

    places: int
    units: int
    changed: int


def visible(session: Session, actor: Actor, import_id: str) -> Import:
    """The import with this id. Raises NotFound for one of a project that is not the actor's."""
    require(actor, "memory.see")
    act = session.get(Import, import_id)
    if act is None or act.scope not in scopes_of(session, actor):
        raise NotFound("import")
    return act


def listing(session: Session, actor: Actor, limit: int = 100) -> list[Import]:
    """The latest imports that the actor may see, the newest first."""
    require(actor, "memory.see")
    mine = select(Import).where(Import.scope.in_(scopes_of(session, actor)))
    return list(session.scalars(mine.order_by(Import.at.desc(), Import.id).limit(limit)))


def is_being_undone(act: Import) -> bool:
    """Whether an import is on its way out, part by part."""
    return act.state in ("running", "done") and act.undone_by is not None


def foresee(session: Session, actor: Actor, import_id: str) -> Foreseen:
    """What undoing an import would touch, counted now."""
    act = visible(session, actor, import_id)
    seen, other = aliased(Occurrence), aliased(Occurrence)
    mine = select(func.count()).select_from(seen).where(seen.import_id == act.id, seen.withdrawn.is_(False))
    alone = (
        select(func.count())
        .select_from(Unit)
        .where(Unit.import_id == act.id, Unit.status != "superseded")
        .where(
            ~select(other.id)
            .where(other.unit_id == Unit.id, other.withdrawn.is_(False), other.import_id.is_distinct_from(act.id))
            .exists()
        )
    )
    acts = ("approved", "superseded", "reactivated")
    changed = select(func.count(UnitChange.unit_id.distinct())).where(
        UnitChange.import_id == act.id, UnitChange.action.in_(acts)
    )
    return Foreseen(session.scalar(mine) or 0, session.scalar(alone) or 0, session.scalar(changed) or 0)


def begin_undo(session: Session, actor: Actor, import_id: str, reason: str) -> Import:
    """Say that an import is to be undone, and why; `imports.carry_on` does it. The same again changes nothing.

    Raises Forbidden, NotFound, InputError without a reason, and WrongState while the import is still being written.
    """
    require(actor, "memory.import")
    visible(session, actor, import_id)
    why = checked_reason(reason)
    act, _ = under_lock(session, import_id)
    if act.state in ("undone", "failed") or act.undone_by is not None:
        return act
    if act.state == "running" and _is_at_work(session, act):
        raise WrongState("This import is still being written.", code="IMPORT_RUNNING", todo="Undo it when it is done.")
    act.undone_by = actor.name
    act.counts = {**act.counts, "reason": why}
    audit.record(session, actor.id, "undid import", "memory", act.id)
    session.flush()
    return act


def _is_at_work(session: Session, act: Import) -> bool:
    return bool(
        session.scalar(
            select(Run.id).where(Run.kind == "import", Run.subject == act.id, Run.state.in_(("queued", "running")))
        )
    )


def undo_import(session: Session, actor: Actor, import_id: str, reason: str) -> Import:
    """Undo an import, all of it: at once if it is small, else the rest by a background job (see `is_being_undone`).

    What somebody has touched since is left and counted: `counts["undo"]` has `places`, `withdrawn`, `restored`, `left`.
    Raises as `begin_undo` does.
    """
    act = begin_undo(session, actor, import_id, reason)
    began = time.monotonic()
    while act.state in ("running", "done"):
        if time.monotonic() - began > HELD:
            jobs.enqueue(session, "import", act.id, actor.id)
            break
        _part(session, import_id)
    return act


def go_back(
    transaction: Callable[[], AbstractContextManager[Session]], import_id: str, report: Callable[[int, int], None]
) -> None:
    """Take an import back in short transactions of the door, until nothing of it is left."""
    while True:
        with transaction() as session:
            act = _part(session, import_id)
            undo, seen = act.counts.get("undo", {}), int(act.counts.get("read", 0))
            report(min(int(undo.get("places", 0)), seen), seen)
            if act.state not in ("running", "done"):
                return


def _part(session: Session, import_id: str) -> Import:
    act, moment = under_lock(session, import_id)
    if act.state in ("running", "done"):
        why = str(act.counts.get("reason") or act.counts.get("error") or "")
        more = take_back(session, act, moment, person=act.undone_by or act.person, reason=why)
        if not more:
            _conclude(act)
            session.flush()
    return act


def _conclude(act: Import) -> None:
    """An import that never was done has failed; one that was is undone."""
    if act.state == "running":
        act.state = "failed"
    else:
        act.state, act.undone_at = "undone", now()
