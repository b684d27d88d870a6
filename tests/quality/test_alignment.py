"""Alignment against gold beads, and the one real pair.

hunalign, measured on documents made in the same way, reaches a strict F1 of 96 with a dictionary and 93 without; on
other documents of the German and French collection 77.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tm.align import AlignmentRefused, align, align_segments, pairs, teach
from tm.align.knowledge import Knowledge, Learned
from tm.documents.registry import read
from tm.match.lexicon.training import train
from tm.types import Bead, Block, Document, Segment

SHARED = Path(__file__).resolve().parents[3] / "shared"
pytestmark = [
    pytest.mark.quality,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not SHARED.is_dir(), reason="the gold beads are not part of the project"),
]
EVERY = 10  # one pair of so many is in the memory: about 90,000; ten thousand do nearly as well

Shape = tuple[tuple[int, ...], tuple[int, ...]]


@cache
def _development_set() -> list[dict[str, Any]]:
    lines = (SHARED / "gold" / "alignment.dev.jsonl").read_text(encoding="utf-8").rstrip().split("\n")
    return [json.loads(line) for line in lines]


def _memory() -> Knowledge:
    """The lexicon of a memory of documents that are not in the development set."""
    held_out = {case["doc"] for case in _development_set()}
    with lzma.open(SHARED / "data" / "europarl-1m.tsv.xz", "rt", encoding="utf-8") as stream:
        lines = (line.rstrip("\n").split("\t") for line in stream)
        kept = ((french, english) for document, french, english in lines if document not in held_out)
        return Learned(train(islice(kept, 0, None, EVERY)))


def _gold(beads: Sequence[tuple[Sequence[int], Sequence[int]]]) -> set[Shape]:
    """Beads of one side count singly."""
    found: set[Shape] = set()
    for source, target in beads:
        if source and target:
            found.add((tuple(source), tuple(target)))
        found |= {((at,), ()) for at in source if not target} | {((), (at,)) for at in target if not source}
    return found


def _judged(name: str, cases: Sequence[tuple[set[Shape], list[Bead]]]) -> tuple[float, float]:
    """Strict F1, and the strict precision of the surest 95 % of the beads of two sides."""
    right = made = due = 0
    judged: list[tuple[float, bool]] = []
    for gold, beads in cases:
        hits = [(bead.source, bead.target) in gold for bead in beads]
        right, made, due = right + sum(hits), made + len(beads), due + len(gold)
        judged += [(bead.confidence, hit) for bead, hit in zip(beads, hits, strict=True) if bead.source and bead.target]
    f1 = 200 * right / (made + due)
    judged.sort(reverse=True)
    kept = judged[: len(judged) * 95 // 100]
    precision = 100 * sum(hit for _, hit in kept) / len(kept)
    print(f"alignment, {name}: strict F1 {f1:.2f}; precision of the surest 95 %: {precision:.2f}")
    return f1, precision


def _on_development_set(name: str, knowledge: Knowledge | None) -> tuple[float, float]:
    return _judged(
        name,
        [
            (_gold(case["beads"]), align_segments(case["fr"], case["en"], knowledge=knowledge))
            for case in _development_set()
        ],
    )


def test_each_document_by_itself() -> None:
    f1, precision = _on_development_set("each document by itself", None)
    assert f1 >= 98.0
    assert precision >= 99.3


def test_documents_that_taught_each_other() -> None:
    taught = teach((case["fr"], case["en"]) for case in _development_set())
    f1, precision = _on_development_set("documents that taught each other", taught)
    assert f1 >= 98.5
    assert precision >= 99.5


def test_with_the_lexicon_of_a_memory() -> None:
    f1, precision = _on_development_set("with the lexicon of a memory", _memory())
    assert f1 >= 98.9
    assert precision >= 99.7


def test_german_and_french_by_hand_without_any_lexicon() -> None:
    """Neither language pair nor domain was seen before; what is German goes for French, what is French for English."""
    folder = SHARED / "gold" / "defr"
    german, french = ((folder / f"dev.{language}").read_text(encoding="utf-8").split("\n") for language in ("de", "fr"))
    rows = [line.split(":") for line in (folder / "dev.defr").read_text(encoding="utf-8").splitlines() if line]
    gold = _gold([(json.loads(source), json.loads(target)) for source, target in rows])
    beads = align_segments(german[:-1], french[:-1])
    f1, _ = _judged("German and French, without any lexicon", [(gold, beads)])
    assert f1 >= 84.0


def test_speeches_with_the_translation_of_another_are_refused_and_with_their_own_are_not() -> None:
    cases = _development_set()
    accepted = dict.fromkeys((0, 1, 7), 0)
    for at, case in enumerate(cases):
        for shift in accepted:
            with suppress(AlignmentRefused):
                align(_document(case["fr"]), _document(cases[(at + shift) % len(cases)]["en"]))
                accepted[shift] += 1
    print(f"pairs taken for pairs: {accepted[0]} of {len(cases)} true, {accepted[1] + accepted[7]} of 200 crossed")
    assert accepted == {0: len(cases), 1: 0, 7: 0}


def test_an_archive_of_thousands_of_segments_is_a_pair_and_another_one_is_not() -> None:
    with lzma.open(SHARED / "data" / "europarl-1m.tsv.xz", "rt", encoding="utf-8") as stream:
        lines = [line.rstrip("\n").split("\t") for line in islice(stream, 50_000, 60_000)]
    french, english = [line[1] for line in lines], [line[2] for line in lines]
    kept = [at for at in range(4000) if at % 37]
    gold = {((at,), (place,)) for place, at in enumerate(kept)}
    beads = align(_document(french[:4000]), _document([english[at] for at in kept]))
    found = len(gold & {(bead.source, bead.target) for bead in beads})
    print(f"alignment, 4,000 segments of which every 37th is not translated: {found} of {len(gold)} beads")
    assert found >= 0.95 * len(gold)
    with pytest.raises(AlignmentRefused):
        align(_document(french[:4000]), _document(english[5000:9000]))


def _document(texts: Sequence[str]) -> Document:
    """All segments in one block, so that nothing but the texts can speak."""
    segments, start = [], 0
    for text in texts:
        segments.append(Segment(text, start, start + len(text)))
        start += len(text) + 1
    return Document("txt", "", (Block("paragraph", " ".join(texts), tuple(segments)),))


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
