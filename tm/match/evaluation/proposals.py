"""What the memory proposes for pairs that were held out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from tm.match.localise import localise
from tm.match.repair import repair
from tm.match.score import SAME, WORDS, assess
from tm.text.normalise import normal
from tm.text.tokens import measured, tokens

if TYPE_CHECKING:
    from tm.match.index import Index
    from tm.match.lexicon.model import Lexicon
    from tm.types import Hit

LOWEST = 50  # match rate from which something counts as a proposal
HITS = 64  # units looked at for one text, as lookup does
BATCH = 200  # texts asked for together


@dataclass(frozen=True, slots=True)
class Known:
    """A unit of the memory: its texts, and the date that it was last seen at, or ""."""

    source: str
    target: str
    date: str = ""


Units = Callable[[set[int]], Mapping[int, Known]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was proposed for a held-out pair, whose English is `reference`.

    `rate` is None where nothing similar was found, and then the three texts are empty. `localised` is `raw` where no
    placeable was exchanged, `repaired` is `localised` where no repair was offered. `leaked`: the memory holds this very
    pair, from another document.
    """

    source: str
    reference: str
    words: int
    rate: int | None = None
    raw: str = ""
    localised: str = ""
    repaired: str = ""
    leaked: bool = False


def outcomes(
    held: Iterable[tuple[str, str]], index: Index, units: Units, lexicon: Lexicon, *, lowest: int = LOWEST
) -> Iterator[Outcome]:
    """The best match of `index` for each held-out pair (French, English), raw, localised and repaired.

    `units` gives the texts of the units that `index` finds; one that it leaves out is not proposed. Best is the highest
    match rate without context and penalties, then the newest, then the lowest id. `lexicon` must have been learned from
    the units of the index alone.
    """
    source = iter(held)
    while batch := list(islice(source, BATCH)):
        found = index.search([french for french, _ in batch], lowest, HITS)
        hits = [_promising(each) for each in found]
        texts = units({hit.unit_id for each in hits for hit in each})
        for (french, english), each in zip(batch, hits, strict=True):
            yield _outcome(
                french,
                english,
                {hit.unit_id: texts[hit.unit_id] for hit in each if hit.unit_id in texts},
                lexicon,
                lowest,
            )


def _promising(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that may have the best rate: a rate is the similarity, or one less where placeables stay wrong, and
    below what other words allow."""
    best = hits[0].similarity if hits else 0
    least = 100 if best == 100 else min(best, WORDS) - 1
    return [hit for hit in hits if hit.similarity >= least]


def _outcome(source: str, reference: str, units: Mapping[int, Known], lexicon: Lexicon, lowest: int) -> Outcome:
    wanted = tokens(source)
    words = len(measured(wanted))
    rated = [
        (assess(source, unit.source, unit.target, query_tokens=wanted).rate, unit.date, -unit_id)
        for unit_id, unit in units.items()
    ]
    rate, _, number = max(rated, default=(0, "", 0))
    if rate < lowest:
        return Outcome(source, reference, words)
    unit = units[-number]
    localised = localise(source, unit.source, unit.target).target if rate < SAME else unit.target
    repaired = repair(source, unit.source, localised, lexicon) if rate < SAME else None
    pair = normal(source), normal(reference)
    return Outcome(
        source=source,
        reference=reference,
        words=words,
        rate=rate,
        raw=unit.target,
        localised=localised,
        repaired=repaired.target if repaired else localised,
        leaked=any((normal(each.source), normal(each.target)) == pair for each in units.values()),
    )
