"""A paragraph of a Word document as pieces, and pieces as its runs again.

Word cuts text into runs wherever it likes. What counts here is where the look changes: the look of most of a paragraph
is its own, and what differs from it is a code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from tm.documents.inline import Alone, Pair, Piece, Text, words_of
from tm.documents.wordml import MC, XML_SPACE, M, R, W, child, is_on, tag_of, val
from tm.documents.wordstyles import Styles
from tm.types import CodeKind

_IN_PLACE = frozenset(f"{W}{name}" for name in ("bookmarkStart", "bookmarkEnd", "permStart", "permEnd"))
_NOTHING = frozenset(f"{W}{name}" for name in ("proofErr", "lastRenderedPageBreak", "pPr", "rPr"))
_THROUGH = frozenset(f"{W}{name}" for name in ("smartTag", "customXml", "dir", "bdo"))
_ENCLOSING = frozenset(f"{W}{name}" for name in ("hyperlink", "fldSimple", "sdt"))
_PICTURES = frozenset((f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"))
_CHARACTERS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": "\u00ad"}
_ELEMENTS = {"\t": "tab", "\n": "br", "\u2011": "noBreakHyphen", "\u00ad": "softHyphen"}
_PARTS = re.compile("([\t\n\u2011\u00ad])")
_NO_LOOK = frozenset(f"{W}{name}" for name in ("lang", "noProof", "webHidden", "specVanish"))
_LINK_FIELD = re.compile(r'\s*HYPERLINK\s+(?:\\l\s+)?"?([^"]*)"?')

Look = etree._Element | None


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


@dataclass(slots=True)
class _Run:
    """A piece with the look that it was met with."""

    piece: Piece
    look: Look


def read(element: etree._Element, story: Story) -> tuple[list[Piece], Paragraph]:
    """The pieces of a paragraph, and its handle."""
    paragraph = Paragraph(element)
    runs = list(_runs(element, story, paragraph.marks))
    paragraph.look = _common(runs)
    return _pieces(_fields(runs), paragraph.look, story), paragraph


def _runs(parent: etree._Element, story: Story, marks: list[etree._Element]) -> Iterator[_Run]:
    for element in parent:
        tag = tag_of(element)
        if tag == f"{W}r":
            yield from _of_run(element)
        elif tag in _ENCLOSING:
            yield _enclosing(element, story, marks)
        elif tag in _THROUGH:
            yield from _runs(element, story, marks)
        elif tag in _IN_PLACE:
            marks.append(element)
        elif tag and tag not in _NOTHING:
            kind: CodeKind = "picture" if tag.startswith(M) else "field"
            yield _Run(Alone(kind, _name(element), [Bit(element, whole=True)]), None)


def _of_run(run: etree._Element) -> Iterator[_Run]:
    look = child(run, "rPr")
    for element in run:
        tag = tag_of(element)
        if tag == f"{W}t":
            yield _Run(Text(element.text or ""), look)
        elif tag in _CHARACTERS:
            yield _Run(Text(_CHARACTERS[tag]), look)
        elif tag == f"{W}br" and element.get(f"{W}type", "textWrapping") == "textWrapping":
            yield _Run(Text("\n"), look)
        elif tag and tag not in _NOTHING:
            yield _Run(Alone(_kind(element), _name(element), [Bit(element, look)]), look)


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


def _enclosing(element: etree._Element, story: Story, marks: list[etree._Element]) -> _Run:
    content = child(element, "sdtContent") if element.tag == f"{W}sdt" else element
    inside = list(_runs(content, story, marks)) if content is not None else []
    if element.tag == f"{W}fldSimple":
        bit = Bit(element, whole=True)
        return _Run(Alone("field", words_of([run.piece for run in inside])[:40], [bit]), None)
    look = _common(inside)
    if element.tag == f"{W}sdt":
        return _Run(
            Pair("field", val(child(element, "sdtPr"), "alias"), (element, look), _pieces(inside, look, story)), None
        )
    shown = story.links.get(element.get(f"{R}id", ""), "") or f"#{element.get(f'{W}anchor', '')}"
    shell = etree.Element(element.tag, {str(name): str(value) for name, value in element.attrib.items()})
    return _Run(Pair("link", shown, (shell, look), _pieces(_fields(inside), look, story)), None)


def _fields(runs: list[_Run]) -> list[_Run]:
    """Fields that are written as several runs, made one: a link encloses its text, any other field stands alone."""
    done: list[_Run] = []
    at = 0
    while at < len(runs):
        end = _end_of_field(runs, at)
        if end:
            done.append(_field(runs[at : end + 1]))
            at = end
        else:
            done.append(runs[at])
        at += 1
    return done


def _part_of_field(run: _Run) -> str:
    """`begin`, `separate`, `end` or `instruction`; "" for anything else."""
    if not isinstance(run.piece, Alone):
        return ""
    element = run.piece.handle[0].element
    if element.tag == f"{W}fldChar":
        return str(element.get(f"{W}fldCharType", ""))
    return "instruction" if element.tag == f"{W}instrText" else ""


def _end_of_field(runs: list[_Run], start: int) -> int:
    """Where the field ends that begins here, 0 where none does."""
    depth = 0
    for at in range(start, len(runs)):
        part = _part_of_field(runs[at])
        depth += {"begin": 1, "end": -1}.get(part, 0)
        if depth <= 0:
            return at if at > start else 0
    return 0


def _field(runs: list[_Run]) -> _Run:
    parts = [_part_of_field(run) for run in runs]
    told = [run.piece.handle[0].element for run, part in zip(runs, parts, strict=True) if part == "instruction"]
    said = "".join(element.text or "" for element in told)
    middle = parts.index("separate") if "separate" in parts else 0
    link = _LINK_FIELD.match(said)
    if link and middle and parts.count("begin") == 1:
        inside = runs[middle + 1 : -1]
        look = _common(inside)
        shell: tuple[list[Piece], list[Piece]] = ([one.piece for one in runs[: middle + 1]], [runs[-1].piece])
        return _Run(Pair("link", link[1], (shell, look), [_looking(one, look) for one in inside]), None)
    shown = words_of([run.piece for run in runs[middle:]])[:40] if middle else said.strip()[:40]
    return _Run(Alone("field", shown, _as_they_were(runs)), None)


def _as_they_were(runs: list[_Run]) -> list[Bit]:
    """The runs of a field again, its result as it stood."""
    return [Bit(element, whole=True) for run in runs for element in _elements([run.piece], run.look)]


def _looking(run: _Run, look: Look) -> Piece:
    return run.piece if key(run.look) == key(look) or not isinstance(run.piece, Text) else _paired([run], Styles())


def key(look: Look) -> str:
    """What a look is compared by: its properties without those that nobody sees."""
    if look is None:
        return ""
    return "".join(sorted(etree.tostring(one, method="c14n").decode() for one in look if _seen(one)))


def _seen(property_: etree._Element) -> bool:
    return property_.tag not in _NO_LOOK


def _common(runs: Iterable[_Run]) -> Look:
    """The look of most of the words; those of links have their own."""
    sizes: Counter[str] = Counter()
    looks: dict[str, Look] = {}
    for run in runs:
        if isinstance(run.piece, Text):
            name = key(run.look)
            sizes[name] += sum(not mark.isspace() for mark in run.piece.text)
            looks.setdefault(name, run.look)
    return looks[sizes.most_common(1)[0][0]] if sizes else None


def _pieces(runs: list[_Run], common: Look, story: Story) -> list[Piece]:
    """The pieces of runs: neighbours that look alike are one, and what looks different is a pair."""
    usual = key(common)

    def group(run: _Run) -> str | None:
        if not isinstance(run.piece, Text):
            return None
        return usual if not run.piece.text.strip() else key(run.look)

    pieces: list[Piece] = []
    for name, same in groupby(runs, group):
        together = list(same)
        if name is None:
            pieces.extend(run.piece for run in together)
        elif name == usual:
            pieces.append(Text("".join(run.piece.text for run in together if isinstance(run.piece, Text))))
        else:
            pieces.append(_paired(together, story.styles))
    return pieces


def _paired(runs: list[_Run], styles: Styles) -> Pair:
    look = next((run.look for run in runs if isinstance(run.piece, Text) and run.piece.text.strip()), runs[0].look)
    text = "".join(run.piece.text for run in runs if isinstance(run.piece, Text))
    kind, shown = described(look, styles)
    return Pair(kind, shown, look if look is not None else etree.Element(f"{W}rPr"), [Text(text)])


def described(look: Look, styles: Styles) -> tuple[CodeKind, str]:
    """What people are told of a look."""
    named = styles.name(val(look, "rStyle"))
    kinds: list[CodeKind] = []
    if is_on(look, "b"):
        kinds.append("bold")
    if is_on(look, "i"):
        kinds.append("italic")
    if val(look, "u") not in ("", "none"):
        kinds.append("underline")
    if (raised := val(look, "vertAlign")) in ("superscript", "subscript"):
        kinds.append("superscript" if raised == "superscript" else "subscript")
    shown = ", ".join(dict.fromkeys([*kinds[1:], *([named] if named else [])]))
    return (kinds[0] if kinds else "format"), shown


def write(paragraph: Paragraph, pieces: list[Piece]) -> None:
    """Put pieces in the place of what stands in a paragraph."""
    element = paragraph.element
    for old in [one for one in element if one.tag != f"{W}pPr"]:
        element.remove(old)
    element.extend([*paragraph.marks, *_elements(pieces, paragraph.look)])


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
