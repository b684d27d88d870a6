"""Markdown: what CommonMark makes of a text, with tables and the usual way to write notes (`[^1]`).

Paragraphs are written back as Markdown where they stood; all lines between them stay, character for character.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tm.documents.assemble import finished
from tm.documents.decode import Decoded, encode
from tm.documents.inline import DEEPEST, Alone, Pair, Piece, Text
from tm.documents.limits import Limits
from tm.documents.markdownwords import Place, quoted, replace_lines, written
from tm.documents.opened import Opened, Raw, of_pieces, with_roles
from tm.text import codes
from tm.text.rules import NO_RULES, RuleSet
from tm.types import CodeKind, Document, Role

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_FRONT = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FRONT_TITLE = re.compile(r'^(title|subtitle|description):[ \t]*(["\']?)([^\n"\'{}\[\]|>&*!%@`#]+)\2[ \t]*$', re.M)
_NOTE = re.compile(r"\[\^[^\]\s]+\]")
_NOTE_BEGINS = re.compile(r"\[\^[^\]\s]+\]:[ \t]*")
_KINDS: dict[str, CodeKind] = {"strong": "bold", "em": "italic", "link": "link", "s": "format"}


@dataclass(slots=True)
class Picture:
    """The handle of what a picture is said to show: its token, and the paragraph that it stands in."""

    token: Token
    place: Place
    pieces: list[Piece]


@dataclass
class MarkdownText(Opened):
    """A Markdown text that was opened."""

    lines: list[str] = field(default_factory=list)
    encoding: str = "utf-8"
    bom: bool = False
    line_end: str = "\n"
    edits: list[tuple[Place, str]] = field(default_factory=list)
    pictured: list[Picture] = field(default_factory=list)
    inline: Callable[[str], Token] | None = None

    def put(self, raw: Raw, text: str) -> None:
        """Put a text in the place of a block."""
        if isinstance(raw.handle, Place):
            self.edits.append((raw.handle, self._made(raw, text)))
        else:
            raw.handle.token.meta["alt"] = codes.plain(text).replace("\n", " ")
            self.pictured.append(raw.handle)

    def _made(self, raw: Raw, text: str) -> str:
        place: Place = raw.handle
        if place.front:
            return quoted(codes.plain(text).replace("\n", " "), place.quote)
        pieces = raw.pieces(text)
        made = written(pieces, place)
        # marks of emphasis hold only between certain characters; tags hold anywhere
        assert self.inline is not None
        return (
            made
            if _kinds(_pieces(iter(self.inline(made).children or []))) == _kinds(pieces)
            else (written(pieces, place, tags=True))
        )

    def depth(self, raw: Raw) -> int:
        """Pictures are written before the paragraphs that they stand in."""
        return 0 if isinstance(raw.handle, Place) else 1

    def saved(self) -> bytes:
        """The text as it is now, in its own encoding."""
        lines = list(self.lines)
        done = {place.lines[0] for place, _ in self.edits}
        alone = {picture.place.lines[0]: picture for picture in self.pictured if picture.place.lines[0] not in done}
        for picture in alone.values():
            self.edits.append((picture.place, written(picture.pieces, picture.place)))
        for place, text in sorted(self.edits, key=lambda edit: edit[0].lines[0], reverse=True):
            replace_lines(lines, place, text)
        whole = "".join(lines).replace("\n", self.line_end)
        try:
            return encode(whole, self.encoding, bom=self.bom)
        except UnicodeEncodeError:
            return whole.encode("utf-8")


def read(decoded: Decoded, limits: Limits, rules: RuleSet = NO_RULES, *, coded: bool = False) -> Document:
    """The document of a Markdown text; `coded`: with inline codes."""
    document = finished(opened(decoded, limits.segments), "md", limits, rules, coded=coded)
    return replace(document, encoding=decoded.encoding, bom=decoded.bom)


def opened(decoded: Decoded, most: int = 20_000) -> MarkdownText:
    """The text with its blocks, to be read or written."""
    from markdown_it import MarkdownIt

    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    skipped = front.group().count("\n") if front else 0
    found = MarkdownText(lines=_LINES.findall(text), encoding=decoded.encoding, bom=decoded.bom)
    if ends := Counter(re.findall(r"\r\n|\r|\n", decoded.text)):
        found.line_end = ends.most_common(1)[0][0]
    if front:
        for raw in _of_front(front.group()):
            found.add(raw, most)
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    parser.block.ruler.at("reference", _reference, {"alt": []})
    known: dict[str, Any] = {}
    tokens = parser.parse(text[front.end() :] if front else text, known)
    found.inline = lambda part: parser.parseInline(part, known)[0]
    for raw in _blocks(tokens, found.lines, skipped, found.inline):
        found.add(raw, most)
    html = sum(token.type == "html_block" for token in tokens)
    found.notes = [f"left out: HTML ({html})"] if html else []
    titled = next((raw for raw in found.raw if raw.role == "title" or raw.level == 1), None)
    if titled:
        titled.role = "title"
    with_roles(found.raw, titled is not None)
    return found


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The definition of a link. CommonMark takes a note of one word for one."""
    from markdown_it.rules_block.reference import reference

    at = state.bMarks[start] + state.tShift[start]
    return not state.src.startswith("[^", at) and reference(state, start, end, silent)


def _of_front(text: str) -> Iterator[Raw]:
    for match in _FRONT_TITLE.finditer(text):
        line = text.count("\n", 0, match.start())
        begin = text.rfind("\n", 0, match.start()) + 1
        role: Role = "title" if match[1] == "title" else "subtitle"
        said = match[3].rstrip()
        place = Place([(line, match.start(3) - begin, match.start(3) - begin + len(said))], front=True, quote=match[2])
        yield of_pieces(role, [Text(said)], place)


def _blocks(tokens: Sequence[Token], lines: list[str], skipped: int, inline: Callable[[str], Token]) -> Iterator[Raw]:
    """The blocks of the text. A stack of what is open tells what each of them is; `inline` reads a part of a block."""
    stack: list[Token] = []
    cursor: dict[int, int] = {}
    for token in tokens:
        if token.nesting == 1:
            stack.append(token)
        elif token.nesting == -1:
            stack.pop()
        elif token.type == "inline" and token.map:
            role, level = _role(stack)
            place = _located(token, lines, skipped, cursor)
            if place is None:
                continue
            place.cell = role == "table-cell"
            place.one_line = place.cell or stack[-1].markup.startswith("#")
            for part, where in _notes(token, place, inline):
                yield from _with_pictures(part, where, role, level)


def _notes(token: Token, place: Place, inline: Callable[[str], Token]) -> Iterator[tuple[Token, Place]]:
    """A paragraph, or the notes in it: to CommonMark, notes on lines that follow each other are one."""
    said = token.content.split("\n")
    begins = [at for at, line in enumerate(said) if _NOTE_BEGINS.match(line)]
    if not begins or begins == [0]:
        yield token, place
        return
    for start, end in pairwise(sorted({0, *begins, len(said)})):
        yield inline("\n".join(said[start:end])), Place(place.lines[start:end])


def _with_pictures(token: Token, place: Place, role: Role, level: int) -> Iterator[Raw]:
    pieces = _pieces(iter(token.children or []))
    if note := _NOTE_BEGINS.match(token.content):
        role = "note"
        pieces = _without_start(pieces, len(note.group()))
        line, start, end = place.lines[0]
        place.lines[0] = (line, start + len(note.group()), end)
    yield of_pieces(role, pieces, place, level)
    for picture in (one for one in token.children or [] if one.type == "image"):
        raw = of_pieces("caption", [Text(_alt(picture))], Picture(picture, place, pieces))
        raw.said = True
        yield raw


def _alt(picture: Token) -> str:
    """What a picture is said to show, without the emphasis that nobody would see."""
    parts = []
    for one in picture.children or []:
        parts.append(_alt(one) if one.type == "image" else " " if one.type.endswith("break") else one.content)
    return "".join(parts)


def _without_start(pieces: list[Piece], size: int) -> list[Piece]:
    """The pieces of a note without the mark that it begins with, which the reader took for one."""
    if pieces and isinstance(pieces[0], Alone):
        pieces = pieces[1:]
        size = 0
    if pieces and isinstance(pieces[0], Text):
        pieces[0].text = pieces[0].text[size:].lstrip(": ")
    return pieces


def _role(stack: Sequence[Token]) -> tuple[Role, int]:
    for token in reversed(stack):
        if token.type == "heading_open":
            return "heading", int(token.tag[1])
        if token.type in ("td_open", "th_open"):
            return "table-cell", 0
        if token.type == "blockquote_open":
            return "quotation", 0
        if token.type == "list_item_open":
            return "list-item", 0
    return "paragraph", 0


def _located(token: Token, lines: list[str], skipped: int, cursor: dict[int, int]) -> Place | None:
    """Where the lines of an inline text stand; None where they cannot be found as they are."""
    assert token.map is not None
    number = token.map[0] + skipped
    found: list[tuple[int, int, int]] = []
    for content in token.content.split("\n"):
        if number >= len(lines):
            return None
        pattern = re.compile("".join(rf"\\?{re.escape(mark)}" if mark == "|" else re.escape(mark) for mark in content))
        match = pattern.search(lines[number], cursor.get(number, 0))
        if match is None:
            return None
        found.append((number, match.start(), match.end()))
        cursor[number] = match.end()
        number += 1
    return Place(found)


def _pieces(tokens: Iterator[Token], depth: int = 0) -> list[Piece]:
    """The pieces up to the end of what they stand in. Deep inside of others a pair is left out, and its text stays."""
    made: list[Piece] = []
    left_out = 0
    for token in tokens:
        if token.nesting == -1:
            if not left_out:
                return made
            left_out -= 1
            continue
        if token.type == "link_open" and token.markup == "autolink":
            made.append(_address(tokens))
            continue
        if token.nesting == 1 and depth >= DEEPEST:
            left_out += 1
        elif token.nesting == 1:
            name = token.type.removesuffix("_open")
            pair = Pair(_KINDS.get(name, "format"), str(token.attrs.get("href", "")), token)
            pair.inside = _pieces(tokens, depth + 1)
            made.append(pair)
        elif token.type == "softbreak":
            _text(made, "\n")
        elif token.type == "text":
            _with_notes(made, token.content)
        else:
            made.append(_alone(token))
    return made


def _address(tokens: Iterator[Token]) -> Alone:
    """An address that is its own text: it stands alone, as there is nothing to translate."""
    address = ""
    for token in tokens:
        if token.type == "link_close":
            break
        address += token.content
    return Alone("link", address, f"<{address}>")


def _kinds(pieces: Sequence[Piece]) -> list[object]:
    """What pieces are and how they are nested, without their words."""
    return [
        [piece.kind, _kinds(piece.inside)] if isinstance(piece, Pair) else piece.kind
        for piece in pieces
        if not isinstance(piece, Text)
    ]


def _alone(token: Token) -> Alone:
    if token.type == "image":
        return Alone("picture", _alt(token) or str(token.attrs.get("src", "")), token)
    kind: CodeKind = "break" if token.type == "hardbreak" else "code" if token.type == "code_inline" else "format"
    return Alone(kind, token.content, token)


def _text(made: list[Piece], text: str) -> None:
    if made and isinstance(made[-1], Text):
        made[-1].text += text
    elif text:
        made.append(Text(text))


def _with_notes(made: list[Piece], text: str) -> None:
    at = 0
    for match in _NOTE.finditer(text):
        _text(made, text[at : match.start()])
        made.append(Alone("note", match.group()[2:-1], match.group()))
        at = match.end()
    _text(made, text[at:])
