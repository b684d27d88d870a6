"""Which words of a similar French text differ from the text to translate, where a difference would be seen in English.

`le`, `la`, `les` and `l'` are one word here, `du` is `de` and `le`, `au` is `à` and `le`: they follow the noun beside
them, and English does not. Placeables are compared by kind: their values are the business of `tm.match.localise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tm.match.alignment import coded
from tm.text.tokens import Token, signature

_SAME = """
le: la les l'
un: une
de: d'
que: qu'
ne: n'
se: s'
je: j'
me: m'
te: t'
jusque: jusqu'
lorsque: lorsqu'
puisque: puisqu'
quoique: quoiqu'
ce: cet cette
mon: ma mes
ton: ta tes
son: sa ses
notre: nos
votre: vos
leur: leurs
quel: quelle quels quelles
tout: toute
tous: toutes
aucun: aucune
chacun: chacune
"""
_PARTS: dict[str, tuple[str, ...]] = {
    "du": ("de", "le"), "des": ("de", "le"), "au": ("à", "le"), "aux": ("à", "le"),
    **{form: (line.split(":")[0],) for line in _SAME.strip().splitlines() for form in line.split(":")[1].split()},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """Tokens `unit` of the one text stand where tokens `query` stand in the other; either range may be empty."""

    unit: range
    query: range


def changes(query: Sequence[Token], unit: Sequence[Token]) -> tuple[Change, ...]:
    """The places where the words of two texts differ, ascending, as ranges of token positions."""
    from rapidfuzz.distance import Levenshtein

    old, new = _parts(unit), _parts(query)
    first, second = coded([part for part, _ in old], [part for part, _ in new])
    found: list[Change] = []
    adjacent = False
    for step in Levenshtein.opcodes(first, second):
        if step.tag != "equal":
            gone, come = _tokens(old, step.src_start, step.src_end), _tokens(new, step.dest_start, step.dest_end)
            if adjacent:
                gone = range(min(gone.start, found[-1].unit.start), max(gone.stop, found[-1].unit.stop))
                come = range(min(come.start, found[-1].query.start), max(come.stop, found[-1].query.stop))
                found.pop()
            found.append(Change(gone, come))
        adjacent = step.tag != "equal"
    return tuple(found)


def _parts(text: Sequence[Token]) -> list[tuple[str, int]]:
    return [(part, at) for at, token in enumerate(text) for part in _parted(signature(token))]


def _parted(word: str) -> tuple[str, ...]:
    return _PARTS.get(word, (word,))


def _tokens(parts: Sequence[tuple[str, int]], start: int, end: int) -> range:
    if start == end:
        at = parts[start][1] if start < len(parts) else (parts[-1][1] + 1 if parts else 0)
        return range(at, at)
    return range(parts[start][1], parts[end - 1][1] + 1)
