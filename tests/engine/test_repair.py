"""Proposals repaired: where the evidence is strong, and left as they are elsewhere."""

from __future__ import annotations

import dataclasses
import functools

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.engine.pairs import DOES, HOW, WHAT, WHERE, WHO, pairs, sentence
from tm.match.exchange import DEFAULT_DEMANDS
from tm.match.lexicon.model import Lexicon
from tm.match.lexicon.training import train
from tm.match.repair import Repaired, repair

SENTENCES = st.tuples(*(st.sampled_from(sorted(part)) for part in (WHO, DOES, WHAT, HOW, WHERE)))


@functools.cache
def lexicon() -> Lexicon:
    return train(pairs())


def repaired(query: str, source: str, target: str, **terms: str) -> str | None:
    found = repair(query, source, target, lexicon(), terms={key.replace("_", " "): terms[key] for key in terms})
    return found.target if found else None


SOURCE, TARGET = sentence("ministre", "approuve", "rapport", "annuel", "à Bruxelles")


def test_one_changed_word_is_exchanged_with_its_reason() -> None:
    query, wanted = sentence("ministre", "approuve", "rapport", "commun", "à Bruxelles")
    found = repair(query, SOURCE, TARGET, lexicon())
    assert isinstance(found, Repaired)
    assert found.target == wanted
    assert found.complete
    (reason,) = found.replacements
    assert (reason.unit, reason.query, reason.old, reason.new) == ("annuel", "commun", "annual", "joint")
    assert found.target[reason.span.start : reason.span.end] == "joint"
    assert reason.origin == "lexicon"
    assert reason.evidence > 50


@hypothesis_settings(max_examples=40)
@given(SENTENCES, SENTENCES)
def test_what_is_exchanged_is_right_and_nothing_else_changes(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    (source, target), (query, wanted) = sentence(*one), sentence(*other)
    found = repair(query, source, target, lexicon())
    if found is None:
        return
    text, at = target, 0
    for each in found.replacements:
        start = each.span.start
        assert found.target[at:start] == text[at:start]
        assert text[start:].startswith(each.old)
        assert each.new in wanted
        text, at = text[:start] + each.new + text[start + len(each.old) :], each.span.end
    assert found.target == text


def test_a_second_word_that_cannot_be_exchanged_leaves_the_repair_incomplete() -> None:
    query, _ = sentence("ministre", "approuve", "rapport", "commun", "à Bruxelles")
    found = repair(query.replace("ministre", "maréchal"), SOURCE, TARGET, lexicon())
    assert found is not None
    assert found.target == TARGET.replace("annual", "joint")
    assert not found.complete


def test_equal_texts_and_other_articles_need_no_repair() -> None:
    assert repaired(SOURCE, SOURCE, TARGET) is None
    assert repaired(SOURCE.replace("le rapport", "un rapport"), SOURCE, TARGET) is None


def test_a_word_that_was_met_too_seldom_is_left() -> None:
    rare = [
        (
            "Le ministre approuve le rapport provisoire à Bruxelles.",
            "The minister approves the interim report in Brussels.",
        )
    ]
    little = train(pairs() + rare)
    assert repair(SOURCE.replace("annuel", "provisoire"), SOURCE, TARGET, little) is None


def test_a_word_with_two_translations_of_equal_standing_is_left() -> None:
    both = [
        (source.replace("commun", "conjoint"), target.replace("joint", "shared" if at % 2 else "combined"))
        for at, (source, target) in enumerate(pair for pair in pairs() if "commun" in pair[0])
    ]
    assert repair(SOURCE.replace("annuel", "conjoint"), SOURCE, TARGET, train(pairs() + both)) is None


def test_a_word_never_met_in_that_company_is_left() -> None:
    # "paix" is known, but "the peace" and "peace report" are not English that was met
    assert repaired("Le ministre approuve le rapport paix à Bruxelles.", SOURCE, TARGET) is None


def test_a_word_that_comes_twice_in_the_target_is_left() -> None:
    query = SOURCE.replace("annuel", "commun")
    assert repaired(query, SOURCE, TARGET.replace("minister", "annual minister")) is None


def test_a_sentence_still_begins_with_a_capital_and_names_keep_theirs() -> None:
    source, target = "Rapport annuel.", "Report, annual."
    found = repair("Budget annuel.", source, target, lexicon(), terms={"rapport": "report", "budget": "budget"})
    assert found is not None
    assert found.target == "Budget, annual."
    before, english = sentence("ministre", "approuve", "rapport", "annuel", "en Géorgie")
    assert repaired(before.replace("annuel", "commun"), before, english) == english.replace("annual", "joint")


def test_what_the_target_says_already_does_not_come_a_second_time() -> None:
    query = SOURCE.replace("annuel", "commun")
    assert repaired(query, SOURCE, TARGET.replace("minister", "joint minister")) is None
    both = query.replace("ministre", "ministre commun"), SOURCE.replace("ministre", "ministre commun")
    assert repaired(*both, TARGET.replace("minister", "joint minister")) == TARGET.replace(
        "minister", "joint minister"
    ).replace("annual", "joint")


def test_a_heading_in_capitals_is_left() -> None:
    query = SOURCE.replace("annuel", "commun")
    assert repaired(query, SOURCE, TARGET.upper()) is None


def test_punctuation_and_spaces_stay_as_they_are() -> None:
    target = "The minister approves the “annual”  report — in Brussels !"
    query = SOURCE.replace("annuel", "commun")
    assert repaired(query, SOURCE, target) == target.replace("annual", "joint")
    assert repaired(query, SOURCE, TARGET.replace(" in", "  in")) == TARGET.replace(" in", "  in").replace(
        "annual", "joint"
    )


def test_a_name_that_both_languages_write_alike_is_exchanged() -> None:
    source, target = "Le rapport de M. Dupont est annuel.", "The report by Mr Dupont is annual."
    few = dataclasses.replace(DEFAULT_DEMANDS, names=100)
    found = repair("Le rapport de M. Peña est annuel.", source, target, lexicon(), demands=few)
    assert found is not None
    assert found.target == "The report by Mr Peña is annual."
    assert [(each.origin, each.old, each.new) for each in found.replacements] == [("name", "Dupont", "Peña")]
    assert found.complete


@pytest.mark.parametrize(
    ("query", "source", "target"),
    [
        ("Le rapport de l'UEO est annuel.", "Le rapport de Dupont est annuel.", "The report by Dupont is annual."),
        ("Le rapport de M. Dupont.", "Le rapport de M. Peña.", "The report by Mr. Pena."),
        ("Le rapport de M. Peña.", "Le rapport de M. Dupont.", "Dupont: the report by Mr. Dupont."),
        ("Peña approuve le plan.", "Dupont approuve le plan.", "Dupont approves the plan."),
        ("Le rapport de la mer.", "Le rapport de M. Dupont.", "The report by Mr. Dupont."),
    ],
    ids=["abbreviation", "spelled otherwise", "comes twice", "begins the sentence", "no name comes"],
)
def test_what_may_be_no_name_or_has_no_certain_place_is_left(query: str, source: str, target: str) -> None:
    assert repair(query, source, target, lexicon(), demands=dataclasses.replace(DEFAULT_DEMANDS, names=100)) is None


def test_a_small_memory_does_not_know_what_a_name_is() -> None:
    source, target = "Le rapport de M. Dupont est annuel.", "The report by Mr Dupont is annual."
    assert repaired("Le rapport de M. Peña est annuel.", source, target) is None


def test_a_word_that_the_query_does_not_have_goes() -> None:
    without = [(source.replace(" annuel", ""), target.replace("annual ", "")) for source, target in pairs()]
    known = train(pairs() + without)
    found = repair(SOURCE.replace(" annuel", ""), SOURCE, TARGET, known)
    assert found is not None
    assert found.target == TARGET.replace("annual ", "")
    (reason,) = found.replacements
    assert (reason.unit, reason.query, reason.old, reason.new) == ("annuel", "", "annual report", "report")
    assert found.complete
    # neither before punctuation, nor where the query says it in another place, nor where "an" would become "a"
    assert repair(SOURCE.replace(" annuel", ""), SOURCE, TARGET.replace("annual ", "annual, "), known) is None
    assert repair("Le ministre annuel approuve le rapport à Bruxelles.", SOURCE, TARGET, known) is None
    assert repair(SOURCE.replace(" annuel", ""), SOURCE, TARGET.replace("the annual", "an annual"), known) is None


def test_where_a_word_is_written_both_ways_the_french_says_which() -> None:
    both = [
        (source.replace("le rapport", "le Rapport"), target.replace("report", "Report"))
        for source, target in pairs()
        if "rapport" in source
    ]
    known = train(pairs() + both)
    source, target = sentence("ministre", "approuve", "plan", "annuel", "à Bruxelles")
    found = repair(source.replace("plan", "rapport"), source, target, known)
    assert found is not None
    assert found.target == target.replace("plan", "report")
    # the French takes a capital that it did not have: which English is meant cannot be told
    assert repair(source.replace("plan", "Rapport"), source, target, known) is None


def test_a_telling_word_is_exchanged_where_small_words_come_with_it() -> None:
    query = SOURCE.replace("annuel", "qui est commun")
    found = repair(query, SOURCE, TARGET, lexicon())
    assert found is not None
    assert found.target == TARGET.replace("annual", "joint")
    assert not found.complete


def test_a_localised_target_is_repaired_beside_its_figures() -> None:
    source, target = sentence("ministre", "approuve", "plan", "annuel", "avant 2024")
    query = source.replace("2024", "2025").replace("annuel", "commun")
    assert repaired(query, source, target.replace("2024", "2025")) == target.replace("2024", "2025").replace(
        "annual", "joint"
    )


def test_a_glossary_term_replaces_a_run_of_any_length() -> None:
    query = SOURCE.replace("rapport annuel", "mandat de la force")
    terms = {"rapport annuel": "annual report", "mandat de la force": "force mandate"}
    found = repair(query, SOURCE, TARGET, lexicon(), terms=terms)
    assert found is not None
    assert found.target == TARGET.replace("annual report", "force mandate")
    assert found.replacements[0].origin == "glossary"
    assert found.complete


def test_a_glossary_term_may_cover_words_that_stay() -> None:
    query = SOURCE.replace("annuel", "d'étape")
    assert repaired(query, SOURCE, TARGET, **{"rapport_d'étape": "progress report"}) == TARGET.replace(
        "annual report", "progress report"
    )


def test_the_glossary_goes_before_the_lexicon() -> None:
    query = SOURCE.replace("annuel", "commun")
    assert repaired(query, SOURCE, TARGET, commun="combined") == TARGET.replace("annual", "combined")


@pytest.mark.parametrize(("english", "expected"), [("interim", None), ("draft", "A draft report.")])
def test_a_term_that_would_need_another_article_is_left(english: str, expected: str | None) -> None:
    terms = {"détaillé": "detailed", "nouveau": english}
    found = repair("Un rapport nouveau.", "Un rapport détaillé.", "A detailed report.", lexicon(), terms=terms)
    assert (found.target if found else None) == expected


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_texts_can_be_given(query: str, source: str, target: str) -> None:
    found = repair(query, source, target, lexicon(), terms={"a": "b"})
    assert found is None or found.replacements
