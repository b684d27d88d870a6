"""What enters the memory, and what a refresh writes down."""

import textwrap

import pytest
from sqlalchemy import func, select

from service.desk import evaluate, jobs, learn, memory, publish, refresh, review
from service.errors import Forbidden
from service.storage.runs import refreshes
from tests.factories import make_release, make_unit, operation
from tm.errors import InputError
from tm.store.memory import Memory, Query, Wanted, statistics
from tm.store.units import Occurrence, Unit
from tm.store.writing import add_pairs
from tm.types import Pair, Provenance

FRENCH = textwrap.dedent(
    """\
    Réunion du Conseil à Bruxelles

    Le Conseil de l’Atlantique Nord s’est réuni à Bruxelles le 12 mars 2019. Il a pris trois décisions importantes.

    Les ministres se retrouveront au mois de juin prochain.
    """
)
ENGLISH = textwrap.dedent(
    """\
    Council meeting in Brussels

    The North Atlantic Council met in Brussels on 12 March 2019. It took three important decisions.

    Ministers will meet again next June.
    """
)


def add_files(session, editor, settings, french=FRENCH, english=ENGLISH):
    return learn.add_pair(
        session, editor, ("a.fr.txt", french.encode()), ("a.en.txt", english.encode()), settings=settings
    )


def published_release(session, translator, reviewer, editor, settings):
    release = make_release(session, translator)
    for segment, target in zip(release.segments, ("The Council met.", "It took a decision."), strict=True):
        review.save(session, translator, segment.id, target, seen=0, operation=operation(), confirm=True)
        review.approve(session, reviewer, segment.id, seen=1, operation=operation())
    publish.publish(session, editor, release.id, settings=settings)
    return release


def test_a_pair_of_files_enters_with_neighbours_and_provenance(session, editor, settings):
    counts, beads = add_files(session, editor, settings)
    assert (counts.added, beads) == (4, 4)
    middle = session.scalars(select(Occurrence).where(Occurrence.position == 2)).one()
    assert middle.document == "Réunion du Conseil à Bruxelles"
    assert middle.origin == "aligned"
    assert middle.previous_key
    assert middle.next_key
    assert middle.person == editor.name


def test_the_same_pair_twice_adds_nothing(session, editor, settings):
    add_files(session, editor, settings)
    counts, _ = add_files(session, editor, settings)
    assert (counts.added, counts.seen_again) == (0, 4)
    assert statistics(session)["occurrences"] == 4


def test_aligned_matches_carry_a_penalty_that_is_shown_apart(session, editor, settings):
    add_files(session, editor, settings)
    query = Query("Les ministres se retrouveront au mois de juin prochain.")
    match = Memory().lookup(session, [query], Wanted(limit=1))[0][0]
    assert (match.base_rate, match.rate, [penalty.code for penalty in match.penalties]) == (100, 99, ["aligned"])


def test_swapped_files_are_refused_and_nothing_enters(session, editor, settings):
    with pytest.raises(InputError):
        add_files(session, editor, settings, ENGLISH, FRENCH)
    assert statistics(session)["units"] == 0


def test_a_translator_does_not_import(session, translator, settings):
    with pytest.raises(Forbidden):
        add_files(session, translator, settings)


def test_a_publication_enters_as_approved_once(session, translator, reviewer, editor, settings):
    release = published_release(session, translator, reviewer, editor, settings)
    assert learn.learn_release(session, release.id).added == 2
    assert learn.learn_release(session, release.id).added == 0
    assert set(session.scalars(select(Unit.origin))) == {"approved"}


def test_approval_outweighs_how_a_unit_first_came_in(session):
    for origin, document in (("aligned", "a"), ("approved", "b")):
        seen = Provenance(document=document, position=1, origin=origin)
        add_pairs(session, [Pair("Oui.", "Yes.", seen)], kind="pair", label=document, document_key=document)
    unit = session.scalars(select(Unit)).one()
    assert unit.origin == "approved"
    assert session.scalar(select(func.count()).select_from(Occurrence)) == 2


def test_a_new_text_at_the_same_place_supersedes_and_deletes_nothing(session):
    for target in ("Yes.", "Yes indeed."):
        seen = Provenance(document="r", position=1, origin="approved")
        add_pairs(session, [Pair("Oui.", target, seen)], kind="publication", label="r", document_key="r")
    session.expire_all()
    assert dict(session.execute(select(Unit.target, Unit.status)).all()) == {
        "Yes.": "superseded",
        "Yes indeed.": "active",
    }


def test_a_refresh_learns_what_was_missed_and_says_what_it_changed(session, translator, reviewer, editor, settings):
    published_release(session, translator, reviewer, editor, settings)
    for _ in range(2):
        run = jobs.start_refresh(session, editor)
        claim = jobs.claim(session, run.id, settings)
        refresh.refresh(session, claim)
        jobs.finish(session, claim)
    second, first = refreshes(session)
    assert (first.added, first.units, first.trigger, len(first.releases)) == (2, 2, "person", 1)
    assert (second.added, second.seen_again, second.releases) == (0, 0, [])


def test_rebuilding_mends_keys_that_are_out_of_date(session, editor):
    make_unit(session, "Le Conseil s’est réuni.", "The Council met.")
    unit = session.scalars(select(Unit)).one()
    right, unit.source_key = unit.source_key, "0" * 16
    session.flush()
    assert memory.rebuild(session, editor) == 1
    session.expire_all()
    assert session.scalars(select(Unit)).one().source_key == right
    assert memory.rebuild(session, editor) == 0


def test_concordance_marks_the_phrase_on_the_side_that_was_searched(session, translator):
    make_unit(session, "La planification de défense progresse.", "Defence planning is making progress.")
    found = memory.concordance(session, translator, Memory(), "Planification de défense", "fr").passages[0]
    span = found.source_spans[0]
    assert found.source[span.start : span.end] == "planification de défense"
    assert found.target_spans == ()
    assert memory.concordance(session, translator, Memory(), "defence plan", "en").passages[0].target_spans


def test_scores_stand_by_band():
    bands = evaluate.bands_of(
        [("The Council met.", "The Council met.", 101), ("It decided to act.", "It decided.", 80), ("New.", None, None)]
    )
    by_name = {band["band"]: band for band in bands}
    assert list(by_name) == ["101", "75–84", "all with a match", "no match"]
    assert (by_name["101"]["bleu"], by_name["101"]["ter"]) == (100.0, 0.0)
    assert by_name["75–84"]["chrf"] < 100
    assert by_name["no match"] == {"band": "no match", "segments": 1, "bleu": None, "chrf": None, "ter": None}
