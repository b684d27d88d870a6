"""What localisation and repair are worth, on documents held out by date. The floor is kept on documents of autumn 2007
and winter 2008 with a memory of the months before; what repair demands was tuned on documents of 2002, 2004
and 2005."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from tests.quality.europarl import DATA, MISSING, Line, date_of, lines
from tm.match.evaluation.proposals import Known, Outcome, outcomes
from tm.match.evaluation.scores import ter_edits
from tm.match.evaluation.split import split
from tm.match.evaluation.table import Band, table
from tm.match.generation.following import FollowingIndex
from tm.match.lexicon.training import train
from tm.text.normalise import normal

pytestmark = [
    pytest.mark.quality,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(not DATA.is_file(), reason=MISSING),
]
MEMORY_FROM, HELD_FROM = "2006-03", "2007-10"
DRAWN = 200
WORSE_AT_MOST = 5.0  # per cent
Found = tuple[list[Line], list[Line], list[Outcome]]


@pytest.fixture(scope="module")
def found() -> Found:
    everything = list(lines(MEMORY_FROM))
    dates = {line.document: line.date for line in everything}
    parted = split(dates, since=HELD_FROM)
    memory = [line for line in everything if line.document not in parted.held]
    held = [line for line in everything if line.document in parted.held]
    assert max(line.date for line in memory) < parted.since
    index = FollowingIndex()
    index.update((at, line.french) for at, line in enumerate(memory))

    def units(ids: set[int]) -> Mapping[int, Known]:
        return {at: Known(memory[at].french, memory[at].english, memory[at].date) for at in ids}

    lexicon = train((line.french, line.english) for line in memory)
    return memory, held, list(outcomes([(line.french, line.english) for line in held], index, units, lexicon))


def test_dates_come_from_the_names_of_documents() -> None:
    assert date_of("ep-07-10-22-012-03") == "2007-10-22"
    assert date_of("ep-99-01-11") == "1999-01-11"
    with pytest.raises(ValueError, match="no date"):
        date_of("elsewhere")


def test_nothing_that_was_held_out_is_in_the_memory_unless_it_is_told(found: Found) -> None:
    memory, held, seen = found
    assert 100_000 <= len(memory) <= 250_000
    assert not {line.document for line in memory} & {line.document for line in held}
    pairs = {(normal(line.french), normal(line.english)) for line in memory}
    assert sum(outcome.leaked for outcome in seen) == sum(
        (normal(line.french), normal(line.english)) in pairs for line in held
    )


def test_both_steps_lower_ter_and_raise_chrf_in_every_band_that_they_touch(found: Found) -> None:
    rows = table(found[2])
    for row in rows:
        print(_shown(row))
    for step in ("localisation", "repair"):
        effects = [(row.band, effect) for row in rows if (effect := getattr(row, step))]
        assert len(effects) >= 3
        for band, effect in effects:
            assert effect.after.ter < effect.before.ter, (step, band, effect)
            assert effect.after.chrf > effect.before.chrf, (step, band, effect)
            assert effect.worse <= WORSE_AT_MOST / 100 * effect.segments or effect.segments < DRAWN, (
                step,
                band,
                effect,
            )


def _shown(row: Band) -> str:
    scores = [f"{s.bleu:5.1f} {s.chrf:5.1f} {s.ter:5.1f}" for s in (row.raw, row.localised, row.repaired) if s]
    steps = [
        f"{name}: {e.segments} segments, TER {e.before.ter} -> {e.after.ter}, chrF {e.before.chrf} -> {e.after.chrf}, "
        f"{e.better} better, {e.worse} worse"
        for name, e in (("localisation", row.localisation), ("repair", row.repair))
        if e
    ]
    head = f"{row.band:16} {row.segments:6} ({row.share_of_segments} %) {row.words:8} words ({row.share_of_words} %)"
    return "\n    ".join([f"{head} | {' | '.join(scores)}", *steps])


def test_of_repaired_proposals_drawn_at_random_few_are_worse_than_raw_ones(found: Found) -> None:
    repaired = [outcome for outcome in found[2] if outcome.repaired != outcome.localised]
    assert len(repaired) >= DRAWN
    drawn = random.Random(5).sample(repaired, DRAWN)
    verdicts = Counter(_verdict(outcome) for outcome in drawn)
    print(f"repair: {len(repaired)} of {len(found[2])} held out; of {DRAWN} drawn {dict(verdicts)}")
    assert 100 * verdicts["worse"] / DRAWN <= WORSE_AT_MOST
    assert verdicts["better"] > 10 * verdicts["worse"]


def _verdict(outcome: Outcome) -> str:
    raw, repaired = (ter_edits(text, outcome.reference)[0] for text in (outcome.raw, outcome.repaired))
    return "better" if repaired < raw else "worse" if repaired > raw else "equal"
