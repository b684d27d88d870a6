"""Walking through a page: blocks with their pieces, in document order, and the places that the pieces stand in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import etree

from tm.documents import htmlwords as words
from tm.documents import roles
from tm.documents.htmlwords import BLOCKS
from tm.documents.inline import DEEPEST, Alone, Pair, Piece, Text, words_of
from tm.documents.opened import Raw, described, of_pieces
from tm.types import Language, Role

_WHITE = re.compile(r"[ \t\r\n\f]+")
_BLANKS = " \t\r\n\f"
# where a piece of a block stands: in an element's text or tail, or an element as a whole
Slot = tuple[Literal["text", "tail", "element"], etree._Element]


@dataclass(slots=True)
class Frame:
    """What an open block element hands down to the text inside of it."""

    role: Role | None = None
    level: int = 0
    language: Language | Literal[""] | None = None


@dataclass(slots=True)
class Slots:
    """The handle of a block: where its pieces stand, and the white space around its text."""

    places: list[Slot]
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class Collector:
    """Blocks as they are found; pieces are gathered until a block begins or ends."""

    take: Callable[[Raw], None]
    frames: list[Frame] = field(default_factory=lambda: [Frame()])
    pieces: list[Piece] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    pictures: list[Raw] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    hidden: list[etree._Element] = field(default_factory=list)
    dated: bool = False
    breaks: int = 0

    @property
    def inside(self) -> list[Piece]:
        """Where the next piece goes."""
        return self.pairs[-1].inside if self.pairs else self.pieces

    def at(self, kind: Literal["text", "tail", "element"], element: etree._Element) -> None:
        """The next piece stands here; what is inside of a pair goes with it."""
        if not self.pairs:
            self.slots.append((kind, element))

    def add(self, text: str | None, kind: Literal["text", "tail"], element: etree._Element) -> None:
        """Text that was met."""
        if not text:
            return
        self.at(kind, element)
        self.inside.append(Text(text))
        if text.strip(_BLANKS):
            self.breaks = 0

    def open_pair(self, element: etree._Element) -> None:
        """An inline element begins. Deep inside of others it is left out, and its text stays."""
        if len(self.pairs) >= DEEPEST:
            return
        self.at("element", element)
        pair = Pair(*words.described(element), element)
        self.inside.append(pair)
        self.pairs.append(pair)

    def alone(self, element: etree._Element) -> None:
        """A thing without text."""
        self.at("element", element)
        self.inside.append(Alone(*words.described(element), element))

    def line_break(self, element: etree._Element) -> None:
        """One `<br>` is white space, two are a new paragraph."""
        self.breaks += 1
        if self.breaks > 1 and not self.pairs:
            self.close()
        else:
            self.alone(element)
            self.inside.append(Text(" "))

    def close(self) -> None:
        """Ends the block that was being gathered."""
        pieces, slots = self.pieces, self.slots
        self.pieces, self.slots, self.pairs = [], [], []
        dated, self.dated = self.dated, False
        _without_last_breaks(pieces, slots)
        pieces, slots = _without_first_blanks(pieces, slots)
        whole = words_of(pieces)
        handle = Slots(slots, whole[: len(whole) - len(whole.lstrip(_BLANKS))], whole[len(whole.rstrip(_BLANKS)) :])
        _collapse(pieces)
        frame, text = self.frames[-1], words_of(pieces)
        if roles.has_words(text):
            role: Role = "dateline" if dated and roles.is_dateline(text) else frame.role or "paragraph"
            self.take(of_pieces(role, pieces, handle, frame.level, frame.language or None))
        pictures, self.pictures = self.pictures, []
        for picture in pictures:
            self.take(picture)


def _without_first_blanks(pieces: list[Piece], slots: list[Slot]) -> tuple[list[Piece], list[Slot]]:
    """White space in front of a block may stand in another element than its text does: it stays where it is."""
    blanks = 0
    for piece in pieces:
        if not isinstance(piece, Text) or piece.text.strip(_BLANKS):
            break
        blanks += 1
    return (pieces[blanks:], slots[blanks:]) if blanks < len(pieces) else (pieces, slots)


def _without_last_breaks(pieces: list[Piece], slots: list[Slot]) -> None:
    """Line breaks at the end of a block are no part of it: they stay where they are."""
    kept = len(pieces)
    for at in range(len(pieces) - 1, -1, -1):
        piece = pieces[at]
        if isinstance(piece, Alone) and piece.kind == "break":
            kept = at
        elif not (isinstance(piece, Text) and not piece.text.strip(_BLANKS)):
            break
    gone = pieces[kept:]
    del pieces[kept:]
    if gone and isinstance(gone[0], Alone):
        first = next(at for at, slot in enumerate(slots) if slot[1] is gone[0].handle)
        del slots[first:]


def _collapse(pieces: list[Piece]) -> None:
    """White space as a browser shows it: runs are one space, none at the ends, none after a space."""
    blank, last = True, None
    for piece in _flat(pieces):
        if isinstance(piece, Alone):
            blank, last = blank and piece.kind == "break", last if piece.kind == "break" else None
            continue
        piece.text = _WHITE.sub(" ", piece.text)
        if blank:
            piece.text = piece.text.lstrip(" ")
        if piece.text:
            blank, last = piece.text.endswith(" "), piece
    if last is not None:
        last.text = last.text.rstrip(" ")


def _flat(pieces: list[Piece]) -> list[Text | Alone]:
    found: list[Text | Alone] = []
    for piece in pieces:
        found.extend(_flat(piece.inside) if isinstance(piece, Pair) else [piece])
    return found


def parted(root: etree._Element) -> set[etree._Element]:
    """The elements that hold blocks, or line breaks that may part them: no inline code encloses a block."""
    found: set[etree._Element] = set()
    for element in root.iter(*BLOCKS, *words.FURNITURE):
        _mark_ancestors(element, found)
    for element in root.iter("br"):
        following = element.getnext()
        if following is not None and following.tag == "br" and not (element.tail or "").strip(_BLANKS):
            _mark_ancestors(element, found)
    return found


def _mark_ancestors(element: etree._Element, found: set[etree._Element]) -> None:
    for outer in element.iterancestors():
        if outer in found:
            return
        found.add(outer)


def walk(root: etree._Element, collector: Collector) -> None:
    """Gathers the pieces in document order. An iterator, no recursion: depth costs nothing."""
    holding = parted(root)
    walker = etree.iterwalk(root, events=("start", "end"))
    silent: etree._Element | None = None
    for event, element in walker:
        tag = words.tag_of(element)
        if event == "start":
            if silent is None and (reason := words.silence(element, tag)) is not None:
                silent = element
                _skip(element, tag, reason, collector)
                walker.skip_subtree()
            elif silent is None:
                _open(element, tag, collector, holding)
        else:
            if silent is None:
                _end(element, tag, collector, holding)
            if silent is element:
                silent = None
            if silent is None:
                collector.add(element.tail, "tail", element)


def _skip(element: etree._Element, tag: str, reason: str, collector: Collector) -> None:
    if tag in BLOCKS or tag in words.FURNITURE:
        collector.close()
    elif tag in words.ALONE and reason != "hidden" and tag not in ("script", "style"):
        collector.alone(element)
    if reason == "hidden":
        collector.hidden.append(element)
    collector.dropped.update([words.LEFT_OUT[reason]] if reason else [])


def _open(element: etree._Element, tag: str, collector: Collector, holding: set[etree._Element]) -> None:
    if tag in BLOCKS:
        collector.close()
        collector.frames.append(_frame(element, tag, collector.frames[-1]))
    elif tag == "br":
        collector.line_break(element)
    elif tag in words.ALONE:
        collector.alone(element)
    elif element not in holding:
        collector.open_pair(element)
    if tag == "img" and roles.has_words(element.get("alt") or ""):
        collector.pictures.append(described([element], "alt", collector.frames[-1].language or None))
    classes = element.get("class") or ""
    if tag == "time" or words.DATE_CLASS.search(classes) or element.get("itemprop") == "datePublished":
        collector.dated = True
    collector.add(element.text, "text", element)


def _end(element: etree._Element, tag: str, collector: Collector, holding: set[etree._Element]) -> None:
    if tag in BLOCKS:
        collector.close()
        collector.frames.pop()
    elif collector.pairs and collector.pairs[-1].handle is element and element not in holding:
        collector.pairs.pop()


def _frame(element: etree._Element, tag: str, outer: Frame) -> Frame:
    frame = replace(outer)
    classes = element.get("class") or ""
    if words.HEADING.match(tag):
        frame.role, frame.level = "heading", int(tag[1])
    elif tag in words.BY_TAG:
        frame.role = words.BY_TAG[tag]
    elif outer.role is None and words.SUBTITLE_CLASS.search(classes):
        frame.role = "subtitle"
    elif outer.role is None and words.CAPTION_CLASS.search(classes):
        frame.role = "caption"
    if (
        words.NOTE_CLASS.search(classes)
        or element.get("role") in ("doc-endnotes", "doc-footnote")
        or (outer.role == "note" and frame.role == "list-item")
    ):
        frame.role = "note"
    declared = words.language(element)
    if declared is not None:
        frame.language = declared
    return frame
