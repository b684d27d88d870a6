"""What every reader of a format with markup gives: its blocks, and the way to write the file with other texts.

    reader.opened(data) -> Opened        Opened.written({0: "Title", 3: "…"}) -> bytes

The same bytes open to the same blocks in the same order, so a translation is written into the file as it was handed in:
nothing of the file is kept anywhere else.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tm.documents import guard, roles
from tm.documents.inline import Coded, Pair, Piece, Text, coded, pieces_of
from tm.text import codes
from tm.types import Block, Language, Role

if TYPE_CHECKING:
    from lxml import etree


_WHITE = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class Raw:
    """A block as it was found. `handle` is its place in the file; `text` is its text with codes; `said` tells that a
    picture is said to show it, so that it is no text of a page."""

    role: Role
    coded: Coded
    handle: Any
    level: int = 0
    language: Language | None = None
    said: bool = False

    @property
    def text(self) -> str:
        """The text with codes."""
        return self.coded.text

    def block(self) -> Block:
        """The block for a document, not segmented yet."""
        return Block(self.role, self.text, level=self.level, language=self.language, codes=self.coded.codes)

    def pieces(self, text: str) -> list[Piece]:
        """The pieces that a text in place of this one says, with what is around all of it."""
        made = [*pieces_of(text, self.coded.handles), *self.coded.behind]
        for pair in reversed(self.coded.around):
            made = [Pair(pair.kind, pair.shown, pair.handle, made)]
        return made


@dataclass(slots=True)
class Described:
    """The handle of what a picture is said to show, for who cannot see it: an attribute of `elements`, or, unnamed,
    their text. It is written before the paragraph around it, which takes the picture along."""

    elements: Sequence[etree._Element]
    attribute: str = ""

    @property
    def element(self) -> etree._Element:
        """The first of the elements."""
        return self.elements[0]

    def put(self, text: str) -> None:
        """Say it in other words."""
        for element in self.elements:
            if self.attribute:
                element.set(self.attribute, codes.plain(text))
            else:
                element.text = codes.plain(text)


@dataclass
class Opened(ABC):
    """A file that was opened: its blocks in reading order, and what is to be said of it."""

    raw: list[Raw] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    language: Language | None = None
    title: str = ""
    renamed: tuple[str, str] = "", ""  # the title as it was, and as it is

    def add(self, raw: Raw, most: int) -> None:
        """Take a block in, unless there is nothing to translate in it. Raises TooLarge TOO_MANY_SEGMENTS."""
        if not roles.has_words(codes.plain(raw.text)):
            return
        guard.check_text(raw.text)  # a reference can bring in what the source does not show
        self.raw.append(raw)
        if len(self.raw) > most:
            raise guard.too_many_segments_over(most)

    def written(self, texts: Mapping[int, str]) -> bytes:
        """The file with `texts` (with codes, by the number of the block) in place of its own."""
        for number in sorted(texts, key=lambda at: -self.depth(self.raw[at])):
            raw = self.raw[number]
            if raw.role == "title":
                self.renamed = codes.plain(raw.text), codes.plain(texts[number])
            if isinstance(raw.handle, Described):
                raw.handle.put(texts[number])
            else:
                self.put(raw, texts[number])
        return self.saved()

    def depth(self, raw: Raw) -> int:
        """How deep a block stands: one inside of another (a text box in a paragraph) is written first."""
        return 0

    @abstractmethod
    def put(self, raw: Raw, text: str) -> None:
        """Put a text in the place of a block."""

    @abstractmethod
    def saved(self) -> bytes:
        """The file as it is now. What the reader was told was left out is not in it."""


def described(
    elements: Sequence[etree._Element], attribute: str = "", language: Language | None = None, role: Role = "caption"
) -> Raw:
    """The block of what a picture is said to show."""
    said = (elements[0].get(attribute) if attribute else elements[0].text) or ""
    pieces = [Text(_WHITE.sub(" ", str(said)).strip(" "))]
    raw = of_pieces(role, pieces, Described(elements, attribute), language=language)
    raw.said = True
    return raw


def with_roles(raws: Sequence[Raw], titled: bool) -> None:
    """Give plain paragraphs roles by their text. `titled`: whether a title was found by its markup already; without
    one, the first heading is it, else a first block that looks like one."""
    raws = [raw for raw in raws if not raw.said]
    if not titled:
        first = next((raw for raw in raws if raw.role == "heading"), None)
        if first is None and raws and raws[0].role == "paragraph" and roles.is_heading(codes.plain(raws[0].text)):
            first = raws[0]
        if first is not None:
            first.role, first.level = "title", first.level or 1
    title = next((at for at, raw in enumerate(raws) if raw.role == "title"), 0)
    for at, raw in enumerate(raws):
        if raw.role == "paragraph":
            raw.role = roles.paragraph_role(codes.plain(raw.text), near_top=at <= title + roles.NEAR_TOP)


def of_pieces(
    role: Role, pieces: Sequence[Piece], handle: Any, level: int = 0, language: Language | None = None
) -> Raw:
    """A block of pieces."""
    return Raw(role, coded(pieces), handle, level, language)
