"""Placeables put into the target: where it is certain, and nowhere else."""

from __future__ import annotations

from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm.match.house import HouseStyle, english
from tm.match.localise import localise
from tm.text.tokens import tokens
from tm.types import Language

NB = "\u00a0"
NNB = "\u202f"

MADE = [
    # dates, in the form that the target has
    ("le 12 mars 2024", "le 14 juin 2023", "on 14 June 2023", "on 12 March 2024"),
    ("le 1er avril", "le 14 juin", "on 14 June", "on 1 April"),
    ("le 12 mars 2024", "le 14 juin 2023", "on June 14, 2023", "on March 12, 2024"),
    ("le 12 mars 2024", "le 14 juin 2023", "on 14th June 2023", "on 12th March 2024"),
    ("le 2 mars 2024", "le 14 juin 2023", "on the 14th of June 2023", "on the 2nd of March 2024"),
    ("le mardi 12 mars", "le vendredi 14 juin", "on Friday, 14 June", "on Tuesday, 12 March"),
    ("07 janv. 2010", "04 déc. 2009", "04 Dec. 2009", "07 Jan. 2010"),
    ("07 mai 2010", "04 déc. 2009", "04 Dec. 2009", "07 May 2010"),
    ("le 12 mars 2024", "le 14 juin 2023", "14 JUNE 2023", "12 MARCH 2024"),
    ("en mars 2024", "en juin 2023", "in June 2023", "in March 2024"),
    ("le 12 mars 2024", "le 14 juin 2023", "14/06/2023", "12/03/2024"),
    ("le 12 mars 2024", "le 14 juin 2023", "2023-06-14", "2024-03-12"),
    ("le mardi 12 mars 2024", "le 14 juin", "on 14 June", "on Tuesday 12 March 2024"),
    ("du 9 au 11 juillet 2024", "du 1er au 3 juin 2023", "from 1 to 3 June 2023", "from 9 to 11 July 2024"),
    ("les 12-13 mars", "les 9-10 juin", "on 9–10 June", "on 12–13 March"),
    ("les 12 et 13 mars", "les 9 et 10 juin", "on 9 and 10 June", "on 12 and 13 March"),
    # times
    ("à 9 h 05", "à 15 h 30", "at 15:30", "at 09:05"),
    ("à 10 h", "à 9 h 30", "at 9:30", "at 10:00"),
    ("à 15 h 30", "à 9 heures", "at 9 a.m.", "at 3.30 p.m."),
    ("à 15h30", "à 9h15", "at 9:15 am", "at 3:30 pm"),
    # numbers
    (f"32{NB}pays", "31 pays", "31 countries", "32 countries"),
    (f"1{NNB}500 soldats", "300 soldats", "300 soldiers", "1,500 soldiers"),
    ("1 500,5 km", "3,25 km", "3.25 km", "1,500.5 km"),
    ("12 000 soldats", "1 500 soldats", f"1{NB}500 soldiers", f"12{NB}000 soldiers"),
    ("15000 soldats", "12000 soldats", "12,000 soldiers", "15,000 soldiers"),
    ("en 2025", "en 2024", "in 2024", "in 2025"),
    ("1,5 milliard", "2,5 milliard", "EUR 2.5 billion", "EUR 1.5 billion"),
    ("le MIG-31", "le MIG-29", "the MIG-29", "the MIG-31"),
    ("à −5 degrés", "à −12 degrés", "at -12 degrees", "at -5 degrees"),
    # percentages
    (f"3,5{NNB}%", f"2{NB}%", "2%", "3.5%"),
    ("3 %", "2 %", "2 per cent", "3 per cent"),
    # ordinals and centuries
    ("le 75e anniversaire", "le 60e anniversaire", "the 60th anniversary", "the 75th anniversary"),
    ("la 21e session", "la 22e session", "the 22nd session", "the 21st session"),
    ("du XXIe siècle", "du XXe siècle", "of the 20th century", "of the 21st century"),
    # references
    ("voir PR/CP(2024)0042", "voir PR/CP(2023)0113", "see PR/CP(2023)0113", "see PR/CP(2024)0042"),
    # articles
    ("une hausse de 18 %", "une hausse de 8 %", "an 8% rise", "an 18% rise"),
    ("une hausse de 12 %", "une hausse de 7 %", "a 7% rise", "a 12% rise"),
    # several at once, and values that change places
    ("de 10 à 15 pays en 2024", "de 5 à 10 pays en 2023", "from 5 to 10 nations in 2023",
     "from 10 to 15 nations in 2024"),
    # other words beside it
    ("La réunion aura lieu le 12 mars", "La conférence aura lieu le 14 juin", "It takes place on 14 June",
     "It takes place on 12 March"),
]  # fmt: skip

NOT_MADE = [
    # the value is not in the target, or in letters, or twice
    ("les 6 pays", "les 5 pays", "the five countries"),
    ("les 6 pays", "les 5 pays", "5 countries, all 5 of them"),
    ("les 6 pays", "les 5 pays", "5 countries, all five of them"),
    ("le 12 mars 2024", "le 14 juin 2023", "on 14 June"),
    ("le 12 mars 2024", "le 14 juin 2023", "on 14 June 2023, a year (2023) of change"),
    ("le mardi 12 mars", "le vendredi 14 juin", "on 14 June"),
    # twice in the source
    ("6 pays et 7 alliés", "5 pays et 5 alliés", "5 nations and allies"),
    # singular and plural
    ("2 pays", "1 pays", "1 country"),
    ("1 pays", "3 pays", "3 countries"),
    # articles
    ("une hausse de 7 %", "une hausse de 8 %", "an 8% rise"),
    ("une hausse de 8 %", "une hausse de 7 %", "a 7% rise"),
    ("le 11e sommet", "le 10e sommet", "a 10th summit"),
    # a year is not a quantity
    ("en 2024", "en 32", "in 32"),
    ("les 32", "les 2024", "the 2024"),
    # spellings with two readings
    ("1.500 soldats", "2 500 soldats", "2,500 soldiers"),
    ("le code 007", "le code 12", "code 12"),
    # dates whose form does not carry over
    ("en mars 2024", "le 14 juin 2023", "on 14 June 2023"),
    ("le 12 mars 2024", "le 14 juin", "on June 14"),
    ("le 12 mars 2024", "le 3 mars 2023", "03/03/2023"),
    ("du 9 au 11 juillet", "les 9 et 10 juin", "on 9 and 10 June"),
    ("le mercredi 12 mars", "le vendredi 14 juin", "on Frid. 14 June"),
    # times: noon, and lengths of time
    ("à 12 h", "à 15 h", "at 3 p.m."),
    ("à 15 h", "à 9 heures", "for 9 hours"),
    # addresses of pages may differ by language
    ("voir https://exemple.org/fr/2", "voir https://exemple.org/fr/1", "see https://exemple.org/fr/1"),
    # one side has more
    ("le 12 mars, 32 pays", "le 14 juin", "on 14 June"),
    ("32 pays", "31 pays en 2023", "31 countries in 2023"),
    # other words, and it is not certain which figure is which
    ("Les 29 pays en 2010", "En 2009, 28 pays", "In 2009, 28 countries"),
    ("Nous voulons 10 ou 15 navires", "Elle demande 5 à 10 avions", "It asks for 5 to 10 planes"),
    ("Il vient", "Elle part le 14 juin", "She leaves on 14 June"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "source", "target", "localised"), MADE)
def test_certain_placeables_are_put_into_the_target(query: str, source: str, target: str, localised: str) -> None:
    result = localise(query, source, target)
    assert (result.target, result.complete, result.stale) == (localised, True, ())


@pytest.mark.parametrize(("query", "source", "target"), NOT_MADE)
def test_where_it_is_not_certain_the_target_is_untouched(query: str, source: str, target: str) -> None:
    result = localise(query, source, target)
    assert (result.target, result.complete) == (target, False)


def test_equal_values_in_another_spelling_change_nothing() -> None:
    result = localise(f"1{NNB}500 le 1er avril à 15 h", "1 500 le 1 avril à 15 heures 00", "1,500 on 1 April at 15:00")
    assert (result.target, result.complete, result.stale) == ("1,500 on 1 April at 15:00", True, ())


def test_stale_values_are_spanned_in_the_untouched_target() -> None:
    target = "5 countries, all 5 of them, in 2024"
    result = localise("les 6 pays en 2024", "les 5 pays en 2024", target)
    assert [target[span.start : span.end] for span in result.stale] == ["5", "5"]


def test_one_uncertain_placeable_leaves_all_untouched() -> None:
    result = localise("le 12 mars, 6 pays", "le 14 juin, 5 pays", "on 14 June, five countries")
    assert result.target == "on 14 June, five countries"
    assert [(span.start, span.end) for span in result.stale] == [(3, 10)]


@pytest.mark.parametrize(
    ("french", "written"),
    [
        ("mardi 12 mars 2024", "Tuesday 12 March 2024"),
        ("1er avril", "1 April"),
        ("9 au 11 juillet 2024", "9-11 July 2024"),
        ("3 et 4 avril", "3 and 4 April"),
        ("15 h 30", "15:30"),
        (f"1{NNB}500", "1,500"),
        ("3,5", "3.5"),
        ("2 %", "2%"),
        ("75e", "75th"),
        ("XXIe siècle", "21st century"),
        ("(2023) 113", "(2023) 113"),
        ("1.500", None),
        ("https://exemple.org/fr", None),
    ],
)
def test_house_style(french: str, written: str | None) -> None:
    assert english(tokens(french)[0]) == written


def test_house_style_is_a_setting() -> None:
    style = HouseStyle(thousands=NNB, percent=" per cent", clock="12")
    written = [english(token, style) for token in tokens("15 h 30 | 1 500 | 2,5 %") if token.kind != "punctuation"]
    assert written == ["3.30 p.m.", f"1{NNB}500", "2.5 per cent"]


FRENCH = [
    "12 mars 2024", "le mardi 1er avril", "9 au 11 juillet 2024", "3 et 4 mai", "mars 2024", "04/12/2009", "15 h 30",
    "à 12 heures", "0 h 05", "1 500", "1", "2024", "3,5", "1.500", "007", "−5", "2 %", "3,50 pour cent", "75e",
    "XXIe siècle", "(2023) 113", "a@b.org", "https://b.org", "juıllet", "le 12 maı 2024",
]  # fmt: skip
ENGLISH = [
    "12 March 2024", "March 12, 2024", "Tuesday 1 April", "Tues. 1 Apr.", "9-11 July 2024", "3 and 4 May",
    "March 2024", "04/12/2009", "2009-12-04", "3.30 p.m.", "15:30", "noon", "00:05", "1,500", "1", "one", "a 2024",
    "3.5", "007", "-5", "2%", "3.5 per cent", "the 75th", "an 8th", "21st century", "(2023) 113", "a@b.org",
    "https://b.org",
]  # fmt: skip
SOURCES = st.lists(st.sampled_from([*FRENCH, "pays", "alliés"]), max_size=4).map(" | ".join)
TARGETS = st.lists(st.sampled_from([*ENGLISH, "nations", "Allies"]), max_size=4).map(" | ".join)


def values(text: str, language: Language) -> set[tuple[str, Hashable]]:
    return {(token.kind, token.value) for token in tokens(text, language)}


@given(SOURCES, SOURCES, TARGETS)
def test_what_was_exchanged_is_in_the_target_with_its_value_and_nothing_else_changed(
    query: str, source: str, target: str
) -> None:
    result = localise(query, source, target)
    if result.target == target:
        assert result.complete or all(target[span.start : span.end] for span in result.stale)
        return
    before, after = values(target, "en"), values(result.target, "en")
    assert result.complete
    assert after - before <= values(query, "fr")
    assert before - after <= values(source, "fr")
