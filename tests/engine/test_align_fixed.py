"""Beads that somebody has accepted stay, and what lies between them is aligned."""

from __future__ import annotations

import pytest

from tests.engine.test_align import ENGLISH, FRENCH, document, shapes
from tm.align import align, align_segments
from tm.errors import InputError
from tm.types import Bead


def one_to_one(first: int, last: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [((at,), (at,)) for at in range(first, last)]


def test_an_accepted_bead_stays_even_where_it_is_unlikely_and_parts_the_texts() -> None:
    accepted = Bead((2,), (2, 3), 1.0)
    beads = align_segments(FRENCH, ENGLISH, fixed=[accepted])
    assert accepted in beads
    assert shapes(beads)[:3] == [*one_to_one(0, 2), ((2,), (2, 3))]
    assert sorted(at for bead in beads for at in bead.source) == list(range(8))
    assert sorted(at for bead in beads for at in bead.target) == list(range(8))
    assert all(bead.source[0] > 2 for bead in beads if bead.target and bead.target[0] > 3 and bead.source)


def test_accepted_beads_may_be_larger_than_any_that_is_found() -> None:
    accepted = Bead((1, 2, 3, 4, 5), (1, 2, 3, 4, 5), 0.8)
    beads = align_segments(FRENCH, ENGLISH, fixed=[accepted])
    assert beads[1] == accepted
    assert shapes(beads)[2:] == one_to_one(6, 8)


def test_a_segment_accepted_as_alone_is_joined_to_nothing() -> None:
    fixed = [Bead((3,), (), 1.0), Bead((), (3,), 1.0)]
    beads = align_segments(FRENCH, ENGLISH, fixed=fixed)
    assert set(fixed) <= set(beads)
    assert shapes(beads) == [*one_to_one(0, 3), ((3,), ()), ((), (3,)), *one_to_one(4, 8)]


def test_accepting_all_beads_changes_nothing() -> None:
    french, english = document(FRENCH, "fr"), document(ENGLISH, "en")
    beads = align(french, english)
    assert align(french, english, fixed=beads) == beads


def test_with_accepted_beads_a_pair_is_taken_for_one() -> None:
    other = document([f"Point {number}." for number in range(8)], None)
    assert Bead((0,), (0,), 1.0) in align(document(FRENCH, "fr"), other, fixed=[Bead((0,), (0,), 1.0)])


@pytest.mark.parametrize(
    "fixed",
    [
        [Bead((1,), (4,), 1.0), Bead((2,), (3,), 1.0)],
        [Bead((1,), (1,), 1.0), Bead((1, 2), (2,), 1.0)],
        [Bead((1, 3), (1,), 1.0)],
        [Bead((7, 8), (7,), 1.0)],
        [Bead((), (8,), 1.0)],
        [Bead((1,), (), 1.0), Bead((1,), (1,), 1.0)],
    ],
)
def test_beads_that_cross_or_share_a_segment_are_refused(fixed: list[Bead]) -> None:
    with pytest.raises(InputError) as caught:
        align_segments(FRENCH, ENGLISH, fixed=fixed)
    assert caught.value.code == "BEADS_CROSS"
