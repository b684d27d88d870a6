"""All checks of a segment in one call."""

from __future__ import annotations

from tm.checks.findings import Finding, Severity
from tm.checks.marks import marks
from tm.checks.shape import shape
from tm.checks.values import values
from tm.checks.words import words

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


def check(source: str, target: str) -> list[Finding]:
    """What a second reader would find in the English `target` of the French `source`: errors first, then in the order
    of the translation. Values in, values out; time grows with the length of the texts."""
    if not target.strip():
        return [Finding("EMPTY", "There is no translation.")]
    found = list(words(source, target))
    if not any(finding.code == "UNTRANSLATED" for finding in found):
        found += [*values(source, target), *marks(source, target), *shape(source, target)]
    return sorted(found, key=lambda finding: (_ORDER[finding.severity], finding.target.start if finding.target else -1))
