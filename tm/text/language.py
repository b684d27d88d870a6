"""Which language a text is in: French against English for segments, any language for whole documents."""

from __future__ import annotations

import copy
import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from tm.types import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LEAST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]++(?:['’][^\W\d_]++)*+")
_IDEOGRAPH = re.compile("[\u3040-\u9fff]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_ENOUGH = 20_000


def identify(text: str, most: int = 300) -> Language | None:
    """French or English by the first `most` characters; None for fewer than four words or without Latin letters.

    Only these two are weighed: a text in a third language gets the nearer of them (see `dominant`).
    """
    text = text[:most]
    if words(text, LEAST_WORDS) < LEAST_WORDS or not _LATIN.search(text):
        return None
    code, _ = _identifier(french_or_english=True).classify(text)
    return "fr" if code == "fr" else "en"


def dominant(text: str) -> tuple[str, float]:
    """The ISO 639-1 code of the language of a longer text among all that are known, and its probability.

    `("", 0.0)` for fewer than four words. Reads no more than the first 20,000 characters.
    """
    if words(text, LEAST_WORDS) < LEAST_WORDS:
        return "", 0.0
    code, probability = _identifier(french_or_english=False).classify(text[:_ENOUGH])
    return str(code), float(probability)


def words(text: str, most: int = 1_000_000) -> int:
    """How many words the text has, counted up to `most`; in scripts without spaces, how many characters."""
    text = text[:_ENOUGH]
    spaced = sum(1 for _ in islice(_WORD.finditer(text), most))
    return spaced if spaced >= most else max(spaced, len(_IDEOGRAPH.findall(text)))


@lru_cache(maxsize=2)
def _identifier(*, french_or_english: bool) -> LanguageIdentifier:
    # An instance of our own: the library's `set_languages` function would change it for the whole process.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    if not french_or_english:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    restricted = copy.copy(_identifier(french_or_english=False))
    restricted.set_languages(["fr", "en"])
    return restricted
