"""A folder of pairs that one command aligns: once undisturbed, once with its worker killed again and again."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import select

from service.settings import Settings
from service.storage.alignments import Bead, FilePair
from service.storage.runs import Run
from service.storage.session import Sessions, make_sessions
from tests.engine.pairs import pairs as sentences
from tests.parts.process import Process, wait_for
from tm.store.units import Occurrence, Unit

SENTENCES = 14
WITHIN = 600  # seconds for each of both runs, on a machine that is busy


def compare(
    calm: Settings, settings: Settings, template: Path, place: Path, *, pairs: int, kills: int
) -> dict[str, float]:
    """Align the same folder on a fresh SQLite database undisturbed, and by `settings` with so many kills; both end in
    the same memory. Returns what both took: seconds of the clock, and for the undisturbed one cores in use."""
    folder = folder_of_pairs(place / "pairs", pairs)
    shutil.copy(template, calm.data_dir / "passerelle.sqlite")
    undisturbed = command(calm, folder, place / "calm.log")
    disturbed = command(settings, folder, place / "killed.log")
    sessions, reference = make_sessions(settings), make_sessions(calm)
    try:
        figures = timed(undisturbed)
        expected = outcome(undisturbed)
        assert expected["states"].get("quarantined") == 1, expected
        began = time.monotonic()
        disturbed.start()
        kill_now_and_then(disturbed, sessions, pairs, kills)
        wait_for(lambda: not disturbed.alive, WITHIN, "the end of the command")
        figures["killed"] = time.monotonic() - began
        found = outcome(disturbed)
        assert (found["pairs"], found["states"], found["beads"]) == (pairs, expected["states"], expected["beads"])
        assert memory_of(sessions) == memory_of(reference)
        with sessions.read() as session:
            runs = session.scalars(select(Run).where(Run.kind == "align")).all()
            assert {run.state for run in runs} == {"done"}
            assert max(run.attempt for run in runs) > 1
        return figures
    finally:
        undisturbed.kill()
        disturbed.kill()
        sessions.close()
        reference.close()


def timed(process: Process) -> dict[str, float]:
    """Run a process to its end: seconds of the clock, and how many cores it and all below it kept busy."""
    used: dict[int, float] = {}
    began = time.monotonic()
    process.start()

    def is_over() -> bool:
        used.update(times_below(process.pid))
        return not process.alive

    wait_for(is_over, WITHIN, "the undisturbed run")
    took = time.monotonic() - began
    return {"undisturbed": took, "cores": sum(used.values()) / took}


def times_below(pid: int) -> dict[int, float]:
    """Processor seconds of a process and of all below it that run now: nobody waits for some of them, so the kernel
    adds them to nobody's account."""
    found: dict[int, float] = {}
    with suppress(OSError):  # it has just ended
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        found[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found |= times_below(int(child))
    return found


def outcome(process: Process) -> dict[str, Any]:
    """What the command has printed at its end."""
    return dict(json.loads(process.text().strip().splitlines()[-1]))


def folder_of_pairs(folder: Path, number: int) -> Path:
    """Documents of a dozen sentences; in some two are joined or one is missing, one pair is swapped, one unrelated."""
    dice = random.Random(20260107)
    known = sentences()
    for at in range(number):
        chosen = dice.sample(known, SENTENCES)
        french = [[one for one, _ in chosen[:7]], [one for one, _ in chosen[7:]]]
        english = [[other for _, other in chosen[:7]], [other for _, other in chosen[7:]]]
        if at % 3 == 0:
            english[0][2:4] = [f"{english[0][2].removesuffix('.')}, and {english[0][3]}"]
        if at % 5 == 0:
            del english[1][3]
        texts = ["\n\n".join([f"Communiqué numéro {at}", *(" ".join(block) for block in french)])]
        texts.append("\n\n".join([f"Communiqué number {at}", *(" ".join(block) for block in english)]))
        if at == number // 2:
            texts.reverse()
        for language, text in zip(("fr", "en"), texts, strict=True):
            (folder / language).mkdir(parents=True, exist_ok=True)
            (folder / language / f"{at:03}.txt").write_text(text + "\n", encoding="utf-8")
    return folder


def memory_of(sessions: Sessions) -> tuple[list[tuple[object, ...]], ...]:
    """Everything that the memory and the alignment desk hold, without ids and times."""
    with sessions.read() as session:
        units = session.execute(select(Unit.source, Unit.target, Unit.origin, Unit.status))
        places = session.execute(
            select(Unit.source_key, Unit.target_key, Occurrence.document_key, Occurrence.position, Occurrence.origin)
            .join(Occurrence, Occurrence.unit_id == Unit.id)
            .where(Occurrence.withdrawn.is_(False))
        )
        beads = session.execute(
            select(FilePair.document_key, Bead.number, Bead.state, Bead.confidence).join(
                FilePair, FilePair.id == Bead.pair_id
            )
        )
        pairs = session.execute(select(FilePair.document_key, FilePair.state, FilePair.code))
        return tuple(sorted((tuple(row) for row in rows), key=repr) for rows in (units, places, beads, pairs))


def settled(sessions: Sessions) -> int:
    with sessions.read() as session:
        return len(session.scalars(select(FilePair.id).where(FilePair.state != "received")).all())


def workers_of(parent: int) -> list[int]:
    """The children of a process, as the kernel lists them."""
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def command(settings: Settings, folder: Path, log: Path) -> Process:
    program = str(Path(sys.executable).with_name("passerelle"))
    return Process([program, "memory", "add-folder", str(folder), "--wait", "--json"], log, env=settings.environment())


def kill_now_and_then(disturbed: Process, sessions: Sessions, pairs: int, kills: int) -> None:
    """`kill -9` for the worker and all its processes, each time after it has settled a few pairs more."""
    dice, killed = random.Random(4), set[int]()
    for number in range(kills):
        more = dice.randint(0, max(1, 2 * (pairs - 3) // kills - 1)) if number else 0
        goal = min(settled(sessions) + more, pairs - 2 * (kills - number))
        wait_for(lambda goal=goal: settled(sessions) >= goal and working(sessions), 120, "a worker at work")
        time.sleep(dice.uniform(0, 0.2))
        fresh = [pid for pid in workers_of(disturbed.pid) if pid not in killed]
        assert fresh, f"no worker is left to kill: the work was done after {number} kills"
        for pid in fresh:
            os.killpg(pid, signal.SIGKILL)
            killed.add(pid)
        wait_for(lambda: set(workers_of(disturbed.pid)) - killed, 60, "a new worker")


def working(sessions: Sessions) -> bool:
    with sessions.read() as session:
        return session.scalar(select(Run.id).where(Run.kind == "align", Run.state == "running").limit(1)) is not None
