"""Eight processes look up while a ninth adds units and switches the generation: the scene of a test and of a bench."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.settings import ROOT, Settings
from service.storage.session import Sessions
from tests.parts.asker import PROBES, source
from tm.store import generations, reading
from tm.store.writing import add_pairs
from tm.types import Pair, Provenance

State = dict[int, str]  # the active target of each probe


@dataclass(frozen=True, slots=True)
class Answer:
    """One lookup: which probe, the ticks around it, what it found, seconds, on which generation; and how long this
    process has waited for a switch at most."""

    probe: int
    before: int
    after: int
    found: list[str]
    seconds: float
    generation: int
    waited: float


@dataclass(frozen=True, slots=True)
class Scene:
    """What happened: the probes' targets by tick, and all answers."""

    states: dict[int, State]
    answers: list[Answer]

    def wrong(self) -> list[Answer]:
        """Answers that were right at no moment of their call."""
        ticks = sorted(self.states)
        return [each for each in self.answers if not self._right(each, ticks)]

    def _right(self, answer: Answer, ticks: list[int]) -> bool:
        held = max(tick for tick in ticks if tick <= answer.before)
        moments = [held, *(tick for tick in ticks if answer.before < tick <= answer.after)]
        truths = [[target] if (target := self.states[tick].get(answer.probe)) else [] for tick in moments]
        return answer.found in truths


def play(sessions: Sessions, settings: Settings, folder: Path, *, units: int, batch: int, switches: int) -> Scene:
    """Let it happen: `units` are added in batches, probes among them, some of which get another target later."""
    stop = folder / "stop"
    states: dict[int, State] = {0: {}}
    # the first generation is there before anybody asks, so that every process stands on one
    states[_add(sessions, _filler(0, 200))] = {}
    _switch(sessions, settings)
    outs = [folder / f"asker-{number}.jsonl" for number in range(8)]
    env = {**os.environ, **settings.environment()}
    lines = [[sys.executable, "-m", "tests.parts.asker", str(n), str(out), str(stop)] for n, out in enumerate(outs)]
    asking = [subprocess.Popen(line, cwd=ROOT, env=env) for line in lines]
    try:
        while not all(out.exists() and out.stat().st_size for out in outs):
            time.sleep(0.05)
        state: State = {}
        batches = units // batch
        for number in range(batches):
            pairs, state = _batch(number, batches, batch, state)
            states[_add(sessions, pairs)] = state
            if (number + 1) % max(1, batches // switches) == 0:
                _switch(sessions, settings)
        time.sleep(2)  # the last generation is taken up
    finally:
        stop.touch()
        ended = [process.wait(60) for process in asking]
    assert ended == [0] * 8, "an asking process failed"
    return Scene(states, [answer for out in outs for answer in _answers(out)])


def _batch(number: int, batches: int, size: int, state: State) -> tuple[list[Pair], State]:
    """Fillers, new probes, and another target for some of the old ones, at the same places of the same document."""
    probes = range(number * PROBES // batches, (number + 1) * PROBES // batches)
    again = [probe for probe in state if probe % batches == number % 7]
    changed = {probe: f"Item {probe}, as of batch {number}." for probe in (*probes, *again)}
    pairs = [Pair(source(probe), target, _seen(probe)) for probe, target in changed.items()]
    return pairs + _filler(1000 + number * size, size - len(pairs)), state | changed


def _filler(start: int, count: int) -> list[Pair]:
    texts = (f"Décision {each} du Conseil relative au budget et aux effectifs." for each in range(start, start + count))
    return [
        Pair(text, text.replace("Décision", "Decision"), _seen(10**6 + start + at)) for at, text in enumerate(texts)
    ]


def _seen(position: int) -> Provenance:
    return Provenance("Ordre du jour", position, "approved")


def _add(sessions: Sessions, pairs: list[Pair]) -> int:
    with sessions.write() as session:
        add_pairs(session, pairs, kind="tmx", label="Ordre du jour", document_key="ordre-du-jour")
        tick = reading.clock(session)[0]
        session.commit()
    return tick


def _switch(sessions: Sessions, settings: Settings) -> None:
    with sessions.read() as session:
        built = generations.build(session, settings.index_folder)
    with sessions.write() as session:
        generations.keep(session, settings.index_folder, built)
        session.commit()


def _answers(out: Path) -> Iterator[Answer]:
    for line in out.read_text(encoding="utf-8").splitlines():
        yield Answer(*json.loads(line))
