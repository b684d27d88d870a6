"""From the pieces of a paragraph to text with inline codes, and back.

A reader of a format with markup gathers what stands in a block as pieces: `Text`, `Alone` for what has a place and no
text, and `Pair` for what encloses pieces. `coded` makes the text of them, `pieces_of` makes pieces of a translation
again. A `handle` is whatever the format needs to write the thing: nobody else looks into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tm.text import codes
from tm.types import Code, CodeKind


@dataclass(slots=True)
class Text:
    """Words. `handle` is what they look like where no pair says otherwise."""

    text: str
    handle: Any = None


@dataclass(slots=True)
class Alone:
    """A thing without text: a picture, the mark of a note, a field."""

    kind: CodeKind
    shown: str
    handle: Any


@dataclass(slots=True)
class Pair:
    """What encloses other pieces: emphasis, a link."""

    kind: CodeKind
    shown: str
    handle: Any
    inside: list[Piece] = field(default_factory=list)


Piece = Text | Alone | Pair
DEEPEST = 40  # pairs in pairs; pages that close no element have them by the hundred
# what is more than a look: it is kept where there is nothing but white space in it
_WITH_A_PLACE = ("link", "field")


@dataclass(slots=True)
class Coded:
    """A block's text with its codes, and the handle of each code by its number. `around` are the pairs that enclose
    all of the text, outermost first: what is everywhere needs no code. `behind` is what no number was left for."""

    text: str
    codes: tuple[Code, ...]
    handles: dict[int, Piece]
    around: list[Pair]
    behind: list[Piece] = field(default_factory=list)


def words_of(pieces: Sequence[Piece]) -> str:
    """The text of the pieces alone."""
    return "".join(
        piece.text if isinstance(piece, Text) else words_of(piece.inside) if isinstance(piece, Pair) else ""
        for piece in pieces
    )


def things_in(pieces: Iterable[Piece]) -> Iterator[Alone]:
    """What stands alone in the pieces, in order."""
    for piece in pieces:
        if isinstance(piece, Alone):
            yield piece
        elif isinstance(piece, Pair):
            yield from things_in(piece.inside)


def coded(pieces: Sequence[Piece]) -> Coded:
    """The text of the pieces. Pairs without text inside stand alone; pairs around everything are in `around`; a
    character of the text that is one of those of codes is itself a code. Beyond `tm.text.codes.MOST` emphasis is lost,
    and what stands alone comes behind the text."""
    inside, around = _unwrapped(list(pieces))
    made = Coded("", (), {}, around)
    made.text = "".join(_written(inside, made))
    return made


def _unwrapped(pieces: list[Piece]) -> tuple[list[Piece], list[Pair]]:
    around: list[Pair] = []
    pieces = [piece for piece in pieces if not (isinstance(piece, Text) and not piece.text)]
    while len(pieces) == 1 and isinstance(pieces[0], Pair) and pieces[0].kind != "link":
        around.append(pieces[0])
        pieces = [piece for piece in pieces[0].inside if not (isinstance(piece, Text) and not piece.text)]
    return pieces, around


def _written(pieces: Sequence[Piece], made: Coded) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Text):
            yield from _literal(piece.text, made)
        elif isinstance(piece, Pair) and (words := words_of(piece.inside)):
            if not words.strip() and piece.kind not in _WITH_A_PLACE and next(things_in(piece.inside), None) is None:
                yield words  # emphasis on a space
                continue
            number = _numbered(piece, piece.kind, piece.shown, made)
            yield codes.character("open", number) if number else ""
            yield from _written(piece.inside, made)
            yield codes.character("close", number) if number else ""
        else:
            yield _alone(piece, piece.kind, piece.shown, made)


def _literal(text: str, made: Coded) -> Iterator[str]:
    """Text; a character in it that would be taken for a code is a code that stands for itself."""
    at = 0
    for found in codes.CODE.finditer(text):
        yield text[at : found.start()]
        yield _alone(Text(found.group()), "field", f"U+{ord(found.group()):04X}", made)
        at = found.end()
    yield text[at:]


def _alone(piece: Piece, kind: CodeKind, shown: str, made: Coded) -> str:
    number = _numbered(piece, kind, shown, made)
    if number:
        return codes.character("alone", number)
    made.behind.append(piece)
    return ""


def _numbered(piece: Piece, kind: CodeKind, shown: str, made: Coded) -> int:
    number = len(made.handles) + 1
    if number > codes.MOST:
        return 0
    made.handles[number] = piece
    made.codes = (*made.codes, Code(number, kind, shown))
    return number


def pieces_of(text: str, handles: dict[int, Piece]) -> list[Piece]:
    """The pieces that a translated text says, with the handles of the source. A code that the source has not is left
    out; a pair that is not closed, or crosses another, is closed where it has to be."""
    top: list[Piece] = []
    open_pairs: list[tuple[int, Pair]] = []

    def place() -> list[Piece]:
        return open_pairs[-1][1].inside if open_pairs else top

    for part in re.split(f"({codes.CODE.pattern})", text):
        if not codes.CODE.fullmatch(part):
            if part:
                place().append(Text(part))
            continue
        form, number = codes.form_of(part)
        handle = handles.get(number)
        if form == "open" and isinstance(handle, Pair):
            pair = Pair(handle.kind, handle.shown, handle.handle)
            place().append(pair)
            open_pairs.append((number, pair))
        elif form == "close" and any(number == at for at, _ in open_pairs):
            _close(number, open_pairs, top)
        elif form == "alone" and handle is not None:
            place().append(handle)
    return top


def _close(number: int, open_pairs: list[tuple[int, Pair]], top: list[Piece]) -> None:
    """Close a pair; what was opened inside of it and is still open goes on behind it."""
    again: list[tuple[int, Pair]] = []
    while open_pairs[-1][0] != number:
        at, pair = open_pairs.pop()
        again.append((at, Pair(pair.kind, pair.shown, pair.handle)))
    open_pairs.pop()
    for at, pair in reversed(again):
        (open_pairs[-1][1].inside if open_pairs else top).append(pair)
        open_pairs.append((at, pair))
