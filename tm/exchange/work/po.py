"""A release as a gettext catalogue: `msgctxt` is the segment, `msgid` French, `msgstr` English.

Codes are written `<1>`, `</1>`, `<1/>`. Extracted comments (`#.`) say what is known of a segment and what was said of
it; translator comments (`#`) that come back are new. `fuzzy` is what nobody has confirmed, or a reviewer has sent back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tm.exchange.po import catalogue
from tm.exchange.work import tags
from tm.exchange.work.bounds import gathered, incoming, outgoing
from tm.exchange.work.said import quoted, unquoted
from tm.exchange.work.values import (
    DRAFT,
    PRETRANSLATED,
    REJECTED,
    STATES,
    TRANSLATED,
    UNTRANSLATED,
    Returned,
    WorkFile,
    WorkRow,
    settled,
    source_hash,
)
from tm.text import codes

if TYPE_CHECKING:
    import polib

_FUZZY = (PRETRANSLATED, DRAFT, REJECTED)
_FACT = re.compile(r"([a-z]+): (.*)\Z")
_HASH = re.compile(r"[0-9a-f]{16}\Z")


def write(work: WorkFile) -> bytes:
    """The catalogue in UTF-8; the same work gives the same bytes. Raises what `bounds.outgoing` raises."""
    import polib

    outgoing(work)
    found = polib.POFile(wrapwidth=0)
    found.metadata = {
        "Project-Id-Version": "Passerelle",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Source-Language": "fr",
        "X-Release": _line(work.release),
        "X-Title": _line(work.title),
        "X-Original": _line(work.original),
    }
    for row in work.rows:
        names = tags.known(row.source, row.target)
        entry = polib.POEntry(
            msgctxt=row.id,
            msgid=tags.written(row.source, names),
            msgstr=tags.written(row.target, names),
            comment="\n".join(_comment(row, names)),
            flags=["fuzzy"] if row.state in _FUZZY and row.target else [],
        )
        found.append(entry)
    return (str(found).rstrip("\n") + "\n").encode()


def _line(text: str) -> str:
    return " ".join(text.split())


def _comment(row: WorkRow, names: tags.Known) -> Iterator[str]:
    facts = {
        "number": str(row.number),
        "role": row.role,
        "hash": row.source_hash,
        "state": row.state,
        "rate": "" if row.rate is None else str(row.rate),
        "origin": row.origin or "",
        "person": row.person,
        "codes": "".join(names),
    }
    yield from (f"{name}: {_line(value)}" for name, value in facts.items() if value)
    explained = [tags.explained(code, names) for code in codes.known(row.source + row.target, row.codes)]
    yield from (f"code: {line}" for line in explained if line)
    if said := quoted(row):
        yield said


def read(data: bytes) -> list[Returned]:
    """The segments of a catalogue, obsolete entries left out. Raises what `bounds` and `tm.exchange.po.catalogue`
    raise."""
    entries = enumerate(catalogue(incoming(data)), 1)
    return gathered(_returned(entry, place) for place, entry in entries if entry.msgctxt and not entry.obsolete)


def _returned(entry: polib.POEntry, place: int) -> Returned:
    lines = entry.comment.split("\n")
    found = [fact for fact in map(_FACT.match, lines) if fact]
    facts = {fact[1]: fact[2] for fact in reversed(found)}
    names = tags.listed(facts.get("codes", ""))
    source, target = tags.read(entry.msgid, names), tags.read(entry.msgstr, names)
    said = facts.get("hash", "")
    old = [line for line in lines if line.startswith(">")]
    comments = (*unquoted("\n".join(old)), *((new,) if (new := entry.tcomment.strip()) else ()))
    return Returned(
        entry.msgctxt,
        said if _HASH.match(said) else source_hash(source),
        source,
        target,
        _state(entry, facts.get("state", ""), target),
        comments,
        f"entry {place}",
    )


def _state(entry: polib.POEntry, sent: str, target: str) -> str | None:
    """What was sent, unless the flag says that somebody has confirmed it, or taken that back."""
    fuzzy = "fuzzy" in entry.flags
    if not target:
        return sent if sent in _FUZZY else UNTRANSLATED
    if sent in STATES and sent != UNTRANSLATED and fuzzy == (sent in _FUZZY):
        return settled(sent, sent, target)
    return DRAFT if fuzzy else TRANSLATED
