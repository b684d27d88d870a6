"""What people do to beads, and the memory that follows them."""

from __future__ import annotations

import random
import threading

import pytest
from sqlalchemy import func, select

from service.desk import bead_review, realigning, undo
from service.desk.beads import Row, Texts
from service.errors import NotFound, WrongState
from service.storage.alignments import Bead, BeadAct, acts_of, beads_of, get_pair, segments_of
from tests.desk.aligned import align, bead, beads, memory_of, seen, submit
from tests.factories import make_person, make_unit
from tm.errors import InputError
from tm.store.memory import Memory, Query, Wanted
from tm.store.units import Unit


def test_accepting_takes_the_penalty_away_and_undoing_brings_it_back(session, pair, reviewer):
    before = memory_of(session)
    bead_review.accept(session, reviewer, pair.id, bead(session, pair, 2), seen=seen(session, pair, 2))
    match = Memory().lookup(session, [Query("Il a pris trois décisions importantes.")], Wanted(limit=1))[0][0]
    assert (match.rate, match.penalties) == (100, ())
    bead_review.undo(session, reviewer, pair.id, seen=1)
    assert memory_of(session) == before


def test_rejecting_takes_the_unit_out_of_the_memory(session, pair, reviewer):
    before = memory_of(session)
    bead_review.reject(session, reviewer, pair.id, bead(session, pair, 2), seen=seen(session, pair, 2))
    assert [row[3] for row in sorted(memory_of(session), key=lambda row: row[3])] == [1, 2, 4, 5]
    assert beads_of(session, pair.id)[2].unit_id is None
    bead_review.undo(session, reviewer, pair.id, seen=1)
    assert memory_of(session) == before


def test_a_unit_that_stands_elsewhere_stays_when_a_bead_goes(session, pair, reviewer):
    make_unit(session, "Il a pris trois décisions importantes.", "It took three important decisions.", origin="aligned")
    bead_review.reject(session, reviewer, pair.id, bead(session, pair, 2), seen=seen(session, pair, 2))
    assert [row[:2] for row in memory_of(session)].count(
        ("Il a pris trois décisions importantes.", "It took three important decisions.")
    ) == 1


def test_an_edited_bead_supersedes_its_unit(session, pair, reviewer):
    old = beads_of(session, pair.id)[2].unit_id
    before = memory_of(session)
    text = {"source": "Il a pris trois décisions importantes.", "target": "It made three important decisions."}
    bead_review.edit(session, reviewer, pair.id, bead(session, pair, 2), seen=seen(session, pair, 2), **text)
    stored = beads_of(session, pair.id)[2]
    assert (stored.edited_source, stored.edited_target) == (None, "It made three important decisions.")
    assert stored.unit_id != old
    superseded = session.get(Unit, old, populate_existing=True)
    assert (superseded.status, superseded.superseded_by) == ("superseded", stored.unit_id)
    bead_review.undo(session, reviewer, pair.id, seen=1)
    assert memory_of(session) == before
    assert beads_of(session, pair.id)[2].unit_id == old
    with pytest.raises(InputError, match="needs"):
        bead_review.edit(
            session, reviewer, pair.id, bead(session, pair, 2), seen=seen(session, pair, 2), source="a", target=" "
        )


def test_merged_split_and_moved_segments_keep_every_segment_and_the_memory_right(session, pair, reviewer):
    before = memory_of(session), beads(session, pair)
    bead_review.merge(session, reviewer, pair.id, bead(session, pair, 1), seen=seen(session, pair, 1, 2))
    assert beads(session, pair)[1] == ((1, 2), (1, 2), "waiting")
    assert (len(memory_of(session)), get_pair(session, pair.id).state) == (3, "aligned")
    bead_review.accept(session, reviewer, pair.id, bead(session, pair, 1), seen=seen(session, pair, 1))
    joined = next(row for row in memory_of(session) if row[3] == 2)
    assert joined[0].endswith("le 12 mars 2019. Il a pris trois décisions importantes.")
    split = {"french": 1, "english": 2}
    bead_review.split(session, reviewer, pair.id, bead(session, pair, 1), seen=seen(session, pair, 1), **split)
    assert beads(session, pair)[1:3] == [((1,), (1, 2), "waiting"), ((2,), (), "held")]
    down = {"side": "en", "up": False}
    bead_review.move(session, reviewer, pair.id, bead(session, pair, 1), seen=seen(session, pair, 1, 2), **down)
    assert beads(session, pair)[1:3] == [((1,), (1,), "waiting"), ((2,), (2,), "waiting")]
    for number in (1, 2):
        one = {"seen": seen(session, pair, number)}
        bead_review.accept(session, reviewer, pair.id, bead(session, pair, number), **one)
    assert [row[:2] for row in memory_of(session)] == [row[:2] for row in before[0]]
    assert get_pair(session, pair.id).state == "done"
    for version in range(6, 12):
        bead_review.undo(session, reviewer, pair.id, seen=version)
    assert (memory_of(session), beads(session, pair)) == before
    with pytest.raises(WrongState, match="nothing to undo"):
        bead_review.undo(session, reviewer, pair.id, seen=12)
    assert [act.kind for act in acts_of(session, pair.id)] == [
        *("merge", "accept", "split", "move", "accept", "accept"),
        *["undo"] * 6,
    ]


def test_moving_the_only_segments_away_leaves_no_empty_bead(session, pair, reviewer):
    for side in ("fr", "en"):
        up = {"side": side, "up": True}
        bead_review.move(session, reviewer, pair.id, bead(session, pair, 2), seen=seen(session, pair, 1, 2), **up)
    assert beads(session, pair)[1] == ((1, 2), (1, 2), "waiting")
    assert len(beads(session, pair)) == 4
    assert [one.number for one in beads_of(session, pair.id)] == [0, 1, 2, 3]


def test_an_act_on_what_has_changed_meanwhile_is_refused(session, pair, reviewer, editor):
    before = seen(session, pair, 1, 2)
    bead_review.reject(session, editor, pair.id, bead(session, pair, 2), seen=before)
    for act in (bead_review.accept, bead_review.reject):
        with pytest.raises(WrongState) as refusal:
            act(session, reviewer, pair.id, bead(session, pair, 2), seen=before)
        assert refusal.value.code == "STALE_BEAD"
    with pytest.raises(WrongState) as refusal:
        bead_review.merge(session, reviewer, pair.id, bead(session, pair, 1), seen=before)
    assert refusal.value.code == "STALE_BEAD"
    with pytest.raises(WrongState) as refusal:
        bead_review.undo(session, reviewer, pair.id, seen=0)
    assert refusal.value.code == "STALE_BEAD"
    assert session.scalar(select(func.count(BeadAct.id))) == 1


def test_what_cannot_be_done_is_refused(session, pair, reviewer):
    first, last = bead(session, pair, 0), bead(session, pair, 4)
    with pytest.raises(WrongState, match="beside"):
        bead_review.merge(session, reviewer, pair.id, last, seen=seen(session, pair, 4))
    with pytest.raises(WrongState, match="beside"):
        bead_review.move(session, reviewer, pair.id, first, seen=seen(session, pair, 0), side="fr", up=True)
    with pytest.raises(InputError, match="Both parts"):
        bead_review.split(session, reviewer, pair.id, first, seen=seen(session, pair, 0), french=0, english=0)
    bead_review.split(session, reviewer, pair.id, first, seen=seen(session, pair, 0), french=1, english=0)
    with pytest.raises(WrongState, match="one side"):
        bead_review.accept(session, reviewer, pair.id, first, seen=seen(session, pair, 0))
    with pytest.raises(NotFound):
        bead_review.accept(session, reviewer, pair.id, "nowhere", seen={})


def test_realigning_leaves_accepted_beads_as_they_are(session, pair, reviewer, settings):
    before = beads(session, pair)
    kept = bead(session, pair, 4)
    merge = {"seen": seen(session, pair, 1, 2)}
    bead_review.merge(session, reviewer, pair.id, bead(session, pair, 1), **merge)
    realign(session, reviewer, pair.id, settings)
    assert [row[:2] for row in beads(session, pair)] == [row[:2] for row in before]
    assert bead(session, pair, 4) == kept
    assert beads_of(session, pair.id)[4].version == 0
    for row in beads_of(session, pair.id):
        assert (row.unit_id is not None) == (row.state == "accepted")
    bead_review.undo(session, reviewer, pair.id, seen=2)
    assert beads(session, pair)[1] == ((1, 2), (1, 2), "waiting")
    for number in range(4):
        one = {"seen": seen(session, pair, number)}
        bead_review.accept(session, reviewer, pair.id, bead(session, pair, number), **one)
    with pytest.raises(WrongState, match="Nothing lies differently"):
        realign(session, reviewer, pair.id, settings)


def test_realigning_keeps_a_bead_whose_english_somebody_has_written(session, pair, reviewer, settings):
    bead_review.merge(session, reviewer, pair.id, bead(session, pair, 2), seen=seen(session, pair, 2, 3))
    for _ in range(2):
        up = {"side": "en", "up": True, "seen": seen(session, pair, 1, 2)}
        bead_review.move(session, reviewer, pair.id, bead(session, pair, 2), **up)
    assert beads(session, pair)[1:3] == [((1,), (1, 2, 3), "waiting"), ((2, 3), (), "held")]
    text = {"source": "Il a pris trois décisions.", "target": "Three decisions were taken."}
    bead_review.edit(session, reviewer, pair.id, bead(session, pair, 2), seen=seen(session, pair, 2), **text)
    realign(session, reviewer, pair.id, settings)
    found = beads_of(session, pair.id)
    kept = [one for one in found if one.edited_target is not None]
    assert [(one.source, one.target, one.edited_target) for one in kept] == [([2, 3], [], text["target"])]
    assert [at for one in found for at in one.source] == [0, 1, 2, 3, 4]
    assert sorted(at for one in found for at in one.target) == [0, 1, 2, 3, 4]


def test_too_much_between_two_accepted_beads_is_not_aligned_again(session, pair, reviewer, settings, monkeypatch):
    bead_review.merge(session, reviewer, pair.id, bead(session, pair, 1), seen=seen(session, pair, 1, 2))
    monkeypatch.setattr(realigning, "LONGEST", 2)
    with pytest.raises(WrongState) as refusal:
        bead_review.realigned(session, reviewer, pair.id, seen=1, settings=settings)
    assert refusal.value.code == "TOO_LONG_TO_ALIGN"
    with pytest.raises(WrongState) as refusal:
        bead_review.realigned(session, reviewer, pair.id, seen=0, settings=settings)
    assert refusal.value.code == "STALE_BEAD"


def test_what_was_found_for_another_state_of_the_pair_is_not_written(session, pair, reviewer, settings):
    bead_review.merge(session, reviewer, pair.id, bead(session, pair, 1), seen=seen(session, pair, 1, 2))
    rows = bead_review.realigned(session, reviewer, pair.id, seen=1, settings=settings)
    bead_review.reject(session, reviewer, pair.id, bead(session, pair, 3), seen=seen(session, pair, 3))
    with pytest.raises(WrongState) as refusal:
        bead_review.realign(session, reviewer, pair.id, seen=1, rows=rows)
    assert refusal.value.code == "STALE_BEAD"


def test_a_pair_that_was_taken_back_as_an_import_is_settled_no_more(session, pair, editor):
    undo.begin_undo(session, editor, pair.import_id, "wrong files")
    with pytest.raises(WrongState, match="taken out"):
        bead_review.accept(session, editor, pair.id, bead(session, pair, 0), seen=seen(session, pair, 0))


def test_two_people_on_one_pair_lose_nothing(sessions, settings, apart):
    with sessions.write() as session:
        people = [make_person(session, "editor") for _ in range(2)]
        pair = align(session, submit(session, people[0], settings), settings, apart)
        found = {one.id: one.version for one in beads_of(session, pair.id)}
        session.commit()
    faults = []

    def settle(person, ids):
        try:
            for one in ids:
                with sessions.write() as session:
                    bead_review.accept(session, person, pair.id, one, seen=found)
                    session.commit()
        except Exception as error:
            faults.append(error)

    ids = list(found)
    threads = [threading.Thread(target=settle, args=(person, ids[at::2])) for at, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with sessions.read() as session:
        assert set(session.scalars(select(Bead.settled_by))) == {person.id for person in people}
        assert [act.number for act in acts_of(session, pair.id)] == [1, 2, 3, 4, 5]
        assert {row[2] for row in memory_of(session)} == {"approved"}


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize("number", range(6))
def test_whatever_people_do_the_memory_is_what_the_accepted_beads_say_and_all_can_be_undone(
    session, pair, reviewer, editor, settings, number
):
    dice, texts = random.Random(number), Texts(*segments_of(session, pair.id))
    before, done = (memory_of(session), beads(session, pair)), 0
    refused: set[str] = set()
    while done < 15:
        found = beads_of(session, pair.id)
        at = dice.randrange(len(found))
        near = {one.id: one.version for one in found[max(at - 1, 0) : at + 2]}
        try:
            act_at_random(dice, session, dice.choice((reviewer, editor)), found[at], near, settings)
            done += 1
        except (WrongState, InputError) as refusal:
            refused.add(refusal.code)
        rows = [Row.of(one) for one in beads_of(session, pair.id)]
        assert [at for row in rows for at in row.source] == list(range(len(texts.french)))
        assert [at for row in rows for at in row.target] == list(range(len(texts.english)))
        assert [one.number for one in beads_of(session, pair.id)] == list(range(len(rows)))
        said = [texts.for_memory(row, pair.label, None) for row in rows]
        stands = sorted((one.source, one.target, one.seen.origin, one.seen.position) for one in said if one)
        assert [row[:4] for row in memory_of(session)] == stands
        units = {row[0]: row[1] for row in memory_of(session)}
        for one, row in zip(beads_of(session, pair.id), rows, strict=True):
            assert (one.unit_id is not None) == (row.state == "accepted")
            assert one.unit_id is None or session.get(Unit, one.unit_id).target == units[texts.source(row)]
    assert refused <= {"NO_UNIT", "NO_NEIGHBOUR", "NOTHING_TO_MOVE", "SPLIT_NOWHERE", "NOTHING_TO_ALIGN"}
    for _ in range(done):
        bead_review.undo(session, reviewer, pair.id, seen=get_pair(session, pair.id).version)
    assert (memory_of(session), beads(session, pair)) == before


def realign(session, actor, pair_id, settings):
    """Look, then write, as the door does."""
    version = get_pair(session, pair_id).version
    kept = [Row.of(one) for one in beads_of(session, pair_id) if one.state == "accepted"]
    rows = bead_review.realigned(session, actor, pair_id, seen=version, settings=settings)
    act = bead_review.realign(session, actor, pair_id, seen=version, rows=rows)
    stands = [Row.of(one) for one in beads_of(session, pair_id)]
    assert stands == rows
    assert [row for row in stands if row in kept] == kept
    return act


def act_at_random(dice, session, actor, one, near, settings):
    place = (session, actor, one.pair_id)
    acts = [
        lambda: bead_review.accept(*place, one.id, seen=near),
        lambda: bead_review.accept(*place, one.id, seen=near),
        lambda: bead_review.reject(*place, one.id, seen=near),
        lambda: bead_review.edit(
            *place, one.id, seen=near, source=f"Texte {one.number}", target=f"Text {dice.random()}"
        ),
        lambda: bead_review.merge(*place, one.id, seen=near),
        lambda: bead_review.split(*place, one.id, seen=near, french=dice.randint(0, 1), english=dice.randint(0, 1)),
        lambda: bead_review.move(*place, one.id, seen=near, side=dice.choice(("fr", "en")), up=dice.random() < 0.5),
        lambda: realign(*place, settings),
    ]
    dice.choice(acts)()
