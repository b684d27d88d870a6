"""A visit to a source in this process: what a worker does, without a worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from service.desk import jobs, visiting
from service.settings import Settings
from service.storage.runs import Run
from service.storage.session import Sessions
from service.storage.sources import SourceVisit, visits_of


class Visitor:
    """Claims a run, about a source unless another kind is named, and carries it out."""

    def __init__(self, sessions: Sessions, settings: Settings, subject: str, kind: str = "source") -> None:
        self.sessions, self.settings = sessions, settings
        self.done = self.total = 0
        with sessions.write() as session:
            run: Run = jobs.enqueue(session, kind, subject)
            session.flush()
            claim = jobs.claim(session, run.id, settings)
            session.commit()
        assert claim is not None
        self.claim = claim

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for questions."""
        with self.sessions.read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction, under the fence of the run."""
        with self.sessions.write() as session:
            yield session
            jobs.renew(session, self.claim, self.settings, done=self.done, total=self.total)
            session.commit()

    def visit(self, seconds: float = visiting.SECONDS) -> SourceVisit:
        """Visit, finish the run, and return the record."""
        visiting.visit(self, seconds)
        with self.sessions.write() as session:
            jobs.finish(session, self.claim)
            session.commit()
        with self.sessions.read() as session:
            return visits_of(session, self.claim.subject)[0]
