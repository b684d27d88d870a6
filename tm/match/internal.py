"""Internal matches: what an earlier segment of the same text will be worth for a later one, before anything of it is
translated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from tm.match.alignment import coded
from tm.match.score import FORM, STALE, WORDS, percentage
from tm.text.tokens import measured, signature, tokens
from tm.types import Language

Numbered = tuple[int, int]  # a token, and how often it stood in its text before


def internal_rates(sources: Sequence[str], language: Language = "fr", *, lowest: int = 50) -> list[int]:
    """For each source the best base rate that an earlier one can earn for it by its words: 0, or `lowest` to 99.

    How placeables will go into a translation that nobody has written yet is not known: a text with the same words and
    other placeables counts as 95. A repetition is 99, for it is the caller who knows what a repetition is.
    """
    taken = [measured(tokens(source, language)) for source in sources]
    codes = coded(*([signature(token) for token in found] for found in taken))
    values = [[token.value for token in found] for found in taken]
    rates = []
    for at, earlier in enumerate(_candidates(codes, lowest)):
        best, alike = _best(codes[at], {other: codes[other] for other in earlier}, lowest)
        same = alike == 100 and values[at] == values[best]
        rates.append(FORM if same else STALE if alike == 100 else min(WORDS, alike))
    return rates


def _best(code: list[int], earlier: dict[int, list[int]], lowest: int) -> tuple[int, int]:
    """The most alike of earlier texts, and how alike it is in percent: 0 where none reaches `lowest`."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    # half a percent lower, because shares of a hundred are not exact; the percentage is
    found = process.extractOne(
        code, earlier, scorer=Levenshtein.normalized_similarity, score_cutoff=(lowest - 0.5) / 100
    )
    if found is None:
        return 0, 0
    other = earlier[found[2]]
    alike = percentage(Levenshtein.distance(code, other), max(len(code), len(other)))
    return found[2], alike if alike >= lowest else 0


def _candidates(codes: Sequence[list[int]], lowest: int) -> Iterator[set[int]]:
    """For each text the earlier ones that can reach `lowest` percent. Two such texts share that part of the longer
    one's tokens; ordered by how rare they are, what each has in front of that part has a token in common (the prefix
    filter of Chaudhuri, Ganti and Kaushik, 2006)."""
    often = Counter(token for code in codes for token in code)
    holding: defaultdict[Numbered, list[int]] = defaultdict(list)
    for at, code in enumerate(codes):
        prefix = _numbered(code, often)[: len(code) - -(-len(code) * lowest // 100) + 1]
        yield {other for token in prefix for other in holding[token]}
        for token in prefix:
            holding[token].append(at)


def _numbered(code: list[int], often: Counter[int]) -> list[Numbered]:
    seen: Counter[int] = Counter()
    found = []
    for token in code:
        found.append((token, seen[token]))
        seen[token] += 1
    return sorted(found, key=lambda one: (often[one[0]], one))
