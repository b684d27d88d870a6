"""What happened to units after they came in, written down once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from tm.store.base import now
from tm.store.listed import insert_many
from tm.store.tables import CHANGES

Action = Literal["approved", "superseded", "reactivated", "edited", "withdrawn", "restored"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one unit; `before` and `after` hold what differs."""

    unit_id: int
    action: Action
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def write_down(
    session: Session,
    changes: Iterable[Change],
    *,
    import_id: str | None = None,
    person: str | None = None,
    reason: str | None = None,
    at: datetime | None = None,
) -> int:
    """Keep the changes, all with the same act, person and reason; returns how many there were."""
    rows = [
        {
            "unit_id": change.unit_id,
            "action": change.action,
            "before": dict(change.before),
            "after": dict(change.after),
        }
        for change in changes
    ]
    if rows:
        same = {"import_id": import_id, "person": person, "reason": reason, "at": at or now()}
        insert_many(session, CHANGES, rows, same)
    return len(rows)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two states, what differs: as it was, and as it is."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
