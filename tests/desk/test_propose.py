"""What the memory proposes, and that it is kept exactly once."""

import pytest
from sqlalchemy import func, select

from service.desk import jobs, propose
from service.storage.proposals import Proposal, ProposalSet, sets_for
from service.storage.releases import history_of
from tests.factories import make_release, make_unit
from tm.store.memory import Memory

SOURCES = (
    "Le Conseil s’est réuni à Bruxelles.",
    "Les ministres de la Défense se réuniront à Bruxelles le 12 mars 2024.",
    "Cette phrase ne ressemble à rien de connu dans la mémoire, sauf la planification de défense.",
)


@pytest.fixture
def filled(session):
    make_unit(session, SOURCES[0], "The Council met in Brussels.", document="Archives")
    make_unit(
        session,
        "Les ministres de la Défense se réuniront à Bruxelles le 14 juin 2023.",
        "Defence ministers will meet in Brussels on 14 June 2023.",
    )
    make_unit(session, "Elle relève de la planification de défense.", "It is a matter of defence planning.")


@pytest.fixture
def release(session, translator):
    return make_release(session, translator, SOURCES, state="ingested")


def claimed(session, release, settings):
    run = jobs.enqueue(session, "propose", release.id)
    return jobs.claim(session, run.id, settings)


def work_through(session, claim, settings, memory=None):
    while found := propose.look(session, claim, memory or Memory(), settings):
        progress = propose.keep(session, claim, found, settings)
    propose.conclude(session, claim)
    session.flush()
    session.expire_all()
    return progress


def test_the_best_match_comes_first_with_rate_difference_and_provenance(session, filled, release, settings):
    progress = work_through(session, claimed(session, release, settings), settings)
    assert (progress.done, progress.total, release.state) == (3, 3, "proposed")
    first, second, _ = (sets_for(session, [segment.id])[segment.id] for segment in release.segments)
    assert [(made.rate, made.target) for made in first.proposals] == [(100, "The Council met in Brussels.")]
    assert first.proposals[0].provenance["document"] == "Archives"
    dated = second.proposals[0]
    assert (dated.rate, dated.origin) == (98, "tm-localised")
    assert dated.target == "Defence ministers will meet in Brussels on 12 March 2024."
    assert dated.raw_target == "Defence ministers will meet in Brussels on 14 June 2023."
    changed = [step for step in dated.difference if step["kind"] != "equal"]
    assert "".join(step["query"] for step in dated.difference) == SOURCES[1]
    assert changed


def test_a_segment_without_a_match_says_so_and_shows_what_concordance_found(session, filled, release, settings):
    work_through(session, claimed(session, release, settings), settings)
    made = sets_for(session, [release.segments[2].id])[release.segments[2].id]
    assert made.proposals == []
    assert any("planification de défense" in known["fragment"] for known in made.fragments)
    assert made.fragments[0]["passage"]["target"] == "It is a matter of defence planning."


def test_a_full_match_fills_an_untouched_segment_and_a_lesser_one_does_not(session, filled, release, settings):
    work_through(session, claimed(session, release, settings), settings)
    assert [(s.state, s.origin, s.match_rate) for s in release.segments] == [
        ("pretranslated", "tm", 100),
        ("untranslated", None, None),
        ("untranslated", None, None),
    ]
    assert [row.action for row in history_of(session, release.segments[0].id)] == ["pretranslate"]


def test_what_somebody_has_typed_is_never_overwritten(session, filled, release, settings):
    release.segments[0].target, release.segments[0].state = "My own words.", "draft"
    session.flush()
    work_through(session, claimed(session, release, settings), settings)
    assert (release.segments[0].target, release.segments[0].state) == ("My own words.", "draft")


def test_english_in_the_source_is_carried_over_and_marked(session, translator, settings):
    release = make_release(session, translator, ("Left to right: the two ministers in Brussels",), state="ingested")
    release.segments[0].language = "en"
    session.flush()
    work_through(session, claimed(session, release, settings), settings)
    segment = release.segments[0]
    assert (segment.target, segment.state, segment.origin) == (segment.source, "pretranslated", "carried-over")


def test_proposing_again_replaces_the_sets_and_doubles_none(session, filled, release, settings):
    first = claimed(session, release, settings)
    work_through(session, first, settings)
    jobs.finish(session, first)
    make_unit(session, SOURCES[2], "This sentence resembles nothing known.")
    work_through(session, claimed(session, release, settings), settings)
    assert session.scalar(select(func.count()).select_from(ProposalSet)) == 3
    rates = session.execute(select(Proposal.rate).where(Proposal.segment_id == release.segments[2].id)).scalars().all()
    assert rates == [100]


def test_neighbours_and_role_make_101_and_102(session, translator, release, settings):
    from tm.store.writing import add_pairs
    from tm.text.normalise import fingerprint
    from tm.types import Context, Pair, Provenance

    keys = ["", *(fingerprint(source) for source in SOURCES), ""]
    pairs = [
        Pair(
            source,
            f"English {index}.",
            Provenance("Same release", index, "approved", context=Context(keys[index], keys[index + 2], "paragraph")),
        )
        for index, source in enumerate(SOURCES)
    ]
    add_pairs(session, pairs, kind="publication", label="Same release", document_key="r0")
    work_through(session, claimed(session, release, settings), settings)
    assert [segment.match_rate for segment in release.segments] == [102, 102, 102]
    other = make_release(session, translator, SOURCES, state="ingested", role="list-item")
    work_through(session, claimed(session, other, settings), settings)
    assert [segment.match_rate for segment in other.segments] == [101, 101, 101]


def test_a_unit_is_found_as_soon_as_it_is_committed(sessions, settings):
    memory = Memory()
    with sessions.write() as session:
        make_unit(session, SOURCES[0], "The Council met in Brussels.")
        session.commit()
    from tm.store.memory import Query, Wanted

    with sessions.read() as session:
        assert memory.lookup(session, [Query(SOURCES[0])], Wanted(70, 3))[0][0].rate == 100
    with sessions.write() as session:
        make_unit(session, SOURCES[1], "Defence ministers will meet.")
        session.commit()
    with sessions.read() as session:
        assert memory.lookup(session, [Query(SOURCES[1])], Wanted(70, 3))[0][0].rate == 100
