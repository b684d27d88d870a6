"""TMX 1.4b, the exchange format of translation memories, as a stream.

What a pair knows of its place travels in properties: `x-document`, `x-position`, `x-role`, `x-context-pre` and
`x-context-post` (fingerprints of the neighbouring source segments, empty at the edges of the document), `x-origin`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import BinaryIO, get_args
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from tm.documents.guard import control_character
from tm.documents.limits import Limits
from tm.errors import InputError, WrongType
from tm.text.normalise import fingerprint
from tm.types import Context, Language, Pair, Provenance, Role

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGES: dict[str, Language] = {"fr": "fr", "fra": "fr", "fre": "fr", "en": "en", "eng": "en"}
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut"})
_FINGERPRINT = re.compile(r"[0-9a-f]{16}\Z")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?\Z")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d))?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="Passerelle" creationtoolversion={version} segtype="sentence" o-tmf="Passerelle"\
 adminlang="en" srclang="fr" datatype="plaintext"/>
  <body>
"""
_TAIL = "  </body>\n</tmx>\n"


def read(stream: BinaryIO, *, label: str = "", people: bool = True) -> Iterator[Pair]:
    """The pairs of a TMX file, one after the other; memory stays bounded however long the file is.

    `label` stands for the document where a unit names none. Units without text on one side give no pair. Inline codes
    are left out, the text around and inside highlighting stays. With `people=False`, names of persons are not taken.
    Raises InputError while reading: TMX_NO_HEADER, TMX_UNIT (languages; with the number of the unit), TMX_INVALID,
    SEGMENT_TOO_LONG, XML_ENTITY_FORBIDDEN, XML_TOO_LARGE, ENCODING_UNKNOWN. Nothing outside of the file is fetched.
    """
    events = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        yield from _pairs(events, label, people)
    except etree.XMLSyntaxError as error:
        raise _refusal(error, [entry.type_name for entry in events.error_log]) from None


def _pairs(events: etree.iterparse[tuple[str, etree._Element]], label: str, people: bool) -> Iterator[Pair]:
    number, headed, rooted = 0, False, False
    for event, element in events:
        if event == "start":
            if not rooted:
                rooted = _check_root(element)
            headed = headed or element.tag == "header"
            continue
        parent = element.getparent()
        if parent is None or parent.tag != "body":
            continue
        if not headed:
            raise InputError("The TMX file has no header.", code="TMX_NO_HEADER", todo="Export it again as TMX 1.4.")
        if element.tag == "tu":
            number += 1
            pair = _pair(element, number, label, people)
            if pair is not None:
                yield pair
        element.clear()
        while element.getprevious() is not None:
            del parent[0]
    if not headed:
        raise InputError("The TMX file has no header.", code="TMX_NO_HEADER", todo="Export it again as TMX 1.4.")


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
        return InputError(f"The XML is too deep or one text in it too long. {error.msg}", code="XML_TOO_LARGE")
    if "ERR_UNSUPPORTED_ENCODING" in types or "ERR_INVALID_ENCODING" in types:
        return InputError("The character encoding is unknown or wrong.", code="ENCODING_UNKNOWN", where=where)
    return InputError("The file is not well-formed XML.", code="TMX_INVALID", where=where, todo="Export it again.")


def _pair(unit: etree._Element, number: int, label: str, people: bool) -> Pair | None:
    texts: dict[Language, str] = {}
    for variant in unit.iterchildren("tuv"):
        language = _language(variant)
        if language and language not in texts:
            texts[language] = _text(variant.find("seg"), number)
    if len(texts) < 2:
        raise InputError(
            f"The unit has no {'French' if 'fr' not in texts else 'English'} text.",
            code="TMX_UNIT",
            where=f"unit {number}",
            todo="Export the pair French and English only.",
        )
    if not texts["fr"].strip() or not texts["en"].strip():
        return None
    return Pair(texts["fr"], texts["en"], _provenance(unit, label, people))


def _language(variant: etree._Element) -> Language | None:
    code = variant.get(_LANG) or variant.get("lang") or ""
    return _LANGUAGES.get(re.split(r"[-_]", code.strip().lower())[0])


def _text(segment: etree._Element | None, number: int) -> str:
    """The text of a segment without the content of inline codes."""
    text = "" if segment is None else "".join(_runs(segment, number))
    if len(text) > Limits().segment:
        raise InputError(
            f"A segment has {len(text):,} characters; at most {Limits().segment:,} can be kept.",
            code="SEGMENT_TOO_LONG",
            where=f"unit {number}",
        )
    return text


def _runs(segment: etree._Element, number: int) -> Iterator[str]:
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


def _provenance(unit: etree._Element, label: str, people: bool) -> Provenance:
    facts = {prop.get("type") or "": prop.text or "" for prop in unit.iterchildren("prop")}
    position = facts.get("x-position", "")
    role = facts.get("x-role")
    context = Context(
        _neighbour(facts.get("x-context-pre")),
        _neighbour(facts.get("x-context-post")),
        next((known for known in get_args(Role) if known == role), None),
    )
    return Provenance(
        document=facts.get("x-document") or label,
        position=int(position) if re.fullmatch(r"\d{1,9}", position) else None,
        person=(unit.get("changeid") or unit.get("creationid")) if people else None,
        date=_iso(unit.get("changedate")) or _iso(unit.get("creationdate")),
        context=context,
    )


def _neighbour(value: str | None) -> str | None:
    """A fingerprint as it stands; other tools write the text of the neighbour itself."""
    if value is None or _FINGERPRINT.match(value):
        return value
    return fingerprint(value)


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


def write(pairs: Iterable[Pair], stream: BinaryIO, *, tool_version: str) -> None:
    """Write the pairs as TMX 1.4b in UTF-8, in the order they come; the same pairs always give the same bytes.

    Raises InputError CONTROL_CHARACTER for a text that XML cannot hold.
    """
    stream.write(_HEAD.format(version=quoteattr(tool_version)).encode())
    for pair in pairs:
        stream.write(_unit(pair).encode())
    stream.write(_TAIL.encode())


def _unit(pair: Pair) -> str:
    seen = pair.seen
    facts = {
        "x-document": seen.document or None,
        "x-position": None if seen.position is None else str(seen.position),
        "x-role": seen.context.role,
        "x-context-pre": seen.context.previous,
        "x-context-post": seen.context.next,
        "x-origin": seen.origin,
    }
    lines = [f"    <tu{_attributes(seen)}>"]
    lines += [
        f'      <prop type="{name}">{_escaped(value)}</prop>' for name, value in facts.items() if value is not None
    ]
    lines += [
        f'      <tuv xml:lang="{language}"><seg>{_escaped(text)}</seg></tuv>'
        for language, text in (("fr", pair.source), ("en", pair.target))
    ]
    return "\n".join(lines) + "\n    </tu>\n"


def _attributes(seen: Provenance) -> str:
    found = _DATE.match(seen.date or "")
    stamp = f"{found[1]}{found[2]}{found[3]}T{found[4] or '00'}{found[5] or '00'}{found[6] or '00'}Z" if found else ""
    # the one date and person known stand for both the making and the last change of the unit
    values = [("creationdate", stamp), ("creationid", seen.person), ("changedate", stamp), ("changeid", seen.person)]
    return "".join(f" {name}={quoteattr(_checked(value))}" for name, value in values if value)


def _escaped(text: str) -> str:
    return escape(_checked(text), {"\r": "&#13;"})


def _checked(text: str) -> str:
    if found := _FORBIDDEN.search(text):
        raise control_character(text, found.start())
    return text
