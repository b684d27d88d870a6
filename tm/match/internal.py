"""Internal matches: what an earlier segment of the same text will be worth for a later one, before anything of it is
translated."""

from __future__ import annotations

from collections.abc import Sequence

from tm.match.alignment import coded
from tm.match.score import FORM, STALE, WORDS, percentage
from tm.text.tokens import measured, signature, tokens


def internal_rates(sources: Sequence[str], language: str = "fr", *, lowest: int = 50) -> list[int]:
    """For each source the best base rate that an earlier one can earn for it by its words: 0, or `lowest` to 99.

    How placeables will go into a translation that nobody has written yet is not known: a text with the same words and
    other placeables counts as 95. A repetition is 99, for it is the caller who knows what a repetition is.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    taken = [measured(tokens(source, language)) for source in sources]  # type: ignore[arg-type]
    codes = coded(*([signature(token) for token in found] for found in taken))
    values = [[token.value for token in found] for found in taken]
    rates = []
    for at, code in enumerate(codes):
        # half a percent lower, because shares of a hundred are not exact; the rate itself is
        best = process.extractOne(
            code, codes[:at], scorer=Levenshtein.normalized_similarity, score_cutoff=(lowest - 0.5) / 100
        )
        rates.append(0 if best is None else _rate(code, codes[best[2]], values[at] == values[best[2]]))
    return [rate if rate >= lowest else 0 for rate in rates]


def _rate(one: list[int], other: list[int], same_values: bool) -> int:
    from rapidfuzz.distance import Levenshtein

    alike = percentage(Levenshtein.distance(one, other), max(len(one), len(other)))
    if alike == 100:
        return FORM if same_values else STALE
    return min(WORDS, alike)
