"""The acts of people on a segment."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from service.desk import review
from service.errors import Forbidden, StaleVersion, WrongState
from service.storage.releases import Segment, drafts_of, history_of
from tests.factories import make_person, operation
from tm.errors import InputError


def saved(session, actor, segment, words="The Council met.", **more):
    return review.save(session, actor, segment.id, words, seen=segment.version, operation=operation(), **more)


def confirmed(session, actor, segment, words="The Council met."):
    return saved(session, actor, segment, words, confirm=True)


def test_saving_makes_a_draft_and_a_row_of_history(session, translator, segment):
    saved(session, translator, segment)
    assert (segment.state, segment.target, segment.version) == ("draft", "The Council met.", 1)
    assert [(row.version, row.action, row.target) for row in history_of(session, segment.id)] == [
        (1, "save", "The Council met.")
    ]


def test_confirming_makes_it_translated_and_moves_the_release(session, translator, segment, release):
    confirmed(session, translator, segment)
    assert (segment.state, release.state) == ("translated", "in_review")


def test_an_empty_text_cannot_be_confirmed(session, translator, segment):
    with pytest.raises(InputError, match="EMPTY_TARGET"):
        confirmed(session, translator, segment, "  ")


def test_a_control_character_is_refused_with_its_place(session, translator, segment):
    with pytest.raises(InputError, match=r"U\+0000.*character 4"):
        saved(session, translator, segment, "The\0Council")


def test_second_editor_is_told_the_text_has_changed_and_both_texts_are_kept(session, translator, reviewer, segment):
    saved(session, translator, segment, "First.")
    with pytest.raises(StaleVersion) as conflict:
        review.save(session, reviewer, segment.id, "Second.", seen=0, operation=operation())
    assert conflict.value.keep
    assert (conflict.value.theirs.text, conflict.value.theirs.person, conflict.value.mine) == (
        "First.",
        "Tania",
        "Second.",
    )
    assert segment.target == "First."
    lost = [row for row in history_of(session, segment.id) if row.version is None]
    assert [(row.action, row.target, row.person.name) for row in lost] == [("lost", "Second.", "Rémi")]


def test_the_base_of_a_conflict_is_what_the_loser_had_seen(session, translator, reviewer, segment):
    saved(session, translator, segment, "Base.")
    saved(session, translator, segment, "Theirs.")
    with pytest.raises(StaleVersion) as conflict:
        review.save(session, reviewer, segment.id, "Mine.", seen=1, operation=operation())
    assert conflict.value.base.text == "Base."


def test_the_same_operation_twice_is_one_save(session, translator, segment):
    once = operation()
    for _ in range(2):
        review.save(session, translator, segment.id, "The Council met.", seen=0, operation=once)
    assert segment.version == 1
    assert len(history_of(session, segment.id)) == 1


def test_an_operation_that_lost_loses_again_and_is_kept_once(session, translator, reviewer, segment):
    saved(session, translator, segment, "First.")
    once = operation()
    for _ in range(2):
        with pytest.raises(StaleVersion):
            review.save(session, reviewer, segment.id, "Second.", seen=0, operation=once)
    assert len([row for row in history_of(session, segment.id) if row.action == "lost"]) == 1


def test_a_reviewer_approves_what_a_translator_confirmed(session, translator, reviewer, segment):
    confirmed(session, translator, segment)
    review.approve(session, reviewer, segment.id, seen=1, operation=operation())
    assert (segment.state, segment.approved_by, segment.version) == ("approved", reviewer.id, 2)


def test_nobody_approves_their_own_segment(session, reviewer, segment):
    confirmed(session, reviewer, segment)
    with pytest.raises(Forbidden, match="OWN_TEXT"):
        review.approve(session, reviewer, segment.id, seen=1, operation=operation())


def test_who_corrects_a_text_becomes_its_author(session, translator, reviewer, segment):
    confirmed(session, translator, segment)
    confirmed(session, reviewer, segment, "The Council has met.")
    with pytest.raises(Forbidden):
        review.approve(session, reviewer, segment.id, seen=2, operation=operation())


def test_a_translator_may_not_approve(session, translator, segment):
    with pytest.raises(Forbidden):
        review.approve(session, translator, segment.id, seen=0, operation=operation())


def test_an_administrator_may_not_touch_the_text(session, admin, segment):
    with pytest.raises(Forbidden):
        saved(session, admin, segment)


def test_approval_names_what_was_seen(session, translator, reviewer, segment):
    confirmed(session, translator, segment)
    confirmed(session, translator, segment, "Changed since.")
    with pytest.raises(StaleVersion):
        review.approve(session, reviewer, segment.id, seen=1, operation=operation())
    assert segment.state == "translated"


def test_an_approved_segment_is_not_edited(session, translator, reviewer, segment):
    confirmed(session, translator, segment)
    review.approve(session, reviewer, segment.id, seen=1, operation=operation())
    with pytest.raises(WrongState, match="Reopen"):
        saved(session, translator, segment, "Too late.")


def test_sending_back_needs_a_reason_and_keeps_it(session, translator, reviewer, segment):
    confirmed(session, translator, segment)
    with pytest.raises(InputError, match="REASON_MISSING"):
        review.send_back(session, reviewer, segment.id, seen=1, operation=operation(), reason=" ")
    review.send_back(session, reviewer, segment.id, seen=1, operation=operation(), reason="Wrong tense")
    assert (segment.state, segment.reason) == ("rejected", "Wrong tense")
    saved(session, translator, segment, "The Council has met.")
    assert (segment.state, segment.reason) == ("draft", None)


def test_reopening_takes_the_approval_back(session, translator, reviewer, segment, release):
    confirmed(session, translator, segment)
    review.approve(session, reviewer, segment.id, seen=1, operation=operation())
    review.reopen(session, reviewer, segment.id, seen=2, operation=operation(), reason="A name is wrong")
    assert (segment.state, segment.approved_by) == ("draft", None)
    assert history_of(session, segment.id)[0].reason == "A name is wrong"


def test_the_release_is_approved_with_its_last_segment_and_not_before(session, translator, reviewer, release):
    first, second = release.segments
    for segment in (first, second):
        confirmed(session, translator, segment)
    review.approve(session, reviewer, first.id, seen=1, operation=operation())
    assert release.state == "in_review"
    review.approve(session, reviewer, second.id, seen=1, operation=operation())
    assert release.state == "approved"


def test_bulk_approval_says_what_it_left_and_why(session, translator, reviewer, release):
    first, second = release.segments
    confirmed(session, translator, first)
    done = review.approve_all(session, reviewer, release.id)
    assert (done.approved, done.left) == (1, [(2, "is untranslated")])
    confirmed(session, reviewer, second, "It took a decision.")
    done = review.approve_all(session, reviewer, release.id)
    assert (done.approved, done.left) == (0, [(2, "is your own text")])


def test_a_draft_belongs_to_who_typed_it_and_goes_with_the_save(session, translator, reviewer, segment, release):
    review.save_draft(session, translator, segment.id, "The Coun", 0)
    review.save_draft(session, translator, segment.id, "The Council", 0)
    session.flush()
    assert drafts_of(session, reviewer.id, release.id) == {}
    assert drafts_of(session, translator.id, release.id)[segment.id].text == "The Council"
    saved(session, translator, segment)
    session.expire_all()
    assert drafts_of(session, translator.id, release.id) == {}


@pytest.mark.parametrize(
    "values",
    [
        {"state": "approved", "target": "x"},
        {"state": "approved", "target": ""},
        {"state": "rejected", "target": "x"},
        {"state": "translated", "target": ""},
        {"state": "untranslated", "target": "x"},
        {"state": "nearly"},
    ],
)
def test_the_database_refuses_a_state_that_cannot_be(session, segment, values):
    with pytest.raises(IntegrityError):
        session.execute(update(Segment).where(Segment.id == segment.id).values(**values))


def test_the_database_refuses_that_the_translator_approves(session, translator, segment):
    both = {"translated_by": translator.id, "approved_by": translator.id, "state": "approved", "target": "x"}
    with pytest.raises(IntegrityError):
        session.execute(update(Segment).where(Segment.id == segment.id).values(**both))


@pytest.mark.parametrize("statement", ["UPDATE history SET target = 'x'", "DELETE FROM history"])
def test_the_database_refuses_to_rewrite_history(session, translator, segment, statement):
    saved(session, translator, segment)
    with pytest.raises(DBAPIError, match="append only"):
        session.execute(text(statement))


def test_a_rate_stays_what_it_was_and_the_distance_moves(session, translator, segment):
    segment.state, segment.target, segment.origin, segment.match_rate, segment.distance = (
        "pretranslated", "The Council met.", "tm", 101, 0,
    )  # fmt: skip
    session.flush()
    saved(session, translator, segment, "The Council met!")
    assert (segment.origin, segment.match_rate) == ("tm", 101)


def test_somebody_else_may_approve_what_the_memory_filled_in(session, segment):
    segment.state, segment.target, segment.origin, segment.match_rate = "pretranslated", "The Council met.", "tm", 101
    session.flush()
    reviewer = make_person(session, "reviewer")
    review.approve(session, reviewer, segment.id, seen=segment.version, operation=operation())
    assert segment.state == "approved"
