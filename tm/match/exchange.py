"""What can be exchanged in the target of a unit, and on what evidence: the judgement behind `tm.match.repair`.

A word of the target goes when it stands for the changed word and nothing else; the new word comes when the memory has
translated the French one by it often enough, and has met it beside both its new neighbours. A glossary entry needs none
of this but a place where it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tm.match.changes import Change
from tm.match.concordance import FUNCTION_WORDS
from tm.text.normalise import folded
from tm.text.tokens import Token, measured, signature, tokens

if TYPE_CHECKING:
    from tm.match.lexicon.model import Lexicon, Translation
    from tm.match.lexicon.words import Array

LONGEST = 6  # words of a glossary term


@dataclass(frozen=True, slots=True)
class Demands:
    """What evidence a replacement needs.

    `linked`: least posterior between the changed word and the word of the target that goes; `alone`: most that any
    other words together may claim there. `shared`: probability from which the word of the target is held to translate
    the new French word as well, so that nothing must change. `forward`, `backward`: least probability of the new word
    given the French one, and the reverse; `seen`: least expected number of times that the two were linked. `share`:
    least part of the evidence that speaks for the new word among all that could stand there. `spelled`: least share of
    the commonest spelling of the word that goes and of the new one.
    """

    linked: float = 0.6
    alone: float = 0.25
    shared: float = 0.15
    forward: float = 0.5
    backward: float = 0.3
    seen: float = 4.0
    share: float = 0.6
    spelled: float = 0.8


DEFAULT_DEMANDS = Demands()


@dataclass(frozen=True, slots=True)
class Exchange:
    """Tokens `unit` of the unit's source have become tokens `query`; for tokens `target` the English `written` is put.

    `words` are those of `written` as the lexicon has them; `evidence` is how often it has seen the translation.
    """

    unit: range
    query: range
    target: range
    words: tuple[str, ...]
    written: str
    origin: Literal["glossary", "lexicon"]
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


def for_change(case: Case, change: Change) -> tuple[list[Exchange], bool]:
    """What is exchanged for a change, and whether nothing is left to do."""
    term = _by_glossary(case, change)
    if term:
        return [term], True
    if len(change.unit) != len(change.query):
        return [], False
    found: list[Exchange] = []
    complete = True
    for old, new in zip(change.unit, change.query, strict=True):
        if not _same_in_english(case, old, new):
            exchange = _by_lexicon(case, old, new)
            found += [exchange] if exchange else []
            complete = complete and exchange is not None
    return found, complete


def _same_in_english(case: Case, old: int, new: int) -> bool:
    """Whether what stands for the old word translates the new one too: "européen", "européenne"."""
    at = int(case.posteriors[old].argmax())
    if case.posteriors[old, at] < case.demands.alone:
        return False
    there = signature(case.target[at])
    translations = case.lexicon.translations(signature(case.query[new]))
    return signature(case.unit[old]) == signature(case.query[new]) or any(
        each.word == there and each.forward >= case.demands.shared for each in translations
    )


def _by_lexicon(case: Case, old: int, new: int) -> Exchange | None:
    if not all(_telling(token) for token in (case.unit[old], case.query[new])):
        return None
    places = _counterparts(case, range(old, old + 1))
    if places is None or len(places) != 1 or case.target[places[0]].kind != "word":
        return None
    best = _best(case, places[0], str(case.query[new].value))
    written = _written(case, places[0], best.word) if best else None
    if best is None or written is None:
        return None
    return Exchange(
        range(old, old + 1), range(new, new + 1), places, (best.word,), written, "lexicon", int(best.evidence)
    )


def _telling(token: Token) -> bool:
    return token.kind == "word" and str(token.value) not in FUNCTION_WORDS


def _counterparts(case: Case, unit: range) -> range | None:
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


def _best(case: Case, place: int, word: str) -> Translation | None:
    """The translation of a French word that goes best between the neighbours of a token of the target."""
    needed = case.demands
    before, after = _neighbours([signature(token) for token in case.target], range(place, place + 1))
    weights: list[tuple[float, Translation]] = []
    for each in case.lexicon.translations(word):
        if each.forward >= needed.forward and each.backward >= needed.backward and each.evidence >= needed.seen:
            met = case.lexicon.together(before, each.word) * case.lexicon.together(each.word, after)
            weights.append((each.forward * (met / case.lexicon.count(each.word, "en")) ** 0.5, each))
    weight, best = max(weights, default=(0.0, None), key=lambda pair: pair[0])
    return best if weight and weight >= needed.share * sum(weight for weight, _ in weights) else None


def _neighbours(words: Sequence[str], places: range) -> tuple[str | None, str | None]:
    """The words on both sides of some; None is the edge of the text."""
    return (
        words[places.start - 1] if places.start else None,
        words[places.stop] if places.stop < len(words) else None,
    )


def _written(case: Case, place: int, word: str) -> str | None:
    """`word` as it must be spelled in the place of a token of the target; None where this is not certain."""
    old = case.target[place]
    usual, usual_share = case.lexicon.spelling(signature(old))
    spelling, share = case.lexicon.spelling(word)
    if min(share, usual_share) < case.demands.spelled:
        return None
    if _begins(case.text, old.start):
        return _capital(spelling) if old.text in (usual, _capital(usual)) else None
    return spelling if old.text == usual else None


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins here."""
    return re.search(r"(?:^|[.!?…:]\s)[\s\"'‘“«(–—-]*$", text[:at]) is not None


def _by_glossary(case: Case, change: Change) -> Exchange | None:
    """The longest glossary term of the query that covers a change, put where its counterpart stands."""
    if not case.terms or not change.unit or not change.query:
        return None
    for unit, query in _widened(case, change):
        english = case.terms.get(folded(text_of(case.query_text, case.query, query)))
        places = _named(case, unit) if english else None
        if english is None or places is None:
            continue
        first = case.target[places.start]
        old = case.text[first.start : case.target[places[-1]].end]
        if (len(old) > 1 and old.isupper() and not english.isupper()) or not _article_fits(case.text, first, english):
            return None
        written = _capital(english) if _begins(case.text, first.start) and first.text[:1].isupper() else english
        words = tuple(signature(token) for token in measured(tokens(english, "en")))
        return Exchange(unit, query, places, words, written, "glossary")
    return None


def _widened(case: Case, change: Change) -> Iterator[tuple[range, range]]:
    """The change with words that both texts have around it, the widest first."""
    left = right = 0
    while _same_at(case, change.unit.start - left - 1, change.query.start - left - 1):
        left += 1
    while _same_at(case, change.unit.stop + right, change.query.stop + right):
        right += 1
    ways = [(one, other) for one in range(left + 1) for other in range(right + 1)]
    for one, other in sorted(ways, key=lambda way: -sum(way)):
        if len(change.query) + one + other <= LONGEST:
            yield (
                range(change.unit.start - one, change.unit.stop + other),
                range(change.query.start - one, change.query.stop + other),
            )


def _same_at(case: Case, unit: int, query: int) -> bool:
    if not 0 <= unit < len(case.unit) or not 0 <= query < len(case.query):
        return False
    return signature(case.unit[unit]) == signature(case.query[query])


def _named(case: Case, unit: range) -> range | None:
    """Where the target names what these words of the unit name: by their own glossary entry, or by the links."""
    known = case.terms.get(folded(" ".join(token.text for token in case.unit[unit.start : unit.stop])))
    if known:
        name = [signature(token) for token in measured(tokens(known, "en"))]
        words = [signature(token) for token in case.target]
        starts = [at for at in range(len(words) - len(name) + 1) if words[at : at + len(name)] == name]
        if len(starts) == 1:
            return range(starts[0], starts[0] + len(name))
    return _counterparts(case, unit)


def _article_fits(text: str, first: Token, english: str) -> bool:
    """Whether "a" or "an" before the term, if there is one, is right without a doubt."""
    article = re.search(r"(?i)\b(an?)\s$", text[: first.start])
    if article is None:
        return True
    vowel = english[:1].lower() in "aeio" and not english.lower().startswith(("eu", "one", "once"))
    return vowel == (len(article[1]) == 2) and english[:1].lower() not in "hu" and not english[:2].isupper()


def fits(case: Case, exchange: Exchange, others: Sequence[Exchange]) -> bool:
    """Whether English has been met that puts the new word beside what will stand there."""
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
    before, after = _neighbours(words, places)
    together = case.lexicon.together
    return together(before, exchange.words[0]) > 0 and together(exchange.words[-1], after) > 0


def text_of(text: str, found: Sequence[Token], places: range) -> str:
    """The piece of `text` from the first to the last of the tokens at `places`."""
    return text[found[places[0]].start : found[places[-1]].end]
