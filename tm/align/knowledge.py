"""What is known of words before two texts are aligned: the lexicon of a memory, as the aligner asks it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tm.errors import MemoryUnavailable
from tm.types import Language

if TYPE_CHECKING:
    from tm.match.lexicon.model import Lexicon

LEAST = 0.003  # translations less likely than this say nothing
_HELD = 100_000  # words that are kept ready


@dataclass(frozen=True, slots=True)
class Known:
    """A word of the lexicon. `rate`: how often a segment has it. `share`: how much of what it is translated by is
    known, from 0 to 1. `translations`: word of the other language -> how likely, given this one."""

    rate: float
    share: float
    translations: dict[str, float]


class Knowledge(Protocol):
    """Whoever can say how words are translated."""

    def known(self, word: str, language: Language) -> Known | None:
        """What is known of a folded word (`tm.text.tokens`) of `language`; None for one that was never met."""
        ...


def opened(folder: Path | None) -> Knowledge | None:
    """The lexicon in a folder as knowledge; None where it is missing or damaged, and texts are aligned without."""
    if folder is None:
        return None
    from tm.match.lexicon.model import Lexicon

    try:
        return Learned(Lexicon.open(folder))
    except (MemoryUnavailable, OSError, MemoryError):
        return None


class Learned:
    """A `tm.match.lexicon.Lexicon` as knowledge. Keeps what it was asked, so that a word is looked up once.

    Any number of threads may ask.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._kept: dict[Language, dict[str, Known | None]] = {"fr": {}, "en": {}}

    def known(self, word: str, language: Language) -> Known | None:
        """See `Knowledge.known`."""
        kept = self._kept[language]
        if word not in kept:
            if len(kept) >= _HELD:
                kept.clear()
            kept[word] = self._look_up(word, language)
        return kept.get(word)

    def _look_up(self, word: str, language: Language) -> Known | None:
        count = self._lexicon.count(word, language)
        if not count or not self._lexicon.pairs:
            return None
        found = self._lexicon.translations(word, language)
        share = min(1.0, sum(each.forward for each in found)) * count / (count + 1)
        likely = {each.word: each.forward for each in found if max(each.forward, each.backward) >= LEAST}
        return Known(count / self._lexicon.pairs, share, likely)
