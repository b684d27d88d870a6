"""All checks of a segment in one call."""

from __future__ import annotations

from tm.checks.edges import edges
from tm.checks.findings import Finding, Severity
from tm.checks.marks import marks
from tm.checks.shape import shape
from tm.checks.terms import terms
from tm.checks.values import values
from tm.checks.words import words
from tm.terms import Glossary

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


def check(source: str, target: str, *, glossary: Glossary | None = None) -> list[Finding]:
    """What a second reader would find in the English `target` of the French `source`: errors first, then in the order
    of the translation. `glossary` says what terms are to be written. Values in, values out; time grows with the length
    of the texts."""
    if not target.strip():
        return [Finding("EMPTY", "There is no translation.")]
    found = list(words(source, target))
    if not any(finding.code == "UNTRANSLATED" for finding in found):
        found += [*values(source, target), *marks(source, target), *shape(source, target)]
        found += edges(source, target)
        found = _with_terms(found, list(terms(source, target, glossary)) if glossary else [])
    return sorted(found, key=lambda finding: (_ORDER[finding.severity], finding.target.start if finding.target else -1))


def _with_terms(found: list[Finding], terms: list[Finding]) -> list[Finding]:
    """With what the glossary has to say, unless an acronym is what was found there."""
    said = {finding.target for finding in found if finding.code == "ACRONYM"}
    return found + [finding for finding in terms if finding.target not in said]
