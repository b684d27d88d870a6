"""Bytes to text and back, exactly.

A byte order mark decides, then what the markup declares, then strict UTF-8, then Windows-1252. Where none of them
gives a plausible text the file is refused: a wrong guess would spoil every segment silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tm.errors import InputError

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MARK = {encoding: mark for mark, encoding in _BOMS}
# Browsers read the Latin-1 label as Windows-1252. Codecs that are no character sets (zip, idna) must not be reached.
_DECLARED = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252",
    "iso-8859-15": "iso8859-15", "iso8859-15": "iso8859-15", "latin-9": "iso8859-15", "macintosh": "mac-roman",
}  # fmt: skip
_DECLARATION = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.I)  # fmt: skip # noqa: E501
# UTF-8 of accented Latin letters and of typographic punctuation: read as Windows-1252 they would be `Ã©` and `â€™`
_UTF8_INSIDE = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x80-\xbf]|\xc2[\xa0-\xbf]")
_FAMILIAR = frozenset(
    "àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ«»‹›‘’‚“”„–—…•·€£°§©®™¹²³¼½¾×±µªº¿¡áíóúñåøßšžÁÍÓÚÑÅØŠŽ\u00a0\u00ad"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with what is needed to write the very same bytes again; `encoding` is a Python codec name."""

    text: str
    encoding: str = "utf-8"
    bom: bool = False


def decode(data: bytes, *, markup: bool = False) -> Decoded:
    """The text of `data`; with `markup`, a declaration in its first 2,000 bytes is obeyed.

    Raises InputError ENCODING_UNCLEAR. Half of a surrogate pair, written as UTF-8, comes through for the guard to name.
    """
    for mark, encoding in _BOMS:
        # FF FE 00 00 may begin UTF-16 as well, with a character that the guard refuses by name
        if data.startswith(mark) and not (encoding == "utf-32-le" and _try(data[len(mark) :], encoding) is None):
            return Decoded(_strict(data[len(mark) :], encoding), encoding, bom=True)
    if like_utf16(data):
        raise _unclear("It looks like UTF-16 without a byte order mark.")
    declared = _declared(data) if markup else None
    if declared and (text := _try(data, declared)) is not None:
        return Decoded(text, declared)
    if (text := _try(data, "utf-8")) is not None:
        return Decoded(text)
    if (text := _try(data, "utf-8", "surrogatepass")) is not None:
        return Decoded(text)
    return Decoded(_windows(data), "cp1252")


def encode(text: str, encoding: str = "utf-8", *, bom: bool = False, errors: str = "strict") -> bytes:
    """The bytes that `decode` read `text` from. Raises UnicodeEncodeError where the encoding lacks a character, unless
    `errors` says what to write for it."""
    return (_MARK[encoding] if bom else b"") + text.encode(encoding, errors)


def _try(data: bytes, encoding: str, errors: str = "strict") -> str | None:
    try:
        return data.decode(encoding, errors)
    except UnicodeDecodeError:
        return None


def _strict(data: bytes, encoding: str) -> str:
    text = _try(data, encoding)
    if text is None:
        raise _unclear(f"Its byte order mark says {encoding.upper()}, but that cannot be read to the end.")
    return text


def _declared(data: bytes) -> str | None:
    found = _DECLARATION.search(data[:2000])
    if not found:
        return None
    return _DECLARED.get((found[1] or found[2]).decode("ascii", "replace").lower())


def like_utf16(data: bytes) -> bool:
    """Whether every other byte is mostly NUL: UTF-16 of a Latin text."""
    sample = data[: 2 * 2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    return len(sample) >= 4 and max(even, odd) >= 0.3 * len(sample) / 2 and min(even, odd) <= 0.1 * max(even, odd)


def _windows(data: bytes) -> str:
    text = _try(data, "cp1252")
    if text is None:
        raise _unclear("It is neither UTF-8 nor Windows-1252.")
    if found := _UTF8_INSIDE.search(data):
        around = data[max(0, found.start() - 20) : found.end() + 20]
        readings = f"“{_shown(around, 'utf-8')}” or “{_shown(around, 'cp1252')}”"
        raise _unclear(f"It mixes UTF-8 and Windows-1252: {readings}.", where=f"byte {found.start()}")
    special = [char for char in text if char > "\x7f"]
    if sum(char not in _FAMILIAR for char in special) > 0.1 * len(special):
        raise _unclear("Read as Windows-1252 it has signs that no French or English text has.")
    return text


def _shown(piece: bytes, encoding: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in piece.decode(encoding, "replace")).split())


def _unclear(reason: str, where: str = "") -> InputError:
    return InputError(
        f"The character encoding of the file is unclear. {reason}",
        code="ENCODING_UNCLEAR",
        where=where,
        todo="Save it as UTF-8 and hand it in again.",
    )
