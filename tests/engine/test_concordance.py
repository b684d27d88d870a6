"""Where a phrase stands in a text, in any form and any writing; and what stands for it on the other side."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.engine.pairs import pairs, sentence
from tm.match.concordance import counterparts, passages
from tm.match.lexicon.model import Lexicon
from tm.match.lexicon.training import train
from tm.match.wordlists import reading
from tm.match.wordlists.encoding import Encoder
from tm.text.normalise import normal
from tm.text.tokens import tokens
from tm.types import Language, Span

PIECES = [
    "l'", "L’", "qu'", "jusqu’", "presqu'île", "aujourd'hui", "d'", "''", "’", "Alliance", "'s", "’S", "'s's", "'sx",
    "don't", "12", "3,5", "1.500", "%", "a@b.int", "(", ")", "/", ".", "-", "…", "•", " ", "\u00a0", "\n", "œuvre", "É",
    "e\u0301", "\u0301", "ß", "ſ", "K", "İ", "ʼ", "\u00ad", "\u200b", "ﬁ", "Ω", "東", "\ud800", "🙂", "ŉ",
    "\u1100\u1161", "_", "²", "12e", "s", "t", "S", "c", "quoiqu'", "lors", "qu", "\U00010400", "\u0345", "ᾳ", "\u0130",
]  # fmt: skip
mixed = st.lists(st.sampled_from(PIECES) | st.sampled_from([" ", ""]), max_size=14).map("".join)
any_text = mixed | st.text(max_size=30)
languages: st.SearchStrategy[Language] = st.sampled_from(["fr", "en"])


def compiled(texts: list[str], language: Language) -> list[list[str]]:
    encoder = Encoder(language)
    numbers, sizes = encoder.encode(texts)
    words = iter([encoder.word(number).decode("utf-16-le", "surrogatepass") for number in numbers.tolist()])
    return [[next(words) for _ in range(size)] for size in sizes.tolist()]


@given(st.lists(any_text, min_size=1, max_size=4), languages)
@settings(max_examples=1500, deadline=None)
@example(["a's's", "a's'x", "'s", "a'sb's"], "en")
@example(["l'l'a", "quoiqu'il", "xqu'il", "'l'a"], "fr")
def test_the_compiled_reading_agrees_with_the_plain_one(texts: list[str], language: Language) -> None:
    assert compiled(texts, language) == [reading.words(reading.folded(text), language) for text in texts]


@given(any_text)
@settings(max_examples=1500, deadline=None)
def test_texts_that_are_the_same_text_are_read_alike_and_every_word_has_its_place(text: str) -> None:
    for language in ("fr", "en"):
        given = reading.folded(text)
        words = reading.words(given, language)
        spans = [given.span(*each.span()) for each in reading.placed(given, language)]
        assert words == reading.words(reading.folded(normal(text)), language)
        assert words == reading.words(reading._by_pieces(text), language)
        for word, span in zip(words, spans, strict=True):
            assert 0 <= span.start < span.end <= len(text)
            assert word in reading.folded(text[span.start : span.end]).text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le Conseil de l’Atlantique Nord s'est réuni aujourd'hui, est-il dit.", "fr"),
        ("The Council's decision isn't the Allies’ own.", "en"),
    ],
)
def test_words_are_parted_as_everywhere_else(text: str, language: Language) -> None:
    expected = [token for token in tokens(text, language) if token.kind != "punctuation"]
    given = reading.folded(text)
    assert reading.words(given, language) == [token.value for token in expected]
    assert [given.span(*each.span()) for each in reading.placed(given, language)] == [
        Span(token.start, token.end) for token in expected
    ]


@pytest.mark.parametrize(
    ("phrase", "text", "marked"),
    [
        ("conseil", "Le CONSEIL, les conseils", ["CONSEIL", "conseils"]),
        ("été", "un e\u0301te\u0301 et l'é\u00adté.", ["e\u0301te\u0301", "é\u00adté"]),
        ("strass", "die Straße", ["Straße"]),
        ("mars 2024", "le 12 mars 2024, en mars 2023", ["mars 2024"]),
        ("1 500 soldats", "1.500 soldats", ["1.500 soldats"]),
        ("l'alliance", "L’Alliance et l' Alliance", ["L’Alliance"]),
        ("états-unis", "les États Unis", ["États Unis"]),
        ("\u1100\u1161", "x 가 y", ["가"]),
    ],
)
def test_a_phrase_is_marked_as_it_stands_in_the_text(phrase: str, text: str, marked: list[str]) -> None:
    assert [text[span.start : span.end] for span in passages(phrase, text, "fr")] == marked


def test_any_form_of_a_word_is_marked_when_asked_for() -> None:
    text = "Les forces déployées, une force déployée, ils forcent le déploiement."
    found = passages("force déployée", text, "fr", inflected=True)
    assert [text[span.start : span.end] for span in found] == ["forces déployées", "force déployée"]
    assert len(passages("force déployée", text, "fr")) == 1
    assert passages("forces dép", text, "fr", inflected=True)[0] == Span(4, 20)
    english = "Ministers decided; the decisions of a minister"
    assert len(passages("minister decides", english, "en", inflected=True)) == 1


def test_thousands_of_texts_are_looked_through_in_a_tenth_of_a_second() -> None:
    texts = [
        f"Le Conseil de l’Atlantique Nord s'est réuni le {number} mars à Bruxelles ; les ministres ont décidé de "
        "renforcer la coopération avec les pays partenaires et d'adopter un ensemble de mesures."
        for number in range(3000)
    ]
    for inflected in (False, True):
        passages("les ministres ont", texts[0], "fr", inflected=inflected)
        started = time.process_time()
        found = sum(len(passages("les ministres ont", text, "fr", inflected=inflected)) for text in texts)
        taken = time.process_time() - started
        assert found == 3000
        assert taken < 0.5  # a fifth of it on a machine with nothing else to do


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return train(pairs())


def marked(phrase: str, source: str, target: str, lexicon: Lexicon, language: Language = "fr") -> list[str]:
    here, there = (source, target) if language == "fr" else (target, source)
    spans = counterparts(source, target, passages(phrase, here, language), lexicon, language)
    return [there[span.start : span.end] for span in spans]


def test_what_stands_for_the_words_on_the_other_side_is_marked(lexicon: Lexicon) -> None:
    source, target = sentence("ministre", "approuve", "rapport", "annuel", "à Bruxelles")
    assert marked("rapport annuel", source, target, lexicon) == ["annual report"]
    assert marked("minis", source, target, lexicon) == ["minister"]
    assert marked("approuve", source, target, lexicon) == ["approves"]
    assert marked("annual report", source, target, lexicon, "en") == ["rapport annuel"]
    assert marked("approves", source, target, lexicon, "en") == ["approuve"]


def test_words_apart_are_spans_apart(lexicon: Lexicon) -> None:
    source, target = sentence("général", "salue", "accord", "commun", "en Géorgie")
    spans = passages("général", source, "fr") + passages("accord commun", source, "fr")
    found = counterparts(source, target, spans, lexicon)
    assert [target[span.start : span.end] for span in found] == ["general", "joint agreement"]


def test_small_words_within_an_expression_are_marked_with_it(lexicon: Lexicon) -> None:
    source, target = "Le plan de l'accord est commun.", "The agreement plan is joint."
    assert marked("agreement plan", source, target, lexicon, "en") == ["plan de l'accord"]
    source, target = sentence("ministre", "approuve", "plan", "commun", "à Bruxelles")
    spans = passages("approves", target, "en") + passages("plan", target, "en")
    found = counterparts(source, target, spans, lexicon, "en")
    assert [source[span.start : span.end] for span in found] == ["approuve", "plan"]  # "the" claims "le"


def test_nothing_is_marked_where_nothing_is_sure(lexicon: Lexicon) -> None:
    source, target = sentence("ministre", "approuve", "rapport", "annuel", "à Bruxelles")
    assert marked("zèbre", source, target, lexicon) == []
    assert marked("zèbre", f"Le zèbre, {source}", target, lexicon) == []
    assert counterparts(source, "", (Span(0, 2),), lexicon) == ()
    assert counterparts("", target, (Span(0, 2),), lexicon) == ()
    assert counterparts(source, target, (), lexicon) == ()
