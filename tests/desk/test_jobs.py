"""Runs: claimed once, fenced, revived, given up."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.desk import jobs
from service.desk.liveness import worker_name
from service.errors import Forbidden, WrongState
from service.storage.runs import Run, get_run
from tests.factories import make_person, make_release
from tm.store.base import now


def queued(session, kind="propose", subject="s1", by=None):
    return jobs.enqueue(session, kind, subject, by)


def at_rest(session, run):
    session.flush()
    session.refresh(run)
    return run


def test_one_live_run_for_each_kind_and_subject(session):
    first = queued(session)
    assert queued(session).id == first.id
    assert queued(session, kind="learn").id != first.id


def test_a_run_is_claimed_once(session, settings):
    run = queued(session)
    assert jobs.claim(session, run.id, settings).attempt == 1
    assert jobs.claim(session, run.id, settings) is None


def test_a_finished_run_makes_room_for_another(session, settings):
    run = queued(session)
    jobs.finish(session, jobs.claim(session, run.id, settings))
    assert queued(session).id != run.id


def test_a_worker_that_was_taken_for_dead_cannot_write(session, settings):
    run = queued(session)
    late = jobs.claim(session, run.id, settings)
    session.execute(update(Run).values(lease_until=now() - timedelta(seconds=1), worker="elsewhere:boot:1:1"))
    session.expire_all()
    assert jobs.sweep(session, settings)["revived"] == 1
    second = jobs.claim(session, run.id, settings)
    assert second.attempt == 2
    for act in (jobs.finish, lambda *which: jobs.renew(*which, settings, done=1, total=2)):
        with pytest.raises(jobs.LeaseLost):
            act(session, late)
    jobs.finish(session, second)


def test_a_living_worker_keeps_its_run(session, settings):
    jobs.claim(session, queued(session).id, settings)
    assert jobs.sweep(session, settings)["revived"] == 0


def test_the_death_of_a_process_on_this_machine_is_seen_at_once(session, settings):
    run = queued(session)
    jobs.claim(session, run.id, settings)
    host, boot, _, _ = worker_name().rsplit(":", 3)
    session.execute(update(Run).values(worker=f"{host}:{boot}:{2**22 + 7}:1"))
    session.expire_all()
    assert jobs.sweep(session, settings)["revived"] == 1


def test_a_run_that_only_kills_its_worker_ends_with_a_reason(session, settings):
    run = queued(session)
    for _ in range(settings.max_attempts):
        assert jobs.claim(session, run.id, settings)
        session.execute(update(Run).values(lease_until=now() - timedelta(seconds=1)))
        session.expire_all()
        jobs.sweep(session, settings)
    assert (at_rest(session, run).state, run.reason_code) == ("failed", "WORKER_CRASHED")


def test_progress_counts_as_life(session, settings):
    run = queued(session)
    for _ in range(settings.max_attempts + 2):
        claim = jobs.claim(session, run.id, settings)
        jobs.renew(session, claim, settings, done=1, total=9)
        session.execute(update(Run).values(lease_until=now() - timedelta(seconds=1)))
        session.expire_all()
        jobs.sweep(session, settings)
    assert at_rest(session, run).state == "queued"
    assert (run.done, run.total) == (1, 9)


def test_a_lost_message_is_sent_again(sessions, settings):
    sent = []
    sessions._send = lambda task, subject: sent.append((task, subject))
    with sessions.write() as session:
        run = queued(session)
        session.commit()
        session.execute(update(Run).values(sent_at=now() - timedelta(minutes=1)))
        session.commit()
        session.expire_all()
        assert jobs.sweep(session, settings)["sent"] == 1
        session.commit()
        assert jobs.sweep(session, settings)["sent"] == 0
    assert sent == [("passerelle.propose", run.id)] * 2


def test_lost_messages_are_sent_in_the_order_in_which_the_runs_wait(sessions, settings):
    sent = []
    with sessions.write() as session:
        kept = [queued(session, subject=subject) for subject in ("s1", "s2", "s3")]
        for run, minutes in zip(kept, (2, 3, 1), strict=True):
            values = {"run_after": now() - timedelta(minutes=minutes), "sent_at": None}
            session.execute(update(Run).where(Run.id == run.id).values(values))
        session.commit()
        sessions._send = lambda task, run_id: sent.append(run_id)
        session.expire_all()
        jobs.sweep(session, settings)
        session.commit()
    assert sent == [kept[1].id, kept[0].id, kept[2].id]


def test_no_message_goes_out_when_the_transaction_does_not_stand(sessions):
    sent = []
    sessions._send = lambda task, subject: sent.append(subject)
    with sessions.write() as session:
        queued(session)
        session.rollback()
        session.commit()
    assert sent == []


def test_a_passing_fault_is_tried_again_later_and_then_given_up(session, settings):
    run = queued(session)
    for attempt in range(1, settings.max_attempts + 1):
        claim = jobs.claim(session, run.id, settings)
        assert claim.attempt == attempt
        jobs.put_off(session, claim, settings, "The database was not available.")
        session.execute(update(Run).values(run_after=now()))
        session.expire_all()
    assert (at_rest(session, run).state, run.reason_code) == ("failed", "GAVE_UP")


def test_a_run_put_off_is_not_claimed_before_its_time(session, settings):
    run = queued(session)
    jobs.put_off(session, jobs.claim(session, run.id, settings), settings, "Later.")
    assert jobs.claim(session, run.id, settings) is None


def test_a_failed_ingest_fails_the_release_and_a_retry_brings_it_back(session, settings, translator):
    release = make_release(session, translator, (), state="received")
    run = queued(session, "ingest", release.id, translator.id)
    jobs.fail(session, jobs.claim(session, run.id, settings), "READ_FAILED", "It could not be read.")
    assert (release.state, release.failure) == ("failed", "It could not be read.")
    session.expire_all()
    again = jobs.retry(session, translator, run.id)
    assert (again.state, release.state, release.failure) == ("queued", "received", None)


def test_only_a_failed_run_is_tried_again(session, translator):
    run = queued(session, by=translator.id)
    with pytest.raises(WrongState):
        jobs.retry(session, translator, run.id)


def test_a_translator_does_not_restart_what_others_started(session, settings, translator):
    other = make_person(session, "translator")
    run = queued(session, by=other.id)
    jobs.fail(session, jobs.claim(session, run.id, settings), "X", "Why.")
    session.expire_all()
    with pytest.raises(Forbidden):
        jobs.retry(session, translator, run.id)
    assert jobs.retry(session, other, run.id).state == "queued"


def test_the_database_refuses_a_running_run_without_a_lease(session):
    run = queued(session)
    session.flush()
    with pytest.raises(Exception, match="running_has_lease"):
        session.execute(update(Run).where(Run.id == run.id).values(state="running"))
    session.rollback()


def test_what_does_not_exist_is_not_found(session):
    with pytest.raises(Exception, match="no such run"):
        get_run(session, "none")
