"""The difference between a unit and a query, on tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tm.match.difference import difference
from tm.text.normalise import normal
from tm.text.tokens import tokens
from tm.types import Operation

TEXTS = st.lists(
    st.sampled_from(["le", "la", "l’", "OTAN", "12 mars", " ", "\u00a0", "\n", ".", "!", "3,5 %"]), max_size=14
)


def test_a_changed_word_is_told_without_the_space_before_it() -> None:
    assert difference("Le Conseil de sécurité.", "Le  Comité de sécurité !") == (
        Operation("equal", "Le ", "Le "),
        Operation("replace", "Conseil", " Comité"),
        Operation("equal", " de sécurité", " de sécurité"),
        Operation("replace", ".", " !"),
    )


def test_another_date_is_one_step() -> None:
    assert difference("Le 12 mars 2024.", "Le 14 juin 2023.") == (
        Operation("equal", "Le ", "Le "),
        Operation("replace", "12 mars 2024", "14 juin 2023"),
        Operation("equal", ".", "."),
    )


def test_other_spaces_and_apostrophes_are_no_difference() -> None:
    assert [step.kind for step in difference("l’Alliance !", "l'Alliance\u202f!")] == ["equal"]


def test_all_and_nothing() -> None:
    assert difference("", "Oui") == (Operation("insert", "", "Oui"),)
    assert difference("Oui", "") == (Operation("delete", "Oui", ""),)
    assert difference("", "") == ()


@given(TEXTS.map("".join) | st.text(max_size=30), TEXTS.map("".join) | st.text(max_size=30))
def test_the_sides_rebuild_both_texts(unit: str, query: str) -> None:
    steps = difference(unit, query)
    assert "".join(step.unit for step in steps) == unit
    assert "".join(step.query for step in steps) == query


@given(TEXTS.map(" ".join), TEXTS.map(" ".join))
def test_equal_steps_have_the_same_tokens_and_the_others_do_not(unit: str, query: str) -> None:
    for step in difference(unit, query):
        held, wanted = ([normal(token.text) for token in tokens(side)] for side in (step.unit, step.query))
        assert (held == wanted) == (step.kind == "equal")
