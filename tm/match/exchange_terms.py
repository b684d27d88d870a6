"""Glossary entries put into a target: they need no evidence, only a place where they go."""

from __future__ import annotations

from collections.abc import Iterator

from tm.match.changes import Change
from tm.match.exchange import Case, Exchange, article_fits, begins, capital, counterparts, text_of
from tm.text.normalise import folded
from tm.text.tokens import measured, signature, tokens

LONGEST = 6  # words of a glossary term


def by_glossary(case: Case, change: Change) -> Exchange | None:
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
        if (len(old) > 1 and old.isupper() and not english.isupper()) or not article_fits(case.text, first, english):
            return None
        written = capital(english) if begins(case.text, first.start) and first.text[:1].isupper() else english
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
    return counterparts(case, unit)
