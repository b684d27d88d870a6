"""Two real schedulers and a real worker on one database: one is killed, the clock moves an hour, each slot runs once.

`tests/bench/test_two_schedulers.py` does the same for five minutes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.desk import watching
from service.desk.slots import Rhythm, rhythm
from service.settings import Settings
from service.storage.runs import Run, Slot
from service.storage.session import Sessions, make_sessions
from service.storage.sources import Source
from tests.parts.clock import Clock
from tests.parts.process import wait_for
from tests.parts.service import Beat, Worker
from tm.store.base import now

STEP = 3  # seconds from one refresh to the next
HOUR = timedelta(hours=1)
LITTLE = timedelta(seconds=0.5)
ASKED = re.compile(r"^\[(\S+ \S+),(\d+): INFO/\S+\] Task passerelle\.due\[\S+\] succeeded in ([\d.]+)s", re.MULTILINE)


def quick(make_settings: Callable[..., Settings], database_url: str, broker_url: str) -> Settings:
    """An installation whose refresh runs every three seconds, and whose pruning is due in twenty minutes."""
    start = now() - timedelta(minutes=10)
    return make_settings(
        database_url=database_url,
        redis_url=broker_url,
        refresh_at=f"{start:%H:%M}",
        refresh_seconds=STEP,
        schedule_seconds=1,
        sweep_seconds=1,
    )


@dataclass
class Trial:
    """Two schedulers, a worker, a clock; and how far ahead the clock was, from which moment of this machine on."""

    settings: Settings
    sessions: Sessions
    clock: Clock
    moves: list[tuple[datetime, timedelta]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.beats = [Beat(self.settings), Beat(self.settings)]
        for number, beat in enumerate(self.beats):
            beat.log = beat.log.with_name(f"beat-{number}.log")
        self.worker = Worker(self.settings)
        self.worker.line = [word.replace("workers.app:app", self.clock.worker) for word in self.worker.line]
        with self.sessions.write() as session:
            source = Source(kind="list", name="an hourly one", address="", hours=1)
            session.add(source)
            session.commit()
            self.source = source.id

    def start(self) -> None:
        self.worker.start()
        for beat in self.beats:
            beat.start()

    def end(self) -> None:
        for process in (*self.beats, self.worker):
            process.kill()
        self.sessions.close()

    def move(self, ahead: timedelta) -> None:
        self.moves.append((now(), ahead))
        self.clock.move(ahead)

    def slots(self, task: str) -> list[datetime]:
        with self.sessions.read() as session:
            return list(session.scalars(select(Slot.start).where(Slot.task == task).order_by(Slot.start)))

    def more_slots(self, number: int = 1) -> None:
        """Wait for so many more refreshes."""
        before = len(self.slots("refresh"))
        wait_for(lambda: len(self.slots("refresh")) >= before + number, 60, f"{number} slots more")

    def asked(self) -> list[tuple[datetime, datetime]]:
        """When the worker has asked what is due, by this machine's clock: from when to when, for each such task."""
        told = ASKED.findall(self.worker.text())
        zone = datetime.now().astimezone().tzinfo
        found = []
        for at, parts, took in told:
            end = datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC) + timedelta(milliseconds=int(parts))
            found.append((end - timedelta(seconds=float(took)), end))
        return found

    def more_asking(self, number: int) -> None:
        """Wait until it was asked so many times more what is due."""
        before = len(self.asked())
        wait_for(lambda: len(self.asked()) >= before + number, 60, "the schedule to be looked at")

    def ahead(self, start: datetime, end: datetime) -> timedelta | None:
        """How far ahead the clock was all that time; None within a second of a move."""
        near = timedelta(seconds=1)
        if any(start - near < at < end + near for at, _ in self.moves):
            return None
        return next((ahead for at, ahead in reversed(self.moves) if at < start), timedelta(0))

    def missing(self, beats: Rhythm) -> list[datetime]:
        """Slots of refreshes that were current when somebody asked, and were not taken, though later than all before.

        The clock was read at some time while the task ran: only one that ran within one slot tells which it was.
        """
        taken, latest, found = set(self.slots("refresh")), datetime.min.replace(tzinfo=UTC), []
        for start, end in self.asked():
            ahead = self.ahead(start, end)
            # the log is written a little later than the task ends
            if ahead is None or beats.slot(start - LITTLE + ahead) != (slot := beats.slot(end + ahead)):
                continue
            if slot > latest and slot not in taken:
                found.append(slot)
            latest = max(latest, slot)
        return found

    def check(self) -> dict[str, int]:
        """Each slot has exactly one run, each run one slot, none is missing; returns how many of each task."""
        for beat in self.beats:
            beat.stop()
        wait_for(self._at_rest, 60, "the runs to end")
        assert self.missing(rhythm(self.settings.refresh_at, timedelta(seconds=STEP))) == []
        counts: dict[str, int] = {}
        with self.sessions.read() as session:
            slots = session.scalars(select(Slot).where(Slot.run_id.is_not(None))).all()
            runs = {
                run.id: run for run in session.scalars(select(Run).where(Run.kind.in_(("refresh", "prune", "source"))))
            }
        assert sorted(slot.run_id or "" for slot in slots) == sorted(runs)
        assert all(run.state == "done" and run.attempt == 1 for run in runs.values()), [
            (run.kind, run.state, run.reason) for run in runs.values() if run.state != "done"
        ]
        for slot in slots:
            counts[slot.task.split(":")[0]] = counts.get(slot.task.split(":")[0], 0) + 1
        return counts

    def _at_rest(self) -> bool:
        with self.sessions.read() as session:
            return not session.scalars(select(Run).where(Run.state.in_(("queued", "running")))).all()


def go_through_it(trial: Trial, seconds: float) -> dict[str, int]:
    """Kill one scheduler and start it again, move the clock an hour on, back, and on again; `seconds` in all at least.

    Returns how often each task ran."""
    began, first = time.monotonic(), trial.beats[0]
    hourly = watching.slot_name(trial.source)
    trial.start()
    trial.more_slots(2)
    first.kill()
    trial.more_slots()
    first.start()
    trial.more_slots(2)
    trial.move(HOUR)
    trial.more_slots(2)
    wait_for(lambda: trial.slots(hourly) and len(trial.slots("pruning")) == 2, 60, "what was due in that hour")
    before = {task: trial.slots(task) for task in ("refresh", "pruning", hourly)}
    trial.move(timedelta(0))
    trial.more_asking(2)  # one of them may have read the clock before it went back
    before["refresh"] = trial.slots("refresh")
    trial.more_asking(2 * STEP + 2)  # two schedulers, each once a second: longer than a slot
    assert {task: trial.slots(task) for task in before} == before
    trial.move(HOUR)
    trial.more_slots(2)
    while time.monotonic() - began < seconds:
        trial.more_slots()
    for beat in trial.beats:
        assert beat.text().count("Sending due task due") > 3
    return trial.check()


@pytest.fixture
def trial(make_settings: Callable[..., Settings], database_url: str, broker_url: str) -> Any:
    """Everything made ready, nothing started."""
    settings = quick(make_settings, database_url, broker_url)
    clock = Clock(settings)
    trial = Trial(settings, make_sessions(settings), clock)
    yield trial
    trial.end()


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_two_schedulers_run_each_slot_once(trial: Trial) -> None:
    counts = go_through_it(trial, 0)
    assert counts.pop("source") in (1, 2)  # two, if an hour of the day has struck meanwhile
    assert counts.pop("pruning") == 1
    assert counts.pop("refresh") >= 8
    assert not counts
