"""Which token of one text stands where a token of another stands: a shortest edit path."""

from __future__ import annotations

from collections.abc import Sequence

from tm.text.tokens import Token, signature


def coded(*texts: Sequence[str]) -> list[list[int]]:
    """The texts with equal strings as equal numbers: what rapidfuzz compares exactly, without trusting hashes."""
    numbers: dict[str, int] = {}
    return [[numbers.setdefault(string, len(numbers)) for string in text] for text in texts]


def aligned(one: Sequence[Token], other: Sequence[Token]) -> list[tuple[int, int]]:
    """Index pairs of the tokens with equal signatures on a shortest edit path, ascending on both sides."""
    from rapidfuzz.distance import Levenshtein

    first, second = coded([signature(token) for token in one], [signature(token) for token in other])
    if first == second:
        return [(at, at) for at in range(len(first))]
    return [
        (step.src_start + at, step.dest_start + at)
        for step in Levenshtein.opcodes(first, second)
        if step.tag == "equal"
        for at in range(step.src_end - step.src_start)
    ]
