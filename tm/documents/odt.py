"""OpenDocument texts: paragraphs and headings of the text, of tables, notes, frames, headers and footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from tm.documents import guard, package
from tm.documents.html import remove
from tm.documents.htmlwords import tag_of
from tm.documents.inline import Alone, Pair, Piece, Text
from tm.documents.odfstyles import FO, OFFICE, STYLE, TEXT, XLINK, Styles
from tm.documents.opened import Opened, Raw, described, of_pieces, with_roles
from tm.errors import WrongType
from tm.types import CodeKind

KIND = "OpenDocument text"
MIME = b"application/vnd.oasis.opendocument.text"
_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_COMMENTS = (f"{OFFICE}annotation", f"{OFFICE}annotation-end")
_HIDDEN = (f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph", f"{TEXT}section")
_CHANGES = (f"{TEXT}tracked-changes", f"{TEXT}change-start", f"{TEXT}change-end", f"{TEXT}change")
_IN_PLACE = frozenset(
    f"{TEXT}{name}"
    for name in (
        "bookmark bookmark-start bookmark-end reference-mark reference-mark-start reference-mark-end soft-page-break "
        "toc-mark toc-mark-start toc-mark-end alphabetical-index-mark"
    ).split()
)
_ENDS = frozenset(f"{TEXT}{name}" for name in ("bookmark-end", "reference-mark-end", "toc-mark-end"))
_ENCLOSING: dict[str, CodeKind] = {f"{TEXT}a": "link", f"{TEXT}ruby": "format", f"{TEXT}meta": "field"}
_SAID = tuple(f"{{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}}{name}" for name in ("title", "desc"))
_MACROS = re.compile(r"(?:Basic/[^/]+/(?!script-lb\.xml)[^/]+\.xml|Scripts/.+)\Z")
_MANIFEST = "META-INF/manifest.xml"
# whole documents of before, and signatures of what is no more
_EARLIER = re.compile(r"Versions/|VersionList\.xml\Z|META-INF/(?:document|macro|package)?signatures\.xml\Z", re.I)
_SPACES = re.compile(r"( +|\t|\n)")
_WHITE = re.compile(r"[ \t\r\n]+")


@dataclass(slots=True)
class Paragraph:
    """The handle of a block: its element, and marks that only have a place."""

    element: etree._Element
    marks: list[etree._Element] = field(default_factory=list)


@dataclass
class Odt(Opened):
    """A text that was opened."""

    package: package.Package = field(default_factory=lambda: package.Package({}, frozenset()))
    trees: dict[str, etree._Element] = field(default_factory=dict)

    def put(self, raw: Raw, text: str) -> None:
        """Put a text in the place of a paragraph."""
        paragraph: Paragraph = raw.handle
        element = paragraph.element
        marks = [_bare(mark) for mark in paragraph.marks]
        element.text = None
        element[:] = [mark for mark in marks if mark.tag not in _ENDS]
        _write(element, raw.pieces(text), blank=True)
        element.extend(mark for mark in marks if mark.tag in _ENDS)

    def depth(self, raw: Raw) -> int:
        """How many elements a paragraph stands in."""
        return sum(1 for _ in raw.handle.element.iterancestors())

    def saved(self) -> bytes:
        """The text; comments, hidden text, the list of changes, earlier versions and signatures are not in it."""
        parts = {name: data for name, data in self.package.parts.items() if not _EARLIER.match(name)}
        if len(parts) < len(self.package.parts) and _MANIFEST in parts:
            parts[_MANIFEST] = _without_earlier(parts[_MANIFEST])
        for name, root in self.trees.items():
            for element in root.iter(f"{STYLE}text-properties"):
                if element.get(f"{FO}language", "").lower() == "fr":
                    element.set(f"{FO}language", "en")
                    element.set(f"{FO}country", "GB")
            parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        package.retitled(parts, "meta.xml", *self.renamed)
        return package.packed(parts, self.package.stored)


def opened(data: bytes, most: int = 20_000) -> Odt:
    """The text in `data`. Raises InputError: the codes of `tm.documents.package`, TYPE_MISMATCH, PASSWORD_PROTECTED,
    MACRO_NOT_ACCEPTED, TOO_MANY_SEGMENTS."""
    held = package.opened(data, KIND)
    _check(held)
    document = Odt(package=held)
    for name in ("content.xml", "styles.xml"):
        if name in held.parts:
            document.trees[name] = package.tree(held.parts[name], name)
    left: Counter[str] = Counter()
    for name, root in document.trees.items():
        styles = Styles.of(root, document.trees.values())
        left.update(_clean(root, styles))
        for element in list(root.iter(*_PARAGRAPHS)):
            document.add(_block(element, styles, name == "content.xml"), most)
            for said in element.iter(*_SAID):
                if next(said.iterancestors(*_PARAGRAPHS)) is element:
                    document.add(described([said], role="caption" if name == "content.xml" else "note"), most)
    document.raw.sort(key=lambda raw: raw.role == "note")
    with_roles(document.raw, any(raw.role == "title" for raw in document.raw))
    left["earlier versions"] = sum(name.startswith("Versions/") for name in held.parts)
    left["signatures"] = sum(name == "META-INF/documentsignatures.xml" for name in held.parts)
    left = +left
    accepted = left.pop("changes", 0)
    document.notes = [f"left out: {name} ({count})" for name, count in sorted(left.items())]
    document.notes += [f"accepted: tracked insertions and changes of form ({accepted})"] if accepted else []
    return document


def _without_earlier(data: bytes) -> bytes:
    """The list of parts without those that are left out."""
    root = package.tree(data, _MANIFEST)
    for entry in list(root):
        if any(str(key).endswith("}full-path") and _EARLIER.match(str(value)) for key, value in entry.attrib.items()):
            root.remove(entry)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _check(held: package.Package) -> None:
    parts = held.parts
    if not parts.get("mimetype", b"").startswith(MIME) or "content.xml" not in parts:
        raise guard.mismatch("an archive, but no OpenDocument text")
    if b"encryption-data" in parts.get(_MANIFEST, b""):
        raise package.locked()
    if any(_EARLIER.match(name) for name in parts) and _MANIFEST in parts:
        _without_earlier(parts[_MANIFEST])  # what cannot be written is refused now
    if any(_MACROS.match(name) for name in parts):
        raise WrongType("The document holds macros.", code="MACRO_NOT_ACCEPTED", todo="Save it without them, as .odt.")


def _clean(root: etree._Element, styles: Styles) -> Counter[str]:
    """Take tracked changes, comments and hidden text out of a part, in place; how many of each there were."""
    found: Counter[str] = Counter()
    for element in list(root.iter(*_CHANGES)):
        for region in element.iter(f"{TEXT}changed-region"):
            found["deletions" if region.find(f"{TEXT}deletion") is not None else "changes"] += 1
        remove(element)
    for element in list(root.iter(*_COMMENTS)):
        found["comments"] += element.tag == _COMMENTS[0]
        remove(element)
    for element in [one for one in root.iter(*_HIDDEN) if _is_hidden(one)]:
        found["hidden texts"] += 1
        whole = element.tag == f"{TEXT}hidden-paragraph"
        remove(next(element.iterancestors(*_PARAGRAPHS), element) if whole else element)
    for element in [one for one in root.iter(f"{TEXT}span", *_PARAGRAPHS) if styles.hides(one)]:
        found["hidden texts"] += 1
        remove(element)
    return +found


def _is_hidden(element: etree._Element) -> bool:
    """Whether the condition of a hidden text or paragraph holds, or a section is not shown."""
    said = element.get(f"{TEXT}is-hidden", "")
    if element.tag == f"{TEXT}section":
        return element.get(f"{TEXT}display") == "none" or said == "true"
    return said != "false"


def _block(element: etree._Element, styles: Styles, main: bool) -> Raw:
    handle = Paragraph(element)
    pieces = _without_empty(_collapsed(_merged(_pieces(element, styles, handle.marks), styles)))
    role, level = styles.role(element)
    return of_pieces("note" if not main and role == "paragraph" else role, pieces, handle, level)


def _pieces(parent: etree._Element, styles: Styles, marks: list[etree._Element]) -> Iterator[Piece]:
    if parent.text:
        yield Text(parent.text)
    for element in parent:
        tag = tag_of(element)
        if tag == f"{TEXT}s":
            count = element.get(f"{TEXT}c", "1")
            yield Text("\u0001" * (int(count) if re.fullmatch(r"\d{1,3}", count, re.ASCII) else 1))
        elif tag == f"{TEXT}tab":
            yield Text("\t\u0002")
        elif tag == f"{TEXT}line-break":
            yield Text("\n\u0002")
        elif tag in _IN_PLACE:
            marks.append(element)
        elif tag == f"{TEXT}span" and not styles.look(element):
            yield from _pieces(element, styles, marks)
        elif tag == f"{TEXT}span":
            yield Pair(*styles.described(element), element, _merged(_pieces(element, styles, marks), styles))
        elif tag in _ENCLOSING:
            shown = element.get(f"{XLINK}href") or ""
            yield Pair(_ENCLOSING[tag], shown, element, _merged(_pieces(element, styles, marks), styles))
        elif tag:
            yield Alone(_kind(tag), _shown(element, tag), element)
        if element.tail:
            yield Text(element.tail)


def _kind(tag: str) -> CodeKind:
    if tag == f"{TEXT}note":
        return "note"
    return "field" if tag.startswith(TEXT) else "picture"


def _shown(element: etree._Element, tag: str) -> str:
    if tag == f"{TEXT}note":
        return element.findtext(f"{TEXT}note-citation") or ""
    named = next((str(value) for name, value in element.attrib.items() if str(name).endswith("}name")), "")
    return named or " ".join("".join(map(str, element.itertext())).split())[:40]


def _merged(pieces: Iterable[Piece], styles: Styles) -> list[Piece]:
    """Neighbours that look alike, made one: office programs cut text wherever somebody has typed."""
    done: list[Piece] = []
    for piece in pieces:
        last = done[-1] if done else None
        if isinstance(piece, Text) and isinstance(last, Text):
            last.text += piece.text
        elif isinstance(piece, Pair) and isinstance(last, Pair) and _alike(piece, last, styles):
            last.inside = _merged([*last.inside, *piece.inside], styles)
        else:
            done.append(piece)
    return done


def _alike(one: Pair, other: Pair, styles: Styles) -> bool:
    both = one.handle.tag == other.handle.tag == f"{TEXT}span"
    return both and styles.look(one.handle) == styles.look(other.handle)


def _collapsed(pieces: list[Piece]) -> list[Piece]:
    """White space as office programs show it: runs are one space, and none begins a paragraph or follows a space."""
    blank = True
    for one in _flat(pieces):
        if isinstance(one, Alone):
            blank = False
            continue
        made = []
        for part in re.split(r"(\u0001+|[\t\n]\u0002)", one.text):
            if part.startswith("\u0001"):
                made.append(" " * len(part))
                blank = False
            elif part.endswith("\u0002"):
                made.append(part[0])
                blank = False
            elif text := _WHITE.sub(" ", part).removeprefix(" " if blank else ""):
                made.append(text)
                blank = text.endswith(" ")
        one.text = "".join(made)
    return pieces


def _without_empty(pieces: Iterable[Piece]) -> list[Piece]:
    """Without spans in which there is nothing, or nothing but white space that is not seen."""
    kept: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Pair):
            piece.inside = _without_empty(piece.inside)
            if not piece.inside and piece.handle.tag == f"{TEXT}span":
                continue
        if not isinstance(piece, Text) or piece.text:
            kept.append(piece)
    return kept


def _flat(pieces: Iterable[Piece]) -> Iterator[Text | Alone]:
    for piece in pieces:
        if isinstance(piece, Pair):
            yield from _flat(piece.inside)
        else:
            yield piece


def _write(parent: etree._Element, pieces: Iterable[Piece], *, blank: bool) -> bool:
    """Write pieces behind what a paragraph has. `blank`, and the answer: whether a space here would not be seen."""
    for piece in pieces:
        if isinstance(piece, Text):
            blank = _write_text(parent, piece.text, blank=blank)
            continue
        element = _bare(piece.handle)
        parent.append(element)
        if isinstance(piece, Pair):
            element.text = None
            element[:] = []
            blank = _write(element, piece.inside, blank=blank)
        else:
            blank = False
    return blank


def _bare(element: etree._Element) -> etree._Element:
    made = deepcopy(element)
    made.tail = None
    return made


def _write_text(parent: etree._Element, text: str, *, blank: bool) -> bool:
    for part in filter(None, _SPACES.split(text)):
        spaces = len(part) if part.startswith(" ") else 0
        if spaces and not blank:
            _append(parent, " ")
            spaces -= 1
            blank = True
        if spaces:
            etree.SubElement(parent, f"{TEXT}s").set(f"{TEXT}c", str(spaces))
            blank = False
        elif part in "\t\n":
            etree.SubElement(parent, f"{TEXT}{'tab' if part == chr(9) else 'line-break'}")
            blank = False
        elif not part.startswith(" "):
            _append(parent, part)
            blank = False
    return blank


def _append(parent: etree._Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
