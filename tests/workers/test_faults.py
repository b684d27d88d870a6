"""Workers are killed while they propose; nothing is lost and nothing doubled."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from service.broker import make_sender
from service.desk import ingest
from service.settings import Settings
from service.storage.proposals import Proposal, ProposalSet
from service.storage.releases import History, Release, Segment
from service.storage.runs import Run
from service.storage.session import Sessions, make_sessions
from tests.factories import make_person, make_unit
from tests.parts.process import wait_for
from tests.parts.service import Beat, Worker

KILLS = 20
SEGMENTS = 300


def text() -> str:
    """A release of 300 segments; every tenth is in the memory."""
    lines = [f"Le point numéro {number} a été examiné par le comité de planification." for number in range(SEGMENTS)]
    return "\n\n".join(lines) + "\n"


def submitted(sessions: Sessions, settings: Settings) -> str:
    with sessions.write() as session:
        for number in range(0, SEGMENTS, 10):
            make_unit(
                session, f"Le point numéro {number} a été examiné par le comité de planification.", f"Item {number}."
            )
        release = ingest.submit(
            session, make_person(session), text().encode(), filename="a.txt", media="txt", settings=settings
        )
        session.commit()
        return release.id


def run_of(sessions: Sessions, release_id: str, kind: str = "propose") -> Run | None:
    with sessions.read() as session:
        return session.scalar(select(Run).where(Run.subject == release_id, Run.kind == kind))


def finished(sessions: Sessions, release_id: str) -> bool:
    run = run_of(sessions, release_id)
    return run is not None and run.state in ("done", "failed")


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_a_worker_killed_twenty_times_loses_nothing_and_doubles_nothing(make_settings, database_url, broker_url):
    # small batches and a pause make the job last longer than twenty lives of a worker
    settings = make_settings(
        database_url=database_url, redis_url=broker_url, propose_batch=4, propose_pause_ms=350, sweep_seconds=1
    )
    dice = random.Random(20091204)
    sessions = make_sessions(settings, make_sender(settings))
    beat, worker = Beat(settings).start(), Worker(settings).start(wait=False)
    try:
        release_id = submitted(sessions, settings)
        kills = 0
        while kills < KILLS:
            attempt = ((run := run_of(sessions, release_id)) and run.attempt) or 0
            wait_for(lambda before=attempt: _taken(sessions, release_id, before), 60, "the run to be taken up")
            time.sleep(dice.uniform(0, 1.2))
            assert not finished(sessions, release_id), f"the job was too short: done after {kills} kills"
            worker.kill()
            kills += 1
            worker = Worker(settings).start(wait=False)
        last_kill = time.monotonic()
        # what is left is worked off without the pause that stretched the job
        worker.stop()
        worker = Worker(settings.model_copy(update={"propose_pause_ms": 0})).start(wait=False)
        wait_for(lambda: finished(sessions, release_id), 30 - (time.monotonic() - last_kill), "the end of the run")
        check(sessions, release_id)
    finally:
        worker.kill()
        beat.kill()
        sessions.close()


def _taken(sessions: Sessions, release_id: str, attempt_before: int) -> bool:
    run = run_of(sessions, release_id)
    return run is not None and run.state == "running" and (run.attempt > attempt_before or attempt_before == 0)


def check(sessions: Sessions, release_id: str) -> None:
    """Every segment has exactly one set, the expected matches, and at most one row of history."""
    run = run_of(sessions, release_id)
    assert run is not None
    assert run.state == "done", (run.reason_code, run.reason)
    with sessions.read() as session:
        release = session.get(Release, release_id)
        assert release is not None
        assert release.state == "proposed"
        ids = list(session.scalars(select(Segment.id).where(Segment.release_id == release_id)))
        assert len(ids) == SEGMENTS
        sets = Counter(session.scalars(select(ProposalSet.segment_id).where(ProposalSet.segment_id.in_(ids))))
        assert sets == Counter(ids)
        ranks = session.execute(
            select(Proposal.segment_id, func.count(), func.max(Proposal.rank))
            .where(Proposal.segment_id.in_(ids))
            .group_by(Proposal.segment_id)
        ).all()
        assert all(number == highest for _, number, highest in ranks)
        filled = Counter(session.scalars(select(History.segment_id)))
        assert all(number == 1 for number in filled.values())


@pytest.mark.faults
@pytest.mark.timeout(120)
@pytest.mark.backends("postgresql")
def test_an_emptied_broker_loses_no_work(settings, redis_server):
    sessions = make_sessions(settings, make_sender(settings))
    release_id = submitted(sessions, settings)
    redis_server.forget()
    beat, worker = Beat(settings).start(), Worker(settings).start()
    try:
        wait_for(lambda: finished(sessions, release_id), 60, "the end of the run")
        check(sessions, release_id)
    finally:
        worker.kill()
        beat.kill()
        sessions.close()


@pytest.mark.faults
@pytest.mark.timeout(120)
def test_a_message_delivered_five_times_is_one_job(settings, worker):
    send = make_sender(settings)
    sessions = make_sessions(settings, lambda task, run_id: [send(task, run_id) for _ in range(5)] and None)
    try:
        release_id = submitted(sessions, settings)
        wait_for(lambda: finished(sessions, release_id), 60, "the end of the run")
        check(sessions, release_id)
        run = run_of(sessions, release_id, "ingest")
        assert run is not None
        assert run.attempt == 1
    finally:
        sessions.close()
