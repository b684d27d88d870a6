"""What a page says about other pages: its own true address, its versions in other languages, where it links to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from lxml import html

_MOST_LINKS = 500
_NAMES = {
    **dict.fromkeys(("en", "english", "english version", "read in english", "this page in english"), "en"),
    **dict.fromkeys(("fr", "français", "francais", "version française", "lire en français"), "fr"),
}
_HEADER = re.compile(r"<([^<>]{1,2000})>([^<]*)")
_PARAMETER = re.compile(r"""([\w*-]+)\s*=\s*"?([^",;]*)"?""")


@dataclass(frozen=True, slots=True)
class Version:
    """An address at which a page claims to stand in another language (`fr`, `en`)."""

    language: str
    url: str


@dataclass(frozen=True, slots=True)
class PageLinks:
    """`language` is what the page declares (`fr`, or `""`), `canonical` the address that it calls its own (or `""`).
    `versions` are declared by `hreflang`, `switches` are links that are called English or French."""

    language: str = ""
    canonical: str = ""
    versions: tuple[Version, ...] = ()
    switches: tuple[Version, ...] = ()


def links_of(root: html.HtmlElement, url: str) -> PageLinks:
    """The links of a page that came from `url`; all addresses are absolute, without fragments."""
    base = root.find(".//base[@href]")
    start = _joined(url, base.get("href", "")) if base is not None else url
    versions, canonical = [], ""
    for link in root.iter("link"):
        kinds = (link.get("rel") or "").lower().split()
        there = _joined(start, link.get("href", ""))
        if "canonical" in kinds and not canonical:
            canonical = there
        if "alternate" in kinds and (code := short(link.get("hreflang") or link.get("lang") or "")):
            versions.append(Version(code, there))
    anchors = list(_anchors(root, start))
    versions += [version for version, declared in anchors if declared]
    switches = [version for version, declared in anchors if not declared]
    declared = short(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    return PageLinks(declared, canonical, _unique(versions), _unique(switches))


def header_versions(headers: tuple[str, ...], url: str) -> tuple[Version, ...]:
    """The versions in other languages that HTTP headers name: `<…>; rel="alternate"; hreflang="en"`."""
    found = []
    for header in headers:
        for there, rest in _HEADER.findall(header):
            said = {name.lower(): value.strip().lower() for name, value in _PARAMETER.findall(rest)}
            if "alternate" in said.get("rel", "").split() and (code := short(said.get("hreflang", ""))):
                found.append(Version(code, _joined(url, there)))
    return _unique(found)


def _anchors(root: html.HtmlElement, start: str) -> Iterator[tuple[Version, bool]]:
    for number, anchor in enumerate(root.iter("a")):
        if number >= _MOST_LINKS:
            return
        there = _joined(start, anchor.get("href") or "")
        if code := short(anchor.get("hreflang") or ""):
            yield Version(code, there), True
        elif code := _NAMES.get(" ".join(anchor.text_content().split()).lower()[:40], ""):
            yield Version(code, there), False


def short(code: str) -> str:
    """`fr` and `en` of any kind (`fr-CA`), `""` for every other language and for `x-default`."""
    first = re.split(r"[-_]", code.strip().lower())[0]
    return first if first in ("fr", "en") else ""


def _joined(start: str, reference: str) -> str:
    try:
        return urldefrag(urljoin(start, reference.strip())).url if reference.strip() else ""
    except ValueError:
        return ""


def _unique(versions: list[Version]) -> tuple[Version, ...]:
    return tuple(dict.fromkeys(version for version in versions if version.url.startswith(("http://", "https://"))))
