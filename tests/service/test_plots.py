"""A line through days, as SVG wants it."""

from __future__ import annotations

from datetime import date, timedelta

from service.web.plots import HEIGHT, MOST, WIDTH, plot

FIRST = date(2026, 1, 1)


def points_of(line: str) -> list[tuple[float, float]]:
    pairs = (point.split(",") for point in line.split())
    return [(float(x), float(y)) for x, y in pairs]


def test_days_stand_as_far_apart_as_they_are() -> None:
    drawn = plot([(FIRST, 0), (FIRST + timedelta(days=1), 50), (FIRST + timedelta(days=10), 100)])
    assert drawn is not None
    assert points_of(drawn.line) == [(0, HEIGHT), (WIDTH / 10, HEIGHT / 2), (WIDTH, 0)]
    assert (drawn.first, drawn.last, drawn.top) == (FIRST, FIRST + timedelta(days=10), 100)


def test_one_day_is_no_line() -> None:
    assert plot([(FIRST, 7)]) is None
    assert plot([]) is None


def test_nothing_at_all_is_a_line_at_the_bottom() -> None:
    drawn = plot([(FIRST, 0), (FIRST + timedelta(days=1), 0)])
    assert drawn is not None
    assert points_of(drawn.line) == [(0, HEIGHT), (WIDTH, HEIGHT)]


def test_many_days_are_thinned_and_keep_their_ends() -> None:
    for count in (MOST - 1, MOST, MOST + 1, 5 * MOST + 3):
        drawn = plot([(FIRST + timedelta(days=number), number) for number in range(count)])
        assert drawn is not None
        found = points_of(drawn.line)
        assert len(found) <= MOST
        assert (found[0], found[-1]) == ((0, HEIGHT), (WIDTH, 0))
        assert found == sorted(found)
