"""Background jobs: a row first, a message after it; claimed once, leased, fenced, and swept when their worker dies.

The row is the truth and the message a hint. A message may be lost, doubled or late: a claim is one UPDATE that only
one worker wins, every result renews the lease under the attempt's number, and the sweep sends again what got lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.desk import states
from service.desk.liveness import is_dead, worker_name
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.errors import Forbidden, WrongState
from service.storage import audit, runs
from service.storage.alignments import FilePair
from service.storage.releases import Release
from service.storage.runs import Heartbeat, Run
from service.storage.session import announce
from service.storage.sources import open_visit
from tm.store.base import now

if TYPE_CHECKING:
    from service.settings import Settings

KINDS = (
    "ingest",
    "propose",
    "propose-segment",
    "evaluate",
    "fetch",
    "render",
    "learn",
    "refresh",
    "generation",
    "import",
    "source",
    "align",
    "evaluate-memory",
    "prune",
    "sweep",
)
STOPPABLE = ("refresh", "source", "generation", "evaluate-memory", "prune")  # others are stopped where they belong
GRACE = timedelta(seconds=10)  # how long a sent message may take before it counts as lost
MEMORY = "memory"  # the subject of runs that are about the whole memory


class LeaseLost(Exception):
    """Another worker has taken the run over: whatever this one still holds must not be written."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a run. `attempt` is the fence: results of an older attempt are refused."""

    run_id: str
    kind: str
    subject: str
    attempt: int
    requested_by: str | None = None


def task_name(kind: str) -> str:
    """The name under which workers know the task for this kind of run."""
    return f"passerelle.{kind}"


def enqueue(session: Session, kind: str, subject: str, requested_by: str | None = None) -> Run:
    """Write a run and leave its message for after the commit; a run that is already alive is returned instead."""
    run = Run(kind=kind, subject=subject, requested_by=requested_by, sent_at=now())
    try:
        with session.begin_nested():
            session.add(run)
            session.flush()
    except IntegrityError:
        return runs.live_run(session, kind, subject)
    announce(session, task_name(kind), run.id)
    return run


def claim(session: Session, run_id: str, settings: Settings) -> Claim | None:
    """Take a queued run that is due, or answer None: somebody else has it, or it is done."""
    moment = now()
    taken = session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state == "queued", Run.run_after <= moment)
        .values(
            state="running",
            attempt=Run.attempt + 1,
            idle_attempts=Run.idle_attempts + 1,
            worker=worker_name(),
            started_at=moment,
            lease_until=moment + timedelta(seconds=settings.lease_seconds),
        )
        .returning(Run.kind, Run.subject, Run.attempt, Run.requested_by)
        .execution_options(synchronize_session=False)
    ).first()
    return Claim(run_id, *taken) if taken else None


def renew(
    session: Session,
    claimed: Claim,
    settings: Settings,
    *,
    done: int,
    total: int,
    outcome: Mapping[str, Any] | None = None,
) -> None:
    """Say that the work goes on, in the transaction that writes its results. Raises LeaseLost: write nothing.

    `done` of `total` parts are done; a total of 0 leaves the figures as they are. `outcome` is what was changed so far,
    if there is something to say (`service.desk.outcomes`).
    """
    lease = now() + timedelta(seconds=settings.lease_seconds)
    progress: dict[str, Any] = {"done": done, "total": total} if total else {}
    if outcome:
        progress["outcome"] = dict(outcome)
    _fenced(session, claimed, lease_until=lease, idle_attempts=0, **progress)


def hold(session: Session, claimed: Claim, settings: Settings) -> None:
    """Say that the worker lives, without saying that it got further. Raises LeaseLost."""
    _fenced(session, claimed, lease_until=now() + timedelta(seconds=settings.lease_seconds))


def finish(session: Session, claimed: Claim) -> None:
    """The work is done. Raises LeaseLost when it was another worker's to finish."""
    _fenced(session, claimed, state="done", lease_until=None, finished_at=now())


def fail(session: Session, claimed: Claim, code: str, reason: str) -> None:
    """The work cannot be done: keep the code and one sentence for people, and settle what depends on it."""
    _fenced(session, claimed, state="failed", lease_until=None, finished_at=now(), reason_code=code, reason=reason)
    _settle_failure(session, claimed.kind, claimed.subject, code, reason)


def put_off(session: Session, claimed: Claim, settings: Settings, reason: str) -> None:
    """A fault that passes: try again after a wait that doubles, or give up after the attempts that are allowed."""
    attempts = session.scalar(select(Run.idle_attempts).where(Run.id == claimed.run_id)) or 0
    if attempts >= settings.max_attempts:
        fail(session, claimed, "GAVE_UP", reason)
        return
    wait = timedelta(seconds=min(2**attempts, 300))
    _fenced(session, claimed, state="queued", lease_until=None, sent_at=None, run_after=now() + wait)


def _fenced(session: Session, claimed: Claim, **values: object) -> None:
    written = session.execute(
        update(Run)
        .where(Run.id == claimed.run_id, Run.state == "running", Run.attempt == claimed.attempt)
        .values(**values)
        .returning(Run.id)
        .execution_options(synchronize_session=False)
    ).first()
    if written is None:
        raise LeaseLost(claimed.run_id)


def _settle_failure(session: Session, kind: str, subject: str, code: str, reason: str) -> None:
    release = session.get(Release, subject) if kind in ("ingest", "fetch") else None
    if release is not None and states.release_moves(release.state, "fail"):
        release.state, release.failure = states.release_after(release.state, "fail"), reason
        session.flush()
    pair = session.get(FilePair, subject) if kind == "align" else None
    if pair is not None and pair.state == "received":
        pair.state, pair.code, pair.reason = "failed", code, reason
        session.flush()


def sweep(session: Session, settings: Settings) -> dict[str, int]:
    """Give runs of dead workers back to the queue, and send again the messages that got lost.

    A worker on this machine is seen to be dead at once, one elsewhere when its lease ends. A run that was claimed
    `max_attempts` times in a row without progress fails, with a reason: it must not spin for ever.
    """
    moment, revived, given_up = now(), 0, 0
    for run in runs.running(session):
        if run.lease_until is not None and run.lease_until > moment and not is_dead(run.worker or ""):
            continue
        if run.idle_attempts >= settings.max_attempts:
            given_up += _give_up(session, run)
        else:
            revived += _revive(session, run)
    lost = [run for run in runs.unsent(session, moment, GRACE) if _mark_sent(session, run)]
    for run in lost:
        announce(session, task_name(run.kind), run.id)
    return {"revived": revived, "given_up": given_up, "sent": len(lost)}


def _revive(session: Session, run: Run) -> int:
    return _move(session, run, state="queued", lease_until=None, worker=None, sent_at=None)


def _give_up(session: Session, run: Run) -> int:
    reason = f"The worker stopped {run.idle_attempts} times in a row at this job without getting further."
    values = {"reason_code": "WORKER_CRASHED", "reason": reason, "finished_at": now()}
    moved = _move(session, run, state="failed", lease_until=None, **values)
    if moved:
        _settle_failure(session, run.kind, run.subject, "WORKER_CRASHED", reason)
    return moved


def _move(session: Session, run: Run, **values: object) -> int:
    """Change a run unless it was renewed, finished or taken since it was read."""
    moved = session.execute(
        update(Run)
        .where(
            Run.id == run.id,
            Run.state == "running",
            Run.attempt == run.attempt,
            Run.lease_until == run.lease_until,
        )
        .values(**values)
        .returning(Run.id)
        .execution_options(synchronize_session=False)
    ).first()
    return 1 if moved else 0


def _mark_sent(session: Session, run: Run) -> bool:
    marked = session.execute(
        update(Run)
        .where(Run.id == run.id, Run.state == "queued")
        .values(sent_at=now())
        .returning(Run.id)
        .execution_options(synchronize_session=False)
    ).first()
    return marked is not None


def show_life(session: Session, name: str) -> None:
    """Write down that a kind of process (`worker`) has just done something."""
    beat = session.get(Heartbeat, name) or Heartbeat(name=name)
    beat.at = now()
    session.add(beat)


def lives(session: Session, name: str, within: timedelta = timedelta(seconds=20)) -> bool:
    """Whether that kind of process has shown life lately."""
    beat = session.get(Heartbeat, name)
    return beat is not None and now() - beat.at < within


def stop(session: Session, actor: Actor, run_id: str) -> Run:
    """Stop a run of the schedule. One that waits is never begun; whoever works at one finds its lease gone within a
    third of LEASE_SECONDS, and can write nothing more: what a transaction has not kept is as it was.

    Works as well when the worker is dead. Raises WrongState when it has ended, or is of a kind that is not stopped.
    """
    require(actor, "run.stop")
    run = runs.get_run(session, run_id, sight_of(actor))
    if run.kind not in STOPPABLE:
        raise WrongState("A job like this cannot be stopped.", code="NOT_STOPPABLE", todo="Let it come to its end.")
    moved = session.execute(
        update(Run)
        .where(Run.id == run.id, Run.state.in_(("queued", "running")))
        .values(state="cancelled", lease_until=None, finished_at=now())
        .returning(Run.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(run)
    if moved is None:
        raise WrongState(f"This job is {run.state}: there is nothing to stop.", code="RUN_ENDED")
    visit = open_visit(session, run.subject) if run.kind == "source" else None
    if visit is not None:
        visit.left = False  # it goes on with the next visit, not by itself
    audit.record(session, actor.id, "stopped run", "run", run.id)
    return run


def retry(session: Session, actor: Actor, run_id: str) -> Run:
    """Start a failed run again, as a new run. Raises WrongState when it has not failed, Forbidden when not yours."""
    require(actor, "run.retry")
    run = runs.get_run(session, run_id, sight_of(actor))
    if run.requested_by != actor.id and not actor.sees_all_jobs:
        raise Forbidden("This job was started by somebody else.", todo="Ask an editor to start it again.")
    if run.state not in ("failed", "cancelled"):
        raise WrongState(f"This job is {run.state}: there is nothing to try again.")
    release = session.get(Release, run.subject)
    if release is not None and states.release_moves(release.state, "retry"):
        release.state, release.failure = states.release_after(release.state, "retry"), None
    audit.record(session, actor.id, "retried run", "run", run.id)
    return enqueue(session, run.kind, run.subject, actor.id)


def start_refresh(session: Session, actor: Actor) -> Run:
    """Start a refresh of the memory now; one that is under way is returned instead of a second one."""
    require(actor, "refresh.start")
    audit.record(session, actor.id, "started refresh", "memory", MEMORY)
    return enqueue(session, "refresh", MEMORY, actor.id)
