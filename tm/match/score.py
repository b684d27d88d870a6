"""The match rate: the one place where it is defined.

102  the same text between the same neighbours in the same role      101  ... between the same neighbours
100  the same text        99  other case, quotation marks, spaces or punctuation
 98  other placeables, all put into the target        95  other placeables, not put there
<95  other words: floor(100 * (longer - distance) / longer) over typed tokens without punctuation, placeables by kind
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tm.match.alignment import coded
from tm.match.house import DEFAULT_STYLE, HouseStyle
from tm.match.localise import Localised, localised
from tm.text.normalise import normal
from tm.text.tokens import Token, measured, signature, tokens
from tm.types import Context

SAME, FORM, LOCALISED, STALE, WORDS = 100, 99, 98, 95, 94


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a unit is worth for a query: word-level similarity, base rate without context, and the localised target."""

    similarity: int
    rate: int
    localised: Localised


def percentage(distance: int, longest: int) -> int:
    """The similarity of two texts `distance` edits apart, the longer of `longest` tokens; 0 for two empty ones."""
    return 100 * (longest - distance) // longest if longest else 0


def edits_allowed(longest: int, threshold: int) -> int:
    """The greatest distance at which `percentage` still reaches `threshold`."""
    return longest * (100 - threshold) // 100


def similarity(query: Sequence[Token], unit: Sequence[Token]) -> int:
    """Word-level similarity from 0 to 100, symmetric. 100 where the texts differ in form, punctuation or the values of
    placeables only. A text of nothing but punctuation is measured on its punctuation."""
    from rapidfuzz.distance import Levenshtein

    one, other = coded([signature(t) for t in measured(query)], [signature(t) for t in measured(unit)])
    return percentage(Levenshtein.distance(one, other), max(len(one), len(other)))


def assess(
    query: str,
    unit_source: str,
    unit_target: str,
    style: HouseStyle = DEFAULT_STYLE,
    *,
    query_tokens: Sequence[Token] | None = None,
) -> Assessment:
    """Rate and localise in one go. `query_tokens` spares the tokens of a query that is compared with many units."""
    if normal(query) == normal(unit_source):
        same = SAME if normal(query) else 0
        return Assessment(same, same, Localised(unit_target, complete=True))
    wanted, held = tokens(query) if query_tokens is None else query_tokens, tokens(unit_source)
    alike = similarity(wanted, held)
    result = localised(wanted, held, unit_target, style)
    return Assessment(alike, _rate(alike, result, _values(wanted) == _values(held)), result)


def base_rate(query: str, unit_source: str, unit_target: str, style: HouseStyle = DEFAULT_STYLE) -> int:
    """The rate from 0 to 100 that a unit earns by its text alone: before context, before penalties."""
    return assess(query, unit_source, unit_target, style).rate


def context_rate(base: int, here: Context, seen: Context) -> int:
    """`base`, raised to 101 or 102 where it is 100 and the contexts agree. What is unknown (None) raises nothing; an
    edge of a document (`""`) equals an edge."""
    if base < SAME or None in (here.previous, here.next, seen.previous, seen.next):
        return base
    if (here.previous, here.next) != (seen.previous, seen.next):
        return base
    return 102 if here.role is not None and here.role == seen.role else 101


def _values(text: Sequence[Token]) -> list[tuple[str, object]]:
    return [(t.kind, t.value) for t in text if t.kind not in ("word", "punctuation")]


def _rate(alike: int, result: Localised, same_values: bool) -> int:
    if alike == 100:
        return FORM if same_values else LOCALISED if result.complete else STALE
    return max(0, min(WORDS, alike) - (0 if result.complete else 1))
