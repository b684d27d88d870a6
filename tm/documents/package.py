"""Zip packages as Word and OpenDocument make them, opened without trusting a byte of them.

Everything is checked before anything is unpacked, and counted again while it is, because declared sizes lie. A package
is read whole into memory: it is at most `Bounds.unpacked`.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from tm.errors import InputError, TooLarge

# what the readers of archives can raise on damaged bytes, as far as is known
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError, ValueError,
           OSError, UnicodeError, KeyError, IndexError)  # fmt: skip
_FIXED = (1980, 1, 1, 0, 0, 0)
_END = b"PK\x05\x06"
_DRIVE = re.compile(r"[A-Za-z]:")
_ENCODING = re.compile(rb"[^<]{0,40}<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = frozenset("utf-8 utf8 utf-16 utf-16le utf-16be us-ascii ascii iso-8859-1 iso-8859-15 windows-1252".split())
_STORED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a package may be: bytes unpacked, members, and how often larger than packed above a megabyte."""

    unpacked: int = 200_000_000
    members: int = 2_000
    ratio: int = 100
    large: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Package:
    """The members of an archive by name, in their order, and which of them were stored as they are."""

    parts: Mapping[str, bytes]
    stored: frozenset[str]


def opened(data: bytes, kind: str, bounds: Bounds = Bounds()) -> Package:
    """The package in `data`; `kind` is what it should be, for messages (`Word document`).

    Raises InputError: ARCHIVE_DAMAGED, ARCHIVE_AMBIGUOUS, ARCHIVE_PATH, PASSWORD_PROTECTED; TooLarge: ARCHIVE_BOMB,
    ARCHIVE_TOO_MANY_FILES.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check(data, members, bounds)
            parts = _unpacked(archive, members, bounds)
            return Package(parts, frozenset(one.filename for one in members if one.compress_type == 0))
    except InputError:
        raise
    except _DAMAGE as error:
        raise InputError(
            f"The {kind} is damaged.", code="ARCHIVE_DAMAGED", todo="Open it in its own program and save it again."
        ) from error


def _check(data: bytes, members: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    if len(members) > bounds.members:
        raise TooLarge(
            f"The archive has more than {bounds.members:,} files.",
            code="ARCHIVE_TOO_MANY_FILES",
            todo="Open it in its own program and save it again.",
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise locked()
    names = [member.filename for member in members]
    if len({name.casefold() for name in names}) != len(names):
        raise _ambiguous("two files of one name")
    if data.count(_END, max(0, len(data) - 70_000)) > 1 or not _ends_there(data):
        raise _ambiguous("more behind its end")
    for member in members:
        _check_member(data, member)
    if sum(member.file_size for member in members) > bounds.unpacked:
        raise bomb(bounds)
    for member in members:
        if member.file_size > bounds.large and member.file_size > bounds.ratio * max(member.compress_size, 1):
            raise bomb(bounds)


def _ends_there(data: bytes) -> bool:
    """Whether the archive's end record is the end of the file, its comment included."""
    at = data.rfind(_END)
    return at >= 0 and len(data) >= at + 22 and len(data) == at + 22 + int.from_bytes(data[at + 20 : at + 22], "little")


def _check_member(data: bytes, member: zipfile.ZipInfo) -> None:
    name, parts = member.filename, member.filename.replace("\\", "/").split("/")
    link = (member.external_attr >> 16) & 0o170000 == 0o120000
    if name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in parts or "\0" in name or link:
        raise InputError(
            "The archive names a file outside of itself.", code="ARCHIVE_PATH", todo="Do not open it; ask who sent it."
        )
    if member.compress_type not in _STORED:
        raise zipfile.BadZipFile("method")
    at = member.header_offset
    size = int.from_bytes(data[at + 26 : at + 28], "little")
    raw = data[at + 30 : at + 30 + size]
    if data[at : at + 4] != b"PK\x03\x04" or raw not in (name.encode("utf-8"), name.encode("cp437", "replace")):
        raise _ambiguous("two names for one file")


def _unpacked(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], bounds: Bounds) -> dict[str, bytes]:
    left, parts = bounds.unpacked, {}
    for member in members:
        if member.is_dir():
            continue
        with archive.open(member) as file:
            parts[member.filename] = file.read(min(left, member.file_size) + 1)
        left -= len(parts[member.filename])
        if left < 0 or len(parts[member.filename]) > member.file_size:
            raise bomb(bounds)
    return parts


def bomb(bounds: Bounds) -> TooLarge:
    """The refusal of an archive that unpacks to far more than it is."""
    return TooLarge(
        f"The archive unpacks to more than {bounds.unpacked // 1_000_000} MB, or to {bounds.ratio} times its size.",
        code="ARCHIVE_BOMB",
        todo="Open it in its own program and save it again.",
    )


def locked() -> InputError:
    """The refusal of a file with a password."""
    return InputError(
        "The file is protected with a password.", code="PASSWORD_PROTECTED", todo="Save it without a password."
    )


def _ambiguous(what: str) -> InputError:
    return InputError(
        f"The archive can be read in two ways: it has {what}.",
        code="ARCHIVE_AMBIGUOUS",
        todo="Open it in its own program and save it again.",
    )


def packed(parts: Mapping[str, bytes], stored: frozenset[str] = frozenset(), *, deflate: bool = True) -> bytes:
    """The archive of the parts, in their order: the same parts give the same bytes on a machine, and on every machine
    without `deflate`. No times, no names of programs."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED if deflate and name not in stored else zipfile.ZIP_STORED
            archive.writestr(entry, data)
    return stream.getvalue()


def tree(data: bytes, where: str, limits: tuple[int, int] = (250, 2_000_000)) -> etree._Element:
    """The XML of a part, of which nothing is fetched or expanded. `limits`: how deep, and how many elements.

    Raises InputError: XML_DTD_FORBIDDEN, XML_DAMAGED, XML_TOO_DEEP, ENCODING_UNKNOWN.
    """
    if b"<!DOCTYPE" in data[:100_000] or b"<!ENTITY" in data or _hides_a_doctype(data):
        raise InputError(
            "The file declares a document type, which may hide anything.", code="XML_DTD_FORBIDDEN", where=where
        )
    if (said := _declared(data)) not in _ENCODINGS:
        raise InputError(f"A part of the file is in the encoding {said}.", code="ENCODING_UNKNOWN", where=where)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        code = "XML_DAMAGED"
        if "encoding" in str(error).lower():
            code = "ENCODING_UNKNOWN"
        raise InputError(
            "A part of the file is no proper XML.", code=code, where=f"{where}, line {error.lineno or 1}"
        ) from None
    except (ValueError, LookupError):
        raise InputError("A part of the file is no proper XML.", code="XML_DAMAGED", where=where) from None
    if any(entry.level >= etree.ErrorLevels.ERROR for entry in parser.error_log):  # forgiven where a warning follows
        raise InputError("A part of the file is no proper XML.", code="XML_DAMAGED", where=where)
    _check_depth(root, where, limits)
    return root


def _declared(data: bytes) -> str:
    """The encoding that a part declares. In one that can write `<` otherwise, a document type could hide."""
    found = _ENCODING.match(data[:600].replace(b"\0", b""))
    return found[1].decode("ascii", "replace").lower() if found else "utf-8"


def _hides_a_doctype(data: bytes) -> bool:
    """Whether a document type stands in an encoding that a search for bytes does not see."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in data[:200]:
        return False
    bare = data.replace(b"\0", b"")
    return b"<!DOCTYPE" in bare or b"<!ENTITY" in bare


def _check_depth(root: etree._Element, where: str, limits: tuple[int, int]) -> None:
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > limits[0] or count > limits[1]:
            raise TooLarge(
                f"The file nests more than {limits[0]} elements, or has more than {limits[1]:,}.",
                code="XML_TOO_DEEP",
                where=where,
                todo="Open it in its own program, make it simpler and save it again.",
            )


def retitled(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    """What a package says its title is follows the title in it, in place; one that says something else, or
    cannot be read, stays."""
    if name not in parts or not old:
        return
    try:
        root = tree(parts[name], name)
    except InputError:
        return  # what nobody reads may be damaged: it stays as it came
    element = next(root.iter("{http://purl.org/dc/elements/1.1/}title"), None)
    if element is not None and " ".join((element.text or "").split()) == " ".join(old.split()):
        element.text = " ".join(new.split())
        parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
