"""Refusals that all formats share. Each has a stable code, says where, and says what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from tm.documents.decode import like_utf16
from tm.documents.limits import Limits
from tm.errors import InputError, TooLarge, WrongType
from tm.types import Document, Language

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (Word, OpenDocument and the like)"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"BZh9", "a bzip2 archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"%!PS", "PostScript"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOM = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROL_BYTES = bytes(range(9)) + bytes(range(14, 32)) + b"\x0b"
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# blanks, and characters that take no room or show nothing
_VISIBLE = re.compile(
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
# Unicode's stream-safe text has at most 30 marks on a letter
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{31}")
_ENGLISH_NAMES = {"fr": "French", "en": "English", "de": "German", "es": "Spanish", "it": "Italian", "nl": "Dutch",
                  "pt": "Portuguese", "zh": "Chinese", "yue": "Chinese", "ja": "Japanese", "ru": "Russian",
                  "uk": "Ukrainian", "ar": "Arabic", "pl": "Polish", "tr": "Turkish", "el": "Greek"}  # fmt: skip
_FEW_WORDS = 6
_LEAST_SHARE = 0.6


def check_bytes(data: bytes, limits: Limits, *, package: bool = False) -> None:
    """Refuses what is no text at all: EMPTY_FILE, TOO_LARGE, TYPE_MISMATCH, PASSWORD_PROTECTED. `package`: it may be an
    archive, as Word and OpenDocument write them."""
    if not data:
        raise InputError("The file is empty.", code="EMPTY_FILE", todo="Check that the right file was chosen.")
    if len(data) > limits.upload:
        raise too_large(limits)
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise InputError(
            "The file is protected with a password.", code="PASSWORD_PROTECTED", todo="Save it without a password."
        )
    if package and data.startswith(b"PK\x03\x04"):
        return
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise mismatch(name)
    sample = data[:100_000]
    controls = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    if not data.startswith(_BOM) and not like_utf16(data) and controls >= 8 and controls > 0.05 * len(sample):
        raise mismatch("a binary file")


def too_large(limits: Limits) -> TooLarge:
    """The refusal of a file over the limit, for callers that stop reading before the end of it."""
    size = f"{limits.upload / 1_000_000:g} MB"
    return TooLarge(f"The file is larger than {size}.", todo="Divide it and hand in the parts.")


def mismatch(found: str) -> WrongType:
    """The refusal of a file that is none of the kinds that are read."""
    return WrongType(
        f"The file looks like {found}.",
        todo="Hand in Word (.docx), OpenDocument (.odt), HTML, Markdown (.md) or plain text.",
    )


def check_text(text: str) -> None:
    """Refuses NO_TEXT (only blanks and invisible characters) and CONTROL_CHARACTER (NUL and its like)."""
    check_controls(text)
    if not _VISIBLE.search(text):
        raise no_text()


def check_controls(text: str) -> None:
    """Refuses CONTROL_CHARACTER alone; a text may be empty."""
    if found := _CONTROL.search(text):
        raise control_character(text, found.start())


def no_text() -> InputError:
    """The refusal of a document in which nothing can be translated."""
    return InputError("There is no text in the file.", code="NO_TEXT", todo="Check that the right file was chosen.")


def control_character(text: str, offset: int) -> InputError:
    """The refusal of a character that no text should hold and no exchange file can."""
    return InputError(
        f"The text holds the control character U+{ord(text[offset]):04X}.",
        code="CONTROL_CHARACTER",
        where=place(text, offset),
        todo="Remove it and hand the text in again.",
    )


def place(text: str, offset: int) -> str:
    """Line and character, both from 1, of an offset: `line 12, character 3`."""
    line_start = text.rfind("\n", 0, offset) + 1
    return f"line {text.count(chr(10), 0, offset) + 1}, character {offset - line_start + 1}"


def check_segment(text: str, start: int, end: int, limits: Limits, where: Callable[[], str]) -> None:
    """Refuses SEGMENT_TOO_LONG and SEGMENT_SUSPICIOUS (dozens of marks on one letter); `where` is asked only then."""
    if end - start > limits.segment:
        raise InputError(
            f"A sentence has {end - start:,} characters; at most {limits.segment:,} can be translated as one.",
            code="SEGMENT_TOO_LONG",
            where=where(),
            todo="Divide it with a full stop or an empty line.",
        )
    if found := _MARKS.search(text, start, end):
        raise InputError(
            "A letter carries more than 30 combining marks.",
            code="SEGMENT_SUSPICIOUS",
            where=f"{where()}, character {found.start() - start + 1} of the sentence",
            todo="Remove them and hand the text in again.",
        )


def too_many_segments(limits: Limits) -> TooLarge:
    """The refusal of a document with more segments than a person could work through."""
    return too_many_segments_over(limits.segments)


def too_many_segments_over(most: int) -> TooLarge:
    """The same, by the number of them."""
    return TooLarge(
        f"The document has more than {most:,} segments.",
        code="TOO_MANY_SEGMENTS",
        todo="Divide it and hand in the parts.",
    )


def check_language(document: Document, expected: Language) -> None:
    """Refuses LANGUAGE_DOUBT: a document that as a whole is not in the expected language.

    Fewer than six words are never doubted. A third language is only named where there are 20 words or more.
    """
    from tm.text.language import dominant, words

    text = "\n".join(block.text for block in document.blocks)
    count = words(text)
    if count < _FEW_WORDS:
        return
    code, probability = dominant(text)
    shares = _shares(document)
    if count >= 20 and code != expected and (probability >= 0.8 or not shares):
        raise _doubt(expected, code)
    if shares and shares[expected] < _LEAST_SHARE * shares.total():
        raise _doubt(expected, shares.most_common(1)[0][0])


def _shares(document: Document) -> Counter[str]:
    """Characters by language, of the segments for which the language can be told."""
    shares: Counter[str] = Counter()
    for block in document.blocks:
        for segment in block.segments:
            if segment.language:
                shares[segment.language] += len(segment.text)
    return shares


def _doubt(expected: Language, found: str) -> InputError:
    name = _ENGLISH_NAMES.get(found, f"the language “{found}”")
    reason = "only part of it is" if found == expected else f"it looks like {name}"
    return InputError(
        f"The text was expected in {_ENGLISH_NAMES[expected]}, but {reason}.",
        code="LANGUAGE_DOUBT",
        todo="Check that the right file was chosen.",
    )
