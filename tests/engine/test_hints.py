"""The words of a proposal that stand for words of the unit which the text to translate has not."""

from __future__ import annotations

import functools

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.pairs import pairs, sentence
from tm.match.hints import hints
from tm.match.lexicon.model import Lexicon
from tm.match.lexicon.training import train

WORDS = st.lists(st.sampled_from("Le ministre approuve l'accord rapport commun, annuel à Bruxelles 2024 .".split()))


@functools.cache
def lexicon() -> Lexicon:
    return train(pairs())


def marked(query: str, source: str, target: str) -> list[str]:
    return [target[span.start : span.end] for span in hints(query, source, target, lexicon())]


def test_the_word_that_stands_for_the_changed_one_is_marked() -> None:
    source, target = sentence("ministre", "approuve", "rapport", "annuel", "à Bruxelles")
    query, _ = sentence("ministre", "approuve", "rapport", "commun", "à Bruxelles")
    assert marked(query, source, target) == ["annual"]


def test_every_changed_word_is_marked_and_neighbours_are_one_span() -> None:
    source, target = sentence("ministre", "approuve", "rapport", "annuel", "à Bruxelles")
    query, _ = sentence("général", "approuve", "budget", "commun", "à Bruxelles")
    assert marked(query, source, target) == ["minister", "annual report"]


def test_words_that_only_the_unit_has_are_marked() -> None:
    source, target = sentence("ministre", "approuve", "rapport", "annuel", "à Bruxelles")
    assert marked("Le ministre approuve le rapport à Bruxelles.", source, target) == ["annual"]


def test_words_that_only_the_query_has_leave_no_mark() -> None:
    _, target = sentence("ministre", "approuve", "rapport", "annuel", "à Bruxelles")
    query, _ = sentence("ministre", "approuve", "rapport", "annuel", "à Bruxelles")
    assert marked(query, "Le ministre approuve le rapport à Bruxelles.", target.replace("annual ", "")) == []


def test_equal_texts_other_spaces_and_other_placeables_leave_no_mark() -> None:
    source, target = sentence("ministre", "approuve", "plan", "annuel", "avant 2024")
    assert marked(source, source, target) == []
    assert marked(source.replace("avant 2024", "avant\u00a02025"), source, target.replace("2024", "2025")) == []


def test_articles_that_follow_their_noun_leave_no_mark() -> None:
    source, target = sentence("ministre", "approuve", "rapport", "annuel", "à Bruxelles")
    query, _ = sentence("ministre", "approuve", "accord", "annuel", "à Bruxelles")
    assert "l'accord" in query
    assert marked(query, source, target) == ["report"]


@given(WORDS.map(" ".join), WORDS.map(" ".join), WORDS.map(" ".join))
def test_marks_are_words_of_the_target_in_order(query: str, source: str, target: str) -> None:
    at = 0
    for span in hints(query, source, target, lexicon()):
        assert at <= span.start < span.end <= len(target)
        assert target[span.start : span.end].strip() == target[span.start : span.end]
        at = span.end
