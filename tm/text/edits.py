"""How far a text was changed: the measure of what a proposal has cost."""

from __future__ import annotations

from tm.text.codes import plain


def edit_distance(one: str, other: str) -> int:
    """How many characters must be put in, taken out or replaced to make one text the other (Levenshtein); inline codes
    do not count."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(plain(one), plain(other))
