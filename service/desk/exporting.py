"""The memory, or what a project keeps to itself, on its way out."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from service.desk.imports import scope_of
from service.desk.policy import Actor, require
from service.storage import audit
from tm.store import exporting as store
from tm.types import Pair


def allow(session: Session, actor: Actor, project: str | None = None) -> int:
    """Note that the actor exports what is shared, or a project's units; returns the scope for `pairs`.

    Raises Forbidden, and InputError (`PROJECT_UNKNOWN`) for a project that is not the actor's.
    """
    require(actor, "memory.export")
    scope = scope_of(session, actor, project)
    audit.record(session, actor.id, "exported memory", "memory", str(scope))
    return scope


def pairs(session: Session, scope: int) -> Iterator[Pair]:
    """Every active pair of a scope that was allowed, as a stream: the session is to be one for reading."""
    return store.export(session, scope)
