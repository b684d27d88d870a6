"""What can be exchanged in the target of a unit, and on what evidence: the judgement behind `tm.match.repair`.

A word of the target goes when it stands for the changed word and nothing else; what comes must have been met beside
both its new neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tm.match.concordance import FUNCTION_WORDS
from tm.text.tokens import Token, signature

if TYPE_CHECKING:
    from tm.match.lexicon.model import Lexicon
    from tm.match.lexicon.words import Array


@dataclass(frozen=True, slots=True)
class Demands:
    """What evidence a replacement needs.

    `linked`: least posterior between the changed word and the word of the target that goes; `alone`: most that any
    other words together may claim there. `shared`: probability from which the word of the target is held to translate
    the new French word as well, so that nothing must change. `forward`, `backward`: least probability of the new word
    given the French one, and the reverse; `seen`: least expected number of times that the two were linked. `share`:
    least part of the evidence that speaks for the new word among all that could stand there. `spelled`: least share of
    the commonest spelling of the word that goes and of the new one, unless the French shows the capital. `names`: pairs
    that the memory must have been learned from before a word with a capital that it never met is held for a name.
    """

    linked: float = 0.6
    alone: float = 0.25
    shared: float = 0.15
    forward: float = 0.5
    backward: float = 0.3
    seen: float = 4.0
    share: float = 0.6
    spelled: float = 0.8
    names: int = 20_000


DEFAULT_DEMANDS = Demands()
_TITLED = re.compile(r"\b(?:MM|Mr|Mrs|Ms|Dr|Mgr|St|[A-Z])\.\s$")  # whose full stop ends no sentence


@dataclass(frozen=True, slots=True)
class Exchange:
    """Tokens `unit` of the unit's source have become tokens `query`; for tokens `target` the English `written` is put.

    `words` are those of `written` as the lexicon has them; `evidence` is how often it has seen the translation, 0 for
    what needs none. A word that only goes is put as the word after it, which `target` covers too; `query` is empty.
    """

    unit: range
    query: range
    target: range
    words: tuple[str, ...]
    written: str
    origin: Literal["glossary", "lexicon", "name"]
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A unit with its target beside the query, in tokens."""

    query_text: str
    query: Sequence[Token]
    unit: Sequence[Token]
    text: str
    target: Sequence[Token]
    posteriors: Array
    lexicon: Lexicon
    terms: Mapping[str, str]
    demands: Demands


def telling(token: Token) -> bool:
    """Whether a word says something by itself."""
    return token.kind == "word" and str(token.value) not in FUNCTION_WORDS


def counterparts(case: Case, unit: range) -> range | None:
    """The words of the target, in one piece, that stand for these words of the unit and for nothing else."""
    ours = case.posteriors[unit.start : unit.stop].sum(axis=0)
    others = case.posteriors.sum(axis=0) - ours
    places = [at for at in range(len(case.target)) if ours[at] >= case.demands.linked]
    if not places or places[-1] - places[0] >= len(places):
        return None
    if max(others[at] for at in places) > case.demands.alone:
        return None
    if sum(claim for at, claim in enumerate(ours) if at not in places) > case.demands.alone * len(unit):
        return None
    words = [signature(token) for token in case.target]
    # a word that comes twice may be meant in both places
    return range(places[0], places[-1] + 1) if len(places) > 1 or words.count(words[places[0]]) == 1 else None


def neighbours(words: Sequence[str], places: range) -> tuple[str | None, str | None]:
    """The words on both sides of some; None is the edge of the text."""
    return (
        words[places.start - 1] if places.start else None,
        words[places.stop] if places.stop < len(words) else None,
    )


def capital(word: str) -> str:
    """The word as it begins a sentence."""
    return word[:1].upper() + word[1:]


def begins(text: str, at: int) -> bool:
    """Whether a sentence begins here."""
    before = text[:at]
    return re.search(r"(?:^|[.!?…:]\s)[\s\"'‘“«(–—-]*$", before) is not None and not _TITLED.search(before)


def article_fits(text: str, first: Token, english: str) -> bool:
    """Whether "a" or "an" before the term, if there is one, is right without a doubt."""
    article = re.search(r"(?i)\b(an?)\s$", text[: first.start])
    if article is None:
        return True
    vowel = english[:1].lower() in "aeio" and not english.lower().startswith(("eu", "one", "once"))
    return vowel == (len(article[1]) == 2) and english[:1].lower() not in "hu" and not english[:2].isupper()


def fits(case: Case, exchange: Exchange, others: Sequence[Exchange]) -> bool:
    """Whether English has been met that puts the new word beside what will stand there, and does not say it twice."""
    words: list[str] = []
    at = 0
    places = range(0)
    for each in sorted(others, key=lambda other: other.target.start):
        words += [signature(token) for token in case.target[at : each.target.start]]
        if each is exchange:
            places = range(len(words), len(words) + len(each.words))
        words += each.words
        at = each.target.stop
    words += [signature(token) for token in case.target[at:]]
    if _said_twice(case, exchange, words):
        return False
    before, after = neighbours(words, places)
    together = case.lexicon.together
    return together(before, exchange.words[0]) > 0 and together(exchange.words[-1], after) > 0


def _said_twice(case: Case, exchange: Exchange, words: Sequence[str]) -> bool:
    """Whether a word that comes would stand in the target more often than its French in the query."""
    if len(exchange.query) != 1:
        return False
    word = signature(case.query[exchange.query[0]])
    return words.count(exchange.words[0]) > [signature(token) for token in case.query].count(word)


def text_of(text: str, found: Sequence[Token], places: range) -> str:
    """The piece of `text` from the first to the last of the tokens at `places`; "" where there are none."""
    if not places:
        return ""
    return text[found[places[0]].start : found[places[-1]].end]
