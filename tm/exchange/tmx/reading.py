"""Pairs out of TMX, one after the other: our own, and tolerantly those of other tools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, get_args

from lxml import etree

from tm.documents.limits import Limits
from tm.errors import InputError, WrongType
from tm.text.normalise import fingerprint
from tm.types import Context, Kept, Language, Pair, Provenance, Role

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGES: dict[str, Language] = {"fr": "fr", "fra": "fr", "fre": "fr", "en": "en", "eng": "en"}
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut"})
_ROLES: dict[str, Role] = {role: role for role in get_args(Role)}
_FINGERPRINT = re.compile(r"[0-9a-f]{16}\Z")
_NUMBER = re.compile(r"\d{1,9}\Z")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?\Z")
_LOOSE = 100_000  # elements that may lie between two units, or in one: they are held in memory


def read(stream: BinaryIO | Path, *, label: str = "", people: bool = True) -> Iterator[Pair]:
    """The pairs of a TMX file (an open one, or its path), one after the other; memory stays bounded however long it is.

    `label` stands for the document where a unit names none. Units without text on one side give no pair. Inline codes
    are left out, the text around and inside highlighting stays. With `people=False`, names of persons are not taken.
    Raises InputError while reading: TMX_NO_HEADER, TMX_UNIT (languages; with the number of the unit), TMX_INVALID,
    SEGMENT_TOO_LONG, XML_ENTITY_FORBIDDEN, XML_TOO_LARGE, ENCODING_UNKNOWN; and OSError for a path that cannot be
    opened. Nothing outside of the file is fetched.
    """
    events = etree.iterparse(
        str(stream) if isinstance(stream, Path) else stream,
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
    )
    try:
        yield from _pairs(events, label, people)
    except etree.XMLSyntaxError as error:
        raise _refusal(error, [entry.type_name for entry in events.error_log]) from None


def _pairs(events: etree.iterparse[tuple[str, etree._Element]], label: str, people: bool) -> Iterator[Pair]:
    number, loose, headed, rooted = 0, 0, False, False
    for _, element in events:
        if not rooted:
            rooted = _check_root(element.getroottree().getroot())
        tag = element.tag
        if tag != "tu":
            loose, headed = loose + 1, headed or tag == "header"
            if loose > _LOOSE:
                raise _too_large("More than 100,000 elements stand between two units.")
            continue
        if not headed:
            raise _no_header()
        number, loose = number + 1, 0
        pair = _pair(element, number, label, people)
        if pair is not None:
            yield pair
        _let_go(element)
    if not headed:
        raise _no_header()


def _let_go(unit: etree._Element) -> None:
    """Free a unit that was read, and what came before it."""
    unit.clear()
    parent = unit.getparent()
    while parent is not None and unit.getprevious() is not None:
        del parent[0]


def _no_header() -> InputError:
    return InputError("The TMX file has no header.", code="TMX_NO_HEADER", todo="Export it again as TMX 1.4.")


def _too_large(message: str) -> InputError:
    return InputError(message, code="XML_TOO_LARGE")


def _check_root(root: etree._Element) -> bool:
    entities = getattr(root.getroottree().docinfo.internalDTD, "iterentities", None)
    if entities is not None and any(True for _ in entities()):
        raise _entities()
    if root.tag != "tmx":
        raise WrongType("The file is XML, but not TMX.", where=f"root element {root.tag}")
    return True


def _entities() -> InputError:
    return InputError(
        "The file declares or uses XML entities of its own.",
        code="XML_ENTITY_FORBIDDEN",
        todo="Export it again without them.",
    )


def _refusal(error: etree.XMLSyntaxError, types: list[str]) -> InputError:
    where = f"line {error.lineno}" if error.lineno else ""
    if any("ENTITY" in name for name in types):
        return _entities()
    if "ERR_RESOURCE_LIMIT" in types:
        return _too_large(f"The XML is too deep or one text in it too long. {error.msg}")
    if "ERR_UNSUPPORTED_ENCODING" in types or "ERR_INVALID_ENCODING" in types:
        return InputError("The character encoding is unknown or wrong.", code="ENCODING_UNKNOWN", where=where)
    return InputError("The file is not well-formed XML.", code="TMX_INVALID", where=where, todo="Export it again.")


def _pair(unit: etree._Element, number: int, label: str, people: bool) -> Pair | None:
    texts: dict[Language, str] = {}
    facts: dict[str, str] = {}
    for child in unit:
        if child.tag == "prop":
            facts[child.get("type") or ""] = child.text or ""
        elif child.tag == "tuv":
            language = _language(child.get(_LANG) or child.get("lang") or "")
            if language and language not in texts:
                texts[language] = _text(child.find("seg"), number)
    if len(texts) < 2:
        raise InputError(
            f"The unit has no {'French' if 'fr' not in texts else 'English'} text.",
            code="TMX_UNIT",
            where=f"unit {number}",
            todo="Export the pair French and English only.",
        )
    if not texts["fr"].strip() or not texts["en"].strip():
        return None
    return Pair(texts["fr"], texts["en"], _provenance(unit, facts, label, people), _kept(unit))


@lru_cache(maxsize=256)
def _language(code: str) -> Language | None:
    return _LANGUAGES.get(re.split(r"[-_]", code.strip().lower())[0])


def _text(segment: etree._Element | None, number: int) -> str:
    """The text of a segment without the content of inline codes."""
    if segment is None:
        return ""
    text = "".join(_runs(segment)) if len(segment) else segment.text or ""
    if len(text) > Limits().segment:
        raise InputError(
            f"A segment has {len(text):,} characters; at most {Limits().segment:,} can be kept.",
            code="SEGMENT_TOO_LONG",
            where=f"unit {number}",
        )
    return text


def _runs(segment: etree._Element) -> Iterator[str]:
    hidden = 0
    for event, element in etree.iterwalk(segment, events=("start", "end", "pi")):
        if not isinstance(element.tag, str):
            if isinstance(element, etree._Entity):
                raise _entities()
            continue
        if event == "start":
            hidden += element.tag in _CODES
            if not hidden:
                yield element.text or ""
        elif element is not segment:
            hidden -= element.tag in _CODES
            if not hidden:
                yield element.tail or ""


def _provenance(unit: etree._Element, facts: dict[str, str], label: str, people: bool) -> Provenance:
    position = facts.get("x-position", "")
    return Provenance(
        document=facts.get("x-document") or label,
        position=int(position) if _NUMBER.match(position) else None,
        # who has approved elsewhere has not approved here; but what was only aligned there is no more than that here
        origin="aligned" if facts.get("x-origin") == "aligned" else "imported",
        person=(unit.get("changeid") or unit.get("creationid")) if people else None,
        date=_iso(unit.get("changedate")) or _iso(unit.get("creationdate")),
        context=Context(
            _neighbour(facts.get("x-context-pre")),
            _neighbour(facts.get("x-context-post")),
            _ROLES.get(facts.get("x-role", "")),
        ),
    )


def _kept(unit: etree._Element) -> Kept:
    used = unit.get("usagecount") or ""
    times = int(used) if _NUMBER.match(used) else 0
    return Kept(unit.get("tuid") or "", times, _iso(unit.get("lastusagedate")))


def _neighbour(value: str | None) -> str | None:
    """A fingerprint as it stands; other tools write the text of the neighbour itself."""
    if value is None or _FINGERPRINT.match(value):
        return value
    return fingerprint(value)


@lru_cache(maxsize=4096)
def _iso(stamp: str | None) -> str | None:
    """`20240312T101500Z` → `2024-03-12T10:15:00Z`, without a time of day → `2024-03-12`; None for what is no date."""
    found = _STAMP.match(stamp or "")
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return f"{moment.isoformat()}Z" if moment.time() != time() else moment.date().isoformat()
