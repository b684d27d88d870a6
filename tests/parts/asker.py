"""A process that looks things up without pause while others write: `python -m tests.parts.asker SEED OUT STOP`.

It writes one JSON line for each lookup to OUT: which probe, the memory's tick just before and just after, the active
target found ("" for none), seconds, and the generation it stood on; until the file STOP is there.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from service.settings import load
from service.storage.session import make_sessions
from tm.store import reading
from tm.store.memory import Memory, Query, Wanted

PROBES = 400
SOURCES = "Le point numéro {} de l’ordre du jour du comité {} a été examiné à Bruxelles."


def source(number: int) -> str:
    """The source of a probe: no other is like it."""
    return SOURCES.format(
        "abcdefghij"[number % 10] * 3 + str(number // 10).translate(_LETTERS), str(number).translate(_LETTERS)
    )


_LETTERS = str.maketrans("0123456789", "klmnopqrst")


def main(seed: str, out: str, stop: str) -> None:
    """Ask until told to stop."""
    settings = load()
    sessions = make_sessions(settings)
    memory = Memory(settings.index_folder)
    dice = random.Random(int(seed))
    with Path(out).open("w", encoding="utf-8") as file:
        while not Path(stop).exists():
            number = dice.randrange(PROBES)
            with sessions.read() as session:
                before = reading.clock(session)[0]
            with sessions.read() as session:
                started = time.perf_counter()
                (matches,) = memory.lookup(session, [Query(source(number))], Wanted(100))
                taken = time.perf_counter() - started
            with sessions.read() as session:
                after = reading.clock(session)[0]
            active = [match.raw_target for match in matches if match.entry.status == "active"]
            line = [number, before, after, active, taken, memory.standing_on, memory.waited_for_a_switch]
            file.write(json.dumps(line) + "\n")
    sessions.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
