"""Which words of a proposal stand for words that the text to translate does not have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tm.match.changes import changes
from tm.text.tokens import Token, measured, tokens
from tm.types import Span

if TYPE_CHECKING:
    from tm.match.lexicon.model import Lexicon
    from tm.match.lexicon.words import Array

SURE = 0.35  # what the changed words together must claim of a target word


def hints(query: str, unit_source: str, target: str, lexicon: Lexicon) -> tuple[Span, ...]:
    """The spans of the English `target` that belong to words of `unit_source` that are not in `query`, ascending.

    `target` is the proposal as it is shown, localised or not: values of placeables are not looked at. Neighbouring
    words are one span. Words that the query has more than the unit have no counterpart and leave no mark.
    """
    wanted, held, there = measured(tokens(query)), measured(tokens(unit_source)), measured(tokens(target, "en"))
    changed = sorted({at for change in changes(wanted, held) for at in change.unit})
    if not changed or not there:
        return ()
    posteriors = lexicon.posteriors(held, there)
    claimed = posteriors[changed].sum(axis=0)
    return runs(target, there, (claimed >= SURE) & (2 * claimed >= posteriors.sum(axis=0)))


def runs(text: str, found: Sequence[Token], marked: Array) -> tuple[Span, ...]:
    """The spans of the tokens of `text` that are marked, ascending; those with nothing between them are one."""
    spans: list[Span] = []
    for at, token in enumerate(found):
        if not marked[at]:
            continue
        if at and marked[at - 1] and not text[found[at - 1].end : token.start].strip():
            spans[-1] = Span(spans[-1].start, token.end)
        else:
            spans.append(Span(token.start, token.end))
    return tuple(spans)
