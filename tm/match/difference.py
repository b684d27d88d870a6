"""How the source of a unit becomes the text to translate, as operations on tokens."""

from __future__ import annotations

from collections.abc import Sequence

from tm.match.alignment import coded
from tm.text.normalise import normal
from tm.text.tokens import Token, tokens
from tm.types import Operation, OperationKind


def difference(unit_source: str, query: str) -> tuple[Operation, ...]:
    """The steps from `unit_source` to `query`. Joining the `unit` sides gives `unit_source`, joining the `query` sides
    gives `query`, white space included. In an `equal` step both sides have the same tokens; spaces and the shape of
    apostrophes may differ."""
    from rapidfuzz.distance import Levenshtein

    old, new = tokens(unit_source), tokens(query)
    if not old or not new:
        kind: OperationKind = "replace" if old and new else "delete" if old else "insert" if new else "equal"
        return (Operation(kind, unit_source, query),) if unit_source or query else ()
    first, second = coded([normal(token.text) for token in old], [normal(token.text) for token in new])
    steps: list[tuple[OperationKind, str, str]] = []
    for step in Levenshtein.opcodes(first, second):
        left = _slice(unit_source, old, step.src_start, step.src_end)
        right = _slice(query, new, step.dest_start, step.dest_end)
        kind = step.tag  # type: ignore[assignment]
        if kind != "equal" and steps and steps[-1][0] == "equal":
            # the space before a changed word is not part of the change
            kept = min(_indent(left), _indent(right)) if left and right else 0
            steps[-1] = ("equal", steps[-1][1] + left[:kept], steps[-1][2] + right[:kept])
            left, right = left[kept:], right[kept:]
        steps.append((kind, left, right))
    return tuple(Operation(*step) for step in steps)


def _slice(text: str, found: Sequence[Token], start: int, end: int) -> str:
    """The tokens from `start` to `end`, each with what stands before it; the last one with what stands after it."""
    if start == end:
        return ""
    left = found[start - 1].end if start else 0
    return text[left : len(text) if end == len(found) else found[end - 1].end]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
