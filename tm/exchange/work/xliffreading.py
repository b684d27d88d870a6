"""XLIFF 1.2 and 2 that comes back: ours, or what another tool has made of it.

Elements of other namespaces are left alone, marks around text are taken off, and nothing that a file refers to is
opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from tm.errors import InputError, WrongType
from tm.exchange.guarded import name_of, parsed
from tm.exchange.work import xliff12, xliff21, xliffstates
from tm.exchange.work.bounds import gathered, incoming
from tm.exchange.work.values import Returned, source_hash
from tm.exchange.work.xliffcodes import OURS, text_of

_P = f"{{{OURS}}}"
_HASH = re.compile(r"[0-9a-f]{16}\Z")
_ORDER = ("", "initial", "translated", "reviewed", "final")
_VERSIONS = {"1.2": xliff12.NAMESPACE, "2.0": xliff21.NAMESPACE, "2.1": xliff21.NAMESPACE, "2.2": xliff21.NAMESPACE}


def read(data: bytes) -> list[Returned]:
    """The segments of a file of either version. Raises what `bounds` raises, InputError: XLIFF_INVALID, XLIFF_LANGUAGE,
    XML_ENTITY_FORBIDDEN, XML_TOO_LARGE; WrongType."""
    root = parsed(incoming(data), _invalid)
    version = root.get("version", "")
    if name_of(root) != "xliff" or version not in _VERSIONS:
        raise WrongType(
            "The file is not XLIFF 1.2 or 2.", where=f"root element {name_of(root)[:40]}", todo="Export it again."
        )
    _check_language(root)
    old = version == "1.2"
    name = "trans-unit" if old else "unit"
    units = [unit for unit in root.iter(f"{{{_VERSIONS[version]}}}{name}", name) if unit.get("id")]
    return gathered((_old if old else _new)(unit, f"unit {place}") for place, unit in enumerate(units, 1))


def _invalid(where: str) -> InputError:
    return InputError(
        "The file is not well-formed XML.", code="XLIFF_INVALID", where=where, todo="Export it again as XLIFF."
    )


def _check_language(root: etree._Element) -> None:
    files = [root, *(child for child in root if name_of(child) == "file")]
    for language in (one.get(name, "") for one in files for name in ("target-language", "trgLang")):
        if language and not language.lower().startswith("en"):
            raise InputError(
                f"The file translates into “{language[:20]}”, not into English.",
                code="XLIFF_LANGUAGE",
                todo="Hand in the translation from French into English.",
            )


def _old(unit: etree._Element, place: str) -> Returned:
    source, target = (_child(unit, name) for name in ("source", "target"))
    text = text_of(target)
    rate = unit.get(f"{_P}rate", "")
    sent = unit.get(f"{_P}state", ""), int(rate) if rate.isascii() and rate.isdigit() and len(rate) < 5 else None
    words = ("", "") if target is None else (target.get("state", ""), target.get("state-qualifier", ""))
    state = xliffstates.from_old(words, unit.get("approved"), sent, text)
    notes = [note for note in unit if name_of(note) == "note" and note.get("from") != xliff12.REASON]
    return _returned(unit, unit.get(f"{_P}hash", ""), source, text, state, notes, place)


def _new(unit: etree._Element, place: str) -> Returned:
    parts = [child for child in unit if name_of(child) in ("segment", "ignorable")]
    source = [_child(part, "source") for part in parts]
    targets = [_child(part, "target") for part in parts]
    if any(text_of(target) for target in targets):
        # where another tool has cut, what lies between two segments is the same in both languages
        between = [name_of(part) == "ignorable" for part in parts]
        targets = [b if t is None and same else t for t, b, same in zip(targets, source, between, strict=True)]
    text = "".join(map(text_of, targets))
    state = xliffstates.from_new(_least(part for part in parts if name_of(part) == "segment"), text)
    notes = [note for notes in unit if name_of(notes) == "notes" for note in notes if name_of(note) == "note"]
    said = [note for note in notes if note.get("category") != xliff21.REASON]
    return _returned(unit, _fact(unit, "hash"), source, text, state, said, place)


def _least(segments: Iterator[etree._Element]) -> tuple[str, str]:
    """The state of several parts: of the one that needs most work."""
    words = [(one.get("state", ""), one.get("subState", "")) for one in segments]
    return min(words, key=lambda one: _ORDER.index(one[0]) if one[0] in _ORDER else 0, default=("", ""))


def _returned(
    unit: etree._Element,
    said: str,
    source: etree._Element | list[etree._Element | None] | None,
    target: str,
    state: str | None,
    notes: list[etree._Element],
    place: str,
) -> Returned:
    parts = source if isinstance(source, list) else [source]
    text = "".join(map(text_of, parts)) if any(part is not None for part in parts) else None
    comments = tuple(said for note in notes if (said := "".join(map(str, note.itertext()))).strip())
    stamp = said if _HASH.match(said) else source_hash(text or "")
    return Returned(unit.get("id", ""), stamp, text, target, state, comments, place)


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if name_of(child) == name), None)


def _fact(unit: etree._Element, name: str) -> str:
    """What the metadata of a unit says under a name."""
    for group in unit.iter(f"{{{xliff21.METADATA}}}metaGroup"):
        for meta in group if group.get("category") == "passerelle" else ():
            if meta.get("type") == name:
                return meta.text or ""
    return ""
