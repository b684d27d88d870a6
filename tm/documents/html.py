"""Web pages: the text that a reader sees, in blocks, without the furniture of the site."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace

from lxml import etree

from tm.documents import guard, htmlhead
from tm.documents import htmlwords as words
from tm.documents.assemble import finished
from tm.documents.decode import Decoded, encode
from tm.documents.htmlwalk import Collector, Slots, walk
from tm.documents.inline import Alone, Pair, Piece, Text
from tm.documents.limits import Limits
from tm.documents.opened import Opened, Raw, of_pieces, with_roles
from tm.errors import InputError
from tm.text import codes
from tm.text.rules import NO_RULES, RuleSet
from tm.types import Document

_WHITE = re.compile(r"[ \t\r\n\f]+")
_WHOLE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_XML = re.compile(r"\s*<\?xml\b[^>]{0,200}>\s*")
_RAW = re.compile(r"(<(script|style)\b[^>]*>)(.*?)(</\2>)", re.S)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
UNTOLD = "descriptions in the head of the page"


@dataclass
class Page(Opened):
    """A page that was opened. `fragment`: it was handed in without `<html>` around it."""

    root: etree._Element | None = None
    encoding: str = "utf-8"
    bom: bool = False
    fragment: bool = False
    declaration: str = ""
    hidden: list[etree._Element] = field(default_factory=list)
    changed: list[tuple[str, str, bool]] = field(default_factory=list)

    def put(self, raw: Raw, text: str) -> None:
        """Put a text in the place of a block."""
        if isinstance(raw.handle, Slots):
            _fill(raw.handle, raw.pieces(text))
        else:
            raw.handle.text = codes.plain(text)
        self.changed.append((codes.plain(raw.text), codes.plain(text), raw.role == "title"))
        if raw.role == "title" and isinstance(raw.handle, Slots):
            self._rename(codes.plain(raw.text), codes.plain(text))

    def depth(self, raw: Raw) -> int:
        """What a picture is said to show is written before the paragraph that it stands in."""
        return 0 if isinstance(raw.handle, Slots) else 1

    def _rename(self, before: str, now: str) -> None:
        """The title of the page follows the title in it."""
        element = _title(self.root)
        if element is not None and (said := _WHITE.sub(" ", element.text or "")) and before in said:
            element.text = said.replace(before, now)

    def saved(self) -> bytes:
        """The page; hidden text and comments are not in it, and what was French by declaration is English now."""
        if self.root is None:
            return b""
        htmlhead.follow(self.root, self.changed)
        for element in self.hidden:
            remove(element)
        for element in self.root.iter():
            if words.language(element) == "fr":
                for name in ("lang", "xml:lang", "{http://www.w3.org/XML/1998/namespace}lang"):
                    if element.get(name):
                        element.set(name, "en")
        text = "".join(self._serialised())
        return encode(text, self.encoding, bom=self.bom, errors="xmlcharrefreplace")

    def _serialised(self) -> Iterator[str]:
        assert self.root is not None
        body = self.root.find("body")
        if self.fragment and body is not None:
            head = self.root.find("head")
            for part in (body,) if head is None else (head, body):
                yield html.escape(part.text or "", quote=False)
                for element in part:
                    yield etree.tostring(element, encoding="unicode", method="html")
            return
        doctype: str = self.root.getroottree().docinfo.doctype  # type: ignore[attr-defined]
        yield self.declaration + (doctype + "\n" if doctype else "")
        yield (
            _as_xml(self.root)
            if self.declaration
            else etree.tostring(self.root, encoding="unicode", method="html", with_tail=False)
        )


def read(decoded: Decoded, limits: Limits, rules: RuleSet = NO_RULES, *, coded: bool = False) -> Document:
    """The document of an HTML page or fragment; what was left out stands in `notes`. `coded`: with inline codes, and
    with what pictures are said to show.

    Nothing is fetched and no script runs. Raises InputError HTML_TOO_DEEP where elements are nested by the thousand.
    """
    page = opened(decoded, limits.segments)
    document = finished(page, "html", limits, rules, coded=coded)
    return replace(document, encoding=decoded.encoding, bom=decoded.bom)


def opened(decoded: Decoded, most: int = 20_000) -> Page:
    """The page with its blocks, to be read or written."""
    root = _parse(decoded.text)
    page = Page(root=root, encoding=decoded.encoding, bom=decoded.bom)
    page.fragment = not _WHOLE.search(decoded.text)
    if declared := _XML.match(decoded.text):
        page.declaration = declared.group()
    if root is None:
        return page
    collector = Collector(lambda raw: page.add(raw, most))
    walk(root, collector)
    collector.close()
    page.hidden = collector.hidden
    page.language = words.language(root) or None
    page.notes = [f"left out: {name} ({count})" for name, count in sorted(collector.dropped.items())]
    with_roles(page.raw, _with_title(page))
    if untold := htmlhead.untold(root, ((codes.plain(raw.text), raw.role == "title") for raw in page.raw)):
        page.notes.append(f"not read, and so not translated: {UNTOLD} ({untold})")
    return page


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, huge_tree=True, remove_pis=True, remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        root = None  # nothing but comments, for example
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        # the parser stops there: what follows would be missing without a word
        raise InputError(
            "The page nests its elements too deeply to be read.",
            code="HTML_TOO_DEEP",
            todo="Copy its text and paste it.",
        )
    return root


def _as_xml(root: etree._Element) -> str:
    """A page that is XML as well as HTML, for readers of either: what may have content has an end tag, and scripts and
    styles are as they were."""
    bare = deepcopy(root)  # with its document type, libxml2 would add a declaration of its own
    for element in bare.iter():
        if not len(element) and element.text is None and words.tag_of(element) not in _VOID:
            element.text = ""
    text = etree.tostring(bare, encoding="unicode", with_tail=False)
    return _RAW.sub(lambda found: found[1] + html.unescape(found[3]) + found[4], text)


def _title(root: etree._Element | None) -> etree._Element | None:
    return next(root.iter("title"), None) if root is not None else None


def _page_title(page: Page) -> str:
    element = _title(page.root)
    return _WHITE.sub(" ", "".join(map(str, element.itertext()))).strip() if element is not None else ""


def _with_title(page: Page) -> bool:
    """The first `h1` is the title; without one, the title of the page, else the first heading."""
    titled = next((raw for raw in page.raw if raw.level == 1), None)
    named = _page_title(page)
    if titled is None and named:
        titled = next((raw for raw in page.raw if codes.plain(raw.text) == named), None)
        if titled is None and not any(named in codes.plain(raw.text) for raw in page.raw):
            guard.check_controls(named)
            titled = of_pieces("title", [Text(named)], _title(page.root))
            page.raw.insert(0, titled)
    if titled is None:
        titled = next((raw for raw in page.raw if raw.role == "heading"), None)
    if titled is not None:
        titled.role = "title"
    return True  # a first paragraph is no title, however short


def _fill(slots: Slots, pieces: list[Piece]) -> None:
    """Put pieces where the block's own stood: all at its first place, nothing at the others."""
    pieces = [Text(words.settable(slots.before)), *pieces, Text(words.settable(slots.after))]
    kind, first = slots.places[0]
    if kind == "element":
        start = etree.Element("span")
        first.addprevious(start)
        kind, anchor = "tail", start
    else:
        start, anchor = None, first
    for place, element in slots.places:
        if place == "text":
            element.text = None
        elif place == "tail":
            element.tail = None
    for place, element in slots.places:
        if place == "element" and (parent := element.getparent()) is not None:
            element.tail = None
            parent.remove(element)
    _write(anchor, kind, pieces)
    if start is not None:
        remove(start)


def _write(anchor: etree._Element, kind: str, pieces: list[Piece]) -> None:
    """Write pieces as the text and first children of `anchor`, or behind it."""
    last: etree._Element | None = None
    for piece in pieces:
        if isinstance(piece, Text):
            if last is not None:
                last.tail = (last.tail or "") + piece.text
            elif kind == "text":
                anchor.text = (anchor.text or "") + piece.text
            else:
                anchor.tail = (anchor.tail or "") + piece.text
            continue
        element = _element(piece)
        if last is not None:
            last.addnext(element)
        elif kind == "text":
            anchor.insert(0, element)
        else:
            tail, anchor.tail = anchor.tail, None
            anchor.addnext(element)
            anchor.tail = tail
        last = element


def _element(piece: Alone | Pair) -> etree._Element:
    made: etree._Element
    if isinstance(piece, Alone) or not piece.inside:
        made = deepcopy(piece.handle)
        made.tail = None
        return made
    try:
        made = etree.Element(piece.handle.tag, {str(name): str(value) for name, value in piece.handle.attrib.items()})
    except ValueError:  # a page may have names that no element can be given
        made = deepcopy(piece.handle)
        made.text = made.tail = None
        made[:] = []
    _write(made, "text", piece.inside)
    return made


def remove(element: etree._Element) -> None:
    """Take an element out and leave what stands behind it."""
    parent = element.getparent()
    if parent is None:
        return
    previous, tail = element.getprevious(), words.settable(element.tail or "")
    if previous is not None:
        previous.tail = words.settable(previous.tail or "") + tail
    else:
        parent.text = words.settable(parent.text or "") + tail
    parent.remove(element)
