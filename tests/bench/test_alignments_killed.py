"""A folder of pairs is aligned by one command while its worker is killed again and again; the memory is as without it.

`ALIGN_PAIRS` and `ALIGN_KILLS` make it larger. It takes many minutes: scripts/bench runs it, scripts/test does not.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from service.settings import Settings
from service.storage.alignments import Bead, FilePair
from service.storage.runs import Run
from service.storage.session import Sessions, make_sessions
from tests.engine.pairs import pairs as sentences
from tests.parts.process import Process, wait_for
from tm.store.units import Occurrence, Unit

PAIRS = int(os.environ.get("ALIGN_PAIRS", "36"))
KILLS = int(os.environ.get("ALIGN_KILLS", "10"))
SENTENCES = 14


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


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_a_worker_killed_ten_times_leaves_the_memory_of_an_undisturbed_run(
    make_settings, database_url, broker_url, sqlite_template, tmp_path
):
    folder = folder_of_pairs(tmp_path / "pairs", PAIRS)
    calm = make_settings()
    shutil.copy(sqlite_template, calm.data_dir / "passerelle.sqlite")
    undisturbed = command(calm, folder, tmp_path / "calm.log").start()
    settings = make_settings(database_url=database_url, redis_url=broker_url)
    disturbed = command(settings, folder, tmp_path / "killed.log")
    sessions, reference = make_sessions(settings), make_sessions(calm)
    try:
        wait_for(lambda: not undisturbed.alive, 300, "the undisturbed run")
        expected = json.loads(undisturbed.text().strip().splitlines()[-1])
        assert expected["states"].get("quarantined") == 1, expected
        disturbed.start()
        kill_now_and_then(disturbed, sessions)
        wait_for(lambda: not disturbed.alive, 300, "the end of the command")
        found = json.loads(disturbed.text().strip().splitlines()[-1])
        assert (found["pairs"], found["states"], found["beads"]) == (PAIRS, expected["states"], expected["beads"])
        assert memory_of(sessions) == memory_of(reference)
        with sessions.read() as session:
            runs = session.scalars(select(Run).where(Run.kind == "align")).all()
            assert {run.state for run in runs} == {"done"}
            assert max(run.attempt for run in runs) > 1
    finally:
        undisturbed.kill()
        disturbed.kill()
        sessions.close()
        reference.close()


def kill_now_and_then(disturbed: Process, sessions: Sessions) -> None:
    """`kill -9` for the worker and all its processes, each time after it has settled a few pairs more."""
    dice, killed = random.Random(4), set[int]()
    for number in range(KILLS):
        more = dice.randint(0, max(1, 2 * (PAIRS - 3) // KILLS - 1)) if number else 0
        goal = min(settled(sessions) + more, PAIRS - 2 * (KILLS - number))
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
