"""Slots of the schedule: each once, whatever the clock does and however many ask; stop, retry, and who may."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.desk import generations, jobs, schedule, watching
from service.desk.policy import Actor
from service.desk.slots import rhythm, take, upcoming
from service.errors import Forbidden, NotFound, WrongState
from service.settings import Settings
from service.storage.runs import Run, Slot
from service.storage.session import Sessions
from service.storage.sources import SourceVisit
from tests.factories import make_person
from tm.store.base import now
from tm.store.writing import add_pairs
from tm.types import Pair, Provenance

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ask(session: Session, settings: Settings, moment: datetime) -> list[str]:
    """What the schedule starts at this moment; it is done at once."""
    kinds = [run.kind for run in schedule.due(session, settings, moment)]
    session.execute(update(Run).values(state="done", finished_at=now()))
    return kinds


def fill(session: Session, count: int = 60) -> None:
    """A memory that is worth an index and a measurement."""
    pairs = [Pair(f"Texte numéro {at}.", f"Text {at}.", Provenance("Lot", at)) for at in range(count)]
    add_pairs(session, pairs, kind="tmx", label="Lot", document_key="lot")


def slots(session: Session, task: str) -> list[datetime]:
    return list(session.scalars(select(Slot.start).where(Slot.task == task).order_by(Slot.start)))


def test_a_task_that_is_new_begins_with_the_next_hour(session, settings):
    assert ask(session, settings, NOON) == []
    assert ask(session, settings, NOON + timedelta(hours=14, minutes=29)) == []
    assert ask(session, settings, NOON + timedelta(hours=14, minutes=30)) == ["refresh"]
    assert ask(session, settings, NOON + timedelta(hours=14, minutes=31)) == []
    assert ask(session, settings, NOON + timedelta(hours=15)) == ["prune"]
    run = session.scalars(select(Run).where(Run.kind == "refresh")).one()
    assert session.scalar(select(Slot.run_id).where(Slot.run_id == run.id)) == run.id


def test_hours_that_were_missed_are_made_up_for_once(session, settings):
    ask(session, settings, NOON)
    assert ask(session, settings, NOON + 5 * DAY) == ["refresh", "prune"]
    assert ask(session, settings, NOON + 5 * DAY + HOUR) == []
    assert len(slots(session, "refresh")) == 2


def test_a_clock_that_goes_back_runs_no_hour_again_and_one_that_goes_forward_none_twice(session, settings):
    quick = settings.model_copy(update={"refresh_seconds": 600})
    ask(session, quick, NOON)
    ran = []
    for minutes in (10, 20, 80, 81, 20, 30, 79, 80, 90, 30, 100):  # forward an hour at 20, back at 81 and at 90
        kinds = ask(session, quick, NOON + timedelta(minutes=minutes))
        ran += [minutes] * kinds.count("refresh")
    assert ran == [10, 20, 80, 90, 100]


def test_a_clock_that_was_a_year_ahead_does_not_silence_the_schedule(session, settings):
    ask(session, settings, NOON)
    assert ask(session, settings, NOON + 365 * DAY) == ["refresh", "prune"]
    assert ask(session, settings, NOON + DAY) == ["refresh", "prune"]
    assert ask(session, settings, NOON + DAY) == []


@pytest.mark.parametrize("night", [datetime(2026, 3, 29), datetime(2026, 10, 25)])
def test_summer_time_neither_skips_nor_doubles_a_night(session, settings, night):
    """In Paris 02:30 is missing in one of these nights, and there twice in the other; in UTC it is there once."""
    paris = ZoneInfo("Europe/Paris")
    first = (night - DAY).replace(hour=12, tzinfo=paris).astimezone(UTC)
    ask(session, settings, first)
    ran = [ask(session, settings, first + timedelta(minutes=10 * step)) for step in range(1, 6 * 48)]
    assert [kinds for kinds in ran if kinds] == [["refresh"], ["prune"]] * 2


def test_when_the_next_hour_is(session, settings):
    beats = rhythm("02:30", DAY)
    assert upcoming(session, "refresh", beats, NOON) == datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
    take(session, "refresh", beats.slot(NOON - 3 * DAY), NOON)
    assert upcoming(session, "refresh", beats, NOON) == datetime(2026, 3, 4, 2, 30, tzinfo=UTC)  # missed: it is due


@pytest.mark.timeout(120)
def test_many_schedulers_at_once_take_each_hour_once(sessions: Sessions, settings: Settings) -> None:
    quick = settings.model_copy(update={"refresh_seconds": 60})
    moments = [NOON + timedelta(minutes=step) for step in range(12)]
    gate, faults = threading.Barrier(6), []

    def ask_all() -> None:
        gate.wait()
        for moment in moments:
            try:
                with sessions.write() as session:
                    for run in schedule.due(session, quick, moment):
                        run.state, run.finished_at = "done", now()
                    session.commit()
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=ask_all) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with sessions.read() as session:
        assert slots(session, "refresh") == moments
        begun = session.scalar(select(func.count()).select_from(Run).where(Run.kind == "refresh"))
    assert begun == len(moments) - 1  # the first one was before the task's time


def test_the_memory_is_measured_on_sundays_when_it_has_changed(session, settings):
    sunday = datetime(2026, 3, 8, 3, 30, tzinfo=UTC)
    ask(session, settings, NOON)
    assert "evaluate-memory" not in ask(session, settings, sunday)  # there is nothing to measure
    fill(session)
    assert "evaluate-memory" not in ask(session, settings, sunday + HOUR)  # its hour has passed
    assert "evaluate-memory" in ask(session, settings, sunday + 7 * DAY)
    never = settings.model_copy(update={"evaluate_days": 0})
    assert "evaluate-memory" not in ask(session, never, sunday + 14 * DAY)


def test_a_generation_is_started_when_it_is_due_and_rests_after_one_that_was_stopped(session, settings, editor):
    fill(session)
    moment = now()
    run = generations.due(session, settings, moment)
    assert run is not None
    assert generations.due(session, settings, moment + timedelta(minutes=5)) is None  # it is on its way
    jobs.stop(session, editor, run.id)
    assert generations.due(session, settings, moment + timedelta(minutes=50)) is None
    assert generations.due(session, settings, moment + timedelta(minutes=70)) is not None


def test_each_source_has_hours_of_its_own(session, settings, editor):
    often, rarely = (
        watching.add(
            session, editor, kind="list", name=name, address=f"https://{name}.example/", hours=hours, settings=settings
        )
        for name, hours in (("often", 1), ("rarely", 24))
    )
    for source in (often, rarely):
        source.created_at = NOON - DAY
    session.execute(update(Run).values(state="done", finished_at=now()))
    begun = []
    for hour in range(48):
        for run in watching.due(session, settings, NOON + hour * HOUR):
            begun.append(run.subject)
            session.execute(update(Run).values(state="done", finished_at=now()))
    assert (begun.count(often.id), begun.count(rarely.id)) == (48, 3)
    assert watching.due(session, settings, NOON + 30 * HOUR) == []  # the clock goes back


# by hand


def test_who_may_start_and_stop(session, settings, translator, reviewer, editor, admin):
    for who in (translator, reviewer):
        with pytest.raises(Forbidden):
            schedule.start(session, who, "refresh", settings)
        with pytest.raises(Forbidden):
            schedule.stop(session, who, "refresh")
        assert [line.task.name for line in schedule.lines(session, who, settings)].count("sources") == 0
    with pytest.raises(NotFound):
        schedule.start(session, editor, "nothing", settings)
    with pytest.raises(WrongState, match="no source"):
        schedule.start(session, editor, "sources", settings)
    for who in (editor, admin):
        for name in ("refresh", "generation", "evaluation", "pruning"):
            [run] = schedule.start(session, who, name, settings)
            assert schedule.start(session, who, name, settings)[0].id == run.id
            assert [each.id for each in schedule.stop(session, who, name)] == [run.id]
            assert run.state == "cancelled"
    with pytest.raises(WrongState, match="under way"):
        schedule.stop(session, editor, "refresh")


def test_a_run_that_waits_is_never_begun_once_it_is_stopped(session, settings, editor):
    run = jobs.start_refresh(session, editor)
    jobs.stop(session, editor, run.id)
    assert jobs.claim(session, run.id, settings) is None
    with pytest.raises(WrongState, match="nothing to stop"):
        jobs.stop(session, editor, run.id)
    again = jobs.retry(session, editor, run.id)
    assert (again.id != run.id, again.state) == (True, "queued")


@pytest.mark.parametrize("act", ["renew", "hold", "finish", "fail", "put_off"])
def test_a_run_that_was_stopped_at_work_can_write_nothing_more(session, settings, editor, act):
    claim = jobs.claim(session, jobs.start_refresh(session, editor).id, settings)
    assert claim is not None
    run = jobs.stop(session, editor, claim.run_id)
    acts: dict[str, Callable[[], None]] = {
        "renew": lambda: jobs.renew(session, claim, settings, done=1, total=2, outcome={"added": 9}),
        "hold": lambda: jobs.hold(session, claim, settings),
        "finish": lambda: jobs.finish(session, claim),
        "fail": lambda: jobs.fail(session, claim, "X", "why"),
        "put_off": lambda: jobs.put_off(session, claim, settings, "later"),
    }
    with pytest.raises(jobs.LeaseLost):
        acts[act]()
    session.refresh(run)
    assert (run.state, run.outcome, run.reason_code, run.lease_until) == ("cancelled", {}, None, None)
    assert jobs.sweep(session, settings)["revived"] == 0


def test_what_is_somebodys_document_is_not_stopped_here(session, editor):
    run = jobs.enqueue(session, "import", "some-import", editor.id)
    with pytest.raises(WrongState, match="cannot be stopped"):
        jobs.stop(session, editor, run.id)


def test_a_long_visit_that_was_stopped_does_not_go_on_by_itself(session, settings, editor):
    source = watching.add(session, editor, kind="list", name="", address="https://a.example/", settings=settings)
    run = session.scalars(select(Run).where(Run.kind == "source")).one()
    session.add(SourceVisit(source_id=source.id, run_id=run.id, trigger="person", left=True))
    session.flush()
    jobs.stop(session, editor, run.id)
    assert watching.due(session, settings) == []


def test_a_sweep_is_told_of_when_it_found_something_or_somebody_asked(session, settings, editor):
    assert schedule.sweep(session, settings) == {"revived": 0, "given_up": 0, "sent": 0}
    assert schedule.records(session, editor, "sweep") == []
    schedule.start(session, editor, "sweep", settings)
    run = jobs.start_refresh(session, editor)
    session.flush()
    session.execute(update(Run).where(Run.id == run.id).values(sent_at=now() - HOUR))
    session.expire_all()
    schedule.sweep(session, settings)
    schedule.sweep(session, settings)  # twice is harmless
    swept, asked = schedule.records(session, editor, "sweep")
    assert (swept.outcome, swept.requested_by) == ({"sent": 1}, None)
    assert (asked.outcome, asked.requested_by) == ({}, editor.id)


def test_a_line_says_when_a_task_runs_and_what_it_did_last(session, settings, editor: Actor):
    schedule.due(session, settings)
    run = jobs.start_refresh(session, editor)
    claim = jobs.claim(session, run.id, settings)
    assert claim is not None
    jobs.renew(session, claim, settings, done=0, total=0, outcome={"added": 3})
    line = schedule.lines(session, editor, settings)[0]
    assert (line.task.name, line.when, [each.id for each in line.live]) == (
        "refresh",
        "Every day at 02:30 UTC",
        [run.id],
    )
    assert line.last is None
    assert line.next is not None
    assert now() < line.next <= now() + DAY
    jobs.finish(session, claim)
    session.expire_all()
    line = schedule.lines(session, editor, settings)[0]
    assert line.last is not None
    assert (line.last.id, line.last.outcome, line.live) == (run.id, {"added": 3}, [])


def test_somebody_elses_failed_run_may_be_tried_again_by_who_sees_all(session, settings, editor, admin):
    claim = jobs.claim(session, jobs.start_refresh(session, editor).id, settings)
    assert claim is not None
    jobs.fail(session, claim, "INTERNAL", "A fault.")
    session.expire_all()
    assert jobs.retry(session, admin, claim.run_id).kind == "refresh"
    with pytest.raises(Forbidden):
        jobs.retry(session, make_person(session), claim.run_id)
