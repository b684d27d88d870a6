"""Which units hold which words: the inverted list behind concordance."""

from __future__ import annotations

from tm.text.normalise import folded
from tm.text.tokens import tokens


def _words(text: str) -> set[str]:
    return {folded(token.text) for token in tokens(text) if token.kind != "punctuation"}


class WordIndex:
    """Words of texts by unit id. A unit may be updated; the old words go."""

    def __init__(self) -> None:
        self._units: dict[str, set[int]] = {}
        self._held: dict[int, set[str]] = {}

    def update(self, unit_id: int, text: str) -> None:
        """Hold `text` under `unit_id`, in place of what was held under it before."""
        words = _words(text)
        for word in self._held.get(unit_id, set()) - words:
            self._units[word].discard(unit_id)
        for word in words:
            self._units.setdefault(word, set()).add(unit_id)
        self._held[unit_id] = words

    def holding(self, phrase: str) -> set[int]:
        """The units that hold every whole word of the phrase; the last word may be the beginning of one."""
        words = [folded(token.text) for token in tokens(phrase) if token.kind != "punctuation"]
        if not words:
            return set()
        sets = [self._units.get(word, set()) for word in words[:-1]] + [self._beginning(words[-1])]
        return set.intersection(*sorted(sets, key=len))

    def _beginning(self, start: str) -> set[int]:
        found: set[int] = set()
        for word, units in self._units.items():
            if word.startswith(start):
                found |= units
        return found
