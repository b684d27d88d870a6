"""Terms: what the glossary says is to be written, and what is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from tm.checks.findings import Finding, Mend
from tm.terms import Glossary, Said, Used, rendering
from tm.text.normalise import folded
from tm.types import Concept, Span

_ARTICLE = re.compile(r"\b(an?)(\s+)\Z", re.I)
# begin with a vowel and are spoken with none: a European, a united, a one-off
_SPOKEN = re.compile(r"(?:eu|uni(?!n)|us[aeiu]|one\b|once\b)", re.I)
# a plural that is not at the end of the term
_HEAD_FIRST = frozenset({"general", "elect", "designate", "martial", "defence", "state", "government"})


def terms(source: str, target: str, glossary: Glossary) -> Iterator[Finding]:
    """What a translation writes otherwise than the glossary has it: each term once, however often the source has it."""
    said = glossary.judge(source, target)
    yield from _forbidden(said, target)
    missing = [one for one in said if one.standing == "missing"]
    for _, places in groupby(sorted(missing, key=_concepts_of), key=_concepts_of):
        yield _missing(next(places), source, target)


def _concepts_of(said: Said) -> str:
    return repr(said.found.concepts)


def _forbidden(said: Sequence[Said], target: str) -> Iterator[Finding]:
    done: set[Span] = set()
    for one in said:
        for use in one.forbidden if one.standing == "forbidden" else ():
            if use.span not in done:
                done.add(use.span)
                written = target[use.span.start : use.span.end]
                best = use.concept.best
                message = f"“{written}” is not to be written{f': it is “{best}”' if best else ''}."
                mend = _instead(use, best, target) if best else None
                yield Finding("TERM_FORBIDDEN", message, one.found.span, use.span, mend)


def _instead(use: Used, best: str, target: str) -> Mend | None:
    """The term to write in the form of the one that stands there; None where that form is not certain."""
    written = target[use.span.start : use.span.end]
    text = best if use.plain else _plural(use.term.text, written, best)
    if text is None:
        return None
    if written[:1].isupper() and (_begins(target, use.span.start) or not use.term.text[:1].isupper()):
        text = text[:1].upper() + text[1:]
    return _with_article(target, use.span, text)


def _plural(term: str, written: str, best: str) -> str | None:
    """The term to write with the plural that was written; None for any other form."""
    if folded(term) == folded(written):
        return best
    if folded(written) not in (folded(term) + "s", folded(term) + "es"):
        return None
    if folded(best.split()[-1]) in _HEAD_FIRST or best.endswith("s"):
        return None
    if re.search(r"[^aeiou]y\Z", best):
        return best[:-1] + "ies"
    return best + ("es" if re.search(r"(?:[sxz]|[cs]h)\Z", best) else "s")


def _begins(target: str, start: int) -> bool:
    """Whether a sentence begins here."""
    return bool(re.search(r"(?:\A|[.!?:]\s)[\s“\"‘'(–-]*\Z", target[:start]))


def _with_article(target: str, span: Span, text: str) -> Mend:
    """With the article before it put right: a cease-fire, an armistice."""
    found = _ARTICLE.search(target, 0, span.start)
    if not found:
        return Mend(span, text)
    vowel = text[:1].lower() in "aeiou" and not _SPOKEN.match(text)
    article = found[1][0] + ("n" if vowel else "")
    if article.lower() == found[1].lower() or text[:2].isupper():  # acronyms are spoken as they like
        return Mend(span, text)
    return Mend(Span(found.start(1), span.end), article + found[2] + text)


def _missing(said: Said, source: str, target: str) -> Finding:
    concepts = [concept for concept in said.found.concepts if concept.agreed and concept.best]
    french = source[said.found.span.start : said.found.span.end]
    best = list(dict.fromkeys(rendering(concept, french) for concept in concepts))
    wanted = " or ".join(f"“{text}”" for text in best)
    left = _left_french(concepts, french, target)
    mend = Mend(left, best[0]) if left and len(best) == 1 else None
    insert = best[0] if len(best) == 1 and not mend else ""
    return Finding("TERM_MISSING", f"“{french}” is to be {wanted}.", said.found.span, left, mend, insert)


def _left_french(concepts: Sequence[Concept], french: str, target: str) -> Span | None:
    """Where the French term itself stands in the translation."""
    for text in (french, *(text for concept in concepts for text in concept.french)):
        if found := re.search(rf"(?<!\w){re.escape(text)}(?!\w)", target):
            return Span(*found.span())
    return None
