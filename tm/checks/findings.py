"""What a check finds, as values; and the table of all codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tm.types import Span

Severity = Literal["error", "warning", "info"]

# Each code with how much it matters: errors are to block an approval, warnings to ask, the rest to tell.
CODES: dict[str, Severity] = {
    "EMPTY": "error",
    "UNTRANSLATED": "error",
    "NUMBER": "error",
    "DATE": "error",
    "TIME": "error",
    "AMOUNT": "error",
    "REFERENCE": "error",
    "ADDRESS": "error",
    "FRENCH_MARKS": "error",
    "TERM_FORBIDDEN": "error",
    "CODE_MISSING": "error",
    "CODE_FOREIGN": "error",
    "CODE_CROSSED": "error",
    "UNSEEN": "error",
    "WEEKDAY": "warning",
    "FRENCH_LEFT": "warning",
    "ACRONYM": "warning",
    "TERM_MISSING": "warning",
    "DOUBLE_WORD": "warning",
    "DOUBLE_SPACE": "warning",
    "SPACE_BEFORE_MARK": "warning",
    "QUOTES": "warning",
    "BRACKETS": "warning",
    "END_MARK": "warning",
    "LENGTH": "warning",
    "LOOK_ALIKE": "warning",
    "CAPITAL": "warning",
    "TITLE_CASE": "warning",
    "LIST_MARK": "warning",
    "SPEAKER": "warning",
    "EMPHASIS_MISSING": "warning",
    "SENTENCES": "info",
    "EDGE_SPACE": "info",
}
# what is found beside the other segments of a release, in how a text came about, or beside the style of the house
RELEASE_CODES: dict[str, Severity] = {
    "QUOTE_STYLE": "warning",
    "SPELLING": "warning",
    "UNEDITED_FUZZY": "warning",
    "SAME_SOURCE": "warning",
    "SAME_TARGET": "warning",
}


@dataclass(frozen=True, slots=True)
class Mend:
    """What would put a finding right: `text` in place of `span` of the translation."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding: its code, one sentence for people, where in the source and the translation, and a mend where it is
    certain. `insert` is what is missing from the translation, where it is only its place that is not certain."""

    code: str
    message: str
    source: Span | None = None
    target: Span | None = None
    mend: Mend | None = None
    insert: str = ""

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return CODES.get(self.code) or RELEASE_CODES[self.code]


def mended(target: str, mend: Mend) -> str:
    """The translation after a mend."""
    return target[: mend.span.start] + mend.text + target[mend.span.end :]
