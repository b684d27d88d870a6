"""Lists of pages: RSS and Atom feeds, sitemaps and indexes of sitemaps. Nothing is fetched, no entity is expanded."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from tm.documents.pagelinks import Version, short
from tm.errors import InputError

MOST = 50_000  # entries; the protocol of sitemaps allows no more
_UNPACKED = 50_000_000
_XLINK = "{http://www.w3.org/1999/xhtml}link"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that is listed, with the addresses at which it is said to stand in other languages (its own included)."""

    url: str
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Pages in the order of the list, each once; and further lists (`more`), where it is an index of sitemaps."""

    entries: tuple[Entry, ...]
    more: tuple[str, ...] = ()


def read(data: bytes, *, url: str) -> Listing:
    """The pages that a feed or sitemap lists; `url` is where it came from. It may be packed with gzip.

    Raises InputError: LISTING_INVALID, LISTING_DTD, LISTING_TOO_LARGE.
    """
    root = _parsed(_unpacked(data))
    kind = etree.QName(root).localname.lower()
    if kind == "sitemapindex":
        return Listing((), tuple(_locations(root, "sitemap", url)))
    if kind == "urlset":
        entries = [_of_sitemap(item, url) for item in _children(root, "url")]
    elif kind in ("rss", "rdf", "feed"):
        entries = [_of_feed(item, url) for item in root.iter("{*}item", "{*}entry")]
    else:
        raise _invalid("It is neither a feed nor a sitemap.")
    found = dict.fromkeys(entry for entry in entries[:MOST] if entry.url)
    return Listing(tuple(found))


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    machine = zlib.decompressobj(31)
    try:
        text = machine.decompress(data, _UNPACKED)
    except zlib.error:
        raise _invalid("It cannot be unpacked.") from None
    if not machine.eof:
        raise InputError("The list is too large, or breaks off.", code="LISTING_TOO_LARGE")
    return text


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(data.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise _invalid("It is no XML.")
    if re.search(rb"<!ENTITY", data[:100_000], re.IGNORECASE):
        raise InputError("The list declares entities, which no feed needs.", code="LISTING_DTD")
    return root


def _invalid(reason: str) -> InputError:
    return InputError(
        f"The address does not lead to a feed or a sitemap. {reason}",
        code="LISTING_INVALID",
        todo="Give the address of an RSS or Atom feed, or of a sitemap.",
    )


def _children(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.iterchildren(f"{{*}}{name}"))


def _locations(root: etree._Element, name: str, url: str) -> list[str]:
    places = [loc.text or "" for item in _children(root, name) for loc in _children(item, "loc")]
    return [joined for place in places if (joined := _joined(url, place))]


def _of_sitemap(item: etree._Element, url: str) -> Entry:
    place = next((loc.text for loc in _children(item, "loc") if loc.text), "")
    return Entry(_joined(url, place), _versions(list(item.iter(_XLINK)), url))


def _of_feed(item: etree._Element, url: str) -> Entry:
    links = _children(item, "link")
    plain = next((link.text.strip() for link in links if link.text and link.text.strip()), "")
    own = [link.get("href", "") for link in links if link.get("rel", "alternate") == "alternate" and link.get("href")]
    first = next(iter(own), "")
    # an RSS entry without a link may have its address as its permanent id
    ids = [guid.text.strip() for guid in _children(item, "guid") if guid.text and guid.get("isPermaLink") != "false"]
    place = plain or first or next((text for text in ids if text.startswith("http")), "")
    return Entry(_joined(url, place), _versions(links, url))


def _versions(links: list[etree._Element], url: str) -> tuple[Version, ...]:
    found = []
    for link in links:
        code = short(link.get("hreflang", ""))
        if code and link.get("rel", "alternate") == "alternate" and (place := _joined(url, link.get("href", ""))):
            found.append(Version(code, place))
    return tuple(dict.fromkeys(found))


def _joined(url: str, place: str) -> str:
    try:
        joined = urljoin(url, place.strip()) if place.strip() else ""
    except ValueError:
        return ""
    return joined.split("#")[0] if joined.startswith(("http://", "https://")) else ""
