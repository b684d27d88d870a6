"""The patterns that rules are written in: a small, bounded part of the regular expressions that SRX uses.

A pattern is read into a tree, so that it can be matched backwards from a place in a text and so that its worst case is
known before it is used. Left out is what has no bound or no meaning here: back references, possessive and atomic
groups, set operations in classes, flags other than `i`. Whether a quantifier is greedy or lazy makes no difference.

`^` is where the text begins, `$` where it ends, `\\G` where the sentence begins. `\\s`, `\\w`, `\\d` and `\\p{…}` are
those of Unicode: a no-break space is a space.
"""

from __future__ import annotations

from dataclasses import dataclass

OPEN_ENDED = 32  # the most repetitions that `*`, `+` and `{n,}` stand for


@dataclass(frozen=True, slots=True)
class One:
    """A single character: a class in the syntax of `re`, and the character itself where it is but one."""

    source: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A place between characters: `^`, `$`, `\\G`, `\\b` or `\\B`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Seq:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """The same several times."""

    part: Node
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Look:
    """What must or must not stand ahead or behind, without being part of the match."""

    part: Node
    ahead: bool
    wanted: bool


Node = One | Edge | Seq | Choice | Many | Look


def literal(node: Node) -> str | None:
    """The one text that `node` stands for, or None."""
    if isinstance(node, One):
        return node.letter or None
    if isinstance(node, Seq):
        letters = [literal(part) for part in node.parts]
        return None if None in letters else "".join(letter or "" for letter in letters)
    return None


def anchored(node: Node) -> bool:
    """Whether `\\G` stands anywhere in it."""
    match node:
        case Edge(kind):
            return kind == "\\G"
        case Seq(parts) | Choice(parts):
            return any(anchored(part) for part in parts)
        case Many(part) | Look(part):
            return anchored(part)
    return False


def source(node: Node, *, back: bool = False) -> str:
    """The pattern in the syntax of `re`; with `back`, for a text written from its end to its beginning."""
    match node:
        case One(written):
            return written
        case Edge(kind):
            return {"^": r"\Z", "\\G": r"\Z", "$": r"\A"}.get(kind, kind) if back else _FORWARD.get(kind, kind)
        case Seq(parts):
            return "".join(source(part, back=back) for part in (reversed(parts) if back else parts))
        case Choice(branches):
            words = [literal(branch) for branch in branches]
            known = [word for word in words if word]
            if len(known) == len(words):
                return _tree(sorted({word[::-1] if back else word for word in known}))
            return f"(?:{'|'.join(source(branch, back=back) for branch in branches)})"
        case Many(part, least, most):
            return f"(?:{source(part, back=back)}){{{least},{most}}}"
        case Look(part, ahead, wanted):
            return f"(?{'' if ahead != back else '<'}{'=' if wanted else '!'}{source(part, back=back)})"


_FORWARD = {"^": r"\A", "$": r"\Z", "\\G": r"\A"}


def _tree(words: list[str]) -> str:
    """Words as a pattern in which each letter is looked at once: `art arts` → `art(?:s)?`."""
    heads: dict[str, list[str]] = {}
    for word in words:
        if word:
            heads.setdefault(word[0], []).append(word[1:])
    branches = [_escaped(head) + _tree(tails) for head, tails in heads.items()]
    if not branches:
        return ""
    whole = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{whole})?" if "" in words else whole


def _escaped(letter: str) -> str:
    return "\\" + letter if not (letter.isalnum() or letter.isspace() or letter == "_") else letter
