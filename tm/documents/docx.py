"""Word documents: paragraphs of the text, of tables, notes, text boxes, headers and footers."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from tm.documents import package, wordruns
from tm.documents.opened import Opened, Raw, described, of_pieces, with_roles
from tm.documents.wordml import MC, PIC, WP, W, clean
from tm.documents.wordruns import Story
from tm.documents.wordstyles import Styles
from tm.errors import InputError, WrongType
from tm.types import Role

KIND = "Word document"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_MAIN = re.compile(r"wordprocessingml\.document\.main\+xml\Z")
_MACROS = re.compile(r"vbaProject|macroEnabled|activeX|/embeddings/[^/]+\.(?:bin|exe|dll|js|vbs|bat|com|scr)\Z", re.I)
_STORIES = ("footnotes", "endnotes", "header", "footer")
_COMMENTS = re.compile(r"/(?:comments\w*|people)\.xml(?:\.rels)?\Z", re.I)
_SIGNATURES = re.compile(r"^/_xmlsignatures/", re.I)
# text that stands in parts of their own, which are not read
_UNREAD = {
    "text in diagrams": (re.compile(r"^word/diagrams/data\w*\.xml\Z", re.I), b"<a:t>"),
    "text in charts": (re.compile(r"^word/charts/chart\w*\.xml\Z", re.I), b"<a:t>"),
    "documents inside of this one": (re.compile(r"^word/(?:embeddings/|afchunk)[^/]+\Z", re.I), b""),
}
_COMMENT_KINDS = re.compile(r"(?:comments\w*|people)\Z", re.I)
_BOX = f"{W}txbxContent"
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})


@dataclass
class Docx(Opened):
    """A Word document that was opened."""

    package: package.Package = field(default_factory=lambda: package.Package({}, frozenset()))
    trees: dict[str, etree._Element] = field(default_factory=dict)
    styles: tuple[str, etree._Element | None] = "", None
    comments: frozenset[str] = frozenset()

    def put(self, raw: Raw, text: str) -> None:
        """Put a text in the place of a paragraph."""
        wordruns.write(raw.handle, raw.pieces(text))

    def depth(self, raw: Raw) -> int:
        """How many elements a paragraph stands in."""
        return sum(1 for _ in raw.handle.element.iterancestors())

    def saved(self) -> bytes:
        """The document; comments are not in it, nor signatures of what it was."""
        left_out = re.compile(f"{_COMMENTS.pattern}|{_SIGNATURES.pattern}", re.I)
        parts = {
            name: data
            for name, data in self.package.parts.items()
            if name in self.trees or (not left_out.search(f"/{name}") and name not in self.comments)
        }
        for name, root in self.trees.items():
            _repeat_boxes(root)
            in_english(root)
            parts[name] = _bytes(root)
        name, styles = self.styles
        if styles is not None and in_english(styles):
            parts[name] = _bytes(styles)
        package.retitled(parts, "docProps/core.xml", *self.renamed)
        gone = set(self.package.parts) - set(parts)
        for name in [one for one in parts if one.endswith(".rels") or one == "[Content_Types].xml"]:
            parts[name] = _without(parts[name], name, gone)
        return package.packed(parts, self.package.stored)


def opened(data: bytes, most: int = 20_000) -> Docx:
    """The document in `data`. Raises InputError: the codes of `tm.documents.package`, MACRO_NOT_ACCEPTED,
    TYPE_MISMATCH, ARCHIVE_DAMAGED, TOO_MANY_SEGMENTS."""
    held = package.opened(data, KIND)
    main = main_part(held)
    document = Docx(package=held)
    document.trees[main] = package.tree(held.parts[main], main)
    if document.trees[main].tag != f"{W}document":
        raise WrongType(
            "The document is no ordinary Word document (perhaps Strict Open XML).",
            todo="Open it in Word and save it as “Word document (.docx)”.",
        )
    relations = _relations(held, main)
    document.comments = frozenset(to for to, kind in relations.values() if _COMMENT_KINDS.match(kind))
    document.styles = (name := _first(relations, "styles")), _tree(held, name)
    styles = Styles.of(document.styles[1])
    for kind in _STORIES:
        for name in sorted(target for target, what in relations.values() if what == kind and target in held.parts):
            document.trees[name] = package.tree(held.parts[name], name)
    left: Counter[str] = Counter()
    for name, root in document.trees.items():
        left.update(clean(root, styles.hidden))
        story = Story(styles, _links(held, name))
        for raw in _blocks(root, story, name == main):
            document.add(raw, most)
    _sort(document)
    with_roles(document.raw, any(raw.role == "title" for raw in document.raw))
    document.notes = _notes(left, held)
    return document


def hidden_styles(held: package.Package, main: str) -> frozenset[str]:
    """The character styles that hide what has them, as the part with the text knows them."""
    return Styles.of(_tree(held, _first(_relations(held, main), "styles"))).hidden


def main_part(held: package.Package) -> str:
    """The name of the part with the text. Raises WrongType: TYPE_MISMATCH, MACRO_NOT_ACCEPTED."""
    if any(_MACROS.search(f"/{name}") for name in held.parts):
        raise _macro()
    if "[Content_Types].xml" not in held.parts:
        raise WrongType(
            "The file is an archive, but no Word document.", todo="Hand in .docx, .odt, .html, .md or .txt."
        )
    types = package.tree(held.parts["[Content_Types].xml"], "[Content_Types].xml")
    for override in types.iter(f"{_TYPES}Override"):
        kind = override.get("ContentType", "")
        if "macroEnabled" in kind:
            raise _macro()
        name = override.get("PartName", "").lstrip("/")
        if _MAIN.search(kind) and name in held.parts:
            return name
    raise WrongType(
        "The file is an Office file, but no Word document.", todo="Hand in .docx, .odt, .html, .md or .txt."
    )


def _macro() -> WrongType:
    return WrongType(
        "The document holds macros or programs.", code="MACRO_NOT_ACCEPTED", todo="Save it without them, as .docx."
    )


def _relations(held: package.Package, name: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: by id, the name of the part or the address outside, and its kind."""
    folder, base = posixpath.split(name)
    root = _tree(held, f"{folder}/_rels/{base}.rels".lstrip("/"))
    found = {}
    for one in root.iter(f"{_RELATIONS}Relationship") if root is not None else ():
        target, kind = one.get("Target", ""), posixpath.basename(one.get("Type", ""))
        if one.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join(folder, target)) if target[:1] != "/" else target.lstrip("/")
        found[one.get("Id", "")] = (target, kind)
    return found


def _links(held: package.Package, name: str) -> dict[str, str]:
    return {key: target for key, (target, kind) in _relations(held, name).items() if kind == "hyperlink"}


def _first(relations: dict[str, tuple[str, str]], kind: str) -> str:
    return next((target for target, what in relations.values() if what == kind), "")


def _tree(held: package.Package, name: str) -> etree._Element | None:
    return package.tree(held.parts[name], name) if name in held.parts else None


def _blocks(root: etree._Element, story: Story, main: bool) -> Iterator[Raw]:
    """The paragraphs of a part in the order in which they are read; text boxes come behind their paragraph."""
    for paragraph in list(root.iter(f"{W}p")):
        if _is_repeated(paragraph):
            continue
        pieces, handle = wordruns.read(paragraph, story)
        role, level = story.styles.role(paragraph)
        if not main and role == "paragraph":
            role = "note"
        yield of_pieces(_role(paragraph, role), pieces, handle, level)
        for picture in paragraph.iter(f"{WP}docPr"):
            if next(picture.iterancestors(f"{W}p")) is paragraph and not _is_repeated(picture):
                role = "caption" if main else "note"
                yield described([picture, *_said_again(picture)], "descr", role=role)


def _said_again(picture: etree._Element) -> Iterator[etree._Element]:
    """Where the same is said within the picture once more, as Word does."""
    drawing = picture.getparent()
    if drawing is not None:
        inside = (one for one in drawing.iter(f"{PIC}cNvPr") if next(one.iterancestors(drawing.tag)) is drawing)
        yield from (one for one in inside if one.get("descr") == picture.get("descr"))


def _role(paragraph: etree._Element, role: Role) -> Role:
    note = next(paragraph.iterancestors(f"{W}footnote", f"{W}endnote"), None)
    return "note" if note is not None and note.get(f"{W}type") not in _SEPARATORS else role


def _is_repeated(paragraph: etree._Element) -> bool:
    """Whether the paragraph stands in what a program shows that does not know the real thing."""
    return next(paragraph.iterancestors(f"{MC}Fallback"), None) is not None


def _sort(document: Docx) -> None:
    """A title in a text box at the top stays first; notes and what stands on every page come last, as they are read."""
    document.raw.sort(key=lambda raw: raw.role == "note")


def _repeat_boxes(root: etree._Element) -> None:
    """What stands in place of a text box for older programs says the same as the box."""
    for alternate in root.iter(f"{MC}AlternateContent"):
        real = [box for choice in alternate.findall(f"{MC}Choice") for box in choice.iter(_BOX)]
        other = [box for fallback in alternate.findall(f"{MC}Fallback") for box in fallback.iter(_BOX)]
        for box, copy in zip(real, other, strict=False):
            copy[:] = [deepcopy(one) for one in box]


def in_english(root: etree._Element) -> bool:
    """What was declared to be French is declared to be English, so that it is read out and checked as such. Whether
    anything was."""
    french = [one for one in root.iter(f"{W}lang") if one.get(f"{W}val", "").lower().startswith("fr")]
    for element in french:
        element.set(f"{W}val", "en-GB")
    return bool(french)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _without(data: bytes, name: str, gone: set[str]) -> bytes:
    """A list of parts without those that are gone."""
    if not any(posixpath.basename(one).encode() in data for one in gone):
        return data
    try:
        root = package.tree(data, name)
    except InputError:  # a list that nobody reads
        return data
    folder = posixpath.dirname(posixpath.dirname(name))
    for one in list(root):
        target = one.get("PartName") or one.get("Target") or ""
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if one.get("TargetMode") != "External" and place in gone and not len(one):
            root.remove(one)
    return _bytes(root)


def _notes(left: Counter[str], held: package.Package) -> list[str]:
    accepted = left.pop("insertions", 0), left.pop("changes of form", 0)
    left["signatures"] = sum(bool(_SIGNATURES.match(f"/{name}")) and name.endswith(".xml") for name in held.parts)
    notes = [f"left out: {name} ({count})" for name, count in sorted((+left).items())]
    if any(accepted):
        notes.append(f"accepted: tracked insertions and changes of form ({sum(accepted)})")
    outside = sum(data.count(b'TargetMode="External"') for name, data in held.parts.items() if name.endswith(".rels"))
    links = sum(data.count(b'/hyperlink"') for name, data in held.parts.items() if name.endswith(".rels"))
    if outside > links:
        notes.append(f"not fetched: parts that stand elsewhere ({outside - links})")
    for what, (name, sign) in _UNREAD.items():
        if count := sum(bool(name.match(one)) and sign in data for one, data in held.parts.items()):
            notes.append(f"not read, and so not translated: {what} ({count})")
    return notes
