"""A web page as it was fetched: its main text as a document, and what it says about other pages.

The main text is found by trafilatura and then read like any other page, so headings, lists and quotations keep their
roles. Nothing is fetched here.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree, html

from tm.documents import guard
from tm.documents.decode import Decoded, decode
from tm.documents.html import read as read_html
from tm.documents.limits import Limits
from tm.documents.pagelinks import PageLinks, links_of
from tm.errors import InputError
from tm.text.language import dominant, words
from tm.text.placeables import placeables
from tm.text.rules import NO_RULES, RuleSet
from tm.types import Document, Language

_ENOUGH_WORDS = 20
_FIGURES = frozenset({"number", "percent", "money", "measure", "date", "time", "reference"})
_MOST_FIGURES = 400
_CHARSETS = {"utf-8": "utf-8", "iso-8859-1": "cp1252", "windows-1252": "cp1252", "iso-8859-15": "iso8859-15"}


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a page holds. `language` is a code such as `fr`, told from the text where there is enough of it, else what
    the page declares, else `""`. `date` (`2024-05-12` or `""`) and `figures` (values that are the same in French and
    English) tell which pages belong together where nothing else does."""

    document: Document
    links: PageLinks
    language: str
    date: str
    figures: tuple[str, ...]


def read(
    data: bytes,
    *,
    url: str,
    charset: str = "",
    whole: bool = True,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    rules: RuleSet = NO_RULES,
) -> WebPage:
    """The page in `data`, as it came from `url`. `charset` is what the server says of it. `whole`: it is known to have
    come in full; otherwise a page without its last tag is refused. `rules` are those by which a project cuts sentences.

    Raises InputError: the codes of `tm.documents.registry.read`, and PAGE_CUT.
    """
    text, root = _checked(data, charset, whole, limits)
    main, date = _main_text(text)
    document = read_html(Decoded(_with_heading(main, root)), limits, rules) if main else None
    if document is None or not any(block.segments for block in document.blocks):
        raise guard.no_text()
    links = links_of(root, url)
    facts = facts_of(document, links.language)
    return WebPage(document, links, facts["language"], date or facts["date"], facts["figures"])


@dataclass(frozen=True, slots=True)
class MainPart:
    """The main part of a page as a page of its own, with what the whole page says of itself."""

    html: str
    links: PageLinks
    language: str
    date: str


def main_part(
    data: bytes,
    *,
    url: str,
    charset: str = "",
    whole: bool = True,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> MainPart:
    """The main part of the page in `data`, with its emphasis, links, lists, tables and pictures. Raises as `read`."""
    text, root = _checked(data, charset, whole, limits)
    main, date = _main_text(text, formatted=True)
    if not main:
        raise guard.no_text()
    page = html.document_fromstring(_with_heading(main, root))
    links = links_of(root, url)
    body = "\n".join(map(str, page.itertext()))
    language = _language(body, links.language)
    title = root.findtext(".//title") or ""
    made = _page(page, title, language, url)
    return MainPart(made, links, language, date)


def _page(main: html.HtmlElement, title: str, language: str, url: str) -> str:
    """A whole page around the main part; its links lead where they led."""
    main.make_links_absolute(url, handle_failures="ignore")
    body = main.find("body")
    inside = "".join(str(html.tostring(one, encoding="unicode")) for one in (body if body is not None else [main]))
    head = f'<meta charset="utf-8"><title>{escape(" ".join(title.split()))}</title>'
    return f'<!DOCTYPE html>\n<html lang="{escape(language)}"><head>{head}</head>\n<body>{inside}</body></html>\n'


def facts_of(document: Document, declared: str = "") -> dict[str, Any]:
    """The `language`, `date` and `figures` of any document, as in `WebPage`."""
    body = "\n".join(block.text for block in document.blocks)
    language = _language(body, declared)
    return {"language": language, "date": _dateline(document, language), "figures": _figures(body, language)}


def _checked(data: bytes, charset: str, whole: bool, limits: Limits) -> tuple[str, html.HtmlElement]:
    """The text of a page and its tree."""
    guard.check_bytes(data, limits)
    text = _decoded(data, charset)
    if not whole and b"</html" not in data[-2000:].lower():
        raise InputError("The page breaks off before its end.", code="PAGE_CUT", todo="It will be tried again.")
    root = _root(text)
    if root is None:
        raise guard.no_text()
    return text, root


def _decoded(data: bytes, charset: str) -> str:
    """The text. Pages say wrong things of their encoding; but what reads as UTF-8 throughout is UTF-8."""
    for encoding in ("utf-8-sig", _CHARSETS.get(charset, "")):
        if encoding and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    return decode(data, markup=True).text


def _root(text: str) -> html.HtmlElement | None:
    parser = html.HTMLParser(encoding="utf-8", recover=True, no_network=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _main_text(text: str, *, formatted: bool = False) -> tuple[str, str]:
    """The main part of the page as simple HTML, and its date. `formatted`: with emphasis, links and pictures."""
    import trafilatura

    found = trafilatura.extract(
        text,
        output_format="html",
        include_comments=False,
        favor_recall=True,
        include_formatting=formatted,
        include_links=formatted,
        include_images=formatted,
    )
    date = trafilatura.extract_metadata(text, extensive=False).date
    return found or "", date if isinstance(date, str) else ""


def _with_heading(main: str, page: html.HtmlElement) -> str:
    """The main part with the page's one `h1` before it, where the finder has taken it for furniture."""
    headings = page.findall(".//h1")
    tree = html.document_fromstring(main)
    if tree.find(".//h1") is None and len(headings) == 1:
        heading = deepcopy(headings[0])
        heading.tail = None
        body = tree.find("body")
        (tree if body is None else body).insert(0, heading)
    return str(html.tostring(tree, encoding="unicode"))


def _language(text: str, declared: str) -> str:
    if words(text, _ENOUGH_WORDS) < _ENOUGH_WORDS and declared:
        return declared
    code, _ = dominant(text)
    return code or declared


def _rules(language: str) -> Language:
    return "en" if language == "en" else "fr"


def _dateline(document: Document, language: str) -> str:
    """The first full date near the top of the text."""
    for block in document.blocks[:4]:
        for token in placeables(block.text, _rules(language)):
            match token.value:
                case ("date", int(year), int(month), int(day), *_) if token.kind == "date":
                    return f"{year:04d}-{month:02d}-{day:02d}"
    return ""


def _figures(text: str, language: str) -> tuple[str, ...]:
    return tuple(sorted(set(_values(text, language))))[:_MOST_FIGURES]


def _values(text: str, language: str) -> Iterator[str]:
    for token in placeables(text, _rules(language)):
        if token.kind in _FIGURES and not (token.kind == "number" and len(token.text) < 2):
            # a weekday is named in one language and left out in the other
            value = token.value[:4] if token.kind == "date" and isinstance(token.value, tuple) else token.value
            yield f"{token.kind} {value}"
