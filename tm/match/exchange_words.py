"""Words of a target exchanged by what the memory has learned: a translation, a name, a word that goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tm.match.changes import Change
from tm.match.exchange import Case, Exchange, article_fits, begins, capital, counterparts, neighbours, telling
from tm.text.tokens import Token, signature

if TYPE_CHECKING:
    from tm.match.lexicon.model import Translation

SHORTEST_NAME = 3  # letters


def same_in_english(case: Case, old: int, new: int) -> bool:
    """Whether what stands for the old word translates the new one too: "européen", "européenne"."""
    at = int(case.posteriors[old].argmax())
    if case.posteriors[old, at] < case.demands.alone:
        return False
    there = signature(case.target[at])
    translations = case.lexicon.translations(signature(case.query[new]))
    return signature(case.unit[old]) == signature(case.query[new]) or any(
        each.word == there and each.forward >= case.demands.shared for each in translations
    )


def by_lexicon(case: Case, old: int, new: int) -> Exchange | None:
    """The translation of a word in place of what stands for the old one."""
    if not all(telling(token) for token in (case.unit[old], case.query[new])):
        return None
    places = counterparts(case, range(old, old + 1))
    if places is None or len(places) != 1 or case.target[places[0]].kind != "word":
        return None
    best = _best(case, places[0], str(case.query[new].value))
    written = _written(case, places[0], best.word, (case.unit[old], case.query[new])) if best else None
    if best is None or written is None:
        return None
    return Exchange(
        range(old, old + 1), range(new, new + 1), places, (best.word,), written, "lexicon", int(best.evidence)
    )


def by_name(case: Case, old: int, new: int) -> Exchange | None:
    """A name that both languages write alike, in place of another such name."""
    gone, come = case.unit[old], case.query[new]
    if not (_is_name(case, gone) and _is_name(case, come)) or begins(case.query_text, come.start):
        return None
    places = [at for at, token in enumerate(case.target) if token.text == gone.text]
    if len(places) != 1 or sum(token.text == gone.text for token in case.unit) != 1:
        return None
    place = range(places[0], places[0] + 1)
    return Exchange(range(old, old + 1), range(new, new + 1), place, (signature(come),), come.text, "name")


def _is_name(case: Case, token: Token) -> bool:
    """Whether English keeps a word as it is: the memory says so, or is large and has never met it. An abbreviation that
    it has not met is none: NATO is OTAN."""
    if not telling(token) or len(token.text) < SHORTEST_NAME or not token.text[0].isupper():
        return False
    known = case.lexicon.translations(signature(token))
    if known:
        return known[0].word == signature(token)
    return not token.text.isupper() and case.lexicon.pairs >= case.demands.names


def dropped(case: Case, change: Change) -> Exchange | None:
    """The target without a word that the query does not have, nor says in other words."""
    if len(change.unit) != 1 or not telling(case.unit[change.unit[0]]):
        return None
    places = counterparts(case, change.unit)
    if places is None or len(places) != 1 or case.target[places[0]].kind != "word" or places.stop >= len(case.target):
        return None
    first, after = case.target[places[0]], case.target[places.stop]
    start = case.target[places[0] - 1].end if places[0] else first.start
    if after.kind != "word" or case.text[start : first.start].strip() or case.text[first.end : after.start].strip():
        return None
    if _said(case, signature(first)) or not article_fits(case.text, first, after.text):
        return None
    written = capital(after.text) if begins(case.text, first.start) else after.text
    nowhere = range(change.query.start, change.query.start)
    both = range(places[0], places[0] + 2)
    return Exchange(change.unit, nowhere, both, (signature(after),), written, "lexicon")


def _said(case: Case, english: str) -> bool:
    """Whether a word of the query may be translated by this one."""
    return any(
        each.word == english and each.forward >= case.demands.shared
        for token in case.query
        for each in case.lexicon.translations(signature(token))
    )


def _best(case: Case, place: int, word: str) -> Translation | None:
    """The translation of a French word that goes best between the neighbours of a token of the target."""
    needed = case.demands
    before, after = neighbours([signature(token) for token in case.target], range(place, place + 1))
    weights: list[tuple[float, Translation]] = []
    for each in case.lexicon.translations(word):
        if each.forward >= needed.forward and each.backward >= needed.backward and each.evidence >= needed.seen:
            met = case.lexicon.together(before, each.word) * case.lexicon.together(each.word, after)
            weights.append((each.forward * (met / case.lexicon.count(each.word, "en")) ** 0.5, each))
    weight, best = max(weights, default=(0.0, None), key=lambda pair: pair[0])
    return best if weight and weight >= needed.share * sum(weight for weight, _ in weights) else None


def _written(case: Case, place: int, word: str, pair: tuple[Token, Token]) -> str | None:
    """`word` as it must be spelled in the place of a token of the target; None where this is not certain."""
    old = case.target[place]
    usual, usual_share = case.lexicon.spelling(signature(old))
    spelling, share = case.lexicon.spelling(word)
    at_start = begins(case.text, old.start)
    if min(share, usual_share) < case.demands.spelled:
        return None if at_start else _cased(old, word, spelling, pair)
    if at_start:
        return capital(spelling) if old.text in (usual, capital(usual)) else None
    return spelling if old.text == usual else None


def _cased(old: Token, word: str, spelling: str, pair: tuple[Token, Token]) -> str | None:
    """`word` with a capital where `old` has one, if both are written with and without, and the French has not changed
    in this: "la commission", "the Committee"; "la délégation", "the Delegation"."""
    unit, query = (token.text[:1].isupper() for token in pair)
    if unit != query or spelling[1:] != word[1:] or old.text[1:] != signature(old)[1:]:
        return None
    return capital(word) if old.text[:1].isupper() else word
