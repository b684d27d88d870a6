"""A paragraph of a Word document as pieces, and pieces as its runs again.

Word cuts text into runs wherever it likes. What counts here is where the look changes: the look of most of a paragraph
is its own, and what differs from it is a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from tm.documents.inline import Alone, Pair, Piece, Text, words_of
from tm.documents.wordlooks import Look, Run, common, together
from tm.documents.wordml import MC, VAL, XML_SPACE, M, R, W, child, tag_of, val
from tm.documents.wordstyles import Styles
from tm.types import CodeKind

_IN_PLACE = frozenset(f"{W}{name}" for name in ("bookmarkStart", "bookmarkEnd", "permStart", "permEnd"))
_ENDS = frozenset((f"{W}bookmarkEnd", f"{W}permEnd"))
_NOTHING = frozenset(f"{W}{name}" for name in ("proofErr", "lastRenderedPageBreak", "pPr", "rPr"))
_ENCLOSING = frozenset(f"{W}{name}" for name in ("hyperlink", "fldSimple", "sdt", "customXml", "dir", "bdo"))
_PICTURES = frozenset((f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"))
_CHARACTERS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": "\u00ad"}
_ELEMENTS = {"\t": "tab", "\n": "br", "\u2011": "noBreakHyphen", "\u00ad": "softHyphen"}
_PARTS = re.compile("([\t\n\u2011\u00ad])")
_WHITE = re.compile(r"[\t\r\n]+ *")
_LINK_FIELD = re.compile(r'\s*HYPERLINK\s+(?:\\l\s+)?"?([^"]*)"?')


@dataclass(slots=True)
class Story:
    """What a paragraph is read with: styles, and the addresses of links by their ids."""

    styles: Styles
    links: dict[str, str]


@dataclass(slots=True)
class Paragraph:
    """The handle of a block: its element, the look of most of its text, and marks that only have a place."""

    element: etree._Element
    look: Look = None
    marks: list[etree._Element] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bit:
    """The handle of a part of what stands alone: an element of a run with the look of that run, or (`whole`) one that
    is no part of a run. What stands inside may still be translated: it is copied when it is written."""

    element: etree._Element
    look: Look = None
    whole: bool = False

    def again(self) -> etree._Element:
        """The element once more."""
        return deepcopy(self.element) if self.whole else _around(deepcopy(self.element), self.look)


def read(element: etree._Element, story: Story) -> tuple[list[Piece], Paragraph]:
    """The pieces of a paragraph, and its handle."""
    paragraph = Paragraph(element)
    runs = list(_runs(element, story, paragraph.marks))
    paragraph.look = common(runs)
    return together(_fields(runs, story.styles), paragraph.look, story.styles), paragraph


def _runs(parent: etree._Element, story: Story, marks: list[etree._Element]) -> Iterator[Run]:
    for element in parent:
        tag = tag_of(element)
        if tag == f"{W}r":
            yield from _of_run(element)
        elif tag in _ENCLOSING:
            yield _enclosing(element, story, marks)
        elif tag == f"{W}smartTag":  # recognised words, of which programs since 2010 know nothing
            yield from _runs(element, story, marks)
        elif tag in _IN_PLACE:
            marks.append(element)
        elif tag and tag not in _NOTHING:
            kind: CodeKind = "picture" if tag.startswith(M) else "field"
            yield Run(Alone(kind, _name(element), [Bit(element, whole=True)]), None)


def _of_run(run: etree._Element) -> Iterator[Run]:
    look = child(run, "rPr")
    for element in run:
        tag = tag_of(element)
        if tag == f"{W}t":
            yield Run(Text(_shown(element)), look)
        elif tag in _CHARACTERS:
            yield Run(Text(_CHARACTERS[tag]), look)
        elif tag == f"{W}br" and element.get(f"{W}type", "textWrapping") == "textWrapping" and not _clears(element):
            yield Run(Text("\n"), look)
        elif tag and tag not in _NOTHING:
            yield Run(Alone(_kind(element), _name(element), [Bit(element, look)]), look)


def _shown(element: etree._Element) -> str:
    """The text of a `w:t` as Word shows it: line ends and tabs in the file are blanks, those at the ends are nothing
    unless they are to be preserved."""
    text = _WHITE.sub(" ", element.text or "")
    if text.strip(" ") == text:
        return text
    spaces = (one.get(XML_SPACE) for one in (element, *element.iterancestors()))
    return text if next(filter(None, spaces), "") == "preserve" else text.strip(" ")


def _clears(element: etree._Element) -> bool:
    """Whether a line break goes down below a picture."""
    return element.get(f"{W}clear", "none") != "none"


def _around(element: etree._Element, look: Look) -> etree._Element:
    """A run of its own for what stood in one."""
    run = etree.Element(f"{W}r")
    if look is not None:
        run.append(deepcopy(look))
    run.append(element)
    return run


def _kind(element: etree._Element) -> CodeKind:
    if element.tag in (f"{W}footnoteReference", f"{W}endnoteReference", f"{W}footnoteRef", f"{W}endnoteRef"):
        return "note"
    if element.tag == f"{W}br":
        return "break"
    return "picture" if element.tag in _PICTURES else "field"


def _name(element: etree._Element) -> str:
    """What people are told of a thing: the number of a note, the description of a picture, a sign."""
    if number := element.get(f"{W}id"):
        return number if element.tag.endswith("Reference") else ""
    for one in element.iter():
        if tag_of(one).endswith("}docPr"):
            return str(one.get("descr") or one.get("name") or "")
    return "".join(one.text or "" for one in element.iter(f"{M}t"))[:40]


def _enclosing(element: etree._Element, story: Story, marks: list[etree._Element]) -> Run:
    content = child(element, "sdtContent") if element.tag == f"{W}sdt" else element
    inside = list(_runs(content, story, marks)) if content is not None else []
    if element.tag == f"{W}fldSimple":
        bit = Bit(element, whole=True)
        return Run(Alone("field", words_of([run.piece for run in inside])[:40], [bit]), None)
    look = common(inside)
    shell = element
    if element.tag != f"{W}sdt":
        shell = etree.Element(element.tag, {str(name): str(value) for name, value in element.attrib.items()})
        shell.extend(deepcopy(element.findall(f"{W}customXmlPr")))
    kind, shown = _told(element, story)
    return Run(Pair(kind, shown, (shell, look), together(_fields(inside, story.styles), look, story.styles)), None)


def _told(element: etree._Element, story: Story) -> tuple[CodeKind, str]:
    """What people are told of an element that encloses runs."""
    if element.tag == f"{W}hyperlink":
        return "link", story.links.get(element.get(f"{R}id", ""), "") or f"#{element.get(f'{W}anchor', '')}"
    if element.tag in (f"{W}dir", f"{W}bdo"):
        return "format", element.get(VAL, "")
    return "field", val(child(element, "sdtPr"), "alias") or element.get(f"{W}element", "")


def _fields(runs: list[Run], styles: Styles) -> list[Run]:
    """Fields that are written as several runs, made one: a link encloses its text, any other field stands alone."""
    done: list[Run] = []
    ends = _ends_of_fields(runs)
    at = 0
    while at < len(runs):
        end = ends.get(at)
        if end:
            done.append(_field(runs[at : end + 1], styles))
            at = end
        else:
            done.append(runs[at])
        at += 1
    return done


def _part_of_field(run: Run) -> str:
    """`begin`, `separate`, `end` or `instruction`; "" for anything else."""
    if not isinstance(run.piece, Alone):
        return ""
    element = run.piece.handle[0].element
    if element.tag == f"{W}fldChar":
        return str(element.get(f"{W}fldCharType", ""))
    return "instruction" if element.tag == f"{W}instrText" else ""


def _ends_of_fields(runs: list[Run]) -> dict[int, int]:
    """Where the fields end, by where they begin; a field may begin in one paragraph and end in another."""
    ends, begun = {}, []
    for at, run in enumerate(runs):
        part = _part_of_field(run)
        if part == "begin":
            begun.append(at)
        elif part == "end" and begun:
            ends[begun.pop()] = at
    return ends


def _field(runs: list[Run], styles: Styles) -> Run:
    parts = [_part_of_field(run) for run in runs]
    told = [run.piece.handle[0].element for run, part in zip(runs, parts, strict=True) if part == "instruction"]
    said = "".join(element.text or "" for element in told)
    middle = parts.index("separate") if "separate" in parts else 0
    link = _LINK_FIELD.match(said)
    if link and middle and parts.count("begin") == 1:
        inside = runs[middle + 1 : -1]
        look = common(inside)
        shell: tuple[list[Piece], list[Piece]] = ([one.piece for one in runs[: middle + 1]], [runs[-1].piece])
        return Run(Pair("link", link[1], (shell, look), together(inside, look, styles)), None)
    shown = words_of([run.piece for run in runs[middle:]])[:40] if middle else said.strip()[:40]
    return Run(Alone("field", shown, _as_they_were(runs)), None)


def _as_they_were(runs: list[Run]) -> list[Bit]:
    """The runs of a field again, its result as it stood."""
    bits: list[Bit] = []
    for run in runs:
        if isinstance(run.piece, Alone):  # a text box in it is still to be translated
            bits.extend(run.piece.handle)
        else:
            bits.extend(Bit(element, whole=True) for element in _elements([run.piece], run.look))
    return bits


def write(paragraph: Paragraph, pieces: list[Piece]) -> None:
    """Put pieces in the place of what stands in a paragraph."""
    element = paragraph.element
    for old in [one for one in element if one.tag != f"{W}pPr"]:
        element.remove(old)
    ends = [mark for mark in paragraph.marks if mark.tag in _ENDS]
    starts = [mark for mark in paragraph.marks if mark.tag not in _ENDS]
    element.extend([*starts, *_elements(pieces, paragraph.look), *ends])


def _elements(pieces: Iterable[Piece], look: Look) -> Iterator[etree._Element]:
    for piece in pieces:
        if isinstance(piece, Text):
            yield _run(piece.text, look)
        elif isinstance(piece, Alone):
            yield from (bit.again() for bit in piece.handle)
        elif isinstance(piece.handle, tuple):
            yield from _link(piece)
        else:
            yield from _elements(piece.inside, piece.handle)


def _link(pair: Pair) -> Iterator[etree._Element]:
    shell, look = pair.handle
    if isinstance(shell, tuple):
        before, after = shell
        yield from _elements(before, None)
        yield from _elements(pair.inside, look)
        yield from _elements(after, None)
        return
    link = deepcopy(shell)
    content = child(link, "sdtContent")
    if content is not None:
        content[:] = list(_elements(pair.inside, look))
    else:
        link.extend(_elements(pair.inside, look))
    yield link


def _run(text: str, look: Look) -> etree._Element:
    run = etree.Element(f"{W}r")
    if look is not None and len(look):
        run.append(deepcopy(look))
    for part in _PARTS.split(text):
        if part in _ELEMENTS:
            etree.SubElement(run, f"{W}{_ELEMENTS[part]}")
        elif part:
            written = etree.SubElement(run, f"{W}t")
            written.text = part
            written.set(XML_SPACE, "preserve")
    return run
