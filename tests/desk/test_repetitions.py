"""One source in several places: confirmed as one act, never over what somebody has settled, and taken back."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from service.desk import repetitions, review
from service.desk.policy import Actor
from service.errors import StaleVersion, WrongState
from service.storage.releases import Release, Segment, history_of
from service.storage.repetitions import others_like, repeats
from tests.factories import make_person, make_release, operation

SAME = "Le Conseil s’est réuni."
TEXT = "The Council met."


@pytest.fixture
def actors(session: Session) -> tuple[Actor, Actor]:
    return make_person(session), make_person(session, "reviewer")


@pytest.fixture
def release(session: Session, actors: tuple[Actor, Actor]) -> Release:
    return make_release(session, actors[0], [SAME, "Autre chose.", SAME, SAME, SAME])


def confirm(session: Session, actor: Actor, segment: Segment, text: str = TEXT, act: str = "") -> repetitions.Spread:
    act = act or operation()
    return repetitions.confirm(session, actor, segment.id, text, seen=segment.version, operation=act)


def places(segments: list[Segment]) -> list[int]:
    return [segment.position for segment in segments]


def test_what_nobody_has_confirmed_gets_the_text_and_says_where_it_came_from(session, actors, release):
    translator, _ = actors
    first, other, *rest = release.segments
    review.save(session, translator, rest[0].id, "A draft", seen=0, operation=operation())
    spread = confirm(session, translator, first)
    assert places(spread.done) == [3, 4, 5]
    assert spread.left == []
    for segment in rest:
        assert (segment.target, segment.state, segment.origin) == (TEXT, "translated", "propagated")
        assert segment.translated_by == translator.id
    assert other.state == "untranslated"
    assert [(row.action, row.target) for row in history_of(session, rest[0].id)] == [
        ("propagate", TEXT),
        ("save", "A draft"),
    ]


def test_what_is_settled_is_left_and_named_with_its_reason(session, actors, release):
    translator, reviewer = actors
    first, _, approved, own, sent_back = release.segments
    for segment, text in ((approved, "Approved text"), (own, "Another text"), (sent_back, "Wrong text")):
        review.save(session, translator, segment.id, text, seen=0, operation=operation(), confirm=True)
    review.approve(session, reviewer, approved.id, seen=1, operation=operation(), acknowledged=True)
    review.send_back(session, reviewer, sent_back.id, seen=1, operation=operation(), reason="No")
    spread = confirm(session, translator, first)
    assert spread.done == []
    assert spread.left == [(3, "is approved"), (4, "has another confirmed text"), (5, "was sent back")]
    assert [segment.target for segment in (approved, own, sent_back)] == ["Approved text", "Another text", "Wrong text"]


def test_what_is_settled_with_the_very_text_stands_in_nobodys_way(session, actors, release):
    translator, reviewer = actors
    first, _, approved, confirmed, sent_back = release.segments
    for segment in (approved, confirmed, sent_back):
        review.save(session, translator, segment.id, TEXT, seen=0, operation=operation(), confirm=True)
    review.approve(session, reviewer, approved.id, seen=1, operation=operation(), acknowledged=True)
    review.send_back(session, reviewer, sent_back.id, seen=1, operation=operation(), reason="No")
    spread = confirm(session, translator, first)
    assert (first.state, spread.done, spread.left) == ("translated", [], [(5, "was sent back")])
    assert [segment.version for segment in release.segments] == [1, 0, 2, 1, 2]


def test_a_confirmed_repetition_follows_only_where_it_had_the_very_text_that_is_changed(session, actors, release):
    translator, _ = actors
    first, _, third, fourth, _ = release.segments
    confirm(session, translator, first)
    review.save(session, translator, fourth.id, "My own way", seen=1, operation=operation(), confirm=True)
    assert (fourth.origin, fourth.match_rate) == ("human", None)  # somebody has made it theirs
    spread = confirm(session, translator, first, "The Council has met.")
    assert places(spread.done) == [3, 5]
    assert spread.left == [(4, "has another confirmed text")]
    assert third.target == "The Council has met."


def test_the_same_act_twice_is_done_once_and_answers_the_same(session, actors, release):
    translator, _ = actors
    first = release.segments[0]
    act = operation()
    spread = repetitions.confirm(session, translator, first.id, TEXT, seen=0, operation=act)
    again = repetitions.confirm(session, translator, first.id, TEXT, seen=0, operation=act)
    assert places(again.done) == places(spread.done) == [3, 4, 5]
    assert [segment.version for segment in release.segments] == [1, 0, 1, 1, 1]


def test_a_confirmation_that_loses_puts_its_text_nowhere(session, actors, release):
    translator, reviewer = actors
    first = release.segments[0]
    review.save(session, reviewer, first.id, "First come", seen=0, operation=operation())
    with pytest.raises(StaleVersion):
        repetitions.confirm(session, translator, first.id, TEXT, seen=0, operation=operation())
    assert [segment.target for segment in release.segments[1:]] == [""] * 4


def test_it_is_taken_back_as_one_act_and_everything_is_as_it_was(session, actors, release):
    translator, _ = actors
    first, _, third, fourth, fifth = release.segments
    review.save(session, translator, fourth.id, "A draft", seen=0, operation=operation())
    third.state, third.target, third.origin, third.match_rate = "pretranslated", "From the memory", "tm", 100
    session.flush()
    act = operation()
    confirm(session, translator, first, act=act)
    undone = repetitions.take_back(session, translator, release.id, act, operation())
    assert places(undone.done) == [3, 4, 5]
    assert (third.state, third.target, third.origin, third.match_rate) == (
        "pretranslated",
        "From the memory",
        "tm",
        100,
    )
    assert (third.translated_by, fourth.state, fourth.target) == (None, "draft", "A draft")
    assert (fifth.state, fifth.target, fifth.origin) == ("untranslated", "", None)
    assert (first.state, first.target) == ("translated", TEXT)


def test_taking_back_leaves_what_somebody_has_changed_since(session, actors, release):
    translator, reviewer = actors
    first, _, third, fourth, _ = release.segments
    act = operation()
    confirm(session, translator, first, act=act)
    review.save(session, reviewer, third.id, "Better", seen=1, operation=operation())
    review.approve(session, reviewer, fourth.id, seen=1, operation=operation(), acknowledged=True)
    undo = operation()
    undone = repetitions.take_back(session, translator, release.id, act, undo)
    assert places(undone.done) == [5]
    assert [position for position, _ in undone.left] == [3, 4]
    assert (third.target, fourth.state) == ("Better", "approved")
    assert places(repetitions.take_back(session, translator, release.id, act, undo).done) == [5]  # sent twice


def test_nobody_takes_back_what_somebody_else_has_confirmed(session, actors, release):
    translator, reviewer = actors
    act = operation()
    confirm(session, translator, release.segments[0], act=act)
    with pytest.raises(WrongState, match="nothing to take back"):
        repetitions.take_back(session, reviewer, release.id, act, operation())


def test_english_that_is_carried_over_is_no_repetition(session, actors):
    translator, _ = actors
    release = make_release(session, translator, [SAME, SAME, "Autre."])
    release.segments[1].language = "en"
    session.flush()
    assert repeats(session, release.id) == {}
    assert others_like(session, release.segments[0]) == []
    assert confirm(session, translator, release.segments[0]).done == []
