"""Repaired proposals for documents that the memory has not seen, beside the real translation."""

from __future__ import annotations

import itertools
import lzma
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tm.match.index import TokenIndex
from tm.match.lexicon.training import train
from tm.match.localise import localise
from tm.match.repair import repair
from tm.text.tokens import measured, tokens

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "europarl-1m.tsv.xz"
pytestmark = [
    pytest.mark.quality,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not DATA.is_file(), reason="the parallel corpus is not part of the project"),
]
MEMORY = 60_000
QUERIES = 40_000  # at most; fewer where enough proposals are found
DRAWN = 200
WORSE_AT_MOST = 5.0  # per cent
LOWEST = 60
WORDS = range(4, 26)  # of a query; longer ones hardly ever match
BEST = 8  # units for a query


def _pairs() -> Iterator[tuple[str, str, str]]:
    """Document, French, English, in the order of the documents."""
    with lzma.open(DATA, "rt", encoding="utf-8") as stream:
        for line in stream:
            document, french, english = line.rstrip("\n").split("\t")
            yield document, french, english


def test_of_repaired_proposals_few_are_worse_than_raw_ones_and_most_are_better() -> None:
    from sacrebleu.metrics import TER

    rows = list(itertools.islice(_pairs(), 20_000, 20_000 + MEMORY + QUERIES))
    border = next(at for at in range(MEMORY, len(rows)) if rows[at][0] != rows[at - 1][0])
    memory, queries = rows[:border], rows[border:]
    lexicon = train((french, english) for _, french, english in memory)
    index = TokenIndex()
    index.update((at, french) for at, (_, french, _) in enumerate(memory))
    made: list[tuple[str, str, str]] = []
    for _, query, reference in queries:
        if len(measured(tokens(query))) not in WORDS:
            continue
        for hit in index.search([query], LOWEST, BEST)[0]:
            _, source, target = memory[hit.unit_id]
            raw = localise(query, source, target).target
            found = repair(query, source, raw, lexicon) if hit.similarity < 100 else None
            if found and found.target != raw:
                made.append((raw, found.target, reference))
        if len(made) >= 1.5 * DRAWN:
            break
    assert len(made) >= DRAWN
    drawn = random.Random(5).sample(made, DRAWN)
    ter = TER()
    before = [ter.sentence_score(raw, [reference]).score for raw, _, reference in drawn]
    after = [ter.sentence_score(repaired, [reference]).score for _, repaired, reference in drawn]
    verdicts = Counter(
        "better" if new < old else "worse" if new > old else "equal" for old, new in zip(before, after, strict=True)
    )
    mean = sum(before) / DRAWN, sum(after) / DRAWN
    print(f"repair: {len(made)} made; of {DRAWN} drawn {dict(verdicts)}, mean TER {mean[0]:.1f} -> {mean[1]:.1f}")
    assert 100 * verdicts["worse"] / DRAWN <= WORSE_AT_MOST
    assert verdicts["better"] > 10 * verdicts["worse"]
    assert mean[1] < mean[0]
