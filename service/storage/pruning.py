"""What may go after a while, as questions and deletions. Units, their history, publications and the audit never do.

Each deletion takes so many rows at most: its transaction is to be short.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, CursorResult, Delete, Select, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from service.storage.audit import AuditEntry
from service.storage.evaluations import MemoryEvaluation
from service.storage.people import SignIn
from service.storage.proposals import ProposalSet
from service.storage.runs import Refresh, Run, Slot
from service.storage.sources import SourceVisit
from tm.store.base import Base
from tm.store.units import Import

ENDED = ("done", "failed", "cancelled")
BATCH = 500


def runs(session: Session, before: datetime) -> int:
    """Remove runs that ended before then. The last of each kind about each subject stays, and what somebody's act or
    a proposal refers to."""
    later = aliased(Run)
    newer = exists().where(later.kind == Run.kind, later.subject == Run.subject, later.created_at > Run.created_at)
    named = exists().where(AuditEntry.kind == "run", AuditEntry.object_id == Run.id)
    proposed = exists().where(ProposalSet.run_id == Run.id)
    old = select(Run.id).where(Run.state.in_(ENDED), Run.finished_at < before, newer, ~named, ~proposed)
    gone = list(session.scalars(old.limit(BATCH)))
    for table in (Slot, Refresh, MemoryEvaluation, SourceVisit):
        session.execute(_apart(update(table).where(table.run_id.in_(gone)).values(run_id=None)))
    return _count(session, delete(Run).where(Run.id.in_(gone)))


def slots(session: Session, before: datetime) -> int:
    """Remove slots from before then, but for the last of each task: it says what was done already."""
    later = aliased(Slot)
    newer = exists().where(later.task == Slot.task, later.start > Slot.start)
    old = select(Slot.task, Slot.start).where(Slot.start < before, newer).limit(BATCH)
    gone = [and_(Slot.task == task, Slot.start == start) for task, start in session.execute(old)]
    return _count(session, delete(Slot).where(or_(*gone))) if gone else 0


def visits(session: Session, before: datetime) -> int:
    """Remove visits to sources that ended before then, with their errors; the last of each source stays."""
    later = aliased(SourceVisit)
    newer = exists().where(later.source_id == SourceVisit.source_id, later.started_at > SourceVisit.started_at)
    old = select(SourceVisit.id).where(SourceVisit.finished_at < before, newer).limit(BATCH)
    return _count(session, delete(SourceVisit).where(SourceVisit.id.in_(list(session.scalars(old)))))


def sign_ins(session: Session, at: datetime) -> int:
    """Remove sign-ins that have ended."""
    return _count(session, delete(SignIn).where(SignIn.expires_at < at))


def names_of_blobs(session: Session) -> Iterator[str]:
    """The hash of every file that a row names, some of them more than once: whatever table has a column of this name,
    so that none is forgotten that comes later; and the files of imports."""
    for column in (*columns_of_blobs(), Import.document_key):
        asked: Select[Any] = select(column).where(column.is_not(None)).distinct()
        yield from session.scalars(asked.execution_options(yield_per=5000))


def columns_of_blobs() -> list[Column[Any]]:
    """Every column that names a file: `blob`, or something before `_blob`."""
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    return [column for column in columns if column.name == "blob" or column.name.endswith("_blob")]


def _apart(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)


def _count(session: Session, statement: Delete) -> int:
    done = session.execute(_apart(statement))
    return int(done.rowcount) if isinstance(done, CursorResult) else 0
