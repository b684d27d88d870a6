"""What two files of one format differ in, when their text is left aside.

Each format has an outline: lines that say everything of a file but its words. What an outline leaves out besides is
said where it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import unified_diff

from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.parts import structure_odt, structure_word
from tm.documents.decode import decode
from tm.types import Media

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# what only gives words a look
_LOOKS = frozenset("b i u em strong span font small big s strike tt mark".split())
_XML = re.compile(r"\A\s*<\?xml[^>]*>")
_FRONT = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FRONT_WORDS = re.compile(r"""^(title|subtitle|description):([ \t]*)(["']?)[^\n"'{}\[\]|>&*!%@`#]+\3[ \t]*$""", re.M)
_NOTE = re.compile(r"\[\^[^\]\s]+\]")


def different(one: bytes, other: bytes, media: Media) -> list[str]:
    """What differs in two files of a format but their text, as the lines of a comparison of their outlines."""
    outline = OUTLINES[media]
    return list(unified_diff(list(outline(one)), list(outline(other)), "one", "other", lineterm="", n=1))


def html(data: bytes) -> Iterator[str]:
    """The outline of a page."""
    decoded = decode(data, markup=True)
    yield f"encoding {decoded.encoding} bom {decoded.bom}"
    # comments are taken out on purpose: they are said aside
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True)
    root = etree.fromstring(decoded.text.encode(), parser)
    yield f"declared {_XML.findall(decoded.text)} {root.getroottree().docinfo.doctype}"
    last = ""
    for line in _element(root, ""):
        # a hidden element that was taken out parts no words
        if line != last or not line.endswith(" words"):
            yield line
        last = line


def _element(element: etree._Element, indent: str) -> Iterator[str]:
    if _is_hidden(element) or _is_a_blank(element):
        return
    tag = element.tag if isinstance(element.tag, str) else "?"
    of = element.get("name") or element.get("property")
    yield f"{indent}<{tag} {sorted(_attribute(str(name), str(value), of) for name, value in element.items())}>"
    if tag in ("script", "style"):
        yield f"{indent}  {element.text!r}"
        return
    if tag == "wbr":  # the parser does not know that nothing can stand in it
        indent = indent[2:]
    yield from _words(element.text, indent)
    for child in element:
        yield from _element(child, indent + "  ")
        yield from _words(child.tail, indent)


def _is_hidden(element: etree._Element) -> bool:
    """Hidden text is taken out on purpose: it is not to appear in a publication."""
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return hidden or bool(_HIDDEN.search(element.get("style") or ""))


def _is_a_blank(element: etree._Element) -> bool:
    """The look of white space alone is nothing to see."""
    whole = "".join(map(str, element.itertext()))
    return element.tag in _LOOKS and not len(element) and bool(whole) and not whole.strip()


def _attribute(name: str, value: str, of: str | None) -> tuple[str, str]:
    if name in ("lang", "xml:lang"):
        value = "fr or en"  # the language that the text is declared to be in changes with it
    if name == "alt" and value.strip():
        value = "words"
    # what the head of a page says follows its text
    if name == "content" and re.search(r"(?:description|title|image:alt|og:locale)$", str(of), re.I):
        value = "words"
    return name, value


def _words(text: str | None, indent: str) -> Iterator[str]:
    """White space alone is no word: beside a line break a browser shows none of it."""
    if text and text.strip():
        yield f"{indent}  words"


def markdown(data: bytes) -> Iterator[str]:
    """The outline of a Markdown text: what an independent reader makes of it."""
    decoded = decode(data)
    text = decoded.text
    ends = sorted(set(re.findall(r"\r\n|\r|\n", text)))
    yield f"encoding {decoded.encoding} bom {decoded.bom} lines {ends}"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    yield f"ends {text[len(text.rstrip()) :]!r}"
    if front := _FRONT.match(text):
        yield from _FRONT_WORDS.sub(r"\1:\2\3words\3", front.group()).splitlines()
        text = text[front.end() :]
    text = text.replace("[^", "\\[^")  # a note of one word is no definition of a link
    known: dict[str, object] = {}
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text, known):
        yield from _token(token)
        yield from _inline(token.children or [])
    yield f"references {known}".replace("'map'", "")


def _token(token: Token) -> Iterator[str]:
    content = token.content if token.type in ("fence", "code_block", "html_block") else ""
    yield f"{'  ' * token.level}{token.type} {token.markup!r} {token.info!r} {token.attrs} {content!r}"


def _inline(tokens: list[Token]) -> Iterator[str]:
    words = False
    for token in tokens:
        if token.type in ("text", "softbreak"):  # where a paragraph is wrapped is no more than white space
            if token.content.strip() and not words:
                yield "    words"
                words = True
            yield from (f"    note {mark}" for mark in _NOTE.findall(token.content))
            continue
        words = False
        shown = token.content if token.type in ("code_inline", "html_inline") else bool(token.content)
        attributes = {name: value for name, value in token.attrs.items() if name != "alt"}
        markup = "" if token.type == "hardbreak" else token.markup  # two blanks or a backslash: the same break
        yield f"    {token.type} {markup!r} {attributes} {shown!r}"


def plain(data: bytes) -> Iterator[str]:
    """The outline of a plain text: all that is between what stands in its lines."""
    decoded = decode(data)
    yield f"encoding {decoded.encoding} bom {decoded.bom}"
    yield from map(repr, re.sub(r"\S(?:[^\r\n\f]*\S)?", "words", decoded.text).splitlines(keepends=True))


OUTLINES: dict[Media, Callable[[bytes], Iterator[str]]] = {
    "txt": plain,
    "html": html,
    "md": markdown,
    "docx": structure_word.outline,
    "odt": structure_odt.outline,
}
