"""Texts as typed tokens, and the values of placeables across the two languages."""

from __future__ import annotations

import time
from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm.text.normalise import normal
from tm.text.tokens import measured, signature, tokens
from tm.types import Language

NARROW = "\u202f"
FRENCH_TEXTS = st.text(
    alphabet=st.sampled_from(list("aeéLlmsu ’'-0123456789.,:/%()h@«»\u00a0\u202f\u00ad\u200b\u0301ᵉXIV")), max_size=60
)


def words(text: str, language: Language = "fr") -> list[str]:
    return [token.text for token in tokens(text, language) if token.kind == "word"]


def only(text: str, language: Language = "fr") -> tuple[str, Hashable]:
    found = [token for token in tokens(text, language) if token.kind not in ("word", "punctuation")]
    assert [token.text for token in found] == [text]
    return found[0].kind, found[0].value


def test_elided_words_are_words_and_aujourdhui_is_one() -> None:
    assert words("L’OTAN dit qu'aujourd’hui jusqu'à") == ["L’", "OTAN", "dit", "qu'", "aujourd’hui", "jusqu'", "à"]


def test_hyphens_part_words() -> None:
    assert words("est-il OTAN-Russie") == ["est", "il", "OTAN", "Russie"]


def test_the_english_possessive_is_a_word_and_a_contraction_is_one() -> None:
    assert words("NATO’s don't", "en") == ["NATO", "’s", "don't"]


def test_figures_inside_a_word_stay_in_it_and_after_a_hyphen_are_a_number() -> None:
    assert words("Le G20 et 120km") == ["Le", "G20", "et", "120km"]
    assert [token.text for token in tokens("MIG-29") if token.kind == "number"] == ["29"]


@pytest.mark.parametrize(
    ("french", "english", "value"),
    [
        ("12 mars 2024", "12 March 2024", ("date", 2024, 3, 12)),
        ("12 mars 2024", "March 12, 2024", ("date", 2024, 3, 12)),
        ("12\u00a0MARS\u202f2024", "12th March 2024", ("date", 2024, 3, 12)),
        ("1er avril", "1 April", ("date", None, 4, 1)),
        ("mardi 12 mars", "Tuesday, 12 March", ("date", None, 3, 12, 1)),
        ("04 Dec. 2009", "04 Dec. 2009", ("date", 2009, 12, 4)),
        ("12 sept. 2009", "12 Sept. 2009", ("date", 2009, 9, 12)),
        ("mars 2024", "March 2024", ("date", 2024, 3, None)),
        ("9 au 11 juillet 2024", "9 to 11 July 2024", ("range", 2024, 7, 9, 11)),
        ("12-13 mars", "12–13 March", ("range", None, 3, 12, 13)),
        ("3 et 4 avril 2009", "3 and 4 April 2009", ("pair", 2009, 4, 3, 4)),
        ("12/03/2024", "12.03.2024", ("date", 2024, 3, 12)),
        ("2024-03-12", "2024-03-12", ("date", 2024, 3, 12)),
    ],
)
def test_dates_have_the_same_value_in_both_languages(french: str, english: str, value: Hashable) -> None:
    assert only(french) == only(english, "en") == ("date", value)


@pytest.mark.parametrize(
    ("french", "english", "value"),
    [
        ("15 h 30", "3.30 p.m.", (15, 30)),
        ("15h30", "15:30", (15, 30)),
        (f"9{NARROW}h", "9 a.m.", (9, 0)),
        ("14:12", "2:12 pm", (14, 12)),
        ("0 h 15", "12.15 a.m.", (0, 15)),
        ("12 h 05", "12.05 p.m.", (12, 5)),
    ],
)
def test_times_have_the_same_value_in_both_languages(french: str, english: str, value: Hashable) -> None:
    assert only(french) == only(english, "en") == ("time", value)


@pytest.mark.parametrize(
    ("french", "english", "kind", "value"),
    [
        ("1 500", "1,500", "number", "1500"),
        (f"1{NARROW}234{NARROW}567,25", "1,234,567.25", "number", "1234567.25"),
        ("3,50", "3.5", "number", "3.5"),
        ("2010", "2010", "number", "2010"),
        ("−5", "-5", "number", "-5"),
        ("2 %", "2%", "percent", "2"),
        (f"3,5{NARROW}%", "3.5 per cent", "percent", "3.5"),
        ("2 pour cent", "2 percent", "percent", "2"),
        ("75e", "75th", "ordinal", 75),
        ("1re", "1st", "ordinal", 1),
        ("22ème", "22nd", "ordinal", 22),
        ("XXIe siècle", "21st century", "century", 21),
        ("XIXe siècle", "19th-century", "century", 19),
        ("PR/CP(2024)0042", "PR/CP(2024)0042", "reference", "PR/CP(2024)0042"),
        ("(2023) 113", "(2023)\u00a0113", "reference", "(2023) 113"),
        ("C-M(2009)0012", "C-M(2009)0012", "reference", "C-M(2009)0012"),
        ("S/RES/1325", "S/RES/1325", "reference", "S/RES/1325"),
        ("presse@exemple.org", "presse@exemple.org", "email", "presse@exemple.org"),
        ("https://exemple.org/a?b=1", "https://exemple.org/a?b=1", "url", "https://exemple.org/a?b=1"),
    ],
)
def test_figures_and_references_have_the_same_value(french: str, english: str, kind: str, value: Hashable) -> None:
    assert only(french) == only(english, "en") == (kind, value)


@pytest.mark.parametrize(("text", "language"), [("1.525", "fr"), ("1,525", "fr"), ("3,5", "en")])
def test_what_can_be_read_in_two_ways_equals_nothing_but_itself(text: str, language: Language) -> None:
    assert only(text, language) == ("number", f"{text}?")


def test_a_code_keeps_its_zeros() -> None:
    assert only("007") == only("007", "en") == ("number", "007")


@pytest.mark.parametrize(
    "text", ["Le Conseil", "Ce que", "Vers la mer", "Les États", "LE CONSEIL", "pendant neuf heures"]
)
def test_words_that_begin_like_a_roman_numeral_are_words(text: str) -> None:
    assert {token.kind for token in tokens(text)} == {"word"}


def test_hours_without_a_preposition_are_a_length_of_time() -> None:
    assert [token.kind for token in tokens("pendant 9 heures")] == ["word", "number", "word"]
    assert [token.kind for token in tokens("à 9 heures")] == ["word", "time"]


def test_may_is_a_month_only_with_a_capital() -> None:
    assert [token.kind for token in tokens("the 29 may meet", "en")] == ["word", "number", "word", "word"]
    assert [token.kind for token in tokens("the 29 May", "en")] == ["word", "date"]


def test_the_full_stop_after_an_address_is_not_part_of_it() -> None:
    assert [t.text for t in tokens("Voir https://exemple.org/x.") if t.kind == "url"] == ["https://exemple.org/x"]


def test_a_year_does_not_swallow_the_number_after_it() -> None:
    assert [token.value for token in tokens("en 2009 300 soldats") if token.kind == "number"] == ["2009", "300"]


def test_measured_leaves_punctuation_out_unless_there_is_nothing_else() -> None:
    assert [token.text for token in measured(tokens("« Oui ! »"))] == ["Oui"]
    assert [token.text for token in measured(tokens("• |"))] == ["•", "|"]


def test_the_signature_of_a_placeable_is_its_kind_and_no_word_has_it() -> None:
    first, second, word = tokens("12 mars 2024") + tokens("1er avril") + tokens("date")
    assert signature(first) == signature(second) != signature(word)


@given(FRENCH_TEXTS | st.text(max_size=40), st.sampled_from(["fr", "en"]))
def test_tokens_tell_all_of_a_text_but_its_spaces(text: str, language: Language) -> None:
    found = tokens(text, language)
    at = 0
    for token in found:
        assert token.start >= at
        assert token.text == text[token.start : token.end]
        assert not normal(text[at : token.start])
        at = token.end
    assert not normal(text[at:])


@given(FRENCH_TEXTS, st.sampled_from(["fr", "en"]))
def test_the_same_text_has_the_same_values(text: str, language: Language) -> None:
    def values(of: str) -> list[tuple[str, Hashable]]:
        return [(token.kind, token.value) for token in tokens(of, language)]

    assert values(text) == values(normal(text))


@pytest.mark.parametrize(
    "text",
    ["1" * 100_000, "1.1" * 30_000, "1 " * 50_000, "a.a" * 30_000, "A/" * 50_000, "www." + "." * 100_000, "é'" * 50_000,
     "mardi " * 20_000, "12 " * 30_000 + "mars", "X" * 100_000, "(1111)" * 20_000, "a\u0301\u00ad" * 30_000],
)  # fmt: skip
def test_hostile_texts_take_linear_time(text: str) -> None:
    started = time.process_time()
    tokens(text, "fr"), tokens(text, "en")
    assert time.process_time() - started < 6
