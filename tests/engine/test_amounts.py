"""Money and measures: the same value in both languages, and written as the target writes them."""

from __future__ import annotations

import time
from collections.abc import Hashable

import pytest

from tm.match.house import HouseStyle, english
from tm.match.localise import localise
from tm.text.placeables import figures
from tm.text.tokens import tokens
from tm.types import Language


def only(text: str, language: Language = "fr") -> tuple[str, Hashable]:
    found = [token for token in tokens(text, language) if token.kind not in ("word", "punctuation")]
    assert [token.text for token in found] == [text]
    return found[0].kind, found[0].value


@pytest.mark.parametrize(
    ("french", "written", "value"),
    [
        ("1,5 milliard d’euros", "EUR 1.5 billion", ("1500000000", "EUR")),
        ("1,5\u00a0Md\u202f€", "€1.5bn", ("1500000000", "EUR")),
        ("12\u202f000\u00a0€", "12,000 euros", ("12000", "EUR")),
        ("EUR 25 millions", "€25m", ("25000000", "EUR")),
        ("3 millions de dollars", "$3 million", ("3000000", "$")),
        ("3 millions de dollars américains", "US$3 million", ("3000000", "USD")),
        ("200 livres sterling", "£200", ("200", "GBP")),
        ("7 millions de francs suisses", "CHF 7 million", ("7000000", "CHF")),
    ],
)
def test_money_has_the_same_value_in_both_languages(french: str, written: str, value: Hashable) -> None:
    assert only(french) == only(written, "en") == ("money", value)


@pytest.mark.parametrize(
    ("french", "written", "value"),
    [
        ("120 km", "120 kilometres", ("120", "km")),
        ("1\u202f500\u00a0km²", "1,500 sq km", ("1500", "km²")),
        ("2 millions de tonnes", "2 million tonnes", ("2000000", "t")),
        ("−5 °C", "-5°C", ("-5", "°C")),
        ("5 m", "5 metres", ("5", "m")),
        ("12 milles marins", "12 nautical miles", ("12", "nautical mile")),
    ],
)
def test_measures_have_the_same_value_in_both_languages(french: str, written: str, value: Hashable) -> None:
    assert only(french) == only(written, "en") == ("measure", value)


def test_two_days_with_their_names_are_one_date() -> None:
    value = ("range", 2024, 7, 9, 11, 1, 3)
    assert only("mardi 9 au jeudi 11 juillet 2024") == ("date", value)
    assert only("Tuesday 9 to Thursday 11 July 2024", "en") == ("date", value)


def test_a_dollar_of_nobody_is_not_an_american_one() -> None:
    assert only("3 dollars")[1] != only("US$3", "en")[1]


@pytest.mark.parametrize("text", ["2 billions d'euros", "5 livres", "3 l’Union", "12 Mds", "4 millions de soldats"])
def test_what_may_mean_something_else_is_a_number_and_words(text: str) -> None:
    assert [token.kind for token in tokens(text) if token.kind not in ("word", "punctuation")] == ["number"]


def test_an_amount_with_two_readings_equals_nothing_but_itself() -> None:
    assert only("1.500 euros")[1] not in (only("EUR 1,500", "en")[1], only("EUR 1.5", "en")[1])


def test_the_number_inside_an_amount_is_found_where_it_stands() -> None:
    text = "soit EUR 1,5 milliard au total"
    (token,) = [token for token in tokens(text) if token.kind == "money"]
    number = figures(token, "fr")
    assert number is not None
    assert (text[number.start : number.end], number.value) == ("1,5", "1.5")
    assert figures(tokens("le 12 mars")[1], "fr") is None


@pytest.mark.parametrize(
    ("french", "written"),
    [
        ("1,5 milliard d’euros", "EUR 1.5 billion"),
        ("12 000 €", "EUR 12,000"),
        ("3 millions de dollars", "$3 million"),
        ("120 km", "120 km"),
        ("120 kilomètres", "120 kilometres"),
        ("1 kilomètre", None),
        ("1.500 euros", None),
        ("lundi 9 au mercredi 11 juillet", "Monday 9 to Wednesday 11 July"),
    ],
)
def test_house_style_of_amounts(french: str, written: str | None) -> None:
    assert english(tokens(french)[0]) == written


def test_money_by_symbol_is_a_setting() -> None:
    style = HouseStyle(money="symbol")
    assert [english(tokens(text)[0], style) for text in ("2 millions d'euros", "5 CHF")] == ["€2 million", "CHF 5"]


@pytest.mark.parametrize(
    ("query", "source", "target", "expected"),
    [
        ("1,2 milliard d'euros", "300 000 euros", "a EUR 300,000 fund", "a EUR 1.2 billion fund"),
        ("25 millions d'euros", "1,2 milliard d'euros", "€1.2bn", "€25m"),
        ("5 millions GBP", "8 millions EUR", "EUR 8 million", "GBP 5 million"),
        # the figures alone, where the target has them apart from their unit
        ("30 millions d'euros", "45 millions d'euros", "45 million in euros", "30 million in euros"),
        ("3 mètres", "5 mètres", "a 5-metre wall", "a 3-metre wall"),
        ("5 milliards de dollars", "6 milliards de dollars", "USD 6 billion", "USD 5 billion"),
        # left alone
        ("30 millions d'euros", "45 millions de dollars", "45 million dollars", "45 million dollars"),
        ("30 milliards de dollars", "45 millions de dollars", "USD 45 million", "USD 45 million"),
        ("un fonds de 8 €", "un fonds de 7 €", "a €7 fund", "a €7 fund"),
        ("2 euros", "1 euro", "1 euro", "1 euro"),
        ("30 km", "40 km", "25 miles", "25 miles"),
        ("soit 31", "soit 22", "22, or twenty-two", "22, or twenty-two"),
    ],
)
def test_amounts_are_put_into_the_target_as_it_writes_them(query: str, source: str, target: str, expected: str) -> None:
    assert localise(query, source, target).target == expected


@pytest.mark.parametrize(
    "text", ["1 million de " * 9000, "€" * 50_000 + "1", "1 million d'" * 9000, "EUR 1 " * 20_000, "1 m" * 30_000]
)
def test_hostile_amounts_take_linear_time(text: str) -> None:
    started = time.process_time()
    tokens(text, "fr"), tokens(text, "en")
    assert time.process_time() - started < 6
