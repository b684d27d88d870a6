"""The outline of an OpenDocument text: everything but its words, as lines to compare."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from lxml import etree

from tests.parts.structure_word import parts_of, untitled

_ODF = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
TEXT, STYLE, OFFICE = ("{" + _ODF.format(name) + "}" for name in ("text", "style", "office"))
FO = "{" + "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" + "}"
# taken out on purpose: the list of changes and their marks, comments, hidden text
_OUT = frozenset(
    [f"{TEXT}{name}" for name in ("tracked-changes", "change", "change-start", "change-end")]
    + [f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{TEXT}hidden-text"]
)
_ITS_OWN = frozenset({f"{TEXT}soft-page-break"})  # where a page ended when a program last looked
_PLACES = frozenset(
    f"{TEXT}{name}"
    for name in (
        "bookmark bookmark-start bookmark-end reference-mark reference-mark-start reference-mark-end toc-mark "
        "toc-mark-start toc-mark-end alphabetical-index-mark alphabetical-index-mark-start alphabetical-index-mark-end"
    ).split()
)
_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_UNSEEN = ("rsid", "language", "country", "script", "rfc-language")

Looks = dict[str, str]


def outline(data: bytes) -> Iterator[str]:
    """The outline of a text: each part in its order, parts that hold no text by their bytes."""
    parts = parts_of(data)
    roots = {name: etree.fromstring(parts[name]) for name in ("content.xml", "styles.xml") if name in parts}
    looks, hidden = _styles(list(roots.values()))
    for name, content in parts.items():
        yield f"part {name}"
        if name in roots:
            yield from _lines(roots[name], "", looks, hidden)
        else:
            yield f"  {hashlib.sha256(untitled(name, content)).hexdigest()}"


def _styles(roots: list[etree._Element]) -> tuple[Looks, set[str]]:
    """What each text style looks like, "" for one that says nothing but a session of work or a language, and the
    styles that hide text."""
    looks: Looks = {}
    styles = {one.get(f"{STYLE}name", ""): one for root in roots for one in root.iter(f"{STYLE}style")}
    hidden = {name for name in styles if _hides(name, styles)}
    for name, style in styles.items():
        if style.get(f"{STYLE}family") != "text":
            continue
        if style.getparent().tag == f"{OFFICE}automatic-styles":
            properties = style.find(f"{STYLE}text-properties")
            own = sorted(_attributes(properties)) if properties is not None else []
            based = style.get(f"{STYLE}parent-style-name", "")
            looks[name] = f"{based} {own}" if own or based else ""
        else:
            looks[name] = name
    return looks, hidden


def _hides(name: str, styles: dict[str, etree._Element]) -> bool:
    seen = set()
    while name in styles and name not in seen:
        seen.add(name)
        properties = styles[name].find(f"{STYLE}text-properties")
        if properties is not None and properties.get(f"{TEXT}display"):
            return properties.get(f"{TEXT}display") == "none"
        name = styles[name].get(f"{STYLE}parent-style-name", "")
    return False


def _attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    for key, value in element.items():
        # rsid: in which session of work a program has cut the text; declared languages change with the text
        if not any(str(key).endswith(one) for one in _UNSEEN):
            yield str(key), str(value)


def _named(element: etree._Element) -> str:
    return f"{etree.QName(element).localname} {sorted(_attributes(element))}"


def _is_out(element: etree._Element, hidden: set[str]) -> bool:
    if element.tag in _OUT | _ITS_OWN or not isinstance(element.tag, str):
        return True
    if element.tag in _PARAGRAPHS and any(
        one.get(f"{TEXT}is-hidden") == "true" for one in element.iter(f"{TEXT}hidden-paragraph")
    ):
        return True
    if element.tag == f"{TEXT}section" and element.get(f"{TEXT}display") == "none":
        return True
    return element.tag in (f"{TEXT}span", *_PARAGRAPHS) and element.get(f"{TEXT}style-name") in hidden


def _lines(element: etree._Element, indent: str, looks: Looks, hidden: set[str]) -> Iterator[str]:
    if _is_out(element, hidden):
        return
    yield f"{indent}{_named(element)}"
    indent += "  "
    if element.tag in _PARAGRAPHS:
        # a translation has other words: where among them a bookmark stands is not for the file to say
        places = (one for one in element.iter(*_PLACES) if next(one.iterancestors(*_PARAGRAPHS)) is element)
        yield from sorted(f"{indent}{_named(one)}" for one in places)
        yield from _merged(_pieces(element, indent, "", looks, hidden))
    else:
        for one in element:
            yield from _lines(one, indent, looks, hidden)


def _pieces(parent: etree._Element, indent: str, look: str, looks: Looks, hidden: set[str]) -> Iterator[str]:
    yield from _words(parent.text, indent, look)
    for element in parent:
        tag = element.tag
        if _is_out(element, hidden) or tag in _PLACES or tag == f"{TEXT}s":
            pass
        elif tag == f"{TEXT}span":
            own = looks.get(element.get(f"{TEXT}style-name", ""), element.get(f"{TEXT}style-name", ""))
            yield from _pieces(element, indent, f"{look} {own}".strip(), looks, hidden)
        elif next(element.iter(*_PARAGRAPHS), None) is None:
            yield f"{indent}{_named(element)}"
            yield from _pieces(element, indent + "  ", look, looks, hidden)
            yield f"{indent}/"
        else:
            yield from _lines(element, indent, looks, hidden)
        yield from _words(element.tail, indent, look)


def _words(text: str | None, indent: str, look: str) -> Iterator[str]:
    """The look of white space alone is nothing to see."""
    if text and text.strip():
        yield f"{indent}words {look}"


def _merged(lines: Iterable[str]) -> Iterator[str]:
    """Spans of one look are one: programs cut text wherever somebody has typed."""
    last = ""
    for line in lines:
        if line != last or not line.lstrip().startswith("words"):
            yield line
        last = line
