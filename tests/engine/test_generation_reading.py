"""The compiled reading of texts agrees with `tm.text.tokens` to the letter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tm.match.generation import reading, texts
from tm.match.generation.encoding import Encoder
from tm.text.placeables import PATTERNS, placeables
from tm.text.tokens import measured, signature, tokens

PIECES = [
    "l'", "L’", "qu'", "jusqu’", "presqu'île", "aujourd'hui", "d'", "''", "’", "Alliance", "Les", "Ce",
    "Vers", "XXIe siècle", "Ier", "I", "IVe", "12", "3,5", "1 500", "1.500", "%", "12 mars 2024",
    "lundi 4 mai", "mai", "2009", "le", "au", "et", "15 h 30", "9 heures", "à", "pour cent", "A5-0123/2000",
    "COM(2000) 12", "(", ")", "/", ":", ".", ",", ";", "!", "«", "»", "-", "−", "+", "…", "•", "www.nato.int",
    "https://x.be/1", "a@b.int", "@", " ", "  ", "\u00a0", "\u202f", "\n", "œuvre", "ŒUVRE", "É", "e\u0301",
    "ß", "ſ", "K", "İ", "ʼ", "\u00ad", "\u200b", "ﬁ", "Ω", "東", "\ud800", "\uffff", "\ufffe", "\ue001", "🙂",
    "_", "²", "12e", "A320", "s", "t", "99/468", "+3", "-4", "12-15", "12 et 13 juin", "1er janvier", "am",
    "p.m.",
]  # fmt: skip
mixed = st.lists(st.sampled_from(PIECES) | st.sampled_from([" ", " ", ""]), max_size=14).map("".join)
spaced = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


def fast(text: str) -> tuple[list[str], int]:
    """The words of the compiled reading, and how often it declined the text before."""
    encoder = Encoder("fr")
    numbers, sizes = encoder.encode([text])
    letters, ends, _ = encoder.frozen()
    words = [letters[ends[n] : ends[n + 1]].tobytes().decode("utf-16-le", "surrogatepass") for n in numbers.tolist()]
    assert sizes.tolist() == [len(words)]
    return words, _declined(text)


def _declined(text: str) -> int:
    given, times = texts.opened(text, "fr"), 0
    while True:
        units = np.frombuffer(given, np.uint16)
        count = reading.read(
            units, texts.ALPHABET, np.empty(11 * len(units), np.uint16), np.empty(len(units), np.int64)
        )
        if count >= 0:
            return times
        given, times = texts.again(text, "fr", count), times + 1


def slow(text: str) -> list[str]:
    return [signature(token) for token in measured(tokens(text))]


@given(mixed | spaced | st.text(max_size=30))
@settings(max_examples=1500, deadline=None)
@example("l'12 mars")
@example("en l'an 2000, 12 pays")
@example("du 3 au le 5 mai 1999 et 7")
def test_any_text_has_the_words_that_tokens_gives(text: str) -> None:
    assert fast(text)[0] == slow(text)


@pytest.mark.parametrize("sign", [chr(point) for point in range(0x2100) if not 0x250 <= point < 0x2000])
def test_every_sign_of_the_alphabet_reads_as_tokens_reads_it(sign: str) -> None:
    for text in (sign, f"a{sign}b", f"l{sign}avis", f"qu'{sign}", f"12 {sign} mai", f"X{sign}"):
        assert fast(text)[0] == slow(text)


def test_a_plain_text_is_not_declined_and_one_with_figures_once() -> None:
    assert fast("Le Conseil de l’Atlantique Nord s'est réuni aujourd'hui.")[1] == 0
    assert fast("Les 29 Alliés se réunissent le 12 mars 2024 à 15 h 30.")[1] == 1


def test_many_texts_at_once_read_as_each_alone() -> None:
    several = ["Le Conseil", "", "12 mars", "e\u0301te\u0301", "•", "XXIe siècle", "\uffff", "Le Comité"]
    encoder = Encoder("fr")
    numbers, sizes = encoder.encode(several)
    letters, ends, _ = encoder.frozen()
    words = [letters[ends[n] : ends[n + 1]].tobytes().decode("utf-16-le") for n in numbers.tolist()]
    assert words == [word for text in several for word in slow(text)]
    assert sizes.tolist() == [len(slow(text)) for text in several]


def test_english_is_read_by_the_rules_of_english() -> None:
    encoder = Encoder("en")
    _, sizes = encoder.encode(["The Council's decision of May 5"])
    assert sizes.tolist() == [len(measured(tokens("The Council's decision of May 5", "en")))]


def test_marks_name_the_kinds_that_placeables_names() -> None:
    text = "Le 12 mars, 3 %, 15 h 30, 2e, XXIe siècle, 99/468, 1,5, 12/05/2024, 2024-05-12, A/1, 3 mai 2020"
    kinds = [texts._KIND_OF[str(match.lastgroup)] for match in PATTERNS["fr"].finditer(text)]
    assert kinds == [found.kind for found in placeables(text)]
