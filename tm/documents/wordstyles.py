"""What a paragraph of a Word document is, by its style, its place and its numbering."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from tm.documents.wordml import W, child, is_on, val
from tm.types import Role

_HEADING = re.compile(r"(?:heading|titre|überschrift)\s?([1-9])\b")
_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"(?:title|titre|document title)\Z"), "title"),
    (re.compile(r"subtitle|sous-?\s?titre|surtitre"), "subtitle"),
    (re.compile(r"\bquote|citation|block text"), "quotation"),
    (re.compile(r"caption|l[ée]gende"), "caption"),
    (re.compile(r"date\Z|dateline"), "dateline"),
    (re.compile(r"footnote|endnote|note de (?:bas|fin)"), "note"),
    (re.compile(r"\blist\b|liste|bullet|puces?\b"), "list-item"),
)
_DEEPEST = 20  # styles that one is based on


@dataclass(frozen=True, slots=True)
class Style:
    """A style as it is declared."""

    name: str
    based_on: str = ""
    outline: int | None = None
    numbered: bool = False
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by their ids."""

    by_id: dict[str, Style] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element | None) -> Styles:
        """Those that a part declares."""
        found = {}
        for element in root.iter(f"{W}style") if root is not None else ():
            found[element.get(f"{W}styleId", "")] = _style(element)
        return cls(found)

    @property
    def hidden(self) -> frozenset[str]:
        """The styles that hide what has them, by their own word or by that of the nearest style they are based on."""
        return frozenset(key for key in self.by_id if self._hides(key))

    def _hides(self, key: str) -> bool:
        return next((style.hidden for style in self.chain(key) if style.hidden is not None), False)

    def chain(self, key: str) -> list[Style]:
        """A style and what it is based on."""
        found: list[Style] = []
        while key in self.by_id and len(found) < _DEEPEST:
            found.append(self.by_id[key])
            key = found[-1].based_on
        return found

    def name(self, key: str) -> str:
        """What people call a style."""
        return self.by_id[key].name if key in self.by_id else key

    def role(self, paragraph: etree._Element) -> tuple[Role, int]:
        """The role of a paragraph and its level."""
        properties = child(paragraph, "pPr")
        chain = self.chain(val(properties, "pStyle"))
        for style in chain or [Style(val(properties, "pStyle"))]:
            name = style.name.casefold()
            if found := _HEADING.search(name):
                return "heading", min(int(found[1]), 6)
            for pattern, role in _ROLES:
                if pattern.search(name):
                    return role, 0
        inherited = next((str(style.outline) for style in chain if style.outline is not None), "")
        outline = val(properties, "outlineLvl") or inherited
        if re.fullmatch("[0-8]", outline):
            return "heading", min(int(outline) + 1, 6)
        if child(properties, "numPr") is not None or any(style.numbered for style in chain):
            return "list-item", 0
        inside = next(paragraph.iterancestors(f"{W}tc", f"{W}txbxContent", f"{W}body"), None)
        return ("table-cell" if inside is not None and inside.tag == f"{W}tc" else "paragraph"), 0


def _style(element: etree._Element) -> Style:
    paragraph, look = child(element, "pPr"), child(element, "rPr")
    outline = val(paragraph, "outlineLvl")
    return Style(
        val(element, "name"),
        val(element, "basedOn"),
        int(outline) if re.fullmatch("[0-9]", outline) else None,
        child(paragraph, "numPr") is not None,
        is_on(look, "vanish") if child(look, "vanish") is not None else None,
    )
