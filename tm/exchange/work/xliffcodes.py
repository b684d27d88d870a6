"""Inline codes in XLIFF: what both versions share, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from lxml import etree

from tm.exchange.guarded import entities, name_of
from tm.text import codes
from tm.types import Code, CodeForm

OURS = "urn:passerelle:work:1"
_OPEN, _CLOSE, _ALONE = ("bpt", "bx", "sc"), ("ept", "ex", "ec"), ("ph", "x")
_AROUND, _THROUGH = ("g", "pc"), ("mrk",)
_ID = re.compile(r"[a-z]{0,3}(\d{1,3})(?:-\d+)?\Z")


def top(name: str, namespaces: dict[str | None, str]) -> etree._Element:
    """The root of a file; None names the namespace of what has no prefix."""
    return etree.Element(name, nsmap=cast("dict[str, str]", namespaces))


class Pen:
    """Writes text and elements one behind the other."""

    def __init__(self, element: etree._Element) -> None:
        self._open = [element]
        self._last: etree._Element | None = None

    def text(self, text: str) -> None:
        """Text where the pen is."""
        if self._last is not None:
            self._last.tail = (self._last.tail or "") + text
        else:
            self._open[-1].text = (self._open[-1].text or "") + text

    def element(self, name: str, attributes: dict[str, str], text: str = "") -> None:
        """A whole element."""
        self._last = etree.SubElement(self._open[-1], name, attributes)
        self._last.text = text or None

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element that what comes next stands in."""
        self._open.append(etree.SubElement(self._open[-1], name, attributes))
        self._last = None

    def end(self) -> None:
        """The end of the element that was begun last."""
        self._last = self._open.pop()


@dataclass(frozen=True, slots=True)
class Mark:
    """A code in a text: how it is written for people, and whether its partner stands in the same text."""

    form: CodeForm
    number: int
    paired: bool
    shown: str


def pieces(text: str, known: dict[int, Code]) -> Iterator[str | Mark]:
    """The texts and codes of a text, in order."""
    whole = set(pairs(text))
    at = 0
    for found in codes.CODE.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        at = found.end()
        form, number = codes.form_of(found.group())
        yield Mark(form, number, form != "alone" and number in whole, _shown(found.group(), known.get(number)))
    if at < len(text):
        yield text[at:]


def pairs(text: str) -> Iterator[int]:
    """The numbers of codes that open once in a text, and close once behind that."""
    for number in {codes.form_of(mark)[1] for mark in codes.codes_in(text)}:
        opening, closing = codes.character("open", number), codes.character("close", number)
        if text.count(opening) == text.count(closing) == 1 and text.index(opening) < text.index(closing):
            yield number


def _shown(mark: str, code: Code | None) -> str:
    """`<1>`, with what it stands for where that is known: `<1 https://example.org>`."""
    tag = codes.written(mark)
    shown = " ".join(code.shown.split()) if code is not None and not tag.startswith("</") else ""
    end = "/>" if tag.endswith("/>") else ">"
    return f"{tag.removesuffix(end)} {shown}{end}" if shown else tag


def _code_of(form: CodeForm, *names: str | None) -> str:
    """The character of a code by the first of the names that has a number of ours; "" without one."""
    for name in names:
        found = _ID.match(name or "")
        if found and 0 < int(found[1]) <= codes.MOST:
            return codes.character(form, int(found[1]))
    return ""


def text_of(element: etree._Element | None) -> str:
    """The text of an element with its codes; what stands inside of codes is no text."""
    return "".join(_runs(element)) if element is not None else ""


def _runs(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child, etree._Entity):
            raise entities()
        yield from _inline(child, name_of(child))
        yield child.tail or ""


def _inline(element: etree._Element, name: str) -> Iterator[str]:
    if name in _AROUND:
        yield _code_of("open", element.get("id"))
        yield from _runs(element)
        yield _code_of("close", element.get("id"))
    elif name in _THROUGH:
        yield from _runs(element)
    elif name == "cp":
        yield _point(element.get("hex", ""))
    elif form := _form(element, name):
        begun = element.get("rid") or element.get("startRef")
        yield _code_of(form, *(() if form == "alone" else (begun,)), element.get("id"))


def _form(element: etree._Element, name: str) -> CodeForm | None:
    if name in _ALONE:
        return "alone"
    closes = name in _CLOSE or (name == "it" and element.get("pos") == "close")
    return "close" if closes else "open" if name in _OPEN or name == "it" else None


def _point(digits: str) -> str:
    """A character that XML cannot hold, which is then refused."""
    return chr(int(digits, 16)) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", digits) else ""
