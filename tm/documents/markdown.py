"""Markdown: what CommonMark makes of a text, with tables and the usual way to write notes (`[^1]`).

Paragraphs are written back as Markdown where they stood; all lines between them stay, character for character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tm.documents.assemble import finished
from tm.documents.decode import Decoded, encode
from tm.documents.inline import Alone, Pair, Piece, Text
from tm.documents.limits import Limits
from tm.documents.opened import Opened, Raw, of_pieces, with_roles
from tm.text import codes
from tm.text.rules import NO_RULES, RuleSet
from tm.types import CodeKind, Document, Role

if TYPE_CHECKING:
    from markdown_it.token import Token

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_FRONT = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FRONT_TITLE = re.compile(r'^(title|subtitle|description):[ \t]*(["\']?)([^\n"\'{}\[\]|>&*!%@`#]+)\2[ \t]*$', re.M)
_NOTE = re.compile(r"\[\^[^\]\s]+\]")
_NOTE_BEGINS = re.compile(r"\[\^[^\]\s]+\]:[ \t]*")
_KINDS: dict[str, CodeKind] = {"strong": "bold", "em": "italic", "link": "link", "s": "format"}
_SPECIAL = re.compile(r"[\\`*\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")
_BEGINS = re.compile(r"(?m)^([ \t]*)(#{1,6}(?=[ \t]|$)|[-+](?=[ \t]|$)|>|~{3}|={2,}[ \t]*$|-{2,}[ \t]*$)")
_ORDERED = re.compile(r"(?m)^([ \t]*\d{1,9})([.)])(?=[ \t]|$)")


@dataclass(slots=True)
class Place:
    """The handle of a block: a piece of each of its lines, as (line, start, end); `front`: it stands in the heading of
    the file, `cell` in a table."""

    lines: list[tuple[int, int, int]]
    front: bool = False
    cell: bool = False


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
    edits: list[tuple[Place, str]] = field(default_factory=list)
    pictured: list[Picture] = field(default_factory=list)

    def put(self, raw: Raw, text: str) -> None:
        """Put a text in the place of a block."""
        if isinstance(raw.handle, Place):
            plain = codes.plain(text).replace("\n", " ")
            made = plain if raw.handle.front else _written(raw.pieces(text), raw.handle.cell)
            self.edits.append((raw.handle, made))
        else:
            raw.handle.token.content = codes.plain(text).replace("\n", " ")
            self.pictured.append(raw.handle)

    def depth(self, raw: Raw) -> int:
        """Pictures are written before the paragraphs that they stand in."""
        return 0 if isinstance(raw.handle, Place) else 1

    def saved(self) -> bytes:
        """The text as it is now, in its own encoding."""
        lines = list(self.lines)
        done = {place.lines[0] for place, _ in self.edits}
        alone = {picture.place.lines[0]: picture for picture in self.pictured if picture.place.lines[0] not in done}
        for picture in alone.values():
            self.edits.append((picture.place, _written(picture.pieces, picture.place.cell)))
        for place, text in sorted(self.edits, key=lambda edit: edit[0].lines[0], reverse=True):
            _replace(lines, place, text)
        whole = "".join(lines)
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
    if front:
        for raw in _of_front(front.group()):
            found.add(raw, most)
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    tokens = parser.parse(text[front.end() :] if front else text)
    for raw in _blocks(tokens, found.lines, skipped):
        found.add(raw, most)
    html = sum(token.type == "html_block" for token in tokens)
    found.notes = [f"left out: HTML ({html})"] if html else []
    titled = next((raw for raw in found.raw if raw.role == "title" or raw.level == 1), None)
    if titled:
        titled.role = "title"
    with_roles(found.raw, titled is not None)
    return found


def _of_front(text: str) -> Iterator[Raw]:
    for match in _FRONT_TITLE.finditer(text):
        line = text.count("\n", 0, match.start())
        begin = text.rfind("\n", 0, match.start()) + 1
        role: Role = "title" if match[1] == "title" else "subtitle"
        said = match[3].rstrip()
        place = Place([(line, match.start(3) - begin, match.start(3) - begin + len(said))], front=True)
        yield of_pieces(role, [Text(said)], place)


def _blocks(tokens: Sequence[Token], lines: list[str], skipped: int) -> Iterator[Raw]:
    """The blocks of the text. A stack of what is open tells what each of them is."""
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
            pieces = _pieces(iter(token.children or []))
            if note := _NOTE_BEGINS.match(token.content):
                role = "note"
                pieces = _without_start(pieces, len(note.group()))
                line, start, end = place.lines[0]
                place.lines[0] = (line, start + len(note.group()), end)
            yield of_pieces(role, pieces, place, level)
            for picture in (one for one in token.children or [] if one.type == "image"):
                yield of_pieces("caption", [Text(picture.content)], Picture(picture, place, pieces))


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


def _pieces(tokens: Iterator[Token], until: str = "") -> list[Piece]:
    made: list[Piece] = []
    for token in tokens:
        if token.type == until:
            return made
        if token.type.endswith("_open"):
            name = token.type.removesuffix("_open")
            pair = Pair(_KINDS.get(name, "format"), str(token.attrs.get("href", "")), token)
            pair.inside = _pieces(tokens, f"{name}_close")
            made.append(pair)
        elif token.type == "softbreak":
            _text(made, "\n")
        elif token.type == "text":
            _with_notes(made, token.content)
        else:
            made.append(_alone(token))
    return made


def _alone(token: Token) -> Alone:
    if token.type == "image":
        return Alone("picture", token.content or str(token.attrs.get("src", "")), token)
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


def _written(pieces: Sequence[Piece], cell: bool) -> str:
    text = "".join(_of_piece(piece, cell) for piece in pieces)
    text = _ORDERED.sub(r"\1\\\2", text)
    return _BEGINS.sub(r"\1\\\2", text)


def _of_piece(piece: Piece, cell: bool) -> str:
    if isinstance(piece, Text):
        text = _SPECIAL.sub(lambda found: "\\" + found.group(), piece.text)
        return text.replace("|", "\\|").replace("\n", " ") if cell else text
    if isinstance(piece, Alone):
        return _of_thing(piece)
    inside = "".join(_of_piece(one, cell) for one in piece.inside)
    token: Token = piece.handle
    if token.type == "link_open":
        return f"<{inside}>" if token.markup == "autolink" else f"[{inside}]({_target(token, 'href')})"
    # a mark of emphasis holds only where it touches a word
    bare = inside.strip()
    before, after = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
    return f"{before}{token.markup}{bare}{token.markup}{after}"


def _of_thing(piece: Alone) -> str:
    if isinstance(piece.handle, str):
        return piece.handle
    token: Token = piece.handle
    match token.type:
        case "image":
            alt = _SPECIAL.sub(lambda found: "\\" + found.group(), token.content)
            return f"![{alt}]({_target(token, 'src')})"
        case "hardbreak":
            return "\\\n"
        case "code_inline":
            around = " " if token.content.startswith("`") or token.content.endswith("`") else ""
            return f"{token.markup}{around}{token.content}{around}{token.markup}"
        case _:
            return token.content


def _target(token: Token, name: str) -> str:
    address, title = str(token.attrs.get(name, "")), str(token.attrs.get("title", ""))
    if re.search(r"[\s()<>]", address) or not address:
        address = f"<{address}>"
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'{address} "{quoted}"' if title else address


def _replace(lines: list[str], place: Place, text: str) -> None:
    """Put a text in place of the pieces of its lines; further lines begin as those did that stood there."""
    first, last = place.lines[0], place.lines[-1]
    begin = lines[first[0]][: first[1]]
    rest = lines[last[0]][last[2] :]
    further = lines[place.lines[1][0]][: place.lines[1][1]] if len(place.lines) > 1 else _continued(begin)
    parts = [part.strip(" \t") if at else part.rstrip(" \t") for at, part in enumerate(text.split("\n"))]
    joined = begin + ("\n" + further).join(part for part in parts if part)
    lines[first[0] : last[0] + 1] = [joined + rest]


def _continued(begin: str) -> str:
    """How a further line begins in a block that had one: in the same quotation, under the text of a list item."""
    return re.sub(r"[^>\s]", " ", begin)
