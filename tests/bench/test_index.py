"""How fast the index answers, as a ratio to brute force in the same run, on units made of our own samples."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest

from service.settings import ROOT
from tm.documents.registry import read
from tm.match.index import BruteForceIndex, Index, TokenIndex

UNITS, QUERIES, THRESHOLD = 20_000, 40, 70


def sources() -> list[str]:
    """The French segments of the sample pairs."""
    found = []
    for file in sorted((ROOT / "samples" / "pairs").glob("*.fr.txt")):
        document = read(file.read_bytes(), filename=file.name)
        found += [segment.text for block in document.blocks for segment in block.segments]
    return found


def recombined(dice: random.Random, known: list[str]) -> str:
    """The beginning of one segment and the end of another: as long as real ones, and as much alike."""
    first, second = (text.split() for text in dice.sample(known, 2))
    return " ".join(first[: dice.randint(1, len(first))] + second[dice.randint(0, len(second) - 1) :])


def timed(act: Callable[..., Any], *words: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    answer = act(*words)
    return answer, time.perf_counter() - start


@pytest.mark.bench
def test_the_index_against_brute_force() -> None:
    dice = random.Random(7)
    known = sources()
    units = [(number, recombined(dice, known)) for number in range(UNITS)]
    queries = [recombined(dice, known) for _ in range(QUERIES)]
    indexes: dict[str, Index] = {"brute force": BruteForceIndex(), "token index": TokenIndex()}
    build = {name: timed(index.update, units)[1] for name, index in indexes.items()}
    spent: dict[str, list[float]] = {name: [] for name in indexes}
    for query in queries:
        answers = []
        for name, index in indexes.items():
            answer, seconds = timed(index.search, [query], THRESHOLD)
            answers.append(answer)
            spent[name].append(seconds)
        assert answers[0] == answers[1]
    medians = {name: statistics.median(values) for name, values in spent.items()}
    print(f"\n{UNITS} units, {QUERIES} queries at {THRESHOLD} %, one thread")
    for name, median in medians.items():
        print(f"{name:12} built in {build[name]:6.2f} s, median {median * 1000:8.2f} ms")
    print(f"brute force / token index = {medians['brute force'] / medians['token index']:.0f}")
