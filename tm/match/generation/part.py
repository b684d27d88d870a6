"""Rows that can be searched, in memory or mapped, and the queries on their way through them."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tm.match.generation.candidates import CHUNK, Scratch
from tm.match.generation.encoding import joined, read_only
from tm.match.generation.jit import Array
from tm.match.generation.rows import Rows, Texts
from tm.match.generation.search import UNIT_BITS, answer
from tm.match.generation.texts import ALPHABET, again, opened
from tm.match.generation.vocabulary import Vocabulary
from tm.match.index import LOWEST_THRESHOLD
from tm.types import Hit, Language

_UNIT = (1 << UNIT_BITS) - 1
_SHARE = 16  # so many queries are worth a thread of their own
_KEYS = 1 << 20  # that are kept for one call
_CORES = os.cpu_count() or 1


class Question:
    """Queries on their way through one or more parts; what the fast reading declines is read the slow way once."""

    def __init__(
        self,
        queries: Sequence[str],
        language: Language,
        threshold: int,
        limit: int | None,
        scopes: Collection[int] | None = None,
    ) -> None:
        if not LOWEST_THRESHOLD <= threshold <= 100:
            raise ValueError(f"threshold {threshold} is not between {LOWEST_THRESHOLD} and 100")
        self._queries, self._language = queries, language
        self.texts = [opened(query, language) for query in queries]
        self.threshold, self.limit = threshold, limit
        self.allowed = np.zeros(0 if scopes is None else max(scopes, default=0) + 1, np.bool_)
        self.allowed[list(scopes or ())] = True

    def again(self, at: int, declined: int) -> None:
        """Give text `at` in the next form, after `reading.read` declined it."""
        self.texts[at] = again(self._queries[at], self._language, declined)


class Part:
    """Rows that can be searched, from several threads at once.

    A row is dead from an epoch on, and a search names the epoch it asks for: who searches an earlier one still finds
    the row, however the marking and the search fall together.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = Rows(*(read_only(array) for array in rows))
        self.dead: Array = np.zeros(len(rows.units), np.uint32)
        self._spare: list[Scratch] = []

    def __len__(self) -> int:
        return len(self.rows.units)

    def living(self, unit_ids: Array) -> Array:
        """The rows of these units, without those that are dead or not here."""
        rows = self.rows
        if not len(self):
            return np.zeros(0, np.int64)
        places = np.minimum(np.searchsorted(rows.units, unit_ids, sorter=rows.by_unit), len(self) - 1)
        found = rows.by_unit[places].astype(np.int64)
        alive = (rows.units[found] == unit_ids) & (self.dead[found] == 0)
        return np.compress(alive, found)

    def texts(self) -> Texts:
        """The living rows as `rows.arranged` takes them."""
        rows = self.rows
        lengths = np.repeat(np.arange(len(rows.first) - 1), np.diff(rows.first))
        alive = self.dead == 0
        return Texts(rows.words[np.repeat(alive, lengths)], lengths[alive], rows.units[alive], rows.scopes[alive])

    def search(self, question: Question, vocabulary: Vocabulary, epoch: int) -> list[list[int]]:
        """For each query the keys of its hits, the best first, as `search.answer` says."""
        limit = max(1, len(self) if question.limit is None else min(question.limit, len(self)))
        if len(question.texts) == 1:
            return [self._one(question, vocabulary, limit, epoch)]
        found: list[list[int]] = [[] for _ in question.texts]
        which: Sequence[int] = range(len(found))
        while which:
            declined = []
            answers = self._on_all_cores(question, which, vocabulary, limit, epoch)
            for at, (count, keys) in zip(which, answers, strict=True):
                found[at] = keys
                if count < 0:
                    question.again(at, count)
                    declined.append(at)
            which = declined
        return found

    def _one(self, question: Question, vocabulary: Vocabulary, limit: int, epoch: int) -> list[int]:
        """One query, without the overhead of many."""
        while True:
            ((count, keys),) = self._ask(question, (0,), vocabulary, limit, epoch)
            if count >= 0:
                return keys
            question.again(0, count)

    def _on_all_cores(
        self, question: Question, which: Sequence[int], vocabulary: Vocabulary, limit: int, epoch: int
    ) -> list[tuple[int, list[int]]]:
        threads = min(_CORES, len(which) // _SHARE)
        share = max(1, min(-(-len(which) // max(1, 4 * threads)), _KEYS // limit))
        batches = [which[start : start + share] for start in range(0, len(which), share)]
        if threads < 2:
            answers = [self._ask(question, batch, vocabulary, limit, epoch) for batch in batches]
        else:
            with ThreadPoolExecutor(threads) as pool:
                answers = list(pool.map(lambda batch: self._ask(question, batch, vocabulary, limit, epoch), batches))
        return [each for answered in answers for each in answered]

    def _ask(
        self, question: Question, which: Sequence[int], vocabulary: Vocabulary, limit: int, epoch: int
    ) -> list[tuple[int, list[int]]]:
        text, ends = joined([question.texts[at] for at in which])
        counts, keys = np.empty(len(which), np.int64), np.empty(len(which) * limit, np.int64)
        try:
            scratch = self._spare.pop()
        except IndexError:  # as many searches at once as never before
            scratch = _scratch(len(self))
        fixed = (ALPHABET, vocabulary, self.rows, self.dead, epoch, question.allowed)
        answer(text, ends, question.threshold, limit, *fixed, scratch, counts, keys)
        self._spare.append(scratch)
        return [
            (count, keys[at * limit : at * limit + max(0, count)].tolist()) for at, count in enumerate(counts.tolist())
        ]


def _scratch(rows: int) -> Scratch:
    candidates, lengths = (np.empty(rows + CHUNK, np.uint32) for _ in range(2))
    return Scratch(np.zeros(rows, np.uint8), candidates, lengths, np.empty(rows, np.int64))


def hits_of(keys: Sequence[int]) -> list[Hit]:
    """The hits that keys stand for."""
    return [Hit(key & _UNIT, 100 - (key >> UNIT_BITS)) for key in keys]
