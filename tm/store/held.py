"""What a process holds of the memory: an index of the sources, the words of both sides, and the lexicon.

It stands on a generation where there is one, and takes in what changed since from the database.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from tm.match.index import Change, Index, TokenIndex
from tm.match.wordlists.index import WordIndex, WordLists
from tm.store import reading
from tm.types import Hit, Language

if TYPE_CHECKING:
    from tm.match.generation.index import GenerationIndex
    from tm.match.lexicon.model import Lexicon
    from tm.match.wordlists.mapped import MappedWords

SMALL = 20_000  # units up to which a list in memory answers as well, without loading the compiled search
LEXICON = "lexicon"  # the folder of a generation that holds it


class Held:
    """An index and what goes with it, at a tick of the memory's clock. One thread at a time brings it up to date; any
    number may ask meanwhile."""

    def __init__(self, index: Index, words: WordIndex, lexicon: Lexicon | None, number: int, tick: int) -> None:
        self.words, self.lexicon, self.number, self.tick = words, lexicon, number, tick
        self._index = index
        # what lies in dictionaries is for one thread at a time; what is compiled is not disturbed by changes
        self._alone = _lock(isinstance(index, TokenIndex))
        self._alone_words = _lock(isinstance(words, WordLists))

    @classmethod
    def on(cls, path: Path, number: int) -> Held:
        """What stands on the generation in a folder. Raises GenerationDamaged and LexiconDamaged."""
        from tm.match.generation.following import FollowingIndex
        from tm.match.wordlists.following import FollowingWords

        generation, words, lexicon = opened(path)
        return cls(FollowingIndex(generation), FollowingWords(words), lexicon, number, generation.tick)

    @classmethod
    def without(cls, units: int) -> Held:
        """What stands on nothing and reads so many units from the database."""
        if units <= SMALL:
            return cls(TokenIndex(), WordLists(), None, 0, -1)
        from tm.match.generation.following import FollowingIndex
        from tm.match.wordlists.following import FollowingWords

        return cls(FollowingIndex(), FollowingWords(), None, 0, -1)

    def catch_up(self, session: Session, tick: int) -> None:
        """Take in what changed up to `tick`, and perhaps some of what came after."""
        for units in reading.changed_since(session, self.tick):
            with self._alone:
                self._index.update(
                    Change(unit.id, unit.source if unit.proposed else None, unit.scope) for unit in units
                )
            with self._alone_words:
                self.words.update((unit.id, (unit.source, unit.target) if unit.proposed else None) for unit in units)
        self.tick = tick

    def search(
        self, texts: Sequence[str], threshold: int, limit: int, scopes: Collection[int] | None
    ) -> list[list[Hit]]:
        """See `tm.match.index.Index.search`."""
        with self._alone:
            return self._index.search(texts, threshold, limit, scopes)

    def holding(self, phrase: str, language: Language, inflected: bool, before: int | None) -> Iterator[int]:
        """See `WordIndex.search`."""
        with self._alone_words:
            return self.words.search(phrase, language, inflected=inflected, before=before)


def opened(path: Path) -> tuple[GenerationIndex, MappedWords, Lexicon | None]:
    """The parts of the generation in a folder, each found whole. Raises GenerationDamaged and LexiconDamaged."""
    from tm.match.generation.index import GenerationIndex
    from tm.match.lexicon.model import Lexicon
    from tm.match.wordlists.mapped import MappedWords

    lexicon = Lexicon.open(path / LEXICON) if (path / LEXICON).is_dir() else None
    return GenerationIndex(path), MappedWords(path), lexicon


def _lock(needed: bool) -> contextlib.AbstractContextManager[object]:
    return threading.Lock() if needed else contextlib.nullcontext()
