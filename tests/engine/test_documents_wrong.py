"""What is no document, or a damaged or dangerous one, is refused with a code and a sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.documents import make
from tests.documents.pack import odt, png, word
from tests.parts.structure_word import parts_of
from tm.documents.package import packed
from tm.documents.registry import read
from tm.errors import InputError
from tm.types import Media

FOLDER = Path(make.__file__).parent
GOOD: dict[Media, bytes] = {
    "docx": (FOLDER / "docx" / "emphasis.docx").read_bytes(),
    "odt": (FOLDER / "odt" / "emphasis.odt").read_bytes(),
}
TEXT: dict[Media, str] = {"docx": "word/document.xml", "odt": "content.xml"}
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
LONG = "mot " * 3000
MARKED = "a" + "\u0301" * 40
UTF_7 = '<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a [+ADw-!ENTITY e "x"+AD4-]+AD4-+ADw-a b="+ACY-e;"/+AD4-'


def changed(media: Media, change: Callable[[str], str]) -> bytes:
    """A good document with another text part."""
    parts = parts_of(GOOD[media])
    return packed(parts | {TEXT[media]: change(parts[TEXT[media]].decode()).encode()}, frozenset({"mimetype"}))


def declaring(media: Media, doctype: str) -> bytes:
    """A good document whose text part declares a document type."""
    return changed(media, lambda said: said.replace("\n", f"\n{doctype}", 1))


def more(media: Media, **others: bytes) -> bytes:
    """A good document with more parts."""
    return packed(parts_of(GOOD[media]) | others, frozenset({"mimetype"}))


def zipped(media: Media, write: Callable[[zipfile.ZipFile], None]) -> bytes:
    """A good document to whose archive something is done."""
    stream = io.BytesIO(GOOD[media])
    with zipfile.ZipFile(stream, "a") as archive:
        write(archive)
    return stream.getvalue()


def locked(data: bytes) -> bytes:
    """An archive that says that its first member is encrypted."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 8] + b"\x01" + data[at + 9 :]


def flipped(data: bytes) -> bytes:
    """An archive with a byte of its first member changed."""
    at = 30 + int.from_bytes(data[26:28], "little") + 3
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def said_otherwise(media: Media) -> bytes:
    """An archive whose first member has another name in front of its bytes than in its list."""
    name = next(iter(parts_of(GOOD[media]))).encode()
    return GOOD[media].replace(name, b"x" * len(name), 1)


def of_archives(media: Media) -> dict[str, tuple[bytes, str]]:
    """What can be wrong with an archive, by its name: the bytes, and the code of the refusal."""
    good = GOOD[media]
    text = TEXT[media]
    kind = zipfile.ZIP_BZIP2
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped(media, lambda archive: archive.writestr(text, b"<a/>"))
    return {
        "empty": (b"", "EMPTY_FILE"),
        "text": ("Ceci n’est pas une archive.".encode(), "TYPE_MISMATCH"),
        "page": (b"<html><p>Une page.</p></html>", "TYPE_MISMATCH"),
        "pdf": (b"%PDF-1.7 ...", "TYPE_MISMATCH"),
        "old": (OLD, "TYPE_MISMATCH"),
        "password-office": (OLD + "EncryptedPackage".encode("utf-16-le"), "PASSWORD_PROTECTED"),
        "password-zip": (locked(good), "PASSWORD_PROTECTED"),
        "cut": (good[: len(good) // 2], "ARCHIVE_DAMAGED"),
        "head-alone": (good[:4], "ARCHIVE_DAMAGED"),
        "flipped": (flipped(more(media)), "ARCHIVE_DAMAGED"),
        "bzip2": (zipped(media, lambda archive: archive.writestr("b", b"b" * 99, kind)), "ARCHIVE_DAMAGED"),
        "twice": (twice, "ARCHIVE_AMBIGUOUS"),
        "case": (more(media, **{text.upper(): b"<a/>"}), "ARCHIVE_AMBIGUOUS"),
        "behind": (good + b"more", "ARCHIVE_AMBIGUOUS"),
        "in-another": (good + good, "ARCHIVE_AMBIGUOUS"),
        "two-names": (said_otherwise(media), "ARCHIVE_AMBIGUOUS"),
        "outside": (more(media, **{"../../etc/x": b"x"}), "ARCHIVE_PATH"),
        "absolute": (more(media, **{"/etc/x": b"x"}), "ARCHIVE_PATH"),
        "drive": (more(media, **{"C:x": b"x"}), "ARCHIVE_PATH"),
        "bomb": (more(media, bomb=b"\0" * 3_000_000), "ARCHIVE_BOMB"),
        "crowd": (more(media, **{f"f{at}": b"" for at in range(2_001)}), "ARCHIVE_TOO_MANY_FILES"),
        "doctype": (declaring(media, '<!DOCTYPE a SYSTEM "a">'), "XML_DTD_FORBIDDEN"),
        "entities": (declaring(media, '<!DOCTYPE a [<!ENTITY e "x">]>'), "XML_DTD_FORBIDDEN"),
        "utf-7": (changed(media, lambda said: UTF_7), "ENCODING_UNKNOWN"),
        "other-encoding": (changed(media, lambda said: said.replace("UTF-8", "klingon")), "ENCODING_UNKNOWN"),
        "torn": (changed(media, lambda said: said[:-30]), "XML_DAMAGED"),
        "no-xml": (changed(media, lambda said: ""), "XML_DAMAGED"),
        "deep": (changed(media, lambda said: "<a>" * 300 + "</a>" * 300), "XML_TOO_DEEP"),
        "other-archive": (packed({"a.txt": b"a"}), "TYPE_MISMATCH"),
        "long": (changed(media, lambda said: said.replace("Le texte", LONG)), "SEGMENT_TOO_LONG"),
        "marks": (changed(media, lambda said: said.replace("Le texte", MARKED)), "SEGMENT_SUSPICIOUS"),
    }  # fmt: skip


def of_word() -> dict[str, tuple[bytes, str]]:
    """What can be wrong with a Word document besides."""
    types = parts_of(GOOD["docx"])["[Content_Types].xml"]
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    usual = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    picture = word({"document": "<w:p><w:r><w:drawing/></w:r></w:p>", "picture media/a.png": ""})
    sheet = {"[Content_Types].xml": types.replace(b"wordprocessingml.document", b"spreadsheetml.sheet")}
    macro = {"[Content_Types].xml": types.replace(b"document.main", b"document.macroEnabled.main")}
    template = {"[Content_Types].xml": types.replace(b"document.main", b"template.main")}
    return {
        "no-types": (packed({"word/document.xml": b"<a/>"}), "TYPE_MISMATCH"),
        "sheet": (more("docx", **sheet), "TYPE_MISMATCH"),
        "template": (more("docx", **template), "TYPE_MISMATCH"),
        "odt": (GOOD["odt"], "TYPE_MISMATCH"),
        "strict": (changed("docx", lambda said: said.replace(usual, strict)), "TYPE_MISMATCH"),
        "types-torn": (more("docx", **{"[Content_Types].xml": types[:-9]}), "XML_DAMAGED"),
        "styles-torn": (more("docx", **{"word/styles.xml": b"<w:styles"}), "XML_DAMAGED"),
        "macro": (more("docx", **{"word/vbaProject.bin": b"x"}), "MACRO_NOT_ACCEPTED"),
        "macro-enabled": (more("docx", **macro), "MACRO_NOT_ACCEPTED"),
        "program": (more("docx", **{"word/embeddings/a.exe": b"MZ"}), "MACRO_NOT_ACCEPTED"),
        "active-x": (more("docx", **{"word/activeX/a.xml": b"<a/>"}), "MACRO_NOT_ACCEPTED"),
        "pictures-alone": (picture, "NO_TEXT"),
        "no-words": (word({"document": "<w:p><w:r><w:t>… — …</w:t></w:r></w:p>"}), "NO_TEXT"),
        "all-deleted": (
            word({"document": "<w:p><w:del><w:r><w:delText>mot</w:delText></w:r></w:del></w:p>"}), "NO_TEXT",
        ),
    }  # fmt: skip


def of_odt() -> dict[str, tuple[bytes, str]]:
    """What can be wrong with an OpenDocument text besides."""
    manifest = parts_of(GOOD["odt"])["META-INF/manifest.xml"]
    secret = manifest.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")
    return {
        "docx": (GOOD["docx"], "TYPE_MISMATCH"),
        "sheet": (more("odt", mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "TYPE_MISMATCH"),
        "no-content": (packed({"mimetype": b"application/vnd.oasis.opendocument.text"}), "TYPE_MISMATCH"),
        "password": (more("odt", **{"META-INF/manifest.xml": secret}), "PASSWORD_PROTECTED"),
        "macro": (more("odt", **{"Basic/Standard/Module1.xml": b"<a/>"}), "MACRO_NOT_ACCEPTED"),
        "script": (more("odt", **{"Scripts/python/a.py": b"a"}), "MACRO_NOT_ACCEPTED"),
        "styles-torn": (more("odt", **{"styles.xml": b"<a"}), "XML_DAMAGED"),
        "pictures-alone": (
            odt({"document": "<text:p><draw:frame/></text:p>", "picture Pictures/a.png": ""}),
            "NO_TEXT",
        ),
        "no-words": (odt({"document": "<text:p>… — …</text:p>"}), "NO_TEXT"),
        "all-hidden": (odt({"document": '<text:p text:style-name="P5">mot</text:p>'}), "NO_TEXT"),
    }


def of_text(media: Media) -> dict[str, tuple[bytes, str]]:
    """What can be wrong with a file of text of any kind."""
    return {
        "empty": (b"", "EMPTY_FILE"),
        "blank": (b" \n\n\t ", "NO_TEXT"),
        "unseen": ("\u200b\u2060\ufeff".encode(), "NO_TEXT"),
        "pdf": (b"%PDF-1.7 ...", "TYPE_MISMATCH"),
        "picture": (png(), "TYPE_MISMATCH"),
        "archive": (GOOD["docx"], "TYPE_MISMATCH"),
        "rtf": (b"{\\rtf1 Bonjour}", "TYPE_MISMATCH"),
        "program": (b"\x7fELF" + b"\0" * 60, "TYPE_MISMATCH"),
        "binary": (bytes(range(256)) * 8, "TYPE_MISMATCH"),
        "control": (b"Le texte\x00 est court.", "CONTROL_CHARACTER"),
        "surrogate": (b"Le texte " + b"\xed\xa0\x80 est court.", "CONTROL_CHARACTER"),
        "no-mark": ("Le texte est court.".encode("utf-16-le"), "ENCODING_UNCLEAR"),
        "half": (b"\xff\xfe" + "Le texte".encode("utf-16-le") + b"\x20", "ENCODING_UNCLEAR"),
        "mixed": ("Le texte est déjà ".encode() + "là.".encode("cp1252"), "ENCODING_UNCLEAR"),
        "long": (f"<p>{LONG}</p>".encode() if media == "html" else LONG.encode(), "SEGMENT_TOO_LONG"),
        "marks": (f"Le {MARKED} texte.".encode(), "SEGMENT_SUSPICIOUS"),
        "large": (b"Le texte. " * 2_000_001, "TOO_LARGE"),
    }


def of_pages() -> dict[str, tuple[bytes, str]]:
    """What can be wrong with a page besides."""
    return {
        "script-alone": (b"<script>let a = 1</script>", "NO_TEXT"),
        "comment-alone": (b"<!-- mot -->", "NO_TEXT"),
        "pictures-alone": (b"<html><body><img src='a.png'></body></html>", "NO_TEXT"),
        "all-hidden": (b"<p hidden>mot</p>", "NO_TEXT"),
        "deep": (b"<div>" * 3000 + b"mot", "HTML_TOO_DEEP"),
        "controls-by-entity": (b"<p>mot &#1; mot</p>", "CONTROL_CHARACTER"),
        "controls-in-the-title": (b"<title>mot &#8; mot</title><p>autre</p>", "CONTROL_CHARACTER"),
    }


def of_markdown() -> dict[str, tuple[bytes, str]]:
    """What can be wrong with a Markdown text besides."""
    return {
        "code-alone": (b"```\nmot\n```\n", "NO_TEXT"),
        "pictures-alone": (b"![](a.png)\n", "NO_TEXT"),
        "html-alone": (b"<div>\nmot\n</div>\n", "NO_TEXT"),
        "front-alone": (b"---\ntags: [mot]\n---\n", "NO_TEXT"),
    }


CASES: dict[Media, dict[str, tuple[bytes, str]]] = {
    "docx": of_archives("docx") | of_word(),
    "odt": of_archives("odt") | of_odt(),
    "html": of_text("html") | of_pages(),
    "md": of_text("md") | of_markdown(),
    "txt": of_text("txt"),
}
ALL = [(media, name) for media, cases in CASES.items() for name in cases]


@pytest.mark.parametrize(("media", "name"), ALL, ids=lambda one: one)
def test_it_is_refused_with_its_code_and_a_sentence(media: Media, name: str) -> None:
    data, code = CASES[media][name]
    with pytest.raises(InputError) as caught:
        read(data, media=media, coded=True)
    assert caught.value.code == code
    assert caught.value.message[0].isupper()
    assert caught.value.message.endswith(".")
    assert "Error" not in str(caught.value)
