"""What counts as the same text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm.text.normalise import fingerprint, folded, normal


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\t", "\n", "  ", "\u3000"])
def test_every_white_space_is_one_plain_space(space: str) -> None:
    assert normal(f" 1{space}500 ") == "1 500"


@pytest.mark.parametrize("apostrophe", ["’", "‘", "ʼ", "'"])
def test_apostrophes_are_the_same(apostrophe: str) -> None:
    assert normal(f"l{apostrophe}OTAN") == "l'OTAN"


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff"])
def test_marks_that_nobody_sees_are_gone(mark: str) -> None:
    assert normal(f"parte{mark}nariat") == "partenariat"


def test_case_guillemets_and_punctuation_stay() -> None:
    assert normal("« Le Conseil ! » “Yes”…") == "« Le Conseil ! » “Yes”…"


def test_decomposed_letters_are_composed_even_round_a_soft_hyphen() -> None:
    assert normal("e\u00ad\u0301te\u0301") == "été"


def test_folding_ignores_case_but_not_accents() -> None:
    assert folded("L’ÉTÉ") == folded("l'été")
    assert folded("été") != folded("ete")


def test_fingerprint_is_the_same_in_every_process_and_for_every_spelling_of_the_spaces() -> None:
    assert fingerprint("L’Alliance") == fingerprint(" L'Alliance\u00a0") == "6564855e8d427d8d"
    assert fingerprint(" \u00a0\u200b") == ""


@given(st.text())
def test_normal_is_idempotent_and_composed(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text())
def test_a_fingerprint_is_sixteen_hexadecimal_digits_or_nothing(text: str) -> None:
    mark = fingerprint(text)
    assert (mark == "") == (normal(text) == "")
    assert mark == "" or (len(mark) == 16 and set(mark) <= set("0123456789abcdef"))
