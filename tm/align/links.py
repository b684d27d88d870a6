"""Which traits of two texts stand for each other, and how much that says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tm.align.knowledge import Knowledge, Known
from tm.align.reading import Array, Side, bare
from tm.types import Language

STEM = 4  # letters by which words look alike: étude, études; organisation, organization
ALIKE, SAME = 0.3, 0.6  # how likely words that look alike, or are the same, stand for each other
MISSED = 0.3  # how likely a trait that the other text has somewhere is not where it belongs
MISSED_KNOWN = 0.05  # the same for a word whose translations the lexicon knows
RARE = 0.0025  # what is added to the rate of a trait that only these texts tell
# words of a segment depend on each other, so what they say counts for less; figures and dates depend on nothing
KNOWN_WEIGHT, SURFACE_WEIGHT, VALUE_WEIGHT = 0.2, 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Told:
    """What the traits of one text can say about the other.

    For trait `t`: `others[starts[t]:starts[t + 1]]` are the traits of the other text that may stand for it, `likely`
    how likely. `rates`: how often a segment has it. `missed`: how likely it is without any of them in the right place.
    `weights`: how much it counts.
    """

    starts: Array
    others: Array
    likely: Array
    rates: Array
    missed: Array
    weights: Array


def told(source: Side, target: Side, knowledge: Knowledge | None) -> tuple[Told, Told]:
    """What the traits of each text can say about the other; `source` is French, `target` English."""
    ours, theirs = _known(source, knowledge, "fr"), _known(target, knowledge, "en")
    pairs: dict[tuple[int, int], tuple[float, float]] = dict(_looks(source, target, ours, theirs))
    pairs.update(_translations(source, target, ours, theirs))
    keys = sorted(pairs)
    rows = np.array([row for row, _ in keys], dtype=np.int64)
    columns = np.array([column for _, column in keys], dtype=np.int64)
    forward, backward = np.array([pairs[key] for key in keys], dtype=np.float64).reshape(-1, 2).T
    turned = np.argsort(columns, kind="stable")
    return (
        _told(source, ours, rows, columns, backward),
        _told(target, theirs, columns[turned], rows[turned], forward[turned]),
    )


def _known(side: Side, knowledge: Knowledge | None, language: Language) -> list[Known | None]:
    if knowledge is None:
        return [None] * len(side.words)
    return [knowledge.known(word, language) if word else None for word in side.words]


def _translations(
    source: Side, target: Side, ours: list[Known | None], theirs: list[Known | None]
) -> Iterator[tuple[tuple[int, int], tuple[float, float]]]:
    """Pairs that the lexicon knows: the probability of the English trait given the French one, and the reverse."""
    columns = {word: at for at, word in enumerate(target.words) if word and theirs[at] is not None}
    for row, known in enumerate(ours):
        for word, forward in known.translations.items() if known else ():
            column = columns.get(word)
            other = theirs[column] if column is not None else None
            if column is not None and other is not None:
                yield (row, column), (forward, other.translations.get(source.words[row], 0.0))


def _looks(
    source: Side, target: Side, ours: list[Known | None], theirs: list[Known | None]
) -> Iterator[tuple[tuple[int, int], tuple[float, float]]]:
    """Pairs that are equal or look alike; of two words that the lexicon knows, it has said what there is to say."""
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for column, word in enumerate(target.words):
        if len(word) >= STEM:
            alike[bare(word)[:STEM]].append(column)
    columns = {name: at for at, name in enumerate(target.names)}
    for row, (name, word) in enumerate(zip(source.names, source.words, strict=True)):
        for column in alike.get(bare(word)[:STEM], ()) if len(word) >= STEM else ():
            if ours[row] is None or theirs[column] is None:
                yield (row, column), (ALIKE, ALIKE)
        same = columns.get(name)
        if same is not None and len(word) != 1 and (ours[row] is None or theirs[same] is None):
            # short words are the same by chance: on, or, pour, son
            likely = SAME if not word or len(word) >= STEM else 0.1
            yield (row, same), (likely, likely)


def _told(side: Side, known: list[Known | None], rows: Array, columns: Array, likely: Array) -> Told:
    count = len(side.names)
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=count), out=starts[1:])
    surface = np.array([each is None for each in known], dtype=bool)
    rates = side.often / max(1, len(side.starts) - 1) * 0.5 + RARE
    missed = np.where(np.diff(starts) > 0, MISSED, 1.0)
    for at, each in enumerate(known):
        if each is not None:
            rates[at] = each.rate
            missed[at] = 1 - (1 - MISSED_KNOWN) * each.share
    weights = np.where(surface, SURFACE_WEIGHT, KNOWN_WEIGHT)
    weights[[at for at, name in enumerate(side.names) if name[0] == "v"]] = VALUE_WEIGHT
    return Told(starts, columns, likely, rates, missed, weights)
