"""Outcomes by band of match rates: how many, how close, and what localisation and repair were worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from tm.match.evaluation.proposals import Outcome
from tm.match.evaluation.scores import Scores, scores, ter_edits

BANDS: tuple[tuple[str, int, int], ...] = (
    ("100+", 100, 102),
    ("95–99", 95, 99),
    ("85–94", 85, 94),
    ("75–84", 75, 84),
    ("50–74", 50, 74),
)
ALL, NO_MATCH = "all with a match", "no match"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step did to the segments that it changed, and to no others. `better` and `worse` count segments by TER."""

    segments: int
    before: Scores
    after: Scores
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class Band:
    """The held-out segments whose best match lies in a band of rates.

    Shares are per cent of all held-out segments and of their words. `raw`, `localised` and `repaired` score the same
    segments, each as the steps up to there leave them; None in the band without matches. `localisation` and `repair`
    are None where the step changed nothing. `leaked` counts segments whose very pair the memory holds too.
    """

    band: str
    segments: int
    words: int
    share_of_segments: float
    share_of_words: float
    leaked: int = 0
    raw: Scores | None = None
    localised: Scores | None = None
    repaired: Scores | None = None
    localisation: Effect | None = None
    repair: Effect | None = None

    def as_dict(self) -> dict[str, object]:
        """The row as JSON has it."""
        return asdict(self)


def table(found: Sequence[Outcome]) -> list[Band]:
    """A row for each band that has segments, from the best down; then all with a match, and those without."""
    matched = [outcome for outcome in found if outcome.rate is not None]
    groups = [
        (name, [outcome for outcome in matched if outcome.rate is not None and low <= outcome.rate <= high])
        for name, low, high in BANDS
    ]
    groups += [(ALL, matched), (NO_MATCH, [outcome for outcome in found if outcome.rate is None])]
    return [_band(name, group, found) for name, group in groups if group]


def _band(name: str, group: Sequence[Outcome], everything: Sequence[Outcome]) -> Band:
    words, all_words = (sum(outcome.words for outcome in some) for some in (group, everything))
    row = Band(
        name,
        len(group),
        words,
        round(100 * len(group) / len(everything), 1),
        round(100 * words / all_words, 1) if all_words else 0.0,
        sum(outcome.leaked for outcome in group),
    )
    if name == NO_MATCH:
        return row
    references = [outcome.reference for outcome in group]
    return Band(
        *(row.band, row.segments, row.words, row.share_of_segments, row.share_of_words, row.leaked),
        raw=scores([outcome.raw for outcome in group], references),
        localised=scores([outcome.localised for outcome in group], references),
        repaired=scores([outcome.repaired for outcome in group], references),
        localisation=_effect(group, lambda outcome: (outcome.raw, outcome.localised)),
        repair=_effect(group, lambda outcome: (outcome.localised, outcome.repaired)),
    )


def _effect(group: Sequence[Outcome], step: Callable[[Outcome], tuple[str, str]]) -> Effect | None:
    touched = [(*step(outcome), outcome.reference) for outcome in group if len(set(step(outcome))) == 2]
    if not touched:
        return None
    befores, afters, references = (list(texts) for texts in zip(*touched, strict=True))
    gains = [ter_edits(old, reference)[0] - ter_edits(new, reference)[0] for old, new, reference in touched]
    return Effect(
        len(touched),
        scores(befores, references),
        scores(afters, references),
        sum(gain > 0 for gain in gains),
        sum(gain < 0 for gain in gains),
    )
