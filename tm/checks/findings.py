"""What a check finds, as values; and the table of all codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tm.types import Span

Severity = Literal["error", "warning", "info"]

# Each code with how much it matters and what it is about. Errors block an approval, warnings ask.
CODES: dict[str, tuple[Severity, str]] = {
    "EMPTY": ("error", "There is no translation."),
    "UNTRANSLATED": ("error", "The translation is the French text."),
    "NUMBER": ("error", "A figure differs."),
    "DATE": ("error", "A date differs."),
    "TIME": ("error", "A time of day differs."),
    "AMOUNT": ("error", "An amount differs."),
    "REFERENCE": ("error", "The reference of a document differs."),
    "ADDRESS": ("error", "An address differs."),
    "FRENCH_MARKS": ("error", "A mark is written as in French."),
    "WEEKDAY": ("warning", "A day of the week differs."),
    "FRENCH_LEFT": ("warning", "A word was left in French."),
    "ACRONYM": ("warning", "An acronym has an English form."),
    "DOUBLE_WORD": ("warning", "A word is written twice."),
    "DOUBLE_SPACE": ("warning", "There are two spaces."),
    "SPACE_BEFORE_MARK": ("warning", "There is a space before a mark."),
    "QUOTES": ("warning", "A quotation is opened and not closed, or the other way round."),
    "BRACKETS": ("warning", "A bracket is opened and not closed, or the other way round."),
    "END_MARK": ("warning", "The mark at the end differs."),
    "LENGTH": ("warning", "The translation is much longer or shorter than such translations are."),
    "SENTENCES": ("info", "The number of sentences differs."),
    "EDGE_SPACE": ("info", "There is a space at the beginning or the end."),
}


@dataclass(frozen=True, slots=True)
class Mend:
    """What would put a finding right: `text` in place of `span` of the translation."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding: its code, one sentence for people, where in the source and the translation, and a mend where it is
    certain."""

    code: str
    message: str
    source: Span | None = None
    target: Span | None = None
    mend: Mend | None = None

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return CODES[self.code][0]


def mended(target: str, mend: Mend) -> str:
    """The translation after a mend."""
    return target[: mend.span.start] + mend.text + target[mend.span.end :]
