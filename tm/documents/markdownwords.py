"""Pieces as Markdown again: what a text says is not to be taken for markup, and markup goes where it still holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tm.documents.inline import Alone, Piece, Text

if TYPE_CHECKING:
    from markdown_it.token import Token

_SPECIAL = re.compile(r"[\\`*\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w)|~(?=~)|(?<=~)~")
# what would make a line a heading, a list, a quotation or a row under the head of a table
_BEGINS = re.compile(r"(?m)^([ \t]*)(#{1,6}(?=[ \t]|$)|[-+](?=[ \t]|$)|>|=+[ \t]*$|[-:|](?=[-:| \t]*$))")
_TAGS = {"s": "del"}
_CLOSES = re.compile(r"(?<=[ \t])(?=#+[ \t]*\Z)")
_NOT_BARE = re.compile(r"[:#\"'{}\[\]|>&*!%@`,\\]|\A[-?\s]|\s\Z")
_ORDERED = re.compile(r"(?m)^([ \t]*\d{1,9})([.)])(?=[ \t]|$)")


@dataclass(slots=True)
class Place:
    """The handle of a block: a piece of each of its lines, as (line, start, end); `front`: it stands in the heading of
    the file, between quotation marks if `quote`; `cell`: in a table; `one_line`: it cannot have more than one."""

    lines: list[tuple[int, int, int]]
    front: bool = False
    cell: bool = False
    one_line: bool = False
    quote: str = ""


def written(pieces: Sequence[Piece], place: Place, *, tags: bool = False) -> str:
    """Pieces as Markdown for their place; `tags`: with the tags of HTML for emphasis."""
    text = _joined(pieces, tags)
    if place.one_line:
        text = text.replace("\\\n", " ").replace("\n", " ")
    if place.cell:
        return text.replace("|", "\\|")
    text = _ORDERED.sub(r"\1\\\2", text)
    return _BEGINS.sub(r"\1\\\2", _CLOSES.sub(r"\\", text))


def _joined(pieces: Sequence[Piece], tags: bool) -> str:
    parts = [_of_piece(piece, tags) for piece in pieces]
    for at in range(len(parts) - 1):
        if parts[at].endswith("!") and isinstance(pieces[at], Text) and parts[at + 1].startswith("["):
            parts[at] = parts[at][:-1] + "\\!"  # else the link is a picture
    return "".join(parts)


def _of_piece(piece: Piece, tags: bool) -> str:
    if isinstance(piece, Text):
        return _SPECIAL.sub(lambda found: "\\" + found.group(), piece.text)
    if isinstance(piece, Alone):
        return _of_thing(piece)
    inside = _joined(piece.inside, tags)
    token: Token = piece.handle
    if token.type == "link_open":
        return f"[{inside}]({_target(token, 'href')})"
    # a mark of emphasis holds only where it touches a word
    bare = inside.strip()
    if tags or not bare:
        name = _TAGS.get(token.tag, token.tag)
        return f"<{name}>{inside}</{name}>" if bare else inside
    before, after = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
    return f"{before}{token.markup}{bare}{token.markup}{after}"


def _of_thing(piece: Alone) -> str:
    if isinstance(piece.handle, str):
        return piece.handle
    token: Token = piece.handle
    match token.type:
        case "image":
            said = token.meta.get("alt")
            alt = token.content if said is None else _SPECIAL.sub(lambda found: "\\" + found.group(), said)
            return f"![{alt}]({_target(token, 'src')})"
        case "hardbreak":
            return "\\\n"
        case "code_inline":
            around = " " if token.content.startswith("`") or token.content.endswith("`") else ""
            return f"{token.markup}{around}{token.content}{around}{token.markup}"
        case _:
            return token.content


def quoted(text: str, quote: str) -> str:
    """A text as the value of a line of the front matter, which stands between these marks, or none."""
    if quote == "'":
        return text.replace("'", "''")
    if not quote and not _NOT_BARE.search(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return escaped if quote else f'"{escaped}"'


def _target(token: Token, name: str) -> str:
    address, title = str(token.attrs.get(name, "")), str(token.attrs.get("title", ""))
    if re.search(r"[\s()<>]", address) or not address:
        address = f"<{address}>"
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'{address} "{quoted}"' if title else address


def replace_lines(lines: list[str], place: Place, text: str) -> None:
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
