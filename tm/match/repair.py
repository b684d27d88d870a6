"""A proposal with the words put in that the text to translate has in place of the unit's: where evidence is strong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tm.match.changes import Change, changes
from tm.match.exchange import DEFAULT_DEMANDS, Case, Demands, Exchange, fits, telling, text_of
from tm.match.exchange_terms import by_glossary
from tm.match.exchange_words import by_lexicon, by_name, dropped, same_in_english
from tm.text.tokens import measured, tokens
from tm.types import Repaired, Replacement, Span

if TYPE_CHECKING:
    from tm.match.lexicon.model import Lexicon

__all__ = ["Demands", "repair"]


def repair(
    query: str,
    unit_source: str,
    target: str,
    lexicon: Lexicon,
    *,
    terms: Mapping[str, str] | None = None,
    demands: Demands = DEFAULT_DEMANDS,
) -> Repaired | None:
    """`target`, the English of `unit_source`, with the words exchanged that `query` has in their place; None where
    nothing is to be exchanged, or the evidence is too weak.

    `target` may be localised already. `terms` are glossary entries: French as `tm.text.normalise.folded` gives it, and
    the English to write. Capitals are kept where a sentence begins; punctuation and spaces are never touched.
    """
    wanted, held, there = measured(tokens(query)), measured(tokens(unit_source)), measured(tokens(target, "en"))
    differing = changes(wanted, held)
    if not differing or not there or not held:
        return None
    posteriors = lexicon.posteriors(held, there)
    case = Case(query, wanted, held, target, there, posteriors, lexicon, terms or {}, demands)
    exchanges: list[Exchange] = []
    complete = True
    for change in differing:
        found, whole = _for_change(case, change)
        complete = complete and whole
        exchanges += [each for each in found if not any(set(each.target) & set(other.target) for other in exchanges)]
    fitting = [each for each in exchanges if each.origin != "lexicon" or fits(case, each, exchanges)]
    return _made(case, fitting, complete and len(fitting) == len(exchanges)) if fitting else None


def _for_change(case: Case, change: Change) -> tuple[list[Exchange], bool]:
    """What is exchanged for a change, and whether nothing is left to do."""
    term = by_glossary(case, change)
    if term:
        return [term], True
    if not change.query:
        gone = dropped(case, change)
        return ([gone], True) if gone else ([], False)
    pairs, complete = _paired(case, change)
    found: list[Exchange] = []
    for old, new in pairs:
        if not same_in_english(case, old, new):
            exchange = by_lexicon(case, old, new) or by_name(case, old, new)
            found += [exchange] if exchange else []
            complete = complete and exchange is not None
    return found, complete


def _paired(case: Case, change: Change) -> tuple[list[tuple[int, int]], bool]:
    """Which word of a change stands for which, and whether that is all of them: word by word where there are as many,
    else the telling ones alone, where those are as many."""
    if len(change.unit) == len(change.query):
        return list(zip(change.unit, change.query, strict=True)), True
    ours = [at for at in change.unit if telling(case.unit[at])]
    theirs = [at for at in change.query if telling(case.query[at])]
    return (list(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) else []), False


def _made(case: Case, exchanges: Sequence[Exchange], complete: bool) -> Repaired:
    pieces: list[str] = []
    done: list[Replacement] = []
    at = length = 0
    for each in sorted(exchanges, key=lambda exchange: exchange.target.start):
        first, last = case.target[each.target[0]], case.target[each.target[-1]]
        pieces += [case.text[at : first.start], each.written]
        span = Span(length + first.start - at, length + first.start - at + len(each.written))
        unit = " ".join(token.text for token in case.unit[each.unit.start : each.unit.stop])
        query = text_of(case.query_text, case.query, each.query)
        old = case.text[first.start : last.end]
        done.append(Replacement(unit, query, old, each.written, span, each.origin, each.evidence))
        at, length = last.end, span.end
    return Repaired("".join([*pieces, case.text[at:]]), tuple(done), complete)
