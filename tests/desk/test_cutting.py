"""A segment split in two, or merged with the next: nothing typed is lost, and the source is rebuilt to the byte."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from service.desk import comments, cutting, jobs, projects, propose, publish, review, segmentation
from service.errors import SegmentMerged, StaleVersion, WrongState
from service.storage.comments import threads_on
from service.storage.proposals import sets_for
from service.storage.releases import WITH_MERGED, Block, Draft, Segment, draft_of, get_segment, history_of
from tests.factories import make_release, make_unit, operation
from tm.errors import InputError
from tm.store.memory import Memory

SOURCE = "M. Morin a salué S.E.  l’ambassadeur. Il est reparti."


@pytest.fixture
def release(session, translator):
    return make_release(session, translator, [SOURCE, "Fin.", SOURCE])


def cut(session, actor, segment, at, **more):
    made = cutting.split(session, actor, segment.id, at=at, seen=segment.version, operation=operation(), **more)
    session.expire_all()
    return made.segments


def merge(session, actor, first, second, **more):
    known = {"seen": first.version, "following_seen": second.version, "operation": operation()}
    made = cutting.merge(session, actor, first.id, following=second.id, **(known | more))
    session.expire_all()
    return made


def save(session, actor, segment, text, *, confirm=False):
    review.save(session, actor, segment.id, text, seen=segment.version, operation=operation(), confirm=confirm)


def whole(session, release):
    """The French as the segments and what stands between them give it."""
    session.expire_all()
    return publish.content_of(session, release).text("fr")


def positions(session, release):
    session.expire_all()
    return [(one.position, one.source) for one in release.segments]


def test_a_segment_is_split_where_one_says_and_what_follows_moves_on(session, translator, release):
    before, segment = whole(session, release), release.segments[0]
    save(session, translator, segment, "Mr Morin greeted His Excellency. He has left.")
    first, second = cut(session, translator, segment, SOURCE.index(" Il "))
    assert positions(session, release) == [
        (1, "M. Morin a salué S.E.  l’ambassadeur."),
        (2, "Il est reparti."),
        (3, "Fin."),
        (4, SOURCE),
    ]
    assert (first.target, first.state) == ("Mr Morin greeted His Excellency. He has left.", "draft")
    assert (second.target, second.state, second.version) == ("", "untranslated", 1)
    assert whole(session, release) == before
    assert [row.action for row in history_of(session, second.id)] == ["split"]


def test_the_translation_is_split_as_well_where_one_says(session, translator, release):
    segment = release.segments[0]
    save(session, translator, segment, "Mr Morin greeted him. He has left.", confirm=True)
    first, second = cut(session, translator, segment, SOURCE.index("Il "), target_at=21)
    assert (first.target, second.target) == ("Mr Morin greeted him.", "He has left.")
    assert (first.state, second.state) == ("draft", "draft")


@pytest.mark.parametrize("at", [0, 9_999, len(SOURCE)])
def test_no_part_is_empty(session, translator, release, at):
    with pytest.raises(InputError) as refused:
        cut(session, translator, release.segments[0], at)
    assert refused.value.code == "CUT_OUTSIDE"


def test_merging_gives_the_whole_back_with_the_very_white_space(session, translator, release):
    before, segment = whole(session, release), release.segments[0]
    first, second = cut(session, translator, segment, SOURCE.index("l’amb"))
    save(session, translator, first, "Mr Morin greeted H.E.")
    save(session, translator, second, "the ambassador. He has left.", confirm=True)
    merge(session, translator, first, second)
    assert positions(session, release) == [(1, SOURCE), (2, "Fin."), (3, SOURCE)]
    assert (segment.target, segment.state) == ("Mr Morin greeted H.E. the ambassador. He has left.", "draft")
    assert segment.source_key == release.segments[2].source_key
    assert whole(session, release) == before
    texts = {row.target for row in history_of(session, segment.id)}
    assert {"Mr Morin greeted H.E.", "the ambassador. He has left."} <= texts  # of both segments
    with pytest.raises(SegmentMerged) as merged:
        get_segment(session, second.id)
    assert (merged.value.into, merged.value.position) == (segment.id, 1)


def test_a_text_for_a_segment_that_gave_way_is_kept_with_the_one_that_has_its_source(session, translator, release):
    first, second = cut(session, translator, release.segments[0], SOURCE.index("Il "))
    merge(session, translator, first, second)
    with pytest.raises(SegmentMerged):
        review.save(session, translator, second.id, "He has gone.", seen=1, operation=operation(), confirm=True)
    assert "He has gone." in {row.target for row in history_of(session, first.id)}


def test_what_others_have_typed_and_said_goes_with_the_text(session, translator, reviewer, release):
    first, second = cut(session, translator, release.segments[0], SOURCE.index("Il "))
    save(session, translator, first, "Mr Morin greeted him.")
    review.save_draft(session, reviewer, second.id, "He left.", 1)
    comments.say(session, reviewer, second.id, "who?")
    merge(session, translator, first, second)
    assert draft_of(session, reviewer.id, first.id).text == "Mr Morin greeted him. He left."
    assert session.scalars(select(Draft)).all() == [draft_of(session, reviewer.id, first.id)]
    assert [thread[0].text for thread in threads_on(session, first.id)] == ["who?"]


def test_three_become_one_and_the_middle_is_still_found(session, translator, release):
    first, third = cut(session, translator, release.segments[0], SOURCE.index("Il "))
    _, second = cut(session, translator, first, SOURCE.index("S.E."))
    merge(session, translator, second, third)
    merge(session, translator, first, second)
    for gone in (second, third):
        with pytest.raises(SegmentMerged) as merged:
            get_segment(session, gone.id)
        assert merged.value.into == first.id
    places = session.scalars(select(Segment.position), execution_options=WITH_MERGED).all()
    assert sorted(places) == [-2, -1, 1, 2, 3]


def test_what_is_approved_or_elsewhere_is_left_alone(session, translator, reviewer, release):
    first, second = cut(session, translator, release.segments[0], SOURCE.index("Il "))
    with pytest.raises(WrongState) as refused:
        merge(session, translator, second, release.segments[2])
    assert refused.value.code == "CUT_BLOCK"
    save(session, translator, second, "He has left.", confirm=True)
    review.approve(session, reviewer, second.id, seen=second.version, operation=operation())
    with pytest.raises(WrongState):
        merge(session, translator, first, second)
    with pytest.raises(WrongState):
        cut(session, translator, second, 5)


def test_whoever_saw_an_older_text_is_told(session, translator, reviewer, release):
    first, second = cut(session, translator, release.segments[0], SOURCE.index("Il "))
    save(session, reviewer, second, "He has left.")
    for old in ({"following_seen": 1}, {"seen": 0}):
        with pytest.raises(StaleVersion):
            merge(session, translator, first, second, **old)
        session.commit()  # as the door does
        session.expire_all()
        assert (first.source, second.source, second.merged_into) == (SOURCE[:37], "Il est reparti.", None)


def test_a_repeated_act_is_done_once(session, translator, release):
    segment, same = release.segments[0], operation()
    for _ in range(2):
        made = cutting.split(session, translator, segment.id, at=SOURCE.index("Il "), seen=0, operation=same)
    first, second = made.segments
    same = operation()
    for _ in range(2):
        cutting.merge(session, translator, first.id, following=second.id, seen=1, following_seen=1, operation=same)
    assert len(positions(session, release)) == 3


def test_the_new_segments_get_proposals_of_their_own_and_the_others_keep_theirs(session, translator, release, settings):
    make_unit(session, "Il est reparti.", "He has left.")
    work(session, jobs.enqueue(session, "propose", release.id), settings)
    others = {one.id: sets_for(session, [one.id])[one.id].run_id for one in release.segments[1:]}
    first, second = cut(session, translator, release.segments[0], SOURCE.index("Il "))
    for one in (first, second):
        work(session, jobs.enqueue(session, "propose-segment", one.id), settings)
    assert (second.target, second.state, second.match_rate) == ("He has left.", "pretranslated", 100)
    assert {one.id: sets_for(session, [one.id])[one.id].run_id for one in release.segments[2:]} == others


def work(session, run, settings):
    claim = jobs.claim(session, run.id, settings)
    while found := propose.look(session, claim, Memory(), settings):
        propose.keep(session, claim, found, settings)
    session.flush()
    session.expire_all()


def test_a_worker_that_looked_before_the_cut_writes_nothing_for_it(session, translator, release, settings):
    make_unit(session, SOURCE, "Mr Morin greeted him. He has left.")
    claim = jobs.claim(session, jobs.enqueue(session, "propose", release.id).id, settings)
    found = propose.look(session, claim, Memory(), settings)
    first, second = cut(session, translator, release.segments[0], SOURCE.index("Il "))
    propose.keep(session, claim, found, settings)
    assert sets_for(session, [first.id, second.id]) == {}
    assert first.state == second.state == "untranslated"


def test_a_merge_may_become_a_rule_of_the_project(session, editor, translator, release):
    project = projects.add_project(session, editor, "visites", "Visites")
    release.project = project.number
    first, second = cut(session, editor, release.segments[0], SOURCE.index("l’amb"))
    made = merge(session, editor, first, second)
    assert made.never_after == "S.E."
    segmentation.never_after_in(session, editor, first.id, made.never_after)
    _, rules = segmentation.see(session, editor, project.number)
    assert rules["fr"][0].never == ("S.E.",)


def test_english_in_the_source_is_cut_in_both_columns(session, translator):
    release = make_release(session, translator, ["The Alliance. The partners."])
    segment = release.segments[0]
    segment.language = "en"
    save(session, translator, segment, segment.source)
    segment.origin = "carried-over"
    first, second = cut(session, translator, segment, 13)
    assert [(one.source, one.target, one.carried_over) for one in (first, second)] == [
        ("The Alliance.", "The Alliance.", True),
        ("The partners.", "The partners.", True),
    ]
    assert session.get_one(Block, segment.block_id).text == "The Alliance. The partners."
