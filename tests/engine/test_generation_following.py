"""A generation and what came after it, searched as one, in any order of changes and switches."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tm.match.generation.build import build
from tm.match.generation.following import FollowingIndex
from tm.match.generation.index import GenerationIndex
from tm.match.index import BruteForceIndex
from tm.types import Hit

WORDS = "de la le et l'Alliance Conseil paix pays 12 2024 %".split()
texts = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
changes = st.lists(st.tuples(st.integers(0, 25), st.none() | texts), max_size=6)
# a list is an update; a number says how many of the last updates come after the tick of a new generation
histories = st.lists(changes | st.integers(0, 3), max_size=10)


@given(histories, texts, st.sampled_from([50, 60, 70, 80, 100]))
@settings(max_examples=150, deadline=None)
def test_it_equals_brute_force_in_any_order(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[list[tuple[int, str | None]] | int],
    query: str,
    threshold: int,
) -> None:
    index, oracle = FollowingIndex(), BruteForceIndex()
    done: list[list[tuple[int, str | None]]] = []
    for step in history:
        if isinstance(step, int):
            since = max(0, len(done) - step)
            units: dict[int, str | None] = {}
            for update in done[:since]:
                units.update(update)
            folder = tmp_path_factory.mktemp("generations")
            path = build(folder, [(number, text) for number, text in units.items() if text is not None], tick=since)
            index.switch(GenerationIndex(path), [change for update in done[since:] for change in update])
            assert index.tick == since
        else:
            done.append(step)
            index.update(step)
            oracle.update(step)
        assert index.search([query], threshold) == oracle.search([query], threshold)
        assert index.search([query], threshold, 2)[0] == oracle.search([query], threshold)[0][:2]
        assert len(index) == len(oracle)


def test_one_generation_serves_two_indexes_with_their_own_changes(tmp_path: Path) -> None:
    generation = GenerationIndex(build(tmp_path, [(1, "le Conseil"), (2, "la paix")], tick=1))
    one, other = FollowingIndex(generation), FollowingIndex(generation)
    one.update([(1, None), (3, "le pays")])
    assert one.search(["le Conseil"], 100) == [[]]
    assert other.search(["le Conseil", "le pays"], 100) == [[Hit(1, 100)], []]
    assert generation.search(["le Conseil"], 100) == [[Hit(1, 100)]]
    assert (one.changed, len(one), len(other)) == (1, 2, 2)


def test_changes_one_by_one_stay_in_few_parts() -> None:
    index = FollowingIndex()
    for number in range(600):
        index.update([(number, f"mot{number} autre{number} le")])
    assert len(index._state.parts) < 10
    assert index.search(["mot17 autre17 le"], 100) == [[Hit(17, 100)]]


def test_a_unit_out_of_range_is_refused_and_changes_nothing() -> None:
    index = FollowingIndex()
    index.update([(1, "Oui")])
    for bad in (-1, 1 << 55):
        with pytest.raises(ValueError, match="range"):
            index.update([(1, None), (bad, "Non")])
    assert index.search(["Oui"], 100) == [[Hit(1, 100)]]


def test_a_generation_of_another_language_is_refused(tmp_path: Path) -> None:
    english = GenerationIndex(build(tmp_path, [(1, "Peace")], tick=1, language="en"))
    with pytest.raises(ValueError, match="en"):
        FollowingIndex().switch(english, [])


def test_readers_see_a_whole_state_and_never_wait_while_units_change_and_generations_switch(tmp_path: Path) -> None:
    """A pair of units changes places in every update: each answer holds exactly one of them, whichever it is."""
    dice = random.Random(8)
    filler = [(number, " ".join(dice.choices(WORDS, k=9))) for number in range(100, 4000)]
    generations = [
        GenerationIndex(build(tmp_path, [*filler, (step % 2, "un texte à part")], tick=step)) for step in (0, 1)
    ]
    index = FollowingIndex(generations[0])
    index.search(["un texte à part"], 90)
    wrong: list[list[Hit]] = []
    slowest, asked, stop = [0.0], [0], threading.Event()

    def read() -> None:
        while not stop.is_set():
            started = time.perf_counter()
            (hits,) = index.search(["un texte à part"], 90)
            slowest[0] = max(slowest[0], time.perf_counter() - started)
            asked[0] += 1
            if hits not in ([Hit(0, 100)], [Hit(1, 100)]):
                wrong.append(hits)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for step in range(1, 60):
        if step % 20 == 19:
            index.switch(generations[step // 20 % 2], [(step % 2, "un texte à part"), (1 - step % 2, None)])
        else:
            index.update([(step % 2, "un texte à part"), (1 - step % 2, None), (5000 + step, "le pays de la paix")])
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert asked[0] > 20
    assert slowest[0] < 0.5
