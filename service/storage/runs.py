"""One row for each background job: the truth that messages only hint at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, not_, or_, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.errors import NotFound
from service.storage.alignments import hidden_pair
from service.storage.people import Person
from service.storage.projects import hidden_import
from service.storage.releases import hidden_release, hidden_segment
from service.storage.sight import EVERYTHING, Confined, Sight
from service.storage.sources import hidden_source
from tm.store.base import Base, Id, new_id, now

RUN_STATES = ("queued", "running", "done", "failed", "cancelled")
LIVE = "state IN ('queued', 'running')"


class Run(Confined, Base):
    """A background job about one subject. `outcome` is what it changed, by name and number, never text: see
    `service.desk.outcomes`.

    `attempt` counts claims and fences results; `idle_attempts` counts claims in a row that made no progress.
    `worker` names the process that holds the lease (`host:boot:pid:start`), so that its death is seen at once.
    """

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="running_has_lease"),
        CheckConstraint("(state = 'failed') = (reason_code IS NOT NULL)", name="failed_has_reason"),
        Index(
            "uq_run_live",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index("ix_run_state", "state", "run_after"),
        Index("ix_run_kind", "kind", "created_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="queued")
    attempt: Mapped[int] = mapped_column(default=0)
    idle_attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(128))
    lease_until: Mapped[datetime | None] = mapped_column()
    run_after: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None] = mapped_column()
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    reason_code: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    requested_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None] = mapped_column()
    finished_at: Mapped[datetime | None] = mapped_column()
    requester: Mapped[Person | None] = relationship()

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """As what it is about; a run about nothing of a project is seen by all who may see runs."""
        hidden = (hidden_release, hidden_segment, hidden_import, hidden_source, hidden_pair)
        return not_(or_(*(each(cls.subject, person_id) for each in hidden)))


class Slot(Base):
    """One hour of the schedule: who inserts the row first has the slot, so two schedulers never run it twice.

    `task` is the name of a task, or `source:` and the id of a source. Without `run_id` nothing was to be done in it.
    """

    __tablename__ = "slot"

    task: Mapped[str] = mapped_column(String(64), primary_key=True)
    start: Mapped[datetime] = mapped_column(primary_key=True)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"))


class Heartbeat(Base):
    """When a kind of process last showed that it works."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Refresh(Base):
    """What one refresh of the memory changed: counts, and the releases it learned from."""

    __tablename__ = "refresh"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"))
    trigger: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column()
    finished_at: Mapped[datetime] = mapped_column()
    added: Mapped[int] = mapped_column(default=0)
    seen_again: Mapped[int] = mapped_column(default=0)
    superseded: Mapped[int] = mapped_column(default=0)
    rebuilt: Mapped[int] = mapped_column(default=0)
    units: Mapped[int] = mapped_column(default=0)
    errors: Mapped[list[Any]] = mapped_column(default=list)
    releases: Mapped[list[Any]] = mapped_column(default=list)


def get_run(session: Session, run_id: str, sight: Sight = EVERYTHING) -> Run:
    """The run with this id, if it can be seen with these eyes (and the session's). Raises NotFound."""
    run = session.scalar(select(Run).where(Run.id == run_id).options(*sight.limits()))
    if run is None:
        raise NotFound("run")
    return run


def live_run(session: Session, kind: str, subject: str) -> Run:
    """The run of this kind about this subject that is queued or running. Raises NotFound."""
    run = session.scalar(
        select(Run).where(Run.kind == kind, Run.subject == subject, Run.state.in_(("queued", "running")))
    )
    if run is None:
        raise NotFound("run")
    return run


def runs_about(session: Session, subject: str) -> list[Run]:
    """The runs about one subject, the newest first."""
    return list(session.scalars(select(Run).where(Run.subject == subject).order_by(Run.created_at.desc(), Run.id)))


def latest(session: Session, limit: int = 100) -> list[Run]:
    """The latest runs of all kinds."""
    return list(session.scalars(select(Run).order_by(Run.created_at.desc(), Run.id).limit(limit)))


def of_kinds(session: Session, kinds: Collection[str], limit: int = 60) -> list[Run]:
    """The latest runs of these kinds, the newest first."""
    asked = select(Run).where(Run.kind.in_(kinds)).options(joinedload(Run.requester))
    return list(session.scalars(asked.order_by(Run.created_at.desc(), Run.id).limit(limit)))


def live_of(session: Session, kinds: Collection[str]) -> list[Run]:
    """The runs of these kinds that are queued or running."""
    return list(session.scalars(select(Run).where(Run.kind.in_(kinds), Run.state.in_(("queued", "running")))))


def last_slot(session: Session, task: str) -> Slot | None:
    """The latest slot of a task that was taken."""
    return session.scalar(select(Slot).where(Slot.task == task).order_by(Slot.start.desc()).limit(1))


def refresh_of(session: Session, run_ids: Collection[str]) -> dict[str, Refresh]:
    """The records of the refreshes that these runs made, by run."""
    found = session.scalars(select(Refresh).where(Refresh.run_id.in_(run_ids)))
    return {record.run_id: record for record in found if record.run_id}


def unsent(session: Session, at: datetime, grace: timedelta) -> list[Run]:
    """Queued runs that are due and whose message is missing: never sent, or sent longer than `grace` ago. Who has
    waited longest comes first."""
    missing = or_(Run.sent_at.is_(None), Run.sent_at < at - grace)
    due = select(Run).where(Run.state == "queued", Run.run_after <= at, missing)
    return list(session.scalars(due.order_by(Run.run_after, Run.id)))


def running(session: Session) -> list[Run]:
    """Runs that some worker holds."""
    return list(session.scalars(select(Run).where(Run.state == "running").execution_options(populate_existing=True)))


def refreshes(session: Session, limit: int = 60) -> list[Refresh]:
    """The latest refreshes of the memory, the newest first."""
    return list(session.scalars(select(Refresh).order_by(Refresh.started_at.desc(), Refresh.id).limit(limit)))
