"""How much work a pattern can make, told before it is used.

A pattern is matched at a place, forwards or backwards; its time is at most the number of ways in which its parts can
share out the characters there. That number is computed here from the tree: where a repeated part and what comes after
it have no character in common there is but one way. A pattern with more than `MOST` ways is refused, so that no rule,
however it came, takes a time that grows with more than the length of the text.
"""

from __future__ import annotations

from tm.text.rules.classes import overlap
from tm.text.rules.pattern import Choice, Edge, Look, Many, Node, One, Seq, literal

MOST = 40_000
_CHAIN = 4  # words of a list that begin one another: `p`, `par`, `para`, `paras`

Firsts = frozenset[str]


def firsts(node: Node, *, back: bool = False) -> tuple[Firsts, bool]:
    """The classes of which a match begins with one (ends, with `back`), and whether it may be empty."""
    match node:
        case One(written):
            return frozenset({written}), False
        case Edge() | Look():
            return frozenset(), True
        case Many(part, least, most):
            found, empty = firsts(part, back=back)
            return (found if most else frozenset()), empty or least == 0
        case Choice(branches):
            pairs = [firsts(branch, back=back) for branch in branches]
            return frozenset().union(*(found for found, _ in pairs)), any(empty for _, empty in pairs)
        case Seq(parts):
            gathered: Firsts = frozenset()
            for part in reversed(parts) if back else parts:
                found, empty = firsts(part, back=back)
                gathered |= found
                if not empty:
                    return gathered, False
            return gathered, True


def ways(node: Node, *, back: bool = False) -> int:
    """In how many ways the pattern can be tried at one place, at most."""
    return _ways(node, frozenset(), back)


def _ways(node: Node, after: Firsts, back: bool) -> int:
    """The ways of `node` where what follows begins with one of `after`."""
    match node:
        case One() | Edge():
            return 1
        case Look(part):
            return _ways(part, frozenset(), back) + 1
        case Choice(branches):
            if all(literal(branch) for branch in branches):
                return min(len(branches), _CHAIN)
            return sum(_ways(branch, after, back) for branch in branches)
        case Many(part, least, most):
            return _times(part, least, most, after, back)
        case Seq(parts):
            product = 1
            for part in parts if back else reversed(parts):
                product = min(product * _ways(part, after, back), MOST + 1)
                found, empty = firsts(part, back=back)
                after = found | after if empty else found
            return product


def _times(part: Node, least: int, most: int, after: Firsts, back: bool) -> int:
    begins, empty = firsts(part, back=back)
    once = _ways(part, begins | after, back)
    choices = most - least + 1 if empty or _meet(begins, after) else 1
    if once == 1:
        return choices if not empty else choices * 2
    total = 1
    for _ in range(most):  # each repetition has its own ways
        total = min(total * once, MOST + 1)
    return min(total * choices, MOST + 1)


def _meet(some: Firsts, others: Firsts) -> bool:
    return any(overlap(one, other) for one in some for other in others)
