"""Find and replace: what would change, what changes, what is left, and taking it back."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from service.desk import repetitions, replacing, review
from service.desk.patterns import Pattern, applied, changes_in
from service.errors import Forbidden
from service.storage.releases import history_of
from tests.factories import make_person, make_release, operation
from tm.errors import InputError

TEXTS = ("The colour of the flag", "Colours and colour", "Nothing here", "An approved colour")


@pytest.fixture
def people(session: Session):
    return make_person(session), make_person(session, "reviewer")


@pytest.fixture
def release(session: Session, people):
    translator, reviewer = people
    release = make_release(session, translator, [f"Phrase {name}." for name in ("une", "deux", "trois", "quatre")])
    for segment, text in zip(release.segments, TEXTS, strict=True):
        review.save(session, translator, segment.id, text, seen=0, operation=operation(), confirm=True)
    review.approve(session, reviewer, release.segments[3].id, seen=1, operation=operation(), acknowledged=True)
    return release


def seen(release):
    return {segment.id: segment.version for segment in release.segments[:3]}


def test_the_preview_says_what_would_change_and_what_stays(session, people, release):
    found = replacing.preview(session, people[0], release.id, Pattern("colour", "color"))
    assert [(hit.segment.position, len(hit.changes)) for hit in found.hits] == [(1, 1), (2, 2)]
    assert (found.places, found.approved) == (3, [4])
    assert [segment.target for segment in release.segments] == list(TEXTS)


def test_what_was_chosen_is_replaced_and_is_a_draft_again(session, people, release):
    first, second, *_ = release.segments
    spread = replacing.replace(
        session, people[0], release.id, Pattern("colour", "color", case=True), {second.id: 1}, operation()
    )
    assert [segment.position for segment in spread.done] == [2]
    assert (second.target, second.state, second.version) == ("Colours and color", "draft", 2)
    assert first.target == TEXTS[0]
    assert history_of(session, second.id)[0].action == "replace"


def test_what_has_changed_since_or_is_approved_is_left_and_named(session, people, release):
    translator, reviewer = people
    first, _, _, approved = release.segments
    versions = seen(release) | {approved.id: 2}
    review.save(session, reviewer, first.id, "Another colour", seen=1, operation=operation())
    spread = replacing.replace(session, translator, release.id, Pattern("colour", "hue"), versions, operation())
    assert [segment.position for segment in spread.done] == [2]
    assert spread.left == [
        (1, "somebody has changed it since"),
        (3, "somebody has changed it since"),
        (4, "is approved"),
    ]
    assert (first.target, approved.target) == ("Another colour", TEXTS[3])


def test_the_same_act_twice_is_done_once_and_it_is_taken_back_as_one(session, people, release):
    translator, _ = people
    act, versions, pattern = operation(), seen(release), Pattern("colour", "hue")
    for _ in range(2):
        spread = replacing.replace(session, translator, release.id, pattern, versions, act)
        assert [segment.position for segment in spread.done] == [1, 2]
    assert release.segments[0].version == 2
    undone = repetitions.take_back(session, translator, release.id, act, operation())
    assert [segment.position for segment in undone.done] == [1, 2]
    assert [(segment.target, segment.state) for segment in release.segments[:2]] == [
        (TEXTS[0], "translated"),
        (TEXTS[1], "translated"),
    ]


def test_a_text_that_was_sent_back_is_sent_back_again_when_it_is_taken_back(session, people, release):
    translator, reviewer = people
    first = release.segments[0]
    review.send_back(session, reviewer, first.id, seen=1, operation=operation(), reason="House style")
    act = operation()
    replacing.replace(session, translator, release.id, Pattern("colour", "color"), {first.id: 2}, act)
    assert (first.state, first.reason) == ("draft", None)
    repetitions.take_back(session, translator, release.id, act, operation())
    assert (first.state, first.reason) == ("rejected", "House style")


def test_who_may_not_edit_may_not_look_either(session, release):
    with pytest.raises(Forbidden):
        replacing.preview(session, make_person(session, "admin"), release.id, Pattern("colour"))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (Pattern("a.c", "x"), "abc a.c", "abc x"),
        (Pattern("a.c", "x", expression=True), "abc a.c", "x x"),
        (Pattern("NATO", "the Alliance"), "nato and Nato", "the Alliance and the Alliance"),
        (Pattern("NATO", "the Alliance", case=True), "nato and NATO", "nato and the Alliance"),
        (Pattern("art", "text", whole=True), "art party", "text party"),
        (Pattern(r"(\d+) (March)", r"\2 \1", expression=True), "12 March 2009", "March 12 2009"),
        (Pattern(r"x*", "y", expression=True), "axb", "ayb"),  # what matches nothing changes nothing
        (Pattern(r"\d", r"\1"), r"a\d", r"a\1"),
        (Pattern("é", "e"), "été", "ete"),
    ],
)
def test_patterns_do_what_they_say(pattern, text, expected):
    assert applied(text, changes_in(pattern)(text)) == expected


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        (Pattern(""), "PATTERN_EMPTY"),
        (Pattern("x" * 501), "PATTERN_TOO_LONG"),
        (Pattern("(", expression=True), "PATTERN_INVALID"),
        (Pattern("a", r"\7", expression=True), "PATTERN_INVALID"),
        (Pattern(r"(a|aa|a?a)+$", expression=True), "PATTERN_SLOW"),
    ],
)
def test_a_bad_pattern_says_what_is_wrong_and_ends_in_time(pattern, code):
    with pytest.raises(InputError) as refused:
        changes_in(pattern)("a" * 5000 + "b")
    assert refused.value.code == code


def test_nothing_chosen_is_refused(session, people, release):
    with pytest.raises(InputError, match="Choose between"):
        replacing.replace(session, people[0], release.id, Pattern("colour"), {}, operation())
