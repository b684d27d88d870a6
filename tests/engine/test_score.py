"""The bands of the match rate mean what translators expect of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm.match.score import base_rate, context_rate, edits_allowed, percentage, similarity
from tm.text.normalise import normal
from tm.text.tokens import tokens
from tm.types import Context

MEETING = "Les ministres des Affaires étrangères se réuniront à Bruxelles le 12 mars 2024."
VOCABULARY = "le la des ministres OTAN alliés sécurité 12 29 3,5 % mars 2024 « » . , ! Sommet sommet".split()
SENTENCES = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)


def test_a_date_that_can_be_put_into_the_target_costs_two_points() -> None:
    unit = "Les ministres des Affaires étrangères se réuniront à Bruxelles le 14 juin 2023."
    assert base_rate(MEETING, unit, "Foreign ministers will meet in Brussels on 14 June 2023.") == 98


def test_three_other_words_of_eleven_are_72_percent() -> None:
    unit = "Les ministres de la Défense se réuniront à Bruxelles le 14 juin 2023."
    assert base_rate(MEETING, unit, "Defence ministers will meet in Brussels on 14 June 2023.") == 72


def test_another_number_of_allies_costs_two_points() -> None:
    unit, target = "L’Alliance compte 31 pays membres.", "The Alliance has 31 member countries."
    assert base_rate("L’Alliance compte 32 pays membres.", unit, target) == 98


def test_a_number_that_the_target_spells_out_costs_five_points() -> None:
    assert base_rate("Les 6 pays alliés.", "Les 5 pays alliés.", "The five Allied countries.") == 95


@pytest.mark.parametrize(
    ("query", "unit", "rate"),
    [
        ("L’Alliance\u00a0!", "L'Alliance !", 100),
        ("L'alliance !", "L'Alliance !", 99),
        ("« L'Alliance »", "L'Alliance.", 99),
        ("Le 1er avril", "Le 1 avril", 99),
        ("Merci.", "Bonjour.", 0),
        ("• |", "•  |", 100),
        ("• |", "• -", 50),
        ("", "", 0),
        ("...", "Merci", 0),
    ],
)
def test_forms(query: str, unit: str, rate: int) -> None:
    assert base_rate(query, unit, "irrelevant") == rate


def test_a_segment_of_one_date_is_localised() -> None:
    assert base_rate("12 mars 2024", "14 juin 2023", "14 June 2023") == 98


def test_other_words_and_a_stale_date_cost_one_more_point() -> None:
    unit = "Les ministres de la Défense se réuniront à Bruxelles le 14 juin 2023."
    assert base_rate(MEETING, unit, "Defence ministers will meet in Brussels in the summer.") == 71


def test_one_other_word_of_a_hundred_is_not_a_matter_of_form() -> None:
    words = [f"mot{'abcdefghij'[at % 10]}{'abcdefghij'[at // 10]}" for at in range(100)]
    assert base_rate(" ".join(words), " ".join([*words[:-1], "autre"]), "") == 94


@pytest.mark.parametrize(
    ("here", "seen", "rate"),
    [
        (Context("a", "b", "title"), Context("a", "b", "title"), 102),
        (Context("a", "b", "title"), Context("a", "b", "paragraph"), 101),
        (Context("a", "b", None), Context("a", "b", None), 101),
        (Context("", "b", "title"), Context("", "b", "title"), 102),
        (Context("", "b", "title"), Context("a", "b", "title"), 100),
        (Context("a", "b", "title"), Context("a", "c", "title"), 100),
        (Context(None, "b", "title"), Context(None, "b", "title"), 100),
        (Context(None, None, "title"), Context("a", "b", "title"), 100),
    ],
)
def test_context(here: Context, seen: Context, rate: int) -> None:
    assert context_rate(100, here, seen) == rate
    assert context_rate(99, here, seen) == 99


@given(SENTENCES, SENTENCES)
def test_similarity_is_symmetric_and_bounded(one: str, other: str) -> None:
    first, second = tokens(one), tokens(other)
    assert similarity(first, second) == similarity(second, first)
    assert 0 <= similarity(first, second) <= 100


@given(SENTENCES, SENTENCES, st.sampled_from(["", "29 Allies", "on 12 March 2024 12 3.5%"]))
def test_the_bands_are_never_crossed(query: str, unit: str, target: str) -> None:
    rate = base_rate(query, unit, target)
    alike = similarity(tokens(query), tokens(unit))
    assert (rate == 100) == (normal(query) == normal(unit) != "")
    assert rate in {95, 98, 99, 100} if alike == 100 else rate <= 94


@given(st.integers(1, 200), st.integers(0, 200), st.integers(50, 100))
def test_edits_allowed_is_exactly_the_threshold(longest: int, distance: int, threshold: int) -> None:
    assert (distance <= edits_allowed(longest, threshold)) == (
        percentage(min(distance, longest), longest) >= threshold
    ) or (distance > longest)
