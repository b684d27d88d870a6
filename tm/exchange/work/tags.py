"""Inline codes as people see them in tables and catalogues: `<1>`, `</1>`, `<1/>`.

Only the codes of a row are codes in it. A text that looks like one of them keeps its look with a backslash before it
(`\\<1>`); backslashes before either are doubled. All else is written as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tm.text import codes
from tm.types import Code, CodeForm

TAG = re.compile(r"<(/?)(\d{1,3})(/?)>")
_EITHER = re.compile(rf"(\\*)(?:([{codes.FIRST}-{codes.LAST}])|(</?\d{{1,3}}/?>))")

Known = Mapping[str, str]


def known(*texts: str) -> dict[str, str]:
    """The codes of some texts by how they are written, in the order of their first place."""
    return {codes.written(mark): mark for text in texts for mark in codes.codes_in(text)}


def listed(names: str) -> dict[str, str]:
    """The codes that a row has, from how they are written one after the other."""
    found = {}
    for tag in TAG.finditer(names):
        form: CodeForm = "close" if tag[1] else "alone" if tag[3] else "open"
        if int(tag[2]) <= codes.MOST and not (tag[1] and tag[3]):
            found[tag.group()] = codes.character(form, int(tag[2]))
    return found


def written(text: str, names: Known) -> str:
    """The text as people see it; `read` with the same names gives it back."""

    def one(found: re.Match[str]) -> str:
        slashes, mark, tag = found.groups()
        if mark:
            return f"{slashes}{slashes}{codes.written(mark)}"
        return rf"{slashes}{slashes}\{tag}" if tag in names else found.group()

    return _EITHER.sub(one, text)


def read(text: str, names: Known) -> str:
    """The text with its codes; what is written like a code that is none of the names stays text."""

    def one(found: re.Match[str]) -> str:
        slashes, _, tag = found.groups()
        if tag not in names:
            return found.group()
        return slashes[: len(slashes) // 2] + (tag if len(slashes) % 2 else names[tag])

    return _EITHER.sub(one, text)


def explained(code: Code, names: Known) -> str:
    """A line that says what a code stands for: `<1> </1> link https://example.org`; "" for one that is not there."""
    forms: tuple[CodeForm, ...] = ("open", "close", "alone")
    here = [codes.written(codes.character(form, code.number)) for form in forms]
    return (
        " ".join([*(tag for tag in here if tag in names), code.kind, *code.shown.split()])
        if any(tag in names for tag in here)
        else ""
    )
