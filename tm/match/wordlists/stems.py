"""Stems: what the forms of a word have in common (`déployer`, `déployées`), by Snowball's algorithms.

A stem is no word and means nothing by itself: two words with the same stem are taken for forms of one word.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache, lru_cache

import Stemmer

from tm.types import Language

VERSION = str(Stemmer.version())  # stems of another version may be others
_NAMES: dict[Language, str] = {"fr": "french", "en": "english"}
_LOCK = threading.Lock()  # the library's stemmers are for one thread at a time


@cache
def _stemmer(language: Language) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_NAMES[language], 0)


def stems(words: Sequence[str], language: Language) -> list[str]:
    """The stems of many folded words: a microsecond or two each."""
    with _LOCK:
        return list(_stemmer(language).stemWords(words))


@lru_cache(maxsize=1 << 16)
def stem(word: str, language: Language) -> str:
    """The stem of a folded word."""
    return stems([word], language)[0]
