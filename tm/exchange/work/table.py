"""A release as a table, whichever program shows it: the columns, their texts, and rows that come back.

A row belongs to the segment that its second column names; where it stands, and whether others are gone, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tm.exchange.work import tags
from tm.exchange.work.bounds import gathered
from tm.exchange.work.said import ended, quoted, unended, unquoted
from tm.exchange.work.values import (
    APPROVED,
    DRAFT,
    PRETRANSLATED,
    REJECTED,
    STATES,
    TRANSLATED,
    UNTRANSLATED,
    Returned,
    WorkRow,
    settled,
)

HEADS = ("No.", "Do not change", "French", "English", "State", "Comment")
RULES = (
    "Change only the columns English, State and Comment. Rows may be sorted and deleted.",
    "Leave marks such as <1>, </1> and <1/> around or beside the words that they belong to.",
    "State is draft or translated. Write comments below the lines that begin with >.",
)
_NAMES = {
    "do not change": 1, "ne pas modifier": 1, "french": 2, "français": 2, "francais": 2, "english": 3, "anglais": 3,
    "state": 4, "état": 4, "etat": 4, "statut": 4, "status": 4, "comment": 5, "commentaire": 5, "comments": 5,
}  # fmt: skip
_SAID = {
    **{state: state for state in STATES},
    "not translated": UNTRANSLATED, "à traduire": UNTRANSLATED, "non traduit": UNTRANSLATED,
    "pre-translated": PRETRANSLATED, "prétraduit": PRETRANSLATED,
    "brouillon": DRAFT, "traduit": TRANSLATED,
    "sent back": REJECTED, "rejeté": REJECTED, "renvoyé": REJECTED,
    "approuvé": APPROVED, "reviewed": APPROVED, "révisé": APPROVED, "final": APPROVED,
}  # fmt: skip
_KEY = re.compile(rf"([\w.:-]{{1,200}})\s+([0-9a-f]{{16}})\s+({'|'.join(STATES)})((?:\s*</?\d{{1,3}}/?>)*)\s*\Z")

Place = tuple[int, Sequence[str]]


def cells(row: WorkRow, leave_out: int = 0) -> tuple[str, str, str, str, str, str]:
    """The texts of a row, column by column; `leave_out`: how many of its first comments are left out."""
    names = tags.known(row.source, row.target)
    key = f"{row.id}\n{row.source_hash} {row.state}" + (f"\n{''.join(names)}" if names else "")
    rate = "" if row.rate is None else f"\n{row.rate} %" + (f" {row.origin}" if row.origin else "")
    french, english = (ended(tags.written(text, names)) for text in (row.source, row.target))
    return str(row.number), key, french, english, row.state + rate, quoted(row, leave_out)


def returned(rows: Iterable[Place]) -> list[Returned]:
    """The segments of numbered rows. Raises what `bounds.gathered` raises."""
    return gathered(_returned(rows))


def _returned(rows: Iterable[Place]) -> Iterator[Returned]:
    columns: dict[int, int] = {}
    for number, texts in rows:
        key_at, key = _key(texts, columns)
        if not key:
            columns = _columns(texts) or columns
        else:
            found = columns or {column: key_at - 1 + column for column in range(1, len(HEADS))}
            yield _one(key, {column: texts[at] for column, at in found.items() if at < len(texts)}, f"row {number}")


def _columns(texts: Sequence[str]) -> dict[int, int]:
    """Where the columns stand, if the row is one of names."""
    found = {}
    for at, text in enumerate(texts):
        column = _NAMES.get(text.strip().casefold())
        if column and column not in found:
            found[column] = at
    return found if len(found) > 2 and 3 in found else {}


def _key(texts: Sequence[str], columns: dict[int, int]) -> tuple[int, re.Match[str] | None]:
    named = [columns[1]] if columns.get(1, len(texts)) < len(texts) else []
    for at in (*named, *range(len(texts))):
        if found := _KEY.match(texts[at].strip()):
            return at, found
    return 0, None


def _one(key: re.Match[str], texts: dict[int, str], place: str) -> Returned:
    names = tags.listed(key[4])
    target = tags.read(unended(texts.get(3, "")), names)
    source = tags.read(unended(texts[2]), names) if 2 in texts else None
    comments = unquoted(texts.get(5, ""))
    return Returned(key[1], key[2], source, target, _state(texts.get(4, ""), key[3], target), comments, place)


def _state(text: str, sent: str, target: str) -> str | None:
    """The state that somebody has written into the first line of a cell."""
    first = re.split(r"[\n\u00b7,;(]| \d", text.strip(), maxsplit=1)[0]
    said = " ".join(first.casefold().split()).rstrip(".")
    return settled(_SAID.get(said), sent, target)
