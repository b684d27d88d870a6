"""One act on many segments: foreseen, done, and of each that is left, why."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from service.desk import bulk, review
from service.desk.bulk import Bulk
from service.errors import Forbidden
from service.storage.proposals import Proposal, ProposalSet
from service.storage.runs import Run
from tests.factories import make_person, make_release, make_unit, operation
from tm.errors import InputError
from tm.store.units import Unit


@pytest.fixture
def people(session: Session):
    return make_person(session), make_person(session, "reviewer")


@pytest.fixture
def release(session: Session, people):
    """Confirmed by the translator, confirmed by the reviewer, a draft, untouched."""
    translator, reviewer = people
    release = make_release(session, translator, [f"Phrase {name}." for name in ("une", "deux", "trois", "quatre")])
    one, two, three, _ = release.segments
    review.save(session, translator, one.id, "One", seen=0, operation=operation(), confirm=True)
    review.save(session, reviewer, two.id, "Two", seen=0, operation=operation(), confirm=True)
    review.save(session, translator, three.id, "Three", seen=0, operation=operation())
    return release


def seen(release):
    return {segment.id: segment.version for segment in release.segments}


def places(spread):
    return [segment.position for segment in spread.done]


def test_what_it_would_do_is_said_and_nothing_is_changed(session, people, release):
    foreseen = bulk.foresee(session, people[1], release.id, Bulk("approve", acknowledged=True), seen(release))
    assert places(foreseen) == [1]
    assert foreseen.left == [(2, "is your own text"), (3, "is draft"), (4, "is untranslated")]
    assert [segment.state for segment in release.segments] == ["translated", "translated", "draft", "untranslated"]


def test_it_does_what_it_said_and_a_repeated_act_is_done_once(session, people, release):
    act, versions = operation(), seen(release)
    for _ in range(2):
        done = bulk.do(session, people[1], release.id, Bulk("approve", acknowledged=True), versions, act)
        assert places(done) == [1]
        assert done.left == [(2, "is your own text"), (3, "is draft"), (4, "is untranslated")]
    assert (release.segments[0].state, release.segments[0].version) == ("approved", 2)


def test_what_has_changed_since_it_was_shown_is_left(session, people, release):
    versions = seen(release)
    review.save(session, people[0], release.segments[0].id, "Other", seen=1, operation=operation(), confirm=True)
    done = bulk.do(session, people[1], release.id, Bulk("approve", acknowledged=True), versions, operation())
    assert (1, "somebody has changed it since") in done.left
    assert release.segments[0].state == "translated"


def test_confirming_takes_texts_as_they_stand(session, people, release):
    done = bulk.do(session, people[0], release.id, Bulk("confirm"), seen(release), operation())
    assert places(done) == [3]
    assert done.left == [(1, "is confirmed"), (2, "is confirmed"), (4, "has no text")]


def test_sending_back_needs_a_reason_and_gives_it_to_each(session, people, release):
    left = bulk.do(session, people[1], release.id, Bulk("send-back"), seen(release), operation()).left
    assert (1, "A reason is needed.") in left
    done = bulk.do(session, people[1], release.id, Bulk("send-back", "House style"), seen(release), operation())
    assert places(done) == [1, 2]
    assert release.segments[0].reason == "House style"


def test_matches_go_in_from_a_rate_and_only_where_there_is_no_text(session, people, release):
    make_unit(session, "Phrase 4.", "Sentence 4.")
    run = Run(kind="propose", subject=release.id, requested_by=people[0].id)
    session.add(run)
    session.flush()
    unit = session.query(Unit).one()
    for segment in release.segments[2:]:
        made = ProposalSet(segment_id=segment.id, run_id=run.id, attempt=1)
        values = {"unit_id": unit.id, "source": unit.source, "raw_target": unit.target, "difference": []}
        made.proposals = [Proposal(rank=1, origin="tm", target=unit.target, base_rate=97, rate=97, **values)]
        session.add(made)
    session.flush()
    assert bulk.foresee(session, people[0], release.id, Bulk("insert", least=98), seen(release)).done == []
    done = bulk.do(session, people[0], release.id, Bulk("insert", least=95), seen(release), operation())
    assert places(done) == [4]
    last = release.segments[3]
    assert (last.target, last.state, last.origin, last.match_rate) == ("Sentence 4.", "draft", "tm", 97)


def test_rights_are_those_of_the_single_act(session, people, release):
    with pytest.raises(Forbidden):
        bulk.do(session, people[0], release.id, Bulk("approve", acknowledged=True), seen(release), operation())
    with pytest.raises(InputError):
        bulk.do(session, people[0], release.id, Bulk("confirm"), {}, operation())
