"""What a paragraph of an OpenDocument text is, and what a span looks like, by their styles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from tm.types import CodeKind, Role

_ODF = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
TEXT, STYLE, OFFICE, TABLE, DRAW = (
    "{" + _ODF.format(name) + "}" for name in ("text", "style", "office", "table", "drawing")
)
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
_UNSEEN = re.compile(r"rsid|language|country|script|rfc-language", re.IGNORECASE)
_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"(?:title|titre)\Z", re.I), "title"),
    (re.compile(r"subtitle|sous-?\s?titre", re.I), "subtitle"),
    (re.compile(r"\bquot|citation", re.I), "quotation"),
    (re.compile(r"caption|illustration|l[ée]gende|figure\Z", re.I), "caption"),
    (re.compile(r"dateline|date\Z", re.I), "dateline"),
    (re.compile(r"footnote|endnote|note de (?:bas|fin)|header\Z|footer\Z", re.I), "note"),
    (re.compile(r"\blist\b|bullet|puces?\b", re.I), "list-item"),
)
_HEADING = re.compile(r"(?:heading|titre)\s?([1-9])\b", re.I)
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Style:
    """A style: what people call it, what it is based on, how its text looks and whether it is shown at all."""

    name: str
    parent: str
    look: str
    hidden: bool | None


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a part by their families and names."""

    by_name: dict[tuple[str, str], Style] = field(default_factory=dict)

    @classmethod
    def of(cls, part: etree._Element, parts: Iterable[etree._Element]) -> Styles:
        """Those that hold in a part: of all parts the named ones, of its own also the automatic ones, whose names mean
        something else in another part."""
        named = (element for root in parts for element in root.iterfind(f"{OFFICE}styles/{STYLE}style"))
        automatic = part.iterfind(f"{OFFICE}automatic-styles/{STYLE}style")
        found = {}
        for element in (*named, *automatic):
            found[element.get(f"{STYLE}family", ""), element.get(f"{STYLE}name", "")] = _style(element)
        return cls(found)

    def hides(self, element: etree._Element) -> bool:
        """Whether a span or paragraph is hidden by its style, or by that which it is based on."""
        return next((style.hidden for style in self.chain(element) if style.hidden is not None), False)

    def chain(self, element: etree._Element) -> list[Style]:
        """The style of a span or paragraph, and what it is based on."""
        family = "text" if element.tag == f"{TEXT}span" else "paragraph"
        name = element.get(f"{TEXT}style-name", "")
        found: list[Style] = []
        while (family, name) in self.by_name and len(found) < _DEEPEST:
            found.append(self.by_name[family, name])
            name = found[-1].parent
        return found

    def look(self, span: etree._Element) -> str:
        """What a span looks like, for comparing; "" where nobody meant it to look like anything."""
        return "|".join(style.look for style in self.chain(span) if style.look)

    def described(self, span: etree._Element) -> tuple[CodeKind, str]:
        """What people are told of a span."""
        look = self.look(span)
        kinds: list[CodeKind] = []
        if re.search(r"font-weight=(?:bold|[6-9]00)", look):
            kinds.append("bold")
        if re.search(r"font-style=(?:italic|oblique)", look):
            kinds.append("italic")
        if re.search(r"underline-style=(?!none)", look):
            kinds.append("underline")
        if found := re.search(r"text-position=(super|sub|-?\d)", look):
            kinds.append("subscript" if found[1] == "sub" or found[1].startswith("-") else "superscript")
        named = next((style.name for style in self.chain(span) if " " in style.name), "")
        return (kinds[0] if kinds else "format"), ", ".join([*kinds[1:], *([named] if named else [])])

    def role(self, paragraph: etree._Element) -> tuple[Role, int]:
        """The role of a paragraph and its level."""
        if next(paragraph.iterancestors(f"{TEXT}note"), None) is not None:
            return "note", 0
        for style in self.chain(paragraph):
            if found := _HEADING.search(style.name):
                return "heading", min(int(found[1]), 6)
            for pattern, role in _ROLES:
                if pattern.search(style.name):
                    return role, 0
        if paragraph.tag == f"{TEXT}h":
            level = paragraph.get(f"{TEXT}outline-level", "")
            return "heading", min(int(level), 6) if re.fullmatch("[1-9]|10", level) else 1
        if next(paragraph.iterancestors(f"{TEXT}list"), None) is not None:
            return "list-item", 0
        inside = next(paragraph.iterancestors(f"{TABLE}table-cell", f"{DRAW}text-box", f"{OFFICE}text"), None)
        return ("table-cell" if inside is not None and inside.tag == f"{TABLE}table-cell" else "paragraph"), 0


def _style(element: etree._Element) -> Style:
    name = element.get(f"{STYLE}display-name") or element.get(f"{STYLE}name", "").replace("_20_", " ")
    properties = element.find(f"{STYLE}text-properties")
    seen = []
    if element.get(f"{STYLE}family") == "text" and properties is not None:
        pairs = sorted((etree.QName(str(key)).localname, str(value)) for key, value in properties.attrib.items())
        seen = [f"{key}={value}" for key, value in pairs if not _UNSEEN.search(key)]
    parent = element.getparent()
    if parent is not None and parent.tag == f"{OFFICE}styles":
        seen.append(f"style={name}")  # a style that somebody has given a name means something
    display = properties.get(f"{TEXT}display") if properties is not None else None
    hidden = None if display is None else display == "none"
    return Style(name, element.get(f"{STYLE}parent-style-name", ""), ";".join(seen), hidden)
