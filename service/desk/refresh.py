"""The refresh of the memory: learn from what was published, rebuild what is derived, and write down what changed."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.desk import jobs
from service.desk.learn import learn_release, unlearned
from service.desk.memory import rebuild
from service.storage.releases import get_release
from service.storage.runs import Refresh
from tm.store.base import now
from tm.store.units import Unit
from tm.store.writing import Counts


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
