"""Waiting for background work with a progress bar, and doing it meanwhile where nobody else does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import click
from sqlalchemy.orm import Session

from service.cli.common import House
from service.desk import jobs
from service.settings import ROOT
from service.supervisor import commands

POLL = 0.5  # seconds between two looks
STOP_WITHIN = 10.0


def wait_with(helper: Helper, total: int, done: Callable[[Session], int], label: str) -> None:
    """Return once `done(session)` says `total`. The helper runs a worker on all cores while no other shows life, and a
    new one when that one dies."""
    place = helper.place
    with click.progressbar(length=total, label=label, file=sys.stderr, show_pos=True) as bar:
        while True:
            with place.sessions.read() as session:
                number, alive = done(session), jobs.lives(session, "worker")
            bar.update(number - bar.pos)
            if number >= total:
                return
            helper.see_to_it(alive)
            time.sleep(POLL)


class Helper:
    """A worker of our own, started when it is needed."""

    def __init__(self, place: House) -> None:
        self.place = place
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Have a worker before all of the work is there: it takes seconds to start."""
        with self.place.sessions.read() as session:
            alive = jobs.lives(session, "worker")
        self.see_to_it(alive)

    def see_to_it(self, alive: bool) -> None:
        """Have a worker: ours, or that of somebody else who shows life; and see to what a dead one left behind."""
        if self.process is None and alive:
            return
        if self.process is None or self.process.poll() is not None:
            self.end()
            self._start()
        with self.place.write() as (session, _):
            jobs.sweep(session, self.place.settings)

    def _start(self) -> None:
        settings = self.place.settings
        settings.log_folder.mkdir(parents=True, exist_ok=True)
        with (settings.log_folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                commands(settings)["worker"],
                cwd=ROOT,
                env=os.environ | settings.environment() | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end(self) -> None:
        """Let it finish what it has in hand; what is left after that is killed."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_WITHIN)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its children, if it died before them
        self.process.wait()
        self.process = None


@contextmanager
def helping(place: House) -> Iterator[Helper]:
    """A worker of our own for as long as the context lasts, once `begin` or `see_to_it` has asked for it."""
    helper = Helper(place)
    try:
        yield helper
    finally:
        helper.end()
