"""What concordance asks of an index of words, and the index for small memories, in plain Python."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol

from tm.match.wordlists.reading import folded, words
from tm.match.wordlists.stems import stem
from tm.types import Language

Texts = tuple[str, str]  # French and English
Changes = Iterable[tuple[int, Texts | None]]
LANGUAGES: tuple[Language, Language] = ("fr", "en")


class WordIndex(Protocol):
    """Finds the units in which a phrase may stand. Values in, values out; nobody else's clock or store."""

    def update(self, changes: Changes) -> None:
        """Put in or replace units, each an id and its French and English; None takes the unit away, if it is there."""

    def search(
        self, phrase: str, language: Language, *, inflected: bool = False, before: int | None = None
    ) -> Iterator[int]:
        """The units, by descending id, in which `tm.match.concordance.passages` may find the phrase: none where it does
        is missing, some where it does not may be among them. They are found as they are asked for: who needs fifty
        pays for little more. With `before`, only units with a smaller id: so one page follows another. A phrase without
        words finds nothing."""

    def __len__(self) -> int:
        """How many units are held."""


class WordLists:
    """`WordIndex` as sets of units by word. One thread at a time: a caller with several holds a lock."""

    def __init__(self) -> None:
        self._lists = {language: _Lists(language) for language in LANGUAGES}
        self._held: dict[int, dict[Language, frozenset[str]]] = {}

    def update(self, changes: Changes) -> None:
        """See `WordIndex.update`."""
        for unit_id, texts in changes:
            for language, gone in self._held.pop(unit_id, {}).items():
                self._lists[language].drop(unit_id, gone)
            if texts is not None:
                held = {
                    language: frozenset(words(folded(text), language))
                    for language, text in zip(LANGUAGES, texts, strict=True)
                }
                for language, fresh in held.items():
                    self._lists[language].add(unit_id, fresh)
                self._held[unit_id] = held

    def search(
        self, phrase: str, language: Language, *, inflected: bool = False, before: int | None = None
    ) -> Iterator[int]:
        """See `WordIndex.search`."""
        asked = words(folded(phrase), language)
        if not asked:
            return iter(())
        lists = self._lists[language]
        found = [lists.holding(word, inflected) for word in asked[:-1]]
        found.append(lists.beginning(asked[-1], inflected))
        hits = sorted(set.intersection(*sorted(found, key=len)), reverse=True)
        return iter(hits if before is None else [unit_id for unit_id in hits if unit_id < before])

    def __len__(self) -> int:
        """See `WordIndex.__len__`."""
        return len(self._held)


class _Lists:
    """The words of one language. A word stays when its last unit is gone: it may come again."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._units: dict[str, set[int]] = {}
        self._sorted: list[str] = []
        self._forms: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, unit_id: int, fresh: frozenset[str]) -> None:
        for word in fresh:
            units = self._units.get(word)
            if units is None:
                units = self._units[word] = set()
                insort(self._sorted, word)
                self._forms[stem(word, self._language)].append(word)
            units.add(unit_id)

    def drop(self, unit_id: int, gone: frozenset[str]) -> None:
        for word in gone:
            self._units[word].discard(unit_id)

    def holding(self, word: str, inflected: bool) -> set[int]:
        forms = self._forms.get(stem(word, self._language), []) if inflected else [word]
        return set().union(*(self._units.get(form, ()) for form in forms))

    def beginning(self, start: str, inflected: bool) -> set[int]:
        found = self.holding(start, True) if inflected else set()
        for at in range(bisect_left(self._sorted, start), len(self._sorted)):
            if not self._sorted[at].startswith(start):
                break
            found |= self._units[self._sorted[at]]
        return found
