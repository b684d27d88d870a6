"""Pages of a watched source have beads like handed-in files; what people settle stays while its texts stay."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from service.desk import alignments, bead_review, people, units, watching
from service.desk.beads import Row, Texts
from service.desk.visits import counts_of
from service.storage.alignments import Bead, FilePair, beads_of, segments_of
from tests.desk.aligned import bead, memory_of, seen
from tests.parts.visitor import Visitor
from tests.parts.website import story
from tm.store.units import Import, Unit


@pytest.fixture
def settings(database_url, broker_url, make_settings, tmp_path):
    """A folder is open to sources, and no bead is certain enough to enter the memory by itself."""
    (tmp_path / "watched").mkdir()
    watched = str(tmp_path / "watched")
    more = {"sources_folder": watched, "align_accept_from": 100, "align_hold_below": 0}
    return make_settings(database_url=database_url, redis_url=broker_url, **more)


@pytest.fixture
def place(settings, tmp_path):
    """The folder of the source, with two documents of eight blocks that belong together."""
    (tmp_path / "watched" / "press").mkdir()
    write(tmp_path / "watched" / "press")
    return tmp_path / "watched" / "press"


def write(place, **cost):
    for language in ("fr", "en"):
        blocks = [text for _, text in story(1, language, **cost)]
        (place / f"a.{language}.txt").write_text("\n\n".join(blocks), encoding="utf-8")


@pytest.fixture
def source_id(sessions, settings, place):
    """The folder as a source, not visited yet."""
    with sessions.write() as session:
        actor = people.operator(session)
        made = watching.add(session, actor, kind="folder", name="", address="press", settings=settings)
        session.commit()
        return made.id


def act(sessions, verb, *numbers, **more):
    """Somebody does something to the first of these beads."""
    with sessions.write() as session:
        actor, pair = people.operator(session), the_pair(session)
        done = {"seen": seen(session, pair, *numbers), **more}
        verb(session, actor, pair.id, bead(session, pair, numbers[0]), **done)
        session.commit()


def the_pair(session):
    return session.scalars(select(FilePair)).one()


def said(session):
    """What the beads say, their state, and whether somebody has settled them."""
    pair = the_pair(session)
    texts = Texts(*segments_of(session, pair.id))
    rows = map(Row.of, beads_of(session, pair.id))
    return [(texts.source(row), texts.target(row), row.state, row.settled_by is not None) for row in rows]


def standing(sessions):
    """Everything that a visit could change."""
    with sessions.read() as session:
        acts = session.scalar(select(func.count(Import.id)))
        return said(session), memory_of(session), the_pair(session).version, acts


def test_doubtful_beads_of_pages_wait_and_what_people_settle_survives_a_change(sessions, settings, place, source_id):
    first = counts_of(Visitor(sessions, settings, source_id).visit())
    with sessions.read() as session:
        pair = the_pair(session)
        assert (pair.source, pair.state, pair.french_name, pair.english_name) == (
            "source", "aligned", "a.fr.txt", "a.en.txt")  # fmt: skip
        before = said(session)
        assert {state for *_, state, _ in before} == {"waiting"}
        assert first["doubtful"] == len(before) == 8
        assert memory_of(session) == []
    with sessions.write() as session:
        assert len(alignments.queue(session, people.operator(session))) == 8

    # one is edited, one rejected, two are joined, and one is accepted whose text will change
    act(sessions, bead_review.edit, 0, source=before[0][0], target="The bridge is open again")
    act(sessions, bead_review.reject, 2)
    act(sessions, bead_review.accept, 4)
    act(sessions, bead_review.merge, 5, 6)
    act(sessions, bead_review.accept, 5)
    with sessions.read() as session:
        settled = [each for each in said(session) if each[3]]
        assert len(memory_of(session)) == 3

    write(place, cost=777)
    counts = counts_of(Visitor(sessions, settings, source_id).visit())
    with sessions.read() as session:
        now_is = said(session)
        assert [each for each in now_is if each[3]] == [each for each in settled if each[0] != before[4][0]]
        assert [state for source, _, state, _ in now_is if "777" in source] == ["waiting", "waiting"]
        assert {row[1] for row in memory_of(session)} == {
            "The bridge is open again",
            f"{before[5][1]} {before[6][1]}",
        }
        gone = session.scalars(select(Unit.source).where(Unit.status == "superseded")).all()
        assert gone == [before[4][0]]
        held = session.scalars(select(Bead).where(Bead.unit_id.is_not(None))).all()
        key = the_pair(session).document_key
        shown = [units.show(session, people.operator(session), one.unit_id).beads for one in held]
        assert shown == [{(key, one.source[0] + 1): one} for one in held]
        assert len(held) == 2
    assert (counts["paired_again"], counts["superseded"], counts["added"]) == (1, 1, 0)
    assert counts["doubtful"] == sum(state == "waiting" for *_, state, _ in now_is)

    # the beads can be settled as before, and a visit that finds nothing new changes nothing
    number = next(at for at, each in enumerate(now_is) if "777" in each[0])
    act(sessions, bead_review.accept, number)
    stood = standing(sessions)
    again = counts_of(Visitor(sessions, settings, source_id).visit())
    assert standing(sessions) == stood
    assert {name for name, number in again.items() if number} == {"unchanged"}
