"""Classes of characters: what `\\p{…}` stands for, and whether two classes have a character in common."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache

_LAST = 0x10000  # classes end with the basic plane, where every letter of the languages at hand stands
_SAMPLE = "".join(map(chr, range(0x2200)))
_NAMES = frozenset(
    "L M N P S Z C Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf".split()
)


@cache
def _ranges() -> dict[str, list[list[int]]]:
    """The first and last of the characters that follow one another, of each category with two letters."""
    found: dict[str, list[list[int]]] = defaultdict(list)
    for code in range(_LAST):
        ranges = found[unicodedata.category(chr(code))]
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return found


@cache
def property_class(name: str) -> str | None:
    """The inside of a class for `re` with the characters of a general category (`Lu`, `L`); None if unknown."""
    if name not in _NAMES:
        return None
    ranges = [each for category, some in _ranges().items() if category.startswith(name) for each in some]
    return "".join(f"{_sign(first)}-{_sign(last)}" if last > first else _sign(first) for first, last in sorted(ranges))


def _sign(code: int) -> str:
    return chr(code) if chr(code).isalnum() else f"\\u{code:04x}"


def overlap(one: str, other: str, more: str = "") -> bool:
    """Whether a character belongs to both classes, as far as European scripts, punctuation and `more` can tell."""
    sample = _SAMPLE + more
    return one == other or not _members(one, sample).isdisjoint(_members(other, sample))


@lru_cache(maxsize=512)
def _members(written: str, sample: str) -> frozenset[str]:
    return frozenset(re.findall(written, sample))
