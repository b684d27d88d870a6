"""Web pages: the text that a reader sees, in blocks, without the furniture of the site."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import etree

from tm.documents import guard, roles
from tm.documents.assemble import main_language, title_of, with_segments
from tm.documents.decode import Decoded
from tm.documents.limits import Limits
from tm.errors import InputError
from tm.text.rules import NO_RULES, RuleSet
from tm.types import Block, Document, Language, Role

_WHITE = re.compile(r"[ \t\r\n\f]+")
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "html body main article section div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote figure "
        "figcaption table caption thead tbody tfoot tr td th pre address hr form fieldset legend details "
        "summary header footer center hgroup",
    )
)
_SILENT = frozenset(
    re.findall(
        r"\w+",
        "script style template noscript head title nav aside iframe object embed svg math canvas audio video "
        "select datalist button textarea dialog map",
    )
)
# what a reader would miss is noted; scripts and the like are no text
_FURNITURE = frozenset({"nav", "aside", "header", "footer", "dialog"})
_FURNITURE_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DATE_CLASS = re.compile(r"(?:^|[\s_-])(?:date|dateline|published|time|timestamp|datetime)(?:$|[\s_-])", re.IGNORECASE)
_SUBTITLE_CLASS = re.compile(r"sub-?title|sous-?titre|sur-?titre|kicker|subhead(?:line)?\b", re.IGNORECASE)
_CAPTION_CLASS = re.compile(r"caption|l[ée]gende", re.IGNORECASE)
_BY_TAG: dict[str, Role] = {
    "li": "list-item", "dt": "list-item", "dd": "list-item", "blockquote": "quotation", "figcaption": "caption",
    "caption": "caption", "td": "table-cell", "th": "table-cell",
}  # fmt: skip
_HEADING = re.compile(r"h[1-6]\Z")


@dataclass(slots=True)
class _Frame:
    """What an open block element hands down to the text inside of it."""

    role: Role | None = None
    level: int = 0
    language: Language | Literal[""] | None = None


@dataclass(slots=True)
class _Collector:
    """Blocks as they are found; text runs are gathered until a block begins or ends."""

    limit: int
    blocks: list[Block] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    parts: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    dated: bool = False
    breaks: int = 0

    def add(self, text: str | None) -> None:
        if text:
            self.parts.append(text)
            if text.strip(" \t\r\n\f"):
                self.breaks = 0

    def line_break(self) -> None:
        """One `<br>` is white space, two are a new paragraph."""
        self.breaks += 1
        if self.breaks > 1:
            self.close()
        self.parts.append(" ")

    def close(self) -> None:
        """Ends the block that was being gathered."""
        text = _WHITE.sub(" ", "".join(self.parts)).strip(" ")
        self.parts.clear()
        dated, self.dated = self.dated, False
        if not roles.has_words(text):
            return
        frame = self.frames[-1]
        role: Role = "dateline" if dated and roles.is_dateline(text) else frame.role or "paragraph"
        self.blocks.append(Block(role, text, level=frame.level, language=frame.language or None))
        if len(self.blocks) > self.limit:
            raise guard.too_many_segments(Limits(segments=self.limit))


def read(decoded: Decoded, limits: Limits, rules: RuleSet = NO_RULES) -> Document:
    """The document of an HTML page or fragment; what was left out stands in `notes`.

    Nothing is fetched and no script runs. Raises InputError HTML_TOO_DEEP where elements are nested by the thousand.
    """
    root = _parse(decoded.text)
    collector = _Collector(limits.segments)
    if root is not None:
        _walk(root, collector)
    plain = _with_roles(_with_title(collector.blocks, _page_title(root)))
    for block in plain:
        guard.check_text(block.text)  # a character reference can bring in what the source does not show
    main = _declared(root) or main_language([block.text for block in plain])

    def place(index: int, at: int) -> str:
        return f"block {index + 1}, character {at + 1}"

    blocks = tuple(with_segments(plain, main, limits, rules, place))
    notes = tuple(f"left out: {name} ({count})" for name, count in sorted(collector.dropped.items()))
    return Document("html", title_of(blocks), blocks, "", decoded.encoding, decoded.bom, notes)


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        root = None  # nothing but comments, for example
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        # the parser stops there: what follows would be missing without a word
        raise InputError(
            "The page nests its elements too deeply to be read.",
            code="HTML_TOO_DEEP",
            todo="Copy its text and paste it.",
        )
    return root


def _walk(root: etree._Element, collector: _Collector) -> None:
    """Gathers the text in document order. An iterator, no recursion: depth costs nothing."""
    walker = etree.iterwalk(root, events=("start", "end", "comment"))
    silent: etree._Element | None = None
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if silent is None and (reason := _silence(element, tag)) is not None:
                silent = element
                if tag in _BLOCKS or tag in _FURNITURE:
                    collector.close()
                collector.dropped.update([reason] if reason else [])
                walker.skip_subtree()
            elif silent is None:
                _open(element, tag, collector)
        else:
            if silent is None and tag in _BLOCKS:
                collector.close()
                collector.frames.pop()
            if silent is element:
                silent = None
            if silent is None:
                collector.add(element.tail)


def _open(element: etree._Element, tag: str, collector: _Collector) -> None:
    if tag in _BLOCKS:
        collector.close()
        collector.frames.append(_frame(element, tag, collector.frames[-1]))
    elif tag == "br":
        collector.line_break()
    if tag == "time" or _DATE_CLASS.search(element.get("class") or "") or element.get("itemprop") == "datePublished":
        collector.dated = True
    collector.add(element.text)


def _frame(element: etree._Element, tag: str, outer: _Frame) -> _Frame:
    frame = replace(outer)
    classes = element.get("class") or ""
    if _HEADING.match(tag):
        frame.role, frame.level = "heading", int(tag[1])
    elif tag in _BY_TAG:
        frame.role = _BY_TAG[tag]
    elif outer.role is None and _SUBTITLE_CLASS.search(classes):
        frame.role = "subtitle"
    elif outer.role is None and _CAPTION_CLASS.search(classes):
        frame.role = "caption"
    declared = _language(element)
    if declared is not None:
        frame.language = declared
    return frame


def _language(element: etree._Element) -> Language | Literal[""] | None:
    """What the element declares: French, English, `""` for another language, None for nothing."""
    code = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("xml:lang")
    if not code:
        return None
    return {"fr": "fr", "en": "en"}.get(re.split(r"[-_]", code.strip().lower())[0], "")  # type: ignore[return-value]


def _declared(root: etree._Element | None) -> Language | None:
    return (_language(root) or None) if root is not None else None


def _silence(element: etree._Element, tag: str) -> str | None:
    """Why nothing of the element is read: `""` where it is no text anyway, None where it is read."""
    if tag in _SILENT:
        return tag if tag in _FURNITURE else ""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return "hidden"
    if _HIDDEN.search(element.get("style") or ""):
        return "hidden"
    if element.get("role") in _FURNITURE_ROLES and not _holds_title(element):
        return element.get("role")
    if tag in {"header", "footer"} and _is_of_the_site(element):
        return tag
    return None


def _is_of_the_site(element: etree._Element) -> bool:
    """Headers and footers of the page, in contrast to those of an article or quotation."""
    inside = next(element.iterancestors("article", "main", "blockquote", "section"), None)
    return inside is None and not _holds_title(element)


def _holds_title(element: etree._Element) -> bool:
    return next(element.iter("h1"), None) is not None


def _page_title(root: etree._Element | None) -> str:
    element = next(root.iter("title"), None) if root is not None else None
    return _WHITE.sub(" ", "".join(map(str, element.itertext()))).strip() if element is not None else ""


def _with_title(blocks: list[Block], page_title: str) -> list[Block]:
    """The first `h1` is the title; without one, the title of the page, else the first heading."""
    index = next((i for i, block in enumerate(blocks) if block.level == 1), None)
    if index is None and page_title:
        shown = next((i for i, block in enumerate(blocks) if block.text == page_title), None)
        if shown is None and not any(page_title in block.text for block in blocks):
            return [Block("title", page_title), *blocks]
        index = shown
    if index is None:
        index = next((i for i, block in enumerate(blocks) if block.role == "heading"), None)
    return [replace(block, role="title") if i == index else block for i, block in enumerate(blocks)]


def _with_roles(blocks: list[Block]) -> list[Block]:
    """Roles of plain paragraphs, by their text."""
    title = next((i for i, block in enumerate(blocks) if block.role == "title"), 0)
    return [
        replace(block, role=_paragraph_role(block.text, i <= title + roles.NEAR_TOP))
        if block.role == "paragraph"
        else block
        for i, block in enumerate(blocks)
    ]


def _paragraph_role(text: str, near_top: bool) -> Role:
    if near_top and roles.is_dateline(text):
        return "dateline"
    if near_top and roles.is_reference(text):
        return "subtitle"
    if roles.is_caption(text):
        return "caption"
    return "quotation" if roles.is_quotation(text) else "paragraph"
