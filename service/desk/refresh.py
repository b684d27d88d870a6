"""The refresh of the memory: learn from what was published, rebuild what is derived, and write down what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.desk import jobs
from service.desk.learn import learn_release, unlearned
from service.desk.memory import rebuild
from service.storage.releases import get_release
from service.storage.runs import Refresh, Run, Slot
from tm.store.base import now
from tm.store.units import Unit
from tm.store.writing import Counts

if TYPE_CHECKING:
    from service.settings import Settings


def refresh(session: Session, claim: jobs.Claim) -> Refresh:
    """Learn from every published release that the memory has not learned from, rebuild, and keep a record.

    Safe to repeat: a second refresh finds nothing new and says so.
    """
    started, counts, learned = now(), Counts(), []
    for release_id in unlearned(session):
        added = learn_release(session, release_id)
        counts += added
        learned.append({"id": release_id, "title": get_release(session, release_id).title, **added.as_dict()})
    record = Refresh(
        run_id=claim.run_id,
        trigger="person" if claim.requested_by else "schedule",
        started_at=started,
        added=counts.added,
        seen_again=counts.seen_again,
        superseded=counts.superseded,
        rebuilt=rebuild(session),
        units=session.scalar(select(func.count()).select_from(Unit)) or 0,
        releases=learned,
        finished_at=now(),
    )
    session.add(record)
    session.flush()
    return record


def due(session: Session, task: str, settings: Settings) -> Run | None:
    """Start a scheduled task if its slot of today has come and nobody has taken it yet.

    The slot is a row with a unique key, so two schedulers never start the same slot twice; the clock is the
    database's where it has one of its own.
    """
    moment = database_now(session)
    hour, minute = (int(part) for part in settings.refresh_at.split(":"))
    start = moment.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment < start:
        start -= timedelta(days=1)
    if session.get(Slot, (task, start)) is not None:
        return None
    try:
        with session.begin_nested():
            session.add(Slot(task=task, start=start))
            session.flush()
    except IntegrityError:
        return None
    return jobs.enqueue(session, task, jobs.MEMORY)


def database_now(session: Session) -> datetime:
    """The moment by the database's clock; SQLite has none but this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return now()
    moment = session.scalar(select(func.now()))
    return moment.astimezone(UTC) if moment is not None else now()
