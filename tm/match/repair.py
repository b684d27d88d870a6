"""A proposal with the words put in that the text to translate has in place of the unit's: where evidence is strong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tm.match.changes import changes
from tm.match.exchange import DEFAULT_DEMANDS, Case, Demands, Exchange, fits, for_change, text_of
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
        found, whole = for_change(case, change)
        complete = complete and whole
        exchanges += [each for each in found if not any(set(each.target) & set(other.target) for other in exchanges)]
    fitting = [each for each in exchanges if each.origin == "glossary" or fits(case, each, exchanges)]
    return _made(case, fitting, complete and len(fitting) == len(exchanges)) if fitting else None


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
