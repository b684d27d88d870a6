"""The outline of a Word document: everything but its words, as lines to compare."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# comments are taken out on purpose, with all that belongs to them
_COMMENTS = re.compile(r"(?:comments\w*|people)\.xml(?:\.rels)?\Z", re.I)
_STORIES = frozenset(f"{W}{name}" for name in ("document", "hdr", "ftr", "footnotes", "endnotes", "styles"))
_ASIDE = frozenset(f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference"))
# what Word notes for itself about spelling and where pages ended when it last looked
_ITS_OWN = frozenset(f"{W}{name}" for name in ("proofErr", "lastRenderedPageBreak"))
# cuts text as runs do, and is written by no Word since 2010
_NOTHING_ELSE = frozenset({f"{W}smartTag"})
_PLACES = frozenset(f"{W}{name}" for name in ("bookmarkStart", "bookmarkEnd", "permStart", "permEnd"))
_DELETED = frozenset(f"{W}{name}" for name in ("del", "moveFrom"))
_INSERTED = frozenset(f"{W}{name}" for name in ("ins", "moveTo"))
_CHANGE = re.compile(r"Change\Z|\}(?:cellIns|cellMerge|(?:move(?:From|To)|customXml\w+)Range(?:Start|End))\Z")
_WORDS = frozenset(f"{W}{name}" for name in ("t", "noBreakHyphen", "softHyphen"))
_NO_LOOK = frozenset(f"{W}{name}" for name in ("lang", "noProof", "webHidden", "specVanish"))


def parts_of(data: bytes) -> dict[str, bytes]:
    """The members of an archive by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def untitled(name: str, content: bytes) -> bytes:
    """What a package says of itself, without its title, which is text, and without the way in which it is written."""
    if name not in ("docProps/core.xml", "meta.xml"):
        return content
    root = etree.fromstring(content)
    for element in root.iter("{http://purl.org/dc/elements/1.1/}title"):
        element.text = None
    return bytes(etree.tostring(root, method="c14n"))


def outline(data: bytes) -> Iterator[str]:
    """The outline of a document: each part in its order, parts that hold no text by their bytes."""
    parts = parts_of(data)
    hidden = _hidden(parts)
    for name, content in parts.items():
        if _COMMENTS.search(name):
            continue
        yield f"part {name}"
        root = etree.fromstring(content) if name.endswith((".xml", ".rels")) else None
        if name.endswith(".rels") or name == "[Content_Types].xml":
            named = (sorted((str(key), str(value)) for key, value in one.items()) for one in root)
            yield from sorted(f"  {one}" for one in named if not any(_COMMENTS.search(value) for _, value in one))
        elif root is not None and root.tag in _STORIES:
            accept(root)
            yield from _lines(root, "", hidden)
        else:
            yield f"  {hashlib.sha256(untitled(name, content)).hexdigest()}"


def _hidden(parts: dict[str, bytes]) -> set[str]:
    """The styles that hide text, by their own word or by that of the style that they are based on."""
    styles = {}
    for name in parts:
        if name.endswith("styles.xml"):
            for style in etree.fromstring(parts[name]).iter(f"{W}style"):
                based = style.find(f"{W}basedOn")
                styles[style.get(f"{W}styleId")] = (
                    style.find(f"{W}rPr/{W}vanish"),
                    based.get(f"{W}val") if based is not None else None,
                )
    found = set()
    for key in styles:
        at, seen = key, set()
        while at in styles and at not in seen and styles[at][0] is None:
            seen.add(at)
            at = styles[at][1]
        if at in styles and styles[at][0] is not None and _on(styles[at][0]):
            found.add(key)
    return found


def _on(element: etree._Element) -> bool:
    return element.get(f"{W}val", "true") not in ("0", "false", "off")


def accept(root: etree._Element) -> None:
    """Tracked changes are taken out on purpose, as if they were accepted."""
    for row in [one.getparent().getparent() for one in root.iter(f"{W}del") if one.getparent().tag == f"{W}trPr"]:
        row.getparent().remove(row)
    for mark in list(root.iter(f"{W}cellDel")):
        cell = mark.getparent().getparent()
        cell.getparent().remove(cell)
    for element in list(root.iter(*_DELETED)):
        if element.getparent().tag != f"{W}rPr":
            element.getparent().remove(element)
    for mark in [one for one in root.iter(*_DELETED) if one.getparent().tag == f"{W}rPr"]:
        _join(next(mark.iterancestors(f"{W}p")), mark)
    for element in list(root.iter(*_INSERTED)):
        for inner in element:
            element.addprevious(inner)
        element.getparent().remove(element)
    for element in [one for one in root.iter("*") if _CHANGE.search(one.tag)]:
        element.getparent().remove(element)


def _join(paragraph: etree._Element, mark: etree._Element) -> None:
    following = paragraph.getnext()
    if following is None or following.tag != f"{W}p":
        mark.getparent().remove(mark)
        return
    at = 1 if following.find(f"{W}pPr") is not None else 0
    following[at:at] = [one for one in paragraph if one.tag != f"{W}pPr"]
    paragraph.getparent().remove(paragraph)


def _lines(element: etree._Element, indent: str, hidden: set[str]) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag == f"{W}lang":
        return  # declared languages change with the text
    yield f"{indent}{_named(element)}"
    indent += "  "
    if element.tag == f"{W}p":
        inside = [one for one in element if one.tag != f"{W}pPr"]
        # a translation has other words: where among them a bookmark stands is not for the file to say
        places = sorted(_named(one) for one in element.iter(*_PLACES) if next(one.iterancestors(f"{W}p")) is element)
        yield from _of(element.findall(f"{W}pPr"), indent, hidden)
        yield from (f"{indent}{place}" for place in places)
        yield from _merged(_pieces(inside, indent, hidden))
    elif element.tag == f"{W}instrText" or not len(element):
        if element.text and element.tag not in _WORDS and element.text.strip():
            yield f"{indent}{element.text!r}"
    else:
        yield from _of(element, indent, hidden)


def _of(elements: Iterable[etree._Element], indent: str, hidden: set[str]) -> Iterator[str]:
    for one in elements:
        if one.tag not in _ASIDE | _ITS_OWN:
            yield from _lines(one, indent, hidden)


def _named(element: etree._Element) -> str:
    # rsid: in which session of work Word has cut the text; descr: what a picture is said to show, which is text
    pairs = sorted(
        (str(key), "…" if key == "descr" else str(value)) for key, value in element.items() if "rsid" not in str(key)
    )
    return f"{etree.QName(element).localname} {pairs}"


def _pieces(elements: Iterable[etree._Element], indent: str, hidden: set[str]) -> Iterator[str]:
    for element in elements:
        if element.tag == f"{W}r":
            yield from _run(element, indent, hidden)
        elif element.tag in _NOTHING_ELSE:
            yield from _pieces(element, indent, hidden)
        elif element.tag in _ITS_OWN | _ASIDE | _PLACES or not isinstance(element.tag, str):
            continue
        elif element.find(f".//{W}r") is not None:
            yield f"{indent}{_named(element)}"
            yield from _pieces(element, indent + "  ", hidden)
            yield f"{indent}/"
        else:
            yield from _lines(element, indent, hidden)


def _run(run: etree._Element, indent: str, hidden: set[str]) -> Iterator[str]:
    properties = run.find(f"{W}rPr")
    if _is_hidden(run, properties, hidden):
        return  # hidden text is taken out on purpose
    look = _look(properties)
    for element in run:
        if element.tag in _WORDS:
            if (element.text or "words").strip():
                yield f"{indent}words {look}"
        elif element.tag in (f"{W}tab", f"{W}cr") or (element.tag == f"{W}br" and not element.get(f"{W}clear")):
            yield f"{indent}{_named(element)}".replace("[('" + W + "type', 'textWrapping')]", "[]").replace("cr", "br")
        elif element.tag != f"{W}rPr" and element.tag not in _ITS_OWN | _ASIDE:
            yield from _lines(element, f"{indent}{look} ", hidden)


def _is_hidden(run: etree._Element, properties: etree._Element | None, hidden: set[str]) -> bool:
    own = properties.find(f"{W}vanish") if properties is not None else None
    if own is not None:
        return _on(own)
    style = properties.find(f"{W}rStyle") if properties is not None else None
    if style is not None and style.get(f"{W}val") in hidden:
        return True
    paragraph = next(run.iterancestors(f"{W}p"), None)
    named = paragraph.find(f"{W}pPr/{W}pStyle") if paragraph is not None else None
    return named is not None and named.get(f"{W}val") in hidden


def _look(properties: etree._Element | None) -> str:
    if properties is None:
        return ""
    return " ".join(sorted(_named(one) for one in properties if one.tag not in _NO_LOOK))


def _merged(lines: Iterable[str]) -> Iterator[str]:
    """Runs of one look are one: Word cuts text wherever somebody has typed. The look of white space alone, which
    `_run` leaves out, is nothing to see."""
    last = ""
    for line in lines:
        if line != last or not line.lstrip().startswith("words"):
            yield line
        last = line
