"""How a task does its work: claim the run, keep its lease, let the desk work, and settle every way it can end."""

from __future__ import annotations

import logging
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded
from billiard.pool import SIG_SOFT_TIMEOUT, soft_timeout_sighandler
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.broker import make_sender
from service.desk import jobs
from service.desk.lasting import Lasting
from service.errors import Transient
from service.settings import Settings
from service.storage.session import Sessions, make_sessions
from tm.errors import PasserelleError
from tm.store.memory import Memory
from workers.app import app, settings

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def sessions() -> Sessions:
    """This process's sessions; made on first use, so that no connection crosses a fork."""
    return make_sessions(settings, make_sender(settings))


@lru_cache(maxsize=1)
def memory() -> Memory:
    """This process's memory."""
    return Memory(settings.index_folder)


@lru_cache(maxsize=1)
def aligner() -> Lasting:
    """This process's process apart, kept from one pair of files to the next."""
    return Lasting(seconds=300)  # ten thousand segments take half a minute on a machine that is busy


class Job:
    """A claimed run in the hands of a task: sessions under its fence, and the memory of this process."""

    def __init__(self, claim: jobs.Claim) -> None:
        self.claim = claim
        self.subject = claim.subject
        self.settings: Settings = settings
        self.memory = memory()
        self.done, self.total = 0, 0  # how far the work is; written with the next renewal
        self.outcome: dict[str, Any] = {}  # what it has changed (`service.desk.outcomes`); written likewise

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for questions."""
        with sessions().read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that counts only while the lease is ours: it is renewed with the results, and committed."""
        with sessions().write() as session:
            yield session
            jobs.renew(session, self.claim, settings, done=self.done, total=self.total, outcome=self.outcome)
            session.commit()


def job(kind: str) -> Callable[[Callable[[Job], None]], Any]:
    """Make a Celery task out of a function that works on a claimed run of this kind."""

    def decorate(work: Callable[[Job], None]) -> Any:
        @app.task(name=jobs.task_name(kind))
        def task(run_id: str) -> None:
            claim = _claim(run_id)
            if claim is not None:
                _carry_out(claim, work)

        return task

    return decorate


def _claim(run_id: str) -> jobs.Claim | None:
    with sessions().write() as session:
        claim = jobs.claim(session, run_id, settings)
        session.commit()
    return claim


def _carry_out(claim: jobs.Claim, work: Callable[[Job], None]) -> None:
    lease = Lease(claim)
    try:
        with lease.kept():
            work(Job(claim))
        _settle(jobs.finish, claim)
    except jobs.LeaseLost:
        log.warning("run %s was stopped, or taken over by another worker", claim.run_id)
    except SoftTimeLimitExceeded:
        if lease.lost:
            log.warning("run %s was stopped, or taken over by another worker", claim.run_id)
            return
        _settle(jobs.fail, claim, "TIMEOUT", "The job took longer than is allowed.")
    except Transient as error:
        log.warning("run %s is put off: %s", claim.run_id, error.message)
        _settle(jobs.put_off, claim, settings, error.message)
    except DBAPIError as error:
        log.warning("run %s is put off: %s", claim.run_id, type(error).__name__)
        _settle(jobs.put_off, claim, settings, "The database was not available.")
    except PasserelleError as error:
        _settle(jobs.fail, claim, error.code, str(error))
    except Exception:  # whatever else is a fault of ours: it must end in a reason that people can see
        number = uuid.uuid4().hex[:8]
        log.exception("run %s failed (%s)", claim.run_id, number)
        _settle(jobs.fail, claim, "INTERNAL", f"An unexpected fault stopped this job; it is in the log as {number}.")


def _settle(act: Callable[..., None], claim: jobs.Claim, *details: Any) -> None:
    try:
        with sessions().write() as session:
            act(session, claim, *details)
            session.commit()
    except jobs.LeaseLost:
        log.warning("run %s was taken over before it could be settled", claim.run_id)
    except DBAPIError:
        log.exception("run %s could not be settled: its lease will end, and the sweep revives it", claim.run_id)


class Lease:
    """The lease of a run in the hands of a thread, which renews it while the work goes on; a process that is dead or
    stopped renews nothing.

    When the lease is `lost`, because somebody has stopped the run or another worker has it, the work is broken off as
    by a limit of time: it could write nothing more, and might go on for minutes.
    """

    def __init__(self, claim: jobs.Claim) -> None:
        self.lost = False
        self._claim = claim
        self._worker = threading.get_ident()
        self._over = threading.Event()
        self._ending = threading.Lock()  # the work is not broken off once it has ended

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the lease for as long as the context lasts."""
        keeper = threading.Thread(target=self._keep, daemon=True)
        keeper.start()
        try:
            yield
        finally:
            with self._ending:
                self._over.set()
            keeper.join()

    def _keep(self) -> None:
        while not self._over.wait(settings.lease_seconds / 3):
            try:
                with sessions().write() as session:
                    jobs.hold(session, self._claim, settings)
                    session.commit()
            except jobs.LeaseLost:
                return self._break_off()
            except DBAPIError as error:
                log.warning("the lease of run %s could not be renewed: %s", self._claim.run_id, type(error).__name__)

    def _break_off(self) -> None:
        with self._ending:
            # only where the pool listens: elsewhere this signal ends the process
            if not self._over.is_set() and signal.getsignal(SIG_SOFT_TIMEOUT) is soft_timeout_sighandler:
                self.lost = True
                signal.pthread_kill(self._worker, SIG_SOFT_TIMEOUT)
