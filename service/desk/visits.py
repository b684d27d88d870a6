"""The record of a visit to a source: begun, added to page by page, ended. Short transactions, no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.orm import Session

from service.desk.jobs import Claim
from service.storage import audit
from service.storage.sources import SourceVisit, get_source, open_visit
from tm.store.base import now
from tm.store.units import SHARED

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from service.settings import Settings

MOST_ERRORS = 200
COUNTED = (
    "fetched", "new", "changed", "unchanged", "unreadable", "refused", "failed", "vanished",
    "paired", "paired_again", "unpaired", "added", "seen_again", "superseded", "left_out", "doubtful",
)  # fmt: skip


class Work(Protocol):
    """What a visit needs of who carries it out: a claimed run, and sessions under its fence (`workers.base.Job`)."""

    claim: Claim
    settings: Settings
    done: int
    total: int

    def read(self) -> AbstractContextManager[Session]:
        """A session for questions."""

    def write(self) -> AbstractContextManager[Session]:
        """A transaction that counts only while the run is ours."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is visited, as it stood when the visit began."""

    source_id: str
    kind: str
    address: str
    scope: int
    visit_id: str
    started_at: datetime
    by_person: bool


def begin(session: Session, claim: Claim) -> Plan:
    """Begin a visit, or go on with the one that did not come to its end."""
    source = get_source(session, claim.subject)
    visit = open_visit(session, source.id)
    if visit is None:
        visit = SourceVisit(source_id=source.id, trigger="person" if claim.requested_by else "schedule")
        session.add(visit)
    visit.run_id, visit.left, visit.code, visit.reason = claim.run_id, False, None, None
    session.flush()
    scope = SHARED if source.project is None else source.project
    by_person = visit.trigger == "person"
    return Plan(source.id, source.kind, source.address, scope, visit.id, visit.started_at, by_person)


def note(
    session: Session, plan: Plan, *, url: str = "", code: str | None = None, counts: Mapping[str, int] | None = None
) -> None:
    """Add to the counts of the visit, and to its errors where there is a code."""
    visit = session.get_one(SourceVisit, plan.visit_id)
    sums = {name: visit.counts.get(name, 0) + number for name, number in (counts or {}).items() if number}
    if sums:
        visit.counts = {**visit.counts, **sums}
    if code is not None and len(visit.errors) < MOST_ERRORS:
        error = {"url": url, "code": code}
        if error not in visit.errors:
            visit.errors = [*visit.errors, error]


def end(
    session: Session, plan: Plan, claim: Claim, *, left: bool = False, code: str | None = None, reason: str = ""
) -> None:
    """Close the visit; `left`: its time was up, and it goes on in another run. `code`: the list could not be read."""
    visit = session.get_one(SourceVisit, plan.visit_id)
    visit.left = left
    if left:
        return
    visit.finished_at, visit.code, visit.reason = now(), code, reason or None
    audit.record(session, claim.requested_by, "visited source", "source", plan.source_id, **counts_of(visit))


def counts_of(visit: SourceVisit) -> dict[str, Any]:
    """Every count of a visit by name, those that are nothing included."""
    return {name: visit.counts.get(name, 0) for name in COUNTED}
