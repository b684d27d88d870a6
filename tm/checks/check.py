"""All checks of a segment in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tm.checks.edges import edges
from tm.checks.findings import Finding, Severity
from tm.checks.inline import inline
from tm.checks.marks import marks
from tm.checks.shape import shape
from tm.checks.terms import terms
from tm.checks.unseen import unseen
from tm.checks.values import values
from tm.checks.words import words
from tm.terms import Glossary
from tm.text.codes import CODE, Plain
from tm.types import Code

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


def check(source: str, target: str, *, glossary: Glossary | None = None, known: Sequence[Code] = ()) -> list[Finding]:
    """What `of_plain` finds in the texts without their inline codes, with places in the texts as they are, and what is
    wrong with the codes; `known` tells what those of the source stand for."""
    seen, made = Plain(source), Plain(target)
    found = of_plain(seen.text, made.text, glossary=glossary)
    if seen.text == source and made.text == target:
        return found
    found = [_moved(finding, seen, made) for finding in found]
    return _sorted([*found, *(inline(source, target, known) if made.text.strip() else ())])


def _moved(finding: Finding, seen: Plain, made: Plain) -> Finding:
    """A finding with its places in the texts with codes. What would mend it over a code is not certain any more."""
    source = seen.span(finding.source) if finding.source else None
    target = made.span(finding.target) if finding.target else None
    mend = replace(finding.mend, span=made.span(finding.mend.span)) if finding.mend else None
    if mend and CODE.search(made.coded[mend.span.start : mend.span.end]):
        mend = None
    return replace(finding, source=source, target=target, mend=mend)


def of_plain(source: str, target: str, *, glossary: Glossary | None = None) -> list[Finding]:
    """What a second reader would find in the English `target` of the French `source`: errors first, then in the order
    of the translation. `glossary` says what terms are to be written. Values in, values out; time grows with the length
    of the texts."""
    if not target.strip():
        return [Finding("EMPTY", "There is no translation.")]
    found = [*words(source, target), *unseen(source, target)]
    if not any(finding.code == "UNTRANSLATED" for finding in found):
        found += [*values(source, target), *marks(source, target), *shape(source, target)]
        found += edges(source, target)
        found = _with_terms(found, list(terms(source, target, glossary)) if glossary else [])
    return _sorted(found)


def _sorted(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda finding: (_ORDER[finding.severity], finding.target.start if finding.target else -1))


def _with_terms(found: list[Finding], terms: list[Finding]) -> list[Finding]:
    """With what the glossary has to say, unless an acronym is what was found there."""
    said = {finding.target for finding in found if finding.code == "ACRONYM"}
    return found + [finding for finding in terms if finding.target not in said]
