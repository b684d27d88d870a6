"""The one entrance to all readers, and to all writers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module

from tm.documents import guard
from tm.documents.assemble import finished
from tm.documents.decode import Decoded, decode
from tm.documents.limits import Limits
from tm.documents.opened import Opened
from tm.errors import InputError
from tm.text.rules import NO_RULES, RuleSet
from tm.types import Document, Language, Media

_ENDINGS: dict[str, Media] = {
    "txt": "txt", "text": "txt", "html": "html", "htm": "html", "xhtml": "html", "md": "md", "markdown": "md",
    "docx": "docx", "odt": "odt",
}  # fmt: skip
PACKAGES: frozenset[Media] = frozenset({"docx", "odt"})
TYPES: dict[Media, str] = {
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
_OTHER = frozenset(
    re.findall(
        r"\w+",
        "doc docm dotx dotm rtf pdf xls xlsx ods ppt pptx odp zip gz exe png jpg jpeg gif tmx po xliff xlf xml json "
        "csv tsv",
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
    coded: bool = False,
) -> Document:
    """The document in `data`: blocks with roles, segments with offsets and languages; `coded`: with inline codes
    (`tm.text.codes`) for emphasis, links and what else stands in the text.

    The kind is `media` if given (`"txt"`, `"html"` or `"md"` for pasted text encoded as UTF-8), else what the ending of
    `filename` says, else what the content looks like. With `expect`, a text in another language is refused.
    `rules` are those by which a project cuts sentences.
    Raises InputError (TooLarge, WrongType) with one of the codes EMPTY_FILE, NO_TEXT, TOO_LARGE, TYPE_MISMATCH,
    ENCODING_UNCLEAR, CONTROL_CHARACTER, SEGMENT_TOO_LONG, SEGMENT_SUSPICIOUS, TOO_MANY_SEGMENTS, LANGUAGE_DOUBT; of
    archives also those of `tm.documents.package`, MACRO_NOT_ACCEPTED and PASSWORD_PROTECTED.
    """
    kind = _kind(data, filename, media, limits)
    document = _document(kind, data, limits, rules, coded=coded)
    if not any(block.segments for block in document.blocks):
        raise guard.no_text()
    if expect:
        guard.check_language(document, expect)
    return document


def write(
    data: bytes,
    sources: Sequence[str],
    targets: Sequence[str],
    *,
    media: Media,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> bytes:
    """The file in `data` with `targets` (with codes) in place of its blocks, which were `sources`: in its own format,
    and with nothing changed but the text, and the language that it is declared to be in.

    Raises InputError: DOCUMENT_CHANGED where the blocks of the file are no more those that were translated,
    CONTROL_CHARACTER also for one in a target, and the codes of `read`.
    """
    _kind(data, None, media, limits)
    for text in targets:
        guard.check_controls(text)
    if media == "txt":
        return _plain_text(data, sources, targets)
    page = _opened(media, data, limits.segments)
    if [raw.text for raw in page.raw] != list(sources):
        # translated before descriptions of pictures were read: a publication is made again as it was
        page.raw = [raw for raw in page.raw if not raw.said]
        if [raw.text for raw in page.raw] != list(sources):
            raise _changed()
    texts = {at: text.replace("\f", " ") for at, text in enumerate(targets)}  # no element can hold a form feed
    return page.written({at: text for at, text in texts.items() if text != sources[at] or media in PACKAGES})


def _changed() -> InputError:
    return InputError(
        "The file that was handed in is read differently now than when it was translated.",
        code="DOCUMENT_CHANGED",
        todo="Hand it in again as a new version: what stands is carried over.",
    )


def _plain_text(data: bytes, sources: Sequence[str], targets: Sequence[str]) -> bytes:
    from tm.documents import txt
    from tm.documents.decode import encode

    decoded = decode(data)
    whole = txt.written(decoded.text, sources, targets)
    if whole is None:
        raise _changed()
    try:
        return encode(whole, decoded.encoding, bom=decoded.bom)
    except UnicodeEncodeError:
        return whole.encode("utf-8")


def _kind(data: bytes, filename: str | None, media: Media | None, limits: Limits) -> Media:
    archive = data.startswith(b"PK\x03\x04")
    kind = media if media or not archive else _of_archive(data, filename)
    guard.check_bytes(data, limits, package=kind in PACKAGES)
    if kind is None:
        kind = _sniff(data, filename)
    if kind in PACKAGES and not archive:
        raise guard.mismatch(f"{_named(data)}, but its name ends in .{kind}")
    return kind


def _of_archive(data: bytes, filename: str | None) -> Media | None:
    """The kind of an archive, by its name, else by what is in it; None where it is none that is read."""
    by_name = _ENDINGS.get(_ending(filename))
    if by_name:
        return by_name
    if b"application/vnd.oasis.opendocument.text" in data[:200]:
        return "odt"
    return "docx" if not _ending(filename) and b"[Content_Types].xml" in data else None


def _ending(filename: str | None) -> str:
    name, dot, ending = (filename or "").rpartition(".")
    return ending.lower() if name and dot else ""


def _named(data: bytes) -> str:
    return "HTML" if _is_page(data) else "plain text"


def _is_page(data: bytes) -> bool:
    return bool(_PAGE.match(data[:2000].removeprefix(b"\xef\xbb\xbf")))


def _sniff(data: bytes, filename: str | None) -> Media:
    ending, page = _ending(filename), _is_page(data)
    if ending in _OTHER:
        raise guard.mismatch(f"{_named(data)}, but its name ends in .{ending}")
    kind = _ENDINGS.get(ending)
    if kind in ("txt", "md") and page:
        raise guard.mismatch(f"HTML, but its name ends in .{ending}")
    if kind:
        return kind
    return "html" if page or _MARKUP.search(data[:2000]) else "txt"


def _document(kind: Media, data: bytes, limits: Limits, rules: RuleSet, *, coded: bool) -> Document:
    """Readers are imported when they are used: most of them load lxml."""
    if kind in PACKAGES:
        return finished(_opened(kind, data, limits.segments), kind, limits, rules, coded=coded)
    decoded = decode(data, markup=kind == "html")
    guard.check_text(decoded.text)
    if kind == "txt":
        return _text_document(decoded, limits, rules)
    document: Document = import_module(_MODULES[kind]).read(decoded, limits, rules, coded=coded)
    return document


def _text_document(decoded: Decoded, limits: Limits, rules: RuleSet) -> Document:
    from tm.documents import txt

    return txt.read(decoded, limits, rules)


_MODULES: dict[Media, str] = {
    "html": "tm.documents.html",
    "md": "tm.documents.markdown",
    "docx": "tm.documents.docx",
    "odt": "tm.documents.odt",
}


def _opened(kind: Media, data: bytes, most: int) -> Opened:
    source = data if kind in PACKAGES else decode(data, markup=kind == "html")
    page: Opened = import_module(_MODULES[kind]).opened(source, most)
    return page
