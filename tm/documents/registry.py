"""The one entrance to all readers."""

from __future__ import annotations

import re
from collections.abc import Callable

from tm.documents import guard
from tm.documents.decode import Decoded, decode
from tm.documents.limits import Limits
from tm.text.rules import NO_RULES, RuleSet
from tm.types import Document, Language, Media

_ENDINGS: dict[str, Media] = {"txt": "txt", "text": "txt", "html": "html", "htm": "html", "xhtml": "html"}
_OTHER = frozenset(
    re.findall(
        r"\w+",
        "doc docx docm odt rtf pdf xls xlsx ods ppt pptx odp zip gz exe png jpg jpeg gif tmx po xliff xlf xml "
        "json csv tsv",
    )
)
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html\b)", re.I | re.S)
_MARKUP = re.compile(rb"<(?:body|article|main|div|p|h[1-6]|ul|section)\b[^<>]{0,300}>", re.I)


def read(
    data: bytes,
    *,
    filename: str | None = None,
    media: Media | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    expect: Language | None = None,
    rules: RuleSet = NO_RULES,
) -> Document:
    """The document in `data`: blocks with roles, segments with offsets and languages.

    The kind is `media` if given (`"txt"` or `"html"`, for pasted text encoded as UTF-8), else what the ending of
    `filename` says, else what the content looks like. With `expect`, a text in another language is refused.
    `rules` are those by which a project cuts sentences.
    Raises InputError (TooLarge, WrongType) with one of the codes EMPTY_FILE, NO_TEXT, TOO_LARGE, TYPE_MISMATCH,
    ENCODING_UNCLEAR, CONTROL_CHARACTER, SEGMENT_TOO_LONG, SEGMENT_SUSPICIOUS, TOO_MANY_SEGMENTS, LANGUAGE_DOUBT.
    """
    guard.check_bytes(data, limits)
    kind = media or _sniff(data, filename)
    decoded = decode(data, markup=kind == "html")
    guard.check_text(decoded.text)
    document = _reader(kind)(decoded, limits, rules)
    if not any(block.segments for block in document.blocks):
        raise guard.no_text()
    if expect:
        guard.check_language(document, expect)
    return document


def _sniff(data: bytes, filename: str | None) -> Media:
    name, dot, ending = (filename or "").rpartition(".")
    ending = ending.lower() if name and dot else ""
    page = bool(_PAGE.match(data[:2000].removeprefix(b"\xef\xbb\xbf")))
    if ending in _OTHER:
        raise guard.mismatch(f"{'HTML' if page else 'plain text'}, but its name ends in .{ending}")
    kind = _ENDINGS.get(ending)
    if kind == "txt" and page:
        raise guard.mismatch(f"HTML, but its name ends in .{ending}")
    if kind:
        return kind
    return "html" if page or _MARKUP.search(data[:2000]) else "txt"


def _reader(kind: Media) -> Callable[[Decoded, Limits, RuleSet], Document]:
    """Readers are imported when they are used: the one for HTML loads lxml."""
    if kind == "html":
        from tm.documents import html

        return html.read
    from tm.documents import txt

    return txt.read
