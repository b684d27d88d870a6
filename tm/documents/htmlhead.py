"""What the head of a page says of it, for search engines and for who passes its address on: it follows the text.

A description that is no sentence of the page is in nobody's segments: it stays, and the reader is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from tm.documents import roles

_SAID = frozenset(
    "description og:title og:description og:image:alt twitter:title twitter:description twitter:image:alt "
    "dc.title dc.description".split()
)
_WHITE = re.compile(r"[ \t\r\n\f]+")


def _name(element: etree._Element) -> str:
    return str(element.get("name") or element.get("property") or "").strip().lower()


def _descriptions(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for element in root.iter("meta"):
        content = _WHITE.sub(" ", element.get("content") or "").strip()
        if _name(element) in _SAID and roles.has_words(content):
            yield element, content


def follow(root: etree._Element, texts: Iterable[tuple[str, str, bool]]) -> None:
    """Say in the head what the text says now. `texts`: each text as it was and as it is, and whether it is the title,
    to which a head often adds the name of the site."""
    changed = list(texts)
    now = {before: after for before, after, _ in changed}
    titles = [(before, after) for before, after, title in changed if title and before][:1]
    for element, content in list(_descriptions(root)):
        if content in now:
            element.set("content", now[content])
        for before, after in titles if content not in now else ():
            element.set("content", content.replace(before, after))
    for element in root.iter("meta"):
        if _name(element) == "og:locale" and (element.get("content") or "").lower().startswith("fr"):
            element.set("content", "en_GB")


def untold(root: etree._Element, texts: Iterable[tuple[str, bool]]) -> int:
    """How many descriptions say what no text of the page does. `texts`: each text, and whether it is the title."""
    known = list(texts)
    whole = {text for text, _ in known}
    titles = [text for text, title in known if title and text][:1]
    found = (content for _, content in _descriptions(root) if content not in whole)
    return sum(not any(title in content for title in titles) for content in found)
