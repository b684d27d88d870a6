"""Pairs out as TMX, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from tm.documents.guard import control_character
from tm.types import Pair

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d))?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="Passerelle" creationtoolversion={version} segtype="sentence" o-tmf="Passerelle"\
 adminlang="en" srclang="fr" datatype="plaintext"{end}
  <body>
"""
_TAIL = "  </body>\n</tmx>\n"


def write(pairs: Iterable[Pair], stream: BinaryIO, *, tool_version: str, project: str = "") -> None:
    """Write the pairs as TMX 1.4b in UTF-8, in the order they come; the same pairs always give the same bytes.

    `project` is the key of the project whose units these are. Raises InputError CONTROL_CHARACTER for a text that XML
    cannot hold.
    """
    prop = f'>\n    <prop type="x-project">{_escaped(project)}</prop>\n  </header>' if project else "/>"
    stream.write(_HEAD.format(version=quoteattr(tool_version), end=prop).encode())
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
    lines = [f"    <tu{_attributes(pair)}>"]
    lines += [
        f'      <prop type="{name}">{_escaped(value)}</prop>' for name, value in facts.items() if value is not None
    ]
    lines += [
        f'      <tuv xml:lang="{language}"><seg>{_escaped(text)}</seg></tuv>'
        for language, text in (("fr", pair.source), ("en", pair.target))
    ]
    return "\n".join(lines) + "\n    </tu>\n"


def _attributes(pair: Pair) -> str:
    seen, kept = pair.seen, pair.kept
    stamp = _stamp(seen.date)
    # the one date and person known stand for both the making and the last change of the unit
    values = [
        ("tuid", kept.id),
        ("creationdate", stamp),
        ("creationid", seen.person),
        ("changedate", stamp),
        ("changeid", seen.person),
        ("usagecount", str(kept.used) if kept.used else ""),
        ("lastusagedate", _stamp(kept.used_at)),
    ]
    return "".join(f" {name}={quoteattr(_checked(value))}" for name, value in values if value)


def _stamp(date: str | None) -> str:
    found = _DATE.match(date or "")
    return f"{found[1]}{found[2]}{found[3]}T{found[4] or '00'}{found[5] or '00'}{found[6] or '00'}Z" if found else ""


def _escaped(text: str) -> str:
    return escape(_checked(text), {"\r": "&#13;"})


def _checked(text: str) -> str:
    if found := _FORBIDDEN.search(text):
        raise control_character(text, found.start())
    return text
