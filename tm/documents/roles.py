"""What a block is, by the look of its text. Cues are in both languages; a reader adds what its markup says."""

from __future__ import annotations

import re

from tm.types import Role

_MONTHS = (
    r"(?:janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[ûu]t|sept(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|d[ée]c(?:embre)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:tember)?|october|november|december)\.?"
)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:er|st|nd|rd|th)?\s{{1,3}}{_MONTHS},?\s{{1,3}}\d{{4}}|{_MONTHS}\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,3}}\d{{4}}"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}\s?(?:h|:|\.)\s?\d{2}\b|\b\d{1,2}\s?h\b|\b(?:a\.m|p\.m)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_FINAL = re.compile(r"[.!?…][\s»”\")\]]*\Z")
_REFERENCE = re.compile(
    r"(?:(?:communiqué|déclaration|press release|statement|news release|réf(?:érence)?|ref(?:erence)?|dossier|document"
    r"|n°|no\.)\b[^.!?]{0,60}\d[^.!?]{0,20}|[A-Z]{1,6}(?:[/.\-][A-Z]{1,6}){0,4}[\s(/\-]{0,2}\(?\d{2,4}\)?[\s/\-]?\d{0,6})\Z",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:left to right|from left|l(?:eft)? to r(?:ight)?\b|de gauche à droite|g\. à d\.|à gauche|à droite|ci-dessus"
    r"|ci-contre|légende|caption|photo(?:graphie|graph)?\b|image\b|crédits?\b|credits?\b|pictured|\(left\)|©|\(c\))",
    re.IGNORECASE,
)
MARK = re.compile(r"[•‣▪◦●○■□▶►✓·∙*–—\-](?=\s)")
NUMBER = re.compile(r"(?:\(?(?:\d{1,2}|[ivx]{1,5}|[a-z])\)|\d{1,2}[.°])(?=\s)")

LONG_HEADING = 70
LONG_CAPTION = 400
LONG_TITLE = 250
NEAR_TOP = 4


def is_dateline(text: str) -> bool:
    """A date with at most a place, a time and a word or two about it: `Bruxelles, le 12 mars 2024 –`."""
    if len(text) > 240 or not DATE.search(text):
        return False
    rest = _TIME.sub(" ", DATE.sub(" ", text))
    return len(_WORD.findall(rest)) <= 9 and not re.search(r"\.\s*\Z", text)


def is_reference(text: str) -> bool:
    """A line that only names a document: `Communiqué de presse (2024) 042`, `PR/CP(2024)0042`."""
    return len(text) <= 120 and bool(_REFERENCE.match(text.strip())) and not DATE.search(text)


def is_caption(text: str) -> bool:
    """Words that only stand under pictures begin the text."""
    return len(text) <= LONG_CAPTION and bool(_CAPTION.match(text))


def is_quotation(text: str) -> bool:
    """The block begins with an opening quotation mark."""
    return text[:1] in {"«", "“", "„", "‟"}


def is_open_ended(text: str) -> bool:
    """No final punctuation: neither a sentence nor the introduction of a list."""
    return not ends_sentence(text) and text.rstrip()[-1:] not in {":", ";", ","}


def ends_sentence(text: str) -> bool:
    """Final punctuation, closing marks behind it allowed."""
    return bool(_FINAL.search(text))


def is_heading(text: str) -> bool:
    """Short, in one line, begins with a capital or figure, and is no sentence; a short question may be a heading."""
    text = text.strip()
    question = text.endswith("?") and len(text) <= 60 and "." not in text
    begins = text[:1].isupper() or text[:1].isdigit()
    return begins and len(text) <= LONG_HEADING and "\n" not in text and (is_open_ended(text) or question)


def paragraph_role(text: str, *, near_top: bool) -> Role:
    """What a plain paragraph is."""
    if near_top and is_dateline(text):
        return "dateline"
    if near_top and is_reference(text):
        return "subtitle"
    if is_caption(text):
        return "caption"
    return "quotation" if is_quotation(text) else "paragraph"


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit; all else is structure."""
    return any(char.isalnum() for char in text)
