"""Rows that can be searched, in memory or mapped: the lists of both languages, and which unit each row is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from tm.match.generation.encoding import read_only
from tm.match.generation.jit import Array
from tm.match.wordlists.lists import Lists
from tm.match.wordlists.phrase import Phrase, slots_of
from tm.match.wordlists.search import Slots, found
from tm.types import Language

_BLOCK = 1 << 12  # rows that are looked at first; each block after is GROWTH times the one before
_GROWTH = 4
_LARGEST = 1 << 20
_AT_ONCE = 256  # ids that are given out together


class Part:
    """Rows by ascending unit, searched from several threads at once.

    A row is dead from an epoch on, and a search names the epoch it asks for: who searches an earlier one still finds
    the row, however the marking and the search fall together.
    """

    def __init__(self, units: Array, lists: Mapping[Language, Lists]) -> None:
        self.units = units
        self.lists: dict[Language, Lists] = {
            language: Lists(*(read_only(array) for array in its)) for language, its in lists.items()
        }
        self.dead: Array = np.zeros(len(units), np.uint32)

    def __len__(self) -> int:
        return len(self.units)

    def living(self, unit_ids: Array) -> Array:
        """The rows of these units, without those that are dead or not here."""
        if not len(self):
            return np.zeros(0, np.int64)
        wanted = np.minimum(unit_ids, np.iinfo(self.units.dtype).max).astype(self.units.dtype)
        rows = np.minimum(np.searchsorted(self.units, wanted), len(self) - 1)
        return np.compress((self.units[rows] == unit_ids) & (self.dead[rows] == 0), rows)

    def search(
        self, phrase: Phrase, epoch: int, before: int | None = None, check: Callable[[], None] | None = None
    ) -> Iterator[int]:
        """The living units in which the phrase may stand, those from `before` on left out, by descending id. `check` is
        called before the arrays are looked at, each time that more of them is asked for."""
        if check is not None:
            check()
        lists = self.lists[phrase.language]
        slots = slots_of(phrase, lists)
        if slots is None:
            return iter(())
        rows = len(self) if before is None else self._rows_below(before)
        return self._blocks(lists, slots, rows, epoch, check)

    def _rows_below(self, unit_id: int) -> int:
        most = int(np.iinfo(self.units.dtype).max)
        return len(self) if unit_id > most else int(np.searchsorted(self.units, self.units.dtype.type(max(0, unit_id))))

    def _blocks(
        self, lists: Lists, slots: Slots, high: int, epoch: int, check: Callable[[], None] | None
    ) -> Iterator[int]:
        size = _BLOCK
        while high > 0:
            low = max(0, high - size) & ~63
            if check is not None:
                check()
            rows = found(lists, slots, low, high, self.dead, epoch)
            ids = self.units[rows]  # a copy: between two blocks the file is not looked at
            for start in range(0, len(ids), _AT_ONCE):
                yield from ids[start : start + _AT_ONCE].tolist()
            high, size = low, min(_LARGEST, size * _GROWTH)
