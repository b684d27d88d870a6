"""Documents made wrong by chance: the same dice, the same bytes."""

from __future__ import annotations

import io
import random
import re
import zipfile
from copy import deepcopy

from lxml import etree

from tests.parts.structure_word import parts_of
from tm.types import Media

ODD = (
    "", " ", "\t\n", "\u00a0", "\u200b", "\ufeff", "\u202e", "\u2028", "\x0b", "\x00", "\x1f", "\ue100", "\ue101\ue301",
    "\ue6ff", "\ufffe", "\U0001f30d", "<1>", "</1>", "<1/>", "&amp;", "]]>", "\\", "|", "[^1]: ", "[x](y", "**", "```",
    "# ", "a\u0301" * 40, "-1", "0", "²", "٣", "99999999999999999999", "true", "none", "HYPERLINK", "#", "../..",
    "mot " * 900, "é" * 2000,
)  # fmt: skip
LARGEST = 300_000  # characters of what is made many of
SPLITS = re.compile(r"(<[^<>]{0,300}>|\n+)")
WORDS = re.compile(r"\w+")


def mutated(data: bytes, media: Media, dice: random.Random) -> bytes:
    """A document with one to six things wrong with it."""
    for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
        chance = dice.random()
        if media in ("docx", "odt"):
            data = of_bytes(data, dice) if chance < 0.15 else of_archive(data, dice)
        else:
            data = of_bytes(data, dice) if chance < 0.3 else of_text(data, dice)
    return data


def of_bytes(data: bytes, dice: random.Random) -> bytes:
    """Bytes flipped, cut, doubled, moved, or others put in."""
    if not data:
        return b"\0"
    start = dice.randrange(len(data))
    end = min(len(data), start + dice.choice((1, 2, 4, 16, 200, 3000)))
    match dice.randrange(6):
        case 0:
            return data[:start] + bytes([data[start] ^ (1 << dice.randrange(8))]) + data[start + 1 :]
        case 1:
            return data[:start] if dice.random() < 0.3 else data[:start] + data[end:]
        case 2:
            return data[:start] + data[start:end] * dice.choice((2, 2, 3, 50)) + data[end:]
        case 3:
            at = dice.randrange(len(data))
            return data[:at] + data[start:end] + data[at:]
        case 4:
            return data[:start] + dice.randbytes(end - start) + data[end:]
        case _:
            return data[:start] + dice.choice(ODD).encode("utf-8", "surrogatepass") + data[start:]


def of_text(data: bytes, dice: random.Random) -> bytes:
    """Tags, lines and words doubled, removed, moved, or others put in their place."""
    pieces = SPLITS.split(data.decode("utf-8", "replace"))
    at, other = dice.randrange(len(pieces)), dice.randrange(len(pieces))
    match dice.randrange(6):
        case 0:
            pieces.insert(other, pieces[at])
        case 1:
            del pieces[at]
        case 2:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        case 3:
            pieces[at] = dice.choice(ODD)
        case 4:
            pieces[at] = WORDS.sub(lambda found: dice.choice((found.group(), dice.choice(ODD))), pieces[at])
        case _:
            pieces[at] *= min(dice.choice((2, 30, 400)), LARGEST // (len(pieces[at]) + 1) + 1)
    return "".join(pieces).encode("utf-8", "surrogatepass")


def of_archive(data: bytes, dice: random.Random) -> bytes:
    """A member changed, or the list of members, and the archive packed again."""
    try:
        parts = parts_of(data)
    except Exception:  # it was made wrong before
        return of_bytes(data, dice)
    names = list(parts)
    texts = [name for name in names if name.endswith((".xml", ".rels"))] or names
    if not names:
        return of_bytes(data, dice)
    chance = dice.random()
    if chance < 0.1:
        _rename(parts, dice)
    else:
        # most of what matters stands in the text
        likely = [name for name in texts if re.search(r"document\.xml\Z|content\.xml\Z|styles\.xml\Z", name)]
        name = dice.choice(likely if likely and dice.random() < 0.75 else texts)
        parts[name] = of_bytes(parts[name], dice) if chance < 0.25 else of_xml(parts[name], dice)
    return packed(parts, dice)


def _rename(parts: dict[str, bytes], dice: random.Random) -> None:
    name, other = dice.choice(list(parts)), dice.choice(list(parts))
    match dice.randrange(4):
        case 0:
            del parts[name]
        case 1:
            parts[name], parts[other] = parts[other], parts[name]
        case 2:
            parts[dice.choice(("../", "word/", "x/", "C:", "")) + name[dice.randrange(3) :]] = parts[name]
        case _:
            parts[name + dice.choice((".xml", "/", "é", "\\a"))] = parts.pop(name)


def packed(parts: dict[str, bytes], dice: random.Random) -> bytes:
    """An archive of the parts."""
    stream = io.BytesIO()
    kind = dice.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return stream.getvalue()


def of_xml(data: bytes, dice: random.Random) -> bytes:
    """Elements doubled, removed, moved, wrapped or given another name; attributes and texts mangled."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        return of_bytes(data, dice)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        elements = [one for one in root.iter() if isinstance(one.tag, str)]
        _change(dice.choice(elements), dice.choice(elements), dice)
    return etree.tostring(root, xml_declaration=True, encoding=dice.choice(("UTF-8", "UTF-8", "UTF-16", "ASCII")))


def _change(one: etree._Element, other: etree._Element, dice: random.Random) -> None:
    parent = one.getparent()
    match dice.randrange(9):
        case 0 if parent is not None:
            for _ in range(dice.choice((1, 1, 3, 60))):
                parent.insert(parent.index(one), deepcopy(one))
        case 1 if parent is not None:
            parent.remove(one)
        case 2 if parent is not None and one not in other.iterancestors() and one is not other:
            other.append(one)
        case 3:
            other.insert(dice.randrange(len(other) + 1), deepcopy(one))
        case 4:
            one.tag = other.tag
        case 5 if one.attrib:
            name = dice.choice(list(one.attrib))
            if dice.random() < 0.3:
                del one.attrib[name]
            else:
                one.set(name, _odd(dice))
        case 6 if other.attrib:
            name = dice.choice(list(other.attrib))
            one.set(name, other.get(name, ""))
        case 7:
            one.text = _odd(dice)
        case _:
            one.tail = _odd(dice)


def _odd(dice: random.Random) -> str:
    """A text that XML can hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\u0085", dice.choice(ODD))
