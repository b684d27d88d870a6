"""Inline codes in XLIFF 2.1: `pc` around text, `sc` and `ec` where a pair crosses another or has its partner in another
segment, `ph` for what stands alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lxml import etree

from tm.exchange.work.xliffcodes import Mark, Pen, pieces
from tm.text import codes
from tm.types import Code, CodeKind

_X = "{urn:oasis:names:tc:xliff:document:2.0}"
_DEEPEST = 40  # elements in elements; what is deeper is written as start and end
_KINDS: dict[CodeKind, tuple[str, str]] = {
    "bold": ("fmt", "xlf:b"),
    "italic": ("fmt", "xlf:i"),
    "underline": ("fmt", "xlf:u"),
    "break": ("fmt", "xlf:lb"),
    "format": ("fmt", "passerelle:format"),
    "superscript": ("fmt", "passerelle:superscript"),
    "subscript": ("fmt", "passerelle:subscript"),
    "code": ("fmt", "passerelle:code"),
    "link": ("link", "passerelle:link"),
    "picture": ("image", "passerelle:picture"),
    "note": ("other", "passerelle:note"),
    "field": ("other", "passerelle:field"),
}


class Codes:
    """The codes of a segment."""

    def __init__(self, known: Iterable[Code]) -> None:
        self._known = {code.number: code for code in known}

    def data(self, unit: etree._Element, text: str) -> None:
        """What the codes of a text stand for, where there is more to say than their kind."""
        found = [code for code in codes.known(text, list(self._known.values())) if code.shown]
        if found:
            data = etree.SubElement(unit, f"{_X}originalData")
            for code in found:
                etree.SubElement(data, f"{_X}data", {"id": f"d{code.number}"}).text = code.shown

    def fill(self, element: etree._Element, text: str) -> None:
        """Write a text with its codes into an element."""
        pen, used = Pen(element), Counter[int]()
        nested = _nested(text)
        for piece in pieces(text, self._known):
            if isinstance(piece, str):
                pen.text(piece)
            elif piece.form == "close" and piece.number in nested:
                pen.end()
            elif piece.form == "close" and piece.paired:
                pen.element(f"{_X}ec", {"startRef": str(piece.number), **self._about(piece)})
            else:
                used[piece.number] += 1
                self._code(pen, piece, _id(piece.number, used[piece.number]), piece.number in nested)

    def _code(self, pen: Pen, mark: Mark, name: str, nested: bool) -> None:
        if mark.form == "open" and nested:
            pen.begin(f"{_X}pc", {"id": name, **self._about(mark, "Start")})
            return
        isolated = {} if mark.paired or mark.form == "alone" else {"isolated": "yes"}
        element = {"open": "sc", "close": "ec", "alone": "ph"}[mark.form]
        pen.element(f"{_X}{element}", {"id": name, **isolated, **self._about(mark)})

    def _about(self, mark: Mark, end: str = "") -> dict[str, str]:
        code = self._known.get(mark.number)
        about = {f"disp{end}": mark.shown}
        if code is not None and mark.form != "close":
            about |= dict(zip(("type", "subType"), _KINDS[code.kind], strict=True))
            about |= {f"dataRef{end}": f"d{code.number}"} if code.shown else {}
        return about


def _id(number: int, time: int) -> str:
    """The name of a code; those of copies of it have their count behind."""
    return str(number) if time == 1 else f"{number}-{time}"


def _nested(text: str) -> set[int]:
    """The numbers of pairs that can be elements around text: they cross no other of them."""
    opened: list[int] = []
    found = set()
    for piece in pieces(text, {}):
        if isinstance(piece, str) or not piece.paired:
            continue
        if piece.form == "open":
            opened += [piece.number] if len(opened) < _DEEPEST else []
        elif opened and opened[-1] == piece.number:
            found.add(opened.pop())
        elif piece.number in opened:
            opened.remove(piece.number)
    return found
