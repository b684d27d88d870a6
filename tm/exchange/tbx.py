"""TBX, the exchange format of glossaries: version 3 (ISO 30042:2019) in its two styles and version 2 are read, and
version 3, TBX-Basic in the style DCA, is written.

The style DCA says `<termNote type="administrativeStatus">`, DCT says `<min:administrativeStatus>`; version 2 has other
names for the same levels. A reader that goes by what a category is called, whichever way it is said, reads all three.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from lxml import etree

from tm.documents.guard import check_text
from tm.errors import InputError, TooLarge, WrongType
from tm.exchange.guarded import entities, name_of, parsed
from tm.terms.entry import checked
from tm.types import Concept, Language, Term, TermStatus

LARGEST = 20_000_000  # bytes
_ROOTS = ("tbx", "martif")
_CONCEPTS, _SECTIONS, _TERMS = ("conceptEntry", "termEntry"), ("langSec", "langSet"), ("termSec", "tig", "ntig")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGES: dict[str, Language] = {"fr": "fr", "fra": "fr", "fre": "fr", "en": "en", "eng": "en"}
_STATUSES: dict[str, TermStatus] = {
    "preferredTerm": "preferred",
    "admittedTerm": "allowed",
    "standardizedTerm": "preferred",
    "deprecatedTerm": "forbidden",
    "supersededTerm": "forbidden",
}
_WRITTEN: dict[TermStatus, str] = {
    "preferred": "preferredTerm-admn-sts",
    "allowed": "admittedTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
}
_PROPOSED = "proposed"  # as the customer subset of an entry: TBX-Basic has no category for what is not agreed yet
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tbx style="dca" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
  <tbxHeader>
    <fileDesc>
      <sourceDesc><p>{source}</p></sourceDesc>
    </fileDesc>
  </tbxHeader>
  <text>
    <body>
"""
_TAIL = "    </body>\n  </text>\n</tbx>\n"


def read(data: bytes) -> list[Concept]:
    """The entries of a TBX file that have a French term, each with its English ones. Nothing outside of it is fetched.

    English terms without a status: the first is preferred, others are allowed. A definition becomes part of the note.
    Raises InputError TBX_INVALID, TBX_LANGUAGES (no entry has French), XML_ENTITY_FORBIDDEN, what
    `tm.terms.entry.checked` raises with the number of the entry; TooLarge XML_TOO_LARGE, WrongType.
    """
    if len(data) > LARGEST:
        raise TooLarge(f"The file has {len(data):,} bytes; at most {LARGEST:,} are read.", code="XML_TOO_LARGE")
    root = parsed(data, _invalid)
    if name_of(root) not in _ROOTS:
        raise WrongType("The file is XML, but not TBX.", where=f"root element {name_of(root)}")
    entries = list(_below(root, _CONCEPTS))
    if not entries:
        raise _invalid("", "The TBX file has no entries.")
    found = [_concept(entry, number) for number, entry in enumerate(entries, 1)]
    kept = [concept for concept in found if concept is not None]
    if not kept:
        raise InputError(
            "No entry of the file has a French term.",
            code="TBX_LANGUAGES",
            todo="Export French and English, with xml:lang on each language.",
        )
    return kept


def _invalid(where: str, what: str = "The file is not well-formed XML.") -> InputError:
    return InputError(what, code="TBX_INVALID", where=where, todo="Export it again as TBX.")


def _below(element: etree._Element, names: Iterable[str]) -> Iterator[etree._Element]:
    """Elements of these names below an element, not those inside of one of them."""
    for child in element:
        if name_of(child) in names:
            yield child
        else:
            yield from _below(child, names)


def _concept(entry: etree._Element, number: int) -> Concept | None:
    terms: dict[Language, list[tuple[str, str]]] = {"fr": [], "en": []}
    for section in _below(entry, _SECTIONS):
        language = _LANGUAGES.get((section.get(_LANG) or section.get("lang") or "").lower().split("-")[0])
        if language:
            terms[language] += [_term(term) for term in _below(section, _TERMS)]
    french = [text for text, _ in terms["fr"] if text]
    if not french:
        return None
    definitions, notes = _said(entry, "definition"), _said(entry, "note")
    return checked(
        Concept(
            tuple(french),
            tuple(_ranked(terms["en"])),
            next(iter(_said(entry, "subjectField")), ""),
            "\n".join((*definitions, *notes)),
            _PROPOSED not in _said(entry, "customerSubset"),
        ),
        f"entry {number}",
    )


def _said(element: etree._Element, category: str) -> list[str]:
    """What an entry says of itself in a category, outside of its terms."""
    return [_text(each) for each in _categories(element, _TERMS) if _category(each) == category and _text(each)]


def _categories(element: etree._Element, outside: Iterable[str] = ()) -> Iterator[etree._Element]:
    for child in element:
        if name_of(child) not in outside:
            yield child
            yield from _categories(child, outside)


def _category(element: etree._Element) -> str:
    return element.get("type") or name_of(element)


def _term(section: etree._Element) -> tuple[str, str]:
    every = list(_categories(section))
    text = next((_text(each) for each in every if name_of(each) == "term"), "")
    return text, next((_text(each) for each in every if _category(each) == "administrativeStatus"), "")


def _text(element: etree._Element) -> str:
    """The text of an element, markup inside of it left out."""
    if any(isinstance(node, etree._Entity) for node in element.iter()):
        raise entities()
    return "".join(map(str, element.itertext())).strip()


def _ranked(terms: Iterable[tuple[str, str]]) -> Iterator[Term]:
    said = [(text, _STATUSES.get(status.split("-")[0])) for text, status in terms]
    taken = any(status == "preferred" for _, status in said)
    for text, status in said:
        status, taken = status or ("allowed" if taken else "preferred"), taken or status is None
        yield Term(text, status)


def write(concepts: Iterable[Concept], *, source: str = "Passerelle") -> bytes:
    """The entries as TBX-Basic, version 3, in UTF-8; the same entries always give the same bytes, and `read` gives them
    back. Raises InputError CONTROL_CHARACTER for a text that XML cannot hold."""
    pieces = [_HEAD.format(source=_escaped(source))]
    pieces += [_entry(concept, number) for number, concept in enumerate(concepts, 1)]
    return ("".join(pieces) + _TAIL).encode()


def _entry(concept: Concept, number: int) -> str:
    lines = [f'      <conceptEntry id="c{number}">']
    if concept.domain:
        lines.append(f'        <descrip type="subjectField">{_escaped(concept.domain)}</descrip>')
    if not concept.agreed:
        lines.append(f'        <admin type="customerSubset">{_PROPOSED}</admin>')
    if concept.note:
        lines.append(f"        <note>{_escaped(concept.note)}</note>")
    lines += _section("fr", [(text, "") for text in concept.french])
    lines += _section("en", [(term.text, _WRITTEN[term.status]) for term in concept.english])
    return "\n".join([*lines, "      </conceptEntry>\n"])


def _section(language: Language, terms: list[tuple[str, str]]) -> Iterator[str]:
    if not terms:
        return
    yield f'        <langSec xml:lang="{language}">'
    for text, status in terms:
        note = f'<termNote type="administrativeStatus">{status}</termNote>' if status else ""
        yield f"          <termSec><term>{_escaped(text)}</term>{note}</termSec>"
    yield "        </langSec>"


def _escaped(text: str) -> str:
    if text:
        check_text(text)
    return escape(text, {"\r": "&#13;"})
