"""Pieces of a text that the memory knows, with the English beside them."""

from __future__ import annotations

import functools

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.pairs import pairs, sentence
from tm.match.fragments import fragments
from tm.match.lexicon.model import Lexicon
from tm.match.lexicon.training import train

QUERY = "Hier, la délégation rejette l'accord annuel et le rapport détaillé pour la paix mondiale."


@functools.cache
def lexicon() -> Lexicon:
    return train(pairs())


def test_the_longest_known_runs_come_with_their_english() -> None:
    found = fragments(QUERY, pairs(), lexicon())
    assert [(each.source, each.target) for each in found[:2]] == [
        ("rapport détaillé pour la paix", "detailed report for peace"),
        ("rejette l'accord annuel", "rejects the annual agreement"),
    ]


def test_spans_say_where_the_fragment_stands_in_the_query_and_in_a_pair_that_shows_it() -> None:
    held = pairs()
    for each in fragments(QUERY, held, lexicon()):
        assert QUERY[each.span.start : each.span.end] == each.source
        source, target = held[each.pair]
        assert source[each.source_span.start : each.source_span.end] == each.source
        assert target[each.target_span.start : each.target_span.end] == each.target


def test_how_often_the_french_and_this_english_were_seen_is_counted() -> None:
    held = pairs()
    (first, *_) = fragments("Un accord annuel !", held, lexicon())
    assert first.source == "accord annuel"
    assert first.seen == sum("accord annuel" in source for source, _ in held)
    assert 0 < first.count <= first.seen


def test_the_commonest_english_is_shown() -> None:
    source, target = sentence("ministre", "rejette", "accord", "annuel", "à Bruxelles")
    held = [(source, target), (source, target.replace("annual agreement", "yearly accord")), (source + " ", target)]
    (first, *_) = fragments("accord annuel", held, lexicon())
    assert first.target == "annual agreement"
    assert first.seen == 3


def test_no_fragment_lies_inside_another() -> None:
    spans = [each.span for each in fragments(QUERY, pairs(), lexicon())]
    assert not any(
        one is not other and other.start <= one.start and one.end <= other.end for one in spans for other in spans
    )


def test_fragments_cross_no_punctuation_and_hold_no_lone_function_words() -> None:
    assert fragments("Le rapport, annuel", pairs(), lexicon()) == ()
    assert fragments("pour la", pairs(), lexicon()) == ()
    assert fragments("", pairs(), lexicon()) == fragments(QUERY, [], lexicon()) == ()


def test_figures_count_by_their_value() -> None:
    held = [("le plan du 12 mars pour la paix", "the plan of 12 March for peace")]
    assert [f.source for f in fragments("le plan du 12 mars pour la paix", held, lexicon())] == [
        "plan du 12 mars pour la paix"
    ]
    assert fragments("le plan du 13 mars pour la paix", held, lexicon()) == ()


def test_a_fragment_whose_english_is_not_clear_is_left_out() -> None:
    source, target = "Le ministre approuve le rapport annuel.", "He said yes."
    assert fragments("le rapport annuel", [(source, target)], lexicon()) == ()


def test_at_most_as_many_as_asked_for() -> None:
    assert len(fragments(QUERY, pairs(), lexicon(), limit=1)) == 1


@given(st.text(max_size=60), st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=3))
def test_any_texts_can_be_given(query: str, held: list[tuple[str, str]]) -> None:
    for each in fragments(query, [*held, (query, query)], lexicon()):
        assert query[each.span.start : each.span.end] == each.source
