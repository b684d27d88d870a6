"""Gettext catalogues: `msgid` is French, `msgstr` English.

What a pair knows of its place travels in `msgctxt` (`document#position`) and in extracted comments
(`role: paragraph`, `context-pre: …`, `context-post: …`, `date: …`, `person: …`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, get_args

from tm.documents.decode import decode
from tm.documents.guard import check_text
from tm.documents.limits import Limits
from tm.errors import InputError, WrongType
from tm.types import Context, Pair, Provenance, Role

if TYPE_CHECKING:
    import polib

# polib takes the first and last character of anything for quotation marks
_STRICT = re.compile(r"\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s*)?\"(?>[^\"\\]|\\.)*+\"\s*)?\Z")
_LINE = re.compile(r"\(line (\d+)\)")
_PLACE = re.compile(r"(?s)(.*)#(\d{1,9})(?:/\d+)?\Z")
_FACT = re.compile(r"([a-z-]+):(?: (.*))?\Z")
_FINGERPRINT = re.compile(r"(?:[0-9a-f]{16})?\Z")


class _Lines(str):
    """A text whose lines end where those of a file do: polib would cut at the separators of Unicode too."""

    def splitlines(self, keepends: bool = False) -> list[str]:
        """The lines; none of our callers keeps their ends."""
        return self.split("\n")


def read(data: bytes, *, label: str = "") -> list[Pair]:
    """The translated entries of a catalogue; fuzzy, obsolete and untranslated ones are left out.

    `label` stands for the document; a `msgctxt` of another tool is kept behind it. Of plural entries the pairs
    singular–singular and plural–plural are taken. Raises InputError PO_INVALID with the line, PO_LANGUAGE where the
    header says that the translation is not English, SEGMENT_TOO_LONG, and what `tm.documents` raises for bytes.
    """
    entries = catalogue(data)
    return [pair for entry in entries if _is_usable(entry) for pair in _pairs(entry, label)]


def catalogue(data: bytes) -> polib.POFile:
    """The entries of a catalogue, all of them. Raises InputError: PO_INVALID with the line, PO_LANGUAGE, and what
    `tm.documents` raises for bytes."""
    import polib

    text = decode(data).text
    check_text(text)
    for number, line in enumerate(text.split("\n"), start=1):
        if not _STRICT.match(line):
            raise _invalid(f"(line {number})")
    try:
        # polib takes the name of an existing file as well: no name ends in a line break
        found = polib.pofile(_Lines(text + "\n"))
    except (OSError, ValueError, IndexError, UnicodeError) as error:
        raise _invalid(str(error)) from None
    language = found.metadata.get("Language", "").lower()
    if language and not language.startswith("en"):
        raise WrongType(
            f"The catalogue translates into “{language[:20]}”, not into English.",
            code="PO_LANGUAGE",
            todo="Hand in the catalogue with French msgid and English msgstr.",
        )
    return found


def _invalid(message: str) -> InputError:
    found = _LINE.search(message)
    return InputError(
        "The file is not a valid PO catalogue.", code="PO_INVALID", where=f"line {found[1]}" if found else ""
    )


def _is_usable(entry: polib.POEntry) -> bool:
    return not entry.obsolete and "fuzzy" not in entry.flags


def _pairs(entry: polib.POEntry, label: str) -> Iterator[Pair]:
    forms = [(entry.msgid, entry.msgstr)]
    if entry.msgid_plural:
        forms = [(entry.msgid, entry.msgstr_plural.get(0, "")), (entry.msgid_plural, entry.msgstr_plural.get(1, ""))]
    seen = _provenance(entry, label)
    for source, target in forms:
        if not source.strip() or not target.strip():
            continue
        if max(len(source), len(target)) > Limits().segment:
            raise InputError(
                f"An entry has more than {Limits().segment:,} characters.",
                code="SEGMENT_TOO_LONG",
                where=f"line {entry.linenum}",
            )
        yield Pair(source, target, seen)


def _provenance(entry: polib.POEntry, label: str) -> Provenance:
    found = map(_FACT.match, entry.comment.splitlines())
    facts: dict[str, str] = {fact[1]: fact[2] or "" for fact in found if fact}
    place = _PLACE.match(entry.msgctxt or "")
    document = (place[1] or label) if place else ": ".join(filter(None, [label, entry.msgctxt or ""]))
    role = facts.get("role")
    context = Context(
        _neighbour(facts, "context-pre"),
        _neighbour(facts, "context-post"),
        next((known for known in get_args(Role) if known == role), None),
    )
    position = int(place[2]) if place else None
    return Provenance(document, position, person=facts.get("person"), date=facts.get("date"), context=context)


def _neighbour(facts: dict[str, str], name: str) -> str | None:
    value = facts.get(name)
    return value if value is None or _FINGERPRINT.match(value) else None


def write(pairs: Iterable[Pair]) -> bytes:
    """The pairs as a catalogue in UTF-8, in the order they come; the same pairs always give the same bytes."""
    import polib

    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "Passerelle",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Source-Language": "fr",
    }
    taken: dict[tuple[str, str | None], int] = {}
    for pair in pairs:
        place = _msgctxt(pair.seen)
        # a catalogue may hold a text once in each context
        again = taken[pair.source, place] = taken.get((pair.source, place), 0) + 1
        if again > 1:
            place = f"{place or ''}/{again}"
        catalogue.append(
            polib.POEntry(msgid=pair.source, msgstr=pair.target, msgctxt=place, comment=_comment(pair.seen))
        )
    return (str(catalogue).rstrip("\n") + "\n").encode()


def _msgctxt(seen: Provenance) -> str | None:
    return f"{seen.document}#{seen.position}" if seen.position is not None else seen.document or None


def _comment(seen: Provenance) -> str:
    facts = {
        "role": seen.context.role,
        "context-pre": seen.context.previous,
        "context-post": seen.context.next,
        "date": seen.date,
        "person": seen.person,
    }
    return "\n".join(f"{name}: {value}".rstrip() for name, value in facts.items() if value is not None)
