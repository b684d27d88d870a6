"""Beads that somebody has accepted: what lies between them is what is left to align."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tm.errors import InputError
from tm.types import Bead

Gap = tuple[tuple[int, int], tuple[int, int]]  # half-open ranges of source and target segments


def gaps(rows: int, columns: int, fixed: Sequence[Bead]) -> list[Gap]:
    """The stretches of two texts of so many segments that lie before, between and after the accepted beads.

    Accepted beads may have any number of segments, in unbroken order; they must not cross or share a segment: else
    InputError with code BEADS_CROSS. A bead of one side holds its segment alone and parts nothing.
    """
    found: list[Gap] = []
    row = column = 0
    for bead in sorted((bead for bead in fixed if bead.source and bead.target), key=lambda bead: bead.source):
        (first, last), (first_column, last_column) = _range(bead.source, rows), _range(bead.target, columns)
        if first < row or first_column < column:
            raise _crossing(bead)
        found.append(((row, first), (column, first_column)))
        row, column = last, last_column
    found.append(((row, rows), (column, columns)))
    _check_alone(rows, columns, fixed)
    return [gap for gap in found if gap[0][0] < gap[0][1] or gap[1][0] < gap[1][1]]


def _range(places: tuple[int, ...], count: int) -> tuple[int, int]:
    first, last = places[0], places[-1] + 1
    if places != tuple(range(first, last)) or first < 0 or last > count:
        raise InputError(
            f"An accepted bead holds the segments {list(places)}, which do not follow each other in the text.",
            code="BEADS_CROSS",
            todo="Accept beads of neighbouring segments.",
        )
    return first, last


def _check_alone(rows: int, columns: int, fixed: Sequence[Bead]) -> None:
    held = Counter((0, at) for bead in fixed for at in bead.source)
    held.update((1, at) for bead in fixed for at in bead.target)
    for bead in fixed:
        places = [(0, at, rows) for at in bead.source] + [(1, at, columns) for at in bead.target]
        if any(not 0 <= at < count or held[side, at] > 1 for side, at, count in places):
            raise _crossing(bead)


def _crossing(bead: Bead) -> InputError:
    return InputError(
        f"The accepted bead {list(bead.source)} – {list(bead.target)} crosses another or shares a segment with it.",
        code="BEADS_CROSS",
        todo="Accept beads in the order of the texts, each segment once.",
    )
