"""How a process keeps up with the memory: with every change at the next question, with a new generation meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tm.errors import MemoryUnavailable
from tm.match.generation.folders import named, numbers
from tm.store import reading
from tm.store.held import Held

LOOK = 0.5  # seconds between two looks for a newer generation
WITHOUT_INDEX = "The memory answers from the database: its index is damaged or missing, and is being built anew."
log = logging.getLogger(__name__)


class Follower:
    """What this process holds of the memory in a database, kept current. Safe to use from several threads.

    `folder` is where generations lie (each memory in a folder of its own); None: nothing is read from files.
    A question waits for what changed since the last one, never for a change of generation: the next one is opened and
    brought up to date by a thread of its own, and takes the place of the other in an instant.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: Held | None = None
        self._memory_id = ""
        self._changing = threading.Lock()  # held while changes are taken in
        self._looked = float("-inf")
        self._opening: threading.Thread | None = None
        self._bad: set[tuple[int, int]] = set()
        self.warning = ""  # why answers are slower than they should be; "" when all is well
        self.waited = 0.0  # seconds that a question had to wait for a change of generation, at most

    @property
    def number(self) -> int:
        """The number of the generation that answers now; 0 for none."""
        return self._held.number if self._held is not None else 0

    def at_least(self, session: Session) -> Held:
        """What is held, at the database's tick of this moment or a later one."""
        tick, memory_id = reading.clock(session)
        held = self._held
        if held is None or self._memory_id != memory_id or (held.tick > tick and self._went_back(session, held)):
            with self._changing:
                held = self._held = self._begun(session, tick, memory_id)
        self._look(session, memory_id, held)
        if held.tick < tick:
            with self._changing:
                held = self._held or held
                if held.tick < tick:
                    held.catch_up(session, tick)
        return held

    def _went_back(self, session: Session, held: Held) -> bool:
        """Whether the database is an older state of the memory, put back; not only this session's view of it."""
        with Session(session.get_bind()) as fresh:
            return held.tick > reading.clock(fresh)[0]

    def drop(self, held: Held, session: Session, why: MemoryUnavailable) -> Held:
        """Go on without a generation that turned out to be damaged."""
        log.warning("generation %d is not used: %s", held.number, why)
        tick, memory_id = reading.clock(session)
        with self._changing:
            if self._held is held:
                self._mark_bad(memory_id, held.number)
                self._held = self._begun(session, tick, memory_id)
            found = self._held or held
        return found

    def _begun(self, session: Session, tick: int, memory_id: str) -> Held:
        """The newest generation that is whole and of this memory, else what can be read from the database."""
        self._memory_id = memory_id
        found = self._numbers(memory_id)
        for number in reversed(found):
            try:
                held = Held.on(self._path(memory_id, number), number)
            except MemoryUnavailable as error:
                log.warning("generation %d is not used: %s", number, error)
                self._mark_bad(memory_id, number)
                continue
            if held.tick <= tick:
                self.warning = "" if number == found[-1] else WITHOUT_INDEX
                held.catch_up(session, tick)
                return held
        held = Held.without(reading.statistics(session)["units"])
        held.catch_up(session, tick)
        self.warning = WITHOUT_INDEX if found else ""
        return held

    def _look(self, session: Session, memory_id: str, held: Held) -> None:
        """Have a newer generation opened, if there is one and nobody is at it."""
        moment = time.monotonic()
        if self._folder is None or moment - self._looked < LOOK or self._opening is not None:
            return
        self._looked = moment
        newer = [n for n in self._numbers(memory_id) if n > held.number and self._usable(memory_id, n)]
        if newer:
            bind = session.get_bind()
            self._opening = threading.Thread(target=self._open, args=(bind, memory_id, newer[-1]), daemon=True)
            self._opening.start()

    def _open(self, bind: object, memory_id: str, number: int) -> None:
        try:
            held = Held.on(self._path(memory_id, number), number)
            with Session(bind) as session:  # type: ignore[arg-type]
                tick, _ = reading.clock(session)
                if held.tick > tick:
                    raise MemoryUnavailable("The generation is of another state of the memory.")
                held.catch_up(session, tick)
            with Session(bind) as session:  # type: ignore[arg-type]
                held.catch_up(session, reading.clock(session)[0])
            with self._changing:  # for an instant: what has come since is taken in by the next question
                begun = time.perf_counter()
                self._held, self.warning = held, ""
                self.waited = max(self.waited, time.perf_counter() - begun)
        except MemoryUnavailable as error:
            log.warning("generation %d is not used: %s", number, error)
            self._mark_bad(memory_id, number)
        except SQLAlchemyError:
            log.warning("generation %d could not be followed now; it is tried again", number)
        finally:
            self._opening = None

    def _numbers(self, memory_id: str) -> list[int]:
        return numbers(self._folder / memory_id) if self._folder is not None else []

    def _path(self, memory_id: str, number: int) -> Path:
        return named((self._folder or Path()) / memory_id, number)

    def _usable(self, memory_id: str, number: int) -> bool:
        return self._stamp(memory_id, number) not in self._bad

    def _mark_bad(self, memory_id: str, number: int) -> None:
        self._bad.add(self._stamp(memory_id, number))

    def _stamp(self, memory_id: str, number: int) -> tuple[int, int]:
        """A generation as it lies there now: one of the same number that was built anew is another one."""
        try:
            return number, self._path(memory_id, number).stat().st_ino
        except OSError:
            return number, 0
