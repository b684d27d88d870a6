"""What has been kept long enough goes: records of background work, sign-ins that ended, files that nothing names.

Never a unit, its history, a publication or a line of the audit. Each part is removed in short transactions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from service.desk import jobs, knowing
from service.desk.outcomes import Outcome
from service.desk.policy import Actor, require
from service.desk.visits import Work
from service.storage import audit, pruning
from service.storage.blobs import Blobs
from service.storage.runs import Run
from tm.store import generations
from tm.store.base import now

SLOTS = timedelta(days=31)
FILES = timedelta(days=7)  # a file is kept before the row that names it is written
MOST = 200  # transactions in one run; what is left goes the next time


def start(session: Session, actor: Actor) -> Run:
    """Have what is old removed now; a run that is under way is returned instead of a second one."""
    require(actor, "schedule.start")
    audit.record(session, actor.id, "started pruning", "memory", jobs.MEMORY)
    return jobs.enqueue(session, "prune", jobs.MEMORY, actor.id)


def prune(work: Work) -> Outcome:
    """Remove what is old enough; returns how many of each. Safe to repeat and to interrupt."""
    moment = now()
    old = moment - timedelta(days=work.settings.keep_days)
    steps: dict[str, Callable[[Session], int]] = {
        "slots": lambda session: pruning.slots(session, moment - SLOTS),
        "visits": lambda session: pruning.visits(session, old),
        "runs": lambda session: pruning.runs(session, old),
        "sign_ins": lambda session: pruning.sign_ins(session, moment),
    }
    found: Outcome = {name: _all(work, step) for name, step in steps.items()}
    with work.write() as session:
        found["generations"] = generations.tidy(session, work.settings.index_folder, knowing.needed(session))
    with work.read() as session:
        named = frozenset(pruning.names_of_blobs(session))
    number, octets = Blobs(work.settings.blob_folder).prune(named, FILES.total_seconds())
    found |= {"files": number, "bytes": octets}
    return {name: count for name, count in found.items() if count}


def _all(work: Work, step: Callable[[Session], int]) -> int:
    total = 0
    for _ in range(MOST):
        with work.write() as session:
            gone = step(session)
        total += gone
        if gone < pruning.BATCH:
            break
    return total
