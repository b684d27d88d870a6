"""Which elements of a page are blocks, which say nothing to a reader, and what the others are."""

from __future__ import annotations

import re
from typing import Literal

from lxml import etree

from tm.types import CodeKind, Language, Role

BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "html body main article section div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote figure "
        "figcaption table caption thead tbody tfoot tr td th pre address hr form fieldset legend details "
        "summary header footer center hgroup",
    )
)
SILENT = frozenset(
    re.findall(
        r"\w+",
        "script style template noscript head title nav aside iframe object embed svg math canvas audio video "
        "select datalist button textarea dialog map",
    )
)
# what a reader would miss is noted; scripts and the like are no text
FURNITURE = frozenset({"nav", "aside", "header", "footer", "dialog"})
_FURNITURE_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog"})
# what people are told of what is left out: tags, roles of ARIA, and what is hidden
LEFT_OUT = {
    "nav": "navigation", "navigation": "navigation", "header": "headers of the site", "banner": "headers of the site",
    "footer": "footers of the site", "contentinfo": "footers of the site", "aside": "texts beside the text",
    "complementary": "texts beside the text", "search": "search forms", "dialog": "dialogs", "hidden": "hidden texts",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
DATE_CLASS = re.compile(r"(?:^|[\s_-])(?:date|dateline|published|time|timestamp|datetime)(?:$|[\s_-])", re.IGNORECASE)
SUBTITLE_CLASS = re.compile(r"sub-?title|sous-?titre|sur-?titre|kicker|subhead(?:line)?\b", re.IGNORECASE)
CAPTION_CLASS = re.compile(r"caption|l[ée]gende", re.IGNORECASE)
NOTE_CLASS = re.compile(r"(?:foot|end)-?notes?\b|notes?-de-(?:bas|fin)", re.IGNORECASE)
BY_TAG: dict[str, Role] = {
    "li": "list-item", "dt": "list-item", "dd": "list-item", "blockquote": "quotation", "figcaption": "caption",
    "caption": "caption", "td": "table-cell", "th": "table-cell",
}  # fmt: skip
_NOT_SETTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEADING = re.compile(r"h[1-6]\Z")
_KINDS: dict[str, CodeKind] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "cite": "italic", "dfn": "italic", "var": "italic",
    "u": "underline", "ins": "underline", "a": "link", "sup": "superscript", "sub": "subscript", "code": "code",
    "kbd": "code", "samp": "code", "tt": "code", "img": "picture", "svg": "picture", "iframe": "picture",
    "object": "picture", "embed": "picture", "canvas": "picture", "audio": "picture", "video": "picture",
    "math": "picture", "br": "break", "wbr": "break", "input": "field", "select": "field", "button": "field",
    "textarea": "field",
}  # fmt: skip
ALONE = frozenset({"img", "wbr", "input"}) | (SILENT - FURNITURE - {"head", "title", "template", "noscript", "map"})


def settable(text: str) -> str:
    """Text without what a page may hold and an element cannot be given: a form feed is a blank."""
    return _NOT_SETTABLE.sub(" ", text)


def tag_of(element: etree._Element) -> str:
    """The name of an element, "" for what is none."""
    tag: object = element.tag
    return tag if isinstance(tag, str) else ""


def described(element: etree._Element) -> tuple[CodeKind, str]:
    """What an inline element is, and what people are told of it."""
    tag = tag_of(element)
    kind = _KINDS.get(tag, "format")
    if kind == "link":
        return kind, element.get("href") or element.get("name") or element.get("id") or ""
    if tag == "img":
        return kind, element.get("alt") or element.get("src") or ""
    return kind, "" if tag in _KINDS else (element.get("class") or tag)


def language(element: etree._Element) -> Language | Literal[""] | None:
    """What the element declares: French, English, `""` for another language, None for nothing."""
    code = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("xml:lang")
    if not code:
        return None
    return {"fr": "fr", "en": "en"}.get(re.split(r"[-_]", code.strip().lower())[0], "")  # type: ignore[return-value]


def silence(element: etree._Element, tag: str) -> str | None:
    """Why nothing of the element is read: `""` where it is no text anyway, None where it is read."""
    if tag in SILENT:
        return tag if tag in FURNITURE else ""
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
