"""What an earlier segment will be worth for a later one of the same text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tm.match.internal import internal_rates
from tm.match.score import base_rate, similarity
from tm.text.tokens import tokens

FRENCH = (
    "Le Conseil s’est réuni le 12 mars 2009 à Arvane.",
    "Le Conseil s’est réuni le 4 décembre 2009 à Arvane.",
    "Le Conseil s’est réuni le 12 mars 2009 à Arvane !",
    "Le Comité militaire s’est réuni le 12 mars 2009 à Arvane.",
    "Rien de tel.",
)


def test_an_internal_rate_is_the_base_rate_of_the_best_earlier_source() -> None:
    assert internal_rates(FRENCH) == [0, 95, 99, base_rate(FRENCH[3], FRENCH[0], ""), 0]


def test_what_is_less_alike_than_the_lowest_rate_counts_for_nothing() -> None:
    rate = internal_rates(FRENCH)[3]
    assert internal_rates(FRENCH, lowest=rate)[3] == rate
    assert internal_rates(FRENCH, lowest=rate + 1)[3] == 0


def test_a_later_source_is_worth_nothing_for_an_earlier_one() -> None:
    assert internal_rates(["Le texte.", "Le texte."]) == [0, 99]
    assert internal_rates([]) == []
    assert internal_rates(["", "…", "", "…"]) == [0, 0, 0, 99]


@given(st.lists(st.text("ab c12", max_size=12), max_size=12), st.integers(1, 99))
def test_no_earlier_source_is_overlooked(sources: list[str], lowest: int) -> None:
    """Against every earlier source, one by one."""
    taken = [tokens(source) for source in sources]
    for at, rate in enumerate(internal_rates(sources, lowest=lowest)):
        alike = [similarity(taken[at], other) for other in taken[:at] if taken[at] and other]
        best = max(alike, default=0)
        assert min(rate, 94) == (min(best, 94) if best >= lowest else 0)
        assert (rate >= 95) == (best == 100)
