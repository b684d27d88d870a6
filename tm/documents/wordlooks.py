"""How runs of a Word document look: what is alike, what most of a paragraph looks like, what people are told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from tm.documents.inline import Pair, Piece, Text
from tm.documents.wordml import W, is_on, tag_of, val
from tm.documents.wordstyles import Styles
from tm.types import CodeKind

_NO_LOOK = frozenset(f"{W}{name}" for name in ("lang", "noProof", "webHidden", "specVanish"))

Look = etree._Element | None


@dataclass(slots=True)
class Run:
    """A piece with the look that it was met with."""

    piece: Piece
    look: Look


def key(look: Look) -> str:
    """What a look is compared by: its properties without those that nobody sees."""
    if look is None:
        return ""
    return "".join(sorted(map(_said, (one for one in look if one.tag not in _NO_LOOK))))


def _said(element: etree._Element) -> str:
    """All that an element says, whatever prefixes it is written with."""
    pairs = sorted((str(name), str(value)) for name, value in element.attrib.items())
    return f"{tag_of(element)}{pairs}{[_said(one) for one in element]}"


def common(runs: Iterable[Run]) -> Look:
    """The look of most of the words; those of links have their own."""
    sizes: Counter[str] = Counter()
    looks: dict[str, Look] = {}
    for run in runs:
        if isinstance(run.piece, Text):
            name = key(run.look)
            sizes[name] += sum(not mark.isspace() for mark in run.piece.text)
            looks.setdefault(name, run.look)
    return looks[sizes.most_common(1)[0][0]] if sizes else None


def together(runs: list[Run], usual: Look, styles: Styles) -> list[Piece]:
    """The pieces of runs: neighbours that look alike are one, and what looks different from `usual` is a pair."""
    pieces: list[Piece] = []
    plain = key(usual)
    for name, found in groupby(zip(runs, _names(runs, plain), strict=True), lambda pair: pair[1]):
        same = [run for run, _ in found]
        if name is None:
            pieces.extend(run.piece for run in same)
        elif name == plain:
            pieces.append(Text("".join(run.piece.text for run in same if isinstance(run.piece, Text))))
        else:
            pieces.append(_paired(same, styles))
    return pieces


def _names(runs: list[Run], plain: str) -> list[str | None]:
    """What the looks of runs are compared by, None for what is no text. White space alone looks like what is before and
    behind it, else as usual."""
    names = [key(run.look) if isinstance(run.piece, Text) else None for run in runs]
    behind: list[str | None] = [None] * len(runs)
    for at in range(len(runs) - 2, -1, -1):
        behind[at] = behind[at + 1] if _is_blank(runs[at + 1]) else names[at + 1]
    for at, run in enumerate(runs):
        if _is_blank(run):
            before = names[at - 1] if at else None
            names[at] = before if before is not None and before == behind[at] else plain
    return names


def _is_blank(run: Run) -> bool:
    return isinstance(run.piece, Text) and not run.piece.text.strip()


def _paired(runs: list[Run], styles: Styles) -> Pair:
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
