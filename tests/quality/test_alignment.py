"""Alignment against gold beads, and the one real pair."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tm.align import align, align_segments, pairs
from tm.documents.registry import read

SHARED = Path(__file__).resolve().parents[3] / "shared"
pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the gold beads are not part of the project"),
]

Shape = tuple[tuple[int, ...], tuple[int, ...]]


def _gold(case: dict[str, Any]) -> set[Shape]:
    """Beads of one side count singly."""
    found: set[Shape] = set()
    for source, target in case["beads"]:
        if source and target:
            found.add((tuple(source), tuple(target)))
        found |= {((at,), ()) for at in source if not target} | {((), (at,)) for at in target if not source}
    return found


def test_beads_of_the_development_set() -> None:
    lines = (SHARED / "gold" / "alignment.dev.jsonl").read_text(encoding="utf-8").rstrip().split("\n")
    right = made = due = 0
    judged: list[tuple[float, bool]] = []
    for case in map(json.loads, lines):
        gold, beads = _gold(case), align_segments(case["fr"], case["en"])
        hits = [(bead.source, bead.target) in gold for bead in beads]
        right, made, due = right + sum(hits), made + len(beads), due + len(gold)
        judged += [(bead.confidence, hit) for bead, hit in zip(beads, hits, strict=True) if bead.source and bead.target]
    f1 = 200 * right / (made + due)
    judged.sort(reverse=True)
    kept = judged[: len(judged) * 95 // 100]
    precision = 100 * sum(hit for _, hit in kept) / len(kept)
    print(f"alignment dev: strict F1 {f1:.2f} without a lexicon; precision of the surest 95 %: {precision:.2f}")
    assert f1 >= 96.0
    assert precision >= 98.8


def test_the_real_pair_is_one_to_one_throughout() -> None:
    french, english = (read(_release(language), filename="release.txt") for language in ("fr", "en"))
    beads = align(french, english)
    made = pairs(french, english, beads, document="cor-2009-12-04")
    count = sum(len(block.segments) for block in french.blocks)
    print(f"real pair: {count} segments, lowest confidence {min(bead.confidence for bead in beads):.4f}")
    assert count > 15
    assert [(bead.source, bead.target) for bead in beads] == [((at,), (at,)) for at in range(count)]
    assert min(bead.confidence for bead in beads) > 0.95
    assert not any(pair.source.startswith("Left to right") for pair in made)
    assert len(made) >= count - 2


def _release(language: str) -> bytes:
    return (SHARED / "releases" / f"cor-2009-12-04.{language}.txt").read_bytes()
