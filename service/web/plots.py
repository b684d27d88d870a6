"""A line drawn from numbers, for an SVG in a page: no script, and every number stands in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 640, 160
MOST = 400  # points; beyond it the line would be finer than a screen


@dataclass(frozen=True, slots=True)
class Plot:
    """The points of a line as SVG wants them, days from the left to the right, and what its ends and its top mean."""

    line: str
    area: str
    first: date
    last: date
    top: int
    width: int = WIDTH
    height: int = HEIGHT


def plot(days: Sequence[tuple[date, int]]) -> Plot | None:
    """The line through the numbers of some days, ascending, from 0 up; None where there are too few for a line."""
    if len(days) < 2:
        return None
    shown = _thinned(days)
    first, last = shown[0][0], shown[-1][0]
    top = max(number for _, number in shown) or 1
    across = WIDTH / (last - first).days
    points = " ".join(
        f"{across * (day - first).days:.1f},{HEIGHT - HEIGHT * number / top:.1f}" for day, number in shown
    )
    return Plot(points, f"0,{HEIGHT} {points} {WIDTH},{HEIGHT}", first, last, top)


def _thinned(days: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """Not more than `MOST` of the days, the first and the last among them."""
    every = -(-(len(days) - 1) // (MOST - 1))
    return [days[0], *reversed(days[:0:-1][::every])]
