"""French and English are told apart, and nothing is said of a few words."""

from __future__ import annotations

import pytest

from tm.text.language import dominant, identify, words


@pytest.mark.parametrize(
    "text",
    [
        "Les ministres se sont réunis à Bruxelles.",
        "Mis à jour le: 07 Dec. 2009 14:12",
        "LES MINISTRES SE SONT RÉUNIS",
        "L'accord entre en vigueur demain.",
    ],
)
def test_french_is_recognised(text: str) -> None:
    assert identify(text) == "fr"


@pytest.mark.parametrize(
    "text",
    [
        "Left to right: NATO Secretary General, Anders Fogh Rasmussen with Jonas Gahr Støre",
        "The ministers met in Brussels.",
    ],
)
def test_english_is_recognised(text: str) -> None:
    assert identify(text) == "en"


@pytest.mark.parametrize("text", ["", "04 Dec. 2009", "Revue conjointe", "aujourd'hui l’OTAN a", "• | –", "1 2 3 4"])
def test_nothing_is_said_of_fewer_than_four_words(text: str) -> None:
    assert words(text) < 4
    assert identify(text) is None


def test_nothing_is_said_of_a_text_without_latin_letters() -> None:
    assert identify("Министры встретились вчера в Брюсселе") is None


def test_a_third_language_is_named_for_a_longer_text() -> None:
    assert dominant("Die Außenminister der Allianz trafen sich am Dienstag in Brüssel.")[0] == "de"


def test_the_languages_of_the_library_stay_as_they_are_for_others() -> None:
    from py3langid.langid import LanguageIdentifier

    before = LanguageIdentifier.from_model_file("data/model.npz.xz").classify("Los ministros se reunieron en Bruselas")
    identify("Les ministres se sont réunis à Bruxelles.")
    assert (
        LanguageIdentifier.from_model_file("data/model.npz.xz").classify("Los ministros se reunieron en Bruselas")
        == before
    )
    assert before[0] == "es"
