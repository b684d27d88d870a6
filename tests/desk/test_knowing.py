"""Documents are aligned with what the memory knew when they were handed in, and without it where it is not whole."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import update

from service.desk import generations, jobs, knowing, learn
from service.errors import Transient
from service.storage.alignments import beads_of, get_pair
from service.storage.runs import Run
from tests.desk.aligned import align, submit
from tests.desk.aligned import beads as beads_by_hand
from tests.engine.pairs import pairs
from tm.align import align as align_documents
from tm.align.knowledge import opened
from tm.documents.registry import read
from tm.match.generation.folders import numbers
from tm.store.base import now
from tm.store.writing import add_pairs
from tm.types import Pair, Provenance

KNOWN = pairs(400)
FRENCH = "\n\n".join(" ".join(french for french, _ in KNOWN[at : at + 4]) for at in (0, 4, 8))
ENGLISH = "\n\n".join(" ".join(english for _, english in KNOWN[at : at + 4]) for at in (0, 4, 8))


def teach(sessions, first, last):
    with sessions.write() as session:
        said = [Pair(*pair, Provenance("Communiqués", at, "approved")) for at, pair in enumerate(KNOWN[first:last])]
        add_pairs(session, said, kind="tmx", label="Communiqués", document_key=f"from {first}")
        session.commit()


def build(sessions, settings, *, anew=False):
    with sessions.read() as session:
        built = generations.make(session, settings, anew=anew)
    with sessions.write() as session:
        generations.keep(session, settings, built)
        session.commit()
    return built.path


def expected(lexicon):
    """What the engine says of these texts with a lexicon, or without."""
    source, target = (read(text.encode(), filename="a.txt") for text in (FRENCH, ENGLISH))
    return [(bead.source, bead.target, bead.confidence) for bead in align_documents(source, target, knowledge=lexicon)]


def found(session, pair):
    return [(tuple(one.source), tuple(one.target), one.confidence) for one in beads_of(session, pair.id)]


@pytest.mark.backends("sqlite")
def test_a_pair_is_aligned_with_the_lexicon_that_was_the_newest_when_it_was_handed_in(
    sessions, session, editor, settings, apart
):
    session.commit()
    teach(sessions, 0, 200)
    first = build(sessions, settings)
    alone, taught = expected(None), expected(opened(first / "lexicon"))
    assert taught != alone
    pair = submit(session, editor, settings, FRENCH, ENGLISH)
    session.commit()

    # the memory learns more, and becomes three generations older; the one that is waited for stays
    teach(sessions, 200, 400)
    later = [build(sessions, settings, anew=at == 0) for at in range(3)]
    assert expected(opened(later[-1] / "lexicon")) not in (taught, alone)
    assert numbers(first.parent) == [1, 3, 4]
    aligned = align(session, pair, settings, apart)
    assert found(session, aligned) == taught
    session.commit()

    # when nobody waits for it any more it goes
    assert knowing.needed(session) == set()
    session.rollback()
    build(sessions, settings)
    assert numbers(first.parent) == [4, 5]


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize("harm", ["damaged", "missing"])
def test_a_lexicon_that_is_not_whole_teaches_nothing_and_stops_nothing(
    sessions, session, editor, settings, apart, harm
):
    session.commit()
    teach(sessions, 0, 200)
    lexicon = build(sessions, settings) / "lexicon"
    if harm == "missing":
        shutil.rmtree(lexicon)
    else:
        (lexicon / "keys.npy").write_bytes(b"\0" * 200)
    pair = align(session, submit(session, editor, settings, FRENCH, ENGLISH), settings, apart)
    assert found(session, pair) == expected(None)
    assert knowing.knowledge(session, settings) is None
    counts, beads = learn.add_pair(
        session, editor, ("b.txt", FRENCH.encode()), ("b.txt", ENGLISH.encode()), settings=settings
    )
    assert (beads, counts.left_out) == (len(found(session, pair)), 0)


@pytest.mark.backends("sqlite")
def test_a_process_apart_that_dies_is_no_fault_of_the_files_unless_it_dies_each_time(session, editor, settings, apart):
    pair = submit(session, editor, settings)
    run = session.query(Run).filter_by(subject=pair.id).one()
    assert attempt_with_a_dead_child(session, pair, settings, apart) == "put off"
    session.execute(update(Run).values(run_after=now() - timedelta(seconds=1)))
    assert align(session, pair, settings, apart).state == "done"
    assert len(beads_by_hand(session, pair)) == 5

    other = submit(session, editor, settings, FRENCH, ENGLISH)
    run = session.query(Run).filter_by(subject=other.id).one()
    ends = [attempt_with_a_dead_child(session, other, settings, apart) for _ in range(4)]
    assert ends == ["put off", "put off", "put off", "failed"]
    assert (other.code, other.reason) == ("READ_FAILED", "The process that read this ended before it was done.")
    assert run.state == "done"


def attempt_with_a_dead_child(session, pair, settings, apart):
    """One attempt of a worker whose process apart is killed at work; how it ended."""
    apart.page(b"Bonjour.\n", side={"filename": "a.txt"})  # it runs
    apart._child.kill()
    apart._child.wait()
    session.execute(update(Run).values(run_after=now() - timedelta(seconds=1)))
    try:
        align(session, pair, settings, apart)
    except Transient as error:
        run = session.query(Run).filter_by(subject=pair.id, state="running").one()
        session.refresh(run)
        claim = jobs.Claim(run.id, run.kind, run.subject, run.attempt, run.requested_by)
        jobs.put_off(session, claim, settings, error.message)
        return "put off"
    session.expire_all()
    return get_pair(session, pair.id).state
