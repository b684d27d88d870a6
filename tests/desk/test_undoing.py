"""Imports taken back: what they brought goes, what they changed is as before, and nobody's later work is lost."""

from __future__ import annotations

import itertools
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select

from service.desk import imports, undo, units
from service.storage.runs import Run
from tests.importing import as_tmx, changes, pair, some, state, statuses, take_in, undo_wholly
from tm.store import writing
from tm.store.placing import prepare
from tm.store.units import Import, Occurrence, Unit, UnitChange
from tm.store.writing import add_pairs

numbers = itertools.count()


def test_an_import_is_undone_and_comes_back(session, editor, settings):
    data = as_tmx(some(1200))
    act, _ = take_in(session, editor, settings, data)
    foreseen = undo.foresee(session, editor, act.id)
    assert (foreseen.places, foreseen.units, foreseen.changed) == (1200, 1200, 0)
    for _ in range(2):  # the second time there is nothing left to do
        undo.begin_undo(session, editor, act.id, "The wrong file.")
        imports.carry_on(lambda: nullcontext(session), act.id, settings=settings)
        assert (act.state, act.undone_by) == ("undone", editor.name)
        assert act.counts["undo"] == {
            "round": 3,
            "after": 0,
            "places": 1200,
            "withdrawn": 1200,
            "restored": 0,
            "left": 0,
        }
        assert set(session.scalars(select(Unit.status))) == {"superseded"}
    assert set(session.scalars(select(UnitChange.reason))) == {"The wrong file."}
    again, counts = take_in(session, editor, settings, data)
    assert (again.id != act.id, counts.added, counts.seen_again) == (True, 0, 1200)
    assert set(session.scalars(select(Unit.status))) == {"active"}
    assert set(session.scalars(select(Occurrence.withdrawn))) == {False}


def test_a_large_undo_goes_on_in_the_background(session, editor, settings, monkeypatch):
    monkeypatch.setattr(undo, "HELD", 0)
    act, _ = take_in(session, editor, settings, as_tmx(some(50)))
    jobs_before = session.scalar(select(func.count()).select_from(Run))
    session.query(Run).update({"state": "done"})
    undo.undo_import(session, editor, act.id, "The wrong file.")
    assert undo.is_being_undone(act)
    assert session.scalar(select(func.count()).select_from(Run)) == jobs_before + 1
    imports.carry_on(lambda: nullcontext(session), act.id, settings=settings)
    assert (act.state, undo.is_being_undone(act)) == ("undone", False)


def test_what_was_touched_since_is_left_and_counted(session, editor, settings):
    act, _ = take_in(session, editor, settings, as_tmx(some(3)))
    first, second, _ = session.scalars(select(Unit).order_by(Unit.id))
    units.edit(session, editor, first.id, target="Corrected.", reason="A slip.", seen=first.changed)
    add_pairs(
        session,
        [pair(second.source, second.target, 1, "r", "approved")],
        kind="publication",
        label="r",
        document_key="r",
    )
    undo_wholly(session, editor, act)
    assert list(session.scalars(select(Unit.status).order_by(Unit.id))) == ["active", "active", "superseded"]
    assert (act.counts["undo"]["withdrawn"], act.counts["undo"]["left"]) == (1, 1)


def test_what_is_left_is_counted_once_however_often_the_import_saw_it(session, editor, settings):
    pairs = [pair("Merci.", "Thank you.", n, f"Document {n}") for n in range(2500)]
    act, _ = take_in(session, editor, settings, as_tmx(pairs))
    unit = session.scalars(select(Unit)).one()
    units.edit(session, editor, unit.id, target="Thanks.", reason="Shorter.", seen=unit.changed)
    undo_wholly(session, editor, act)
    assert (act.counts["undo"]["places"], act.counts["undo"]["left"]) == (2500, 1)


def test_undoing_an_approval_gives_back_what_it_had_superseded(session, editor):
    add_pairs(session, [pair("Oui.", "Yes.", 1, origin="aligned")], kind="pair", label="a", document_key="r")
    before = state(session)
    approved = [pair("Oui.", "Yes indeed.", 1, origin="approved")]
    add_pairs(session, approved, kind="publication", label="b", document_key="r")
    act = session.scalars(select(Import).where(Import.label == "b")).one()
    undo_wholly(session, editor, act)
    after = state(session)
    assert {number: after[number] for number in before} == before
    assert [row[0] for row in changes(session)] == ["superseded", "restored", "withdrawn"]


def test_a_correction_outlives_reading_the_same_file_again(session, editor, settings):
    data = as_tmx(some(2))
    take_in(session, editor, settings, data)
    unit = session.scalars(select(Unit).order_by(Unit.id)).first()
    units.edit(session, editor, unit.id, target="Corrected.", reason="A slip.", seen=unit.changed)
    _, counts = take_in(session, editor, settings, data)
    assert (counts.added, counts.seen_again, counts.superseded) == (0, 2, 0)
    assert statuses(session) == {"Corrected.": "active", "Sentence 1.": "active"}


def test_what_a_person_has_superseded_is_not_brought_back_by_a_file(session, editor, settings):
    data = as_tmx(some(1))
    take_in(session, editor, settings, data)
    units.supersede(session, editor, session.scalars(select(Unit.id)).one(), "Wrong.")
    take_in(session, editor, settings, as_tmx(some(1, "Communiqué") + some(1, "Autre")))
    assert session.scalars(select(Unit.status).order_by(Unit.id)).first() == "superseded"


SIDES = st.tuples(st.sampled_from(["Oui.", "Non."]), st.sampled_from(["a", "b", "c"]))
BRINGING = st.tuples(
    st.just("bring"),
    st.sampled_from(["k1", "k2"]),
    st.lists(
        st.tuples(SIDES, st.integers(0, 2), st.sampled_from(["aligned", "approved"])),
        min_size=1,
        max_size=3,
        unique_by=lambda each: each[1],
    ),
    st.integers(1, 3),
)
ACTS = st.lists(
    BRINGING
    | st.tuples(st.just("undo"), st.integers(0, 5))
    | st.tuples(st.sampled_from(["supersede", "reactivate", "edit"]), st.integers(0, 5)),
    max_size=8,
)


def bring(session, act, size):
    """Add pairs as one act, in batches of a size."""
    _, key, pairs, _ = act
    made = [pair(source, target, position, key, origin) for (source, target), position, origin in pairs]
    row = Import(kind="publication", label=f"act {next(numbers)}", document_key=key)
    session.add(row)
    session.flush()
    moment = writing.tick(session)
    for start in range(0, len(made), size):
        writing.add_rows(session, row, prepare(made[start : start + size], key, start=start), moment)
    return row


def do(session, editor, act):
    """One act of somebody, if it can be done now."""
    kind, number = act[0], act[1]
    if kind == "bring":
        bring(session, act, act[3])
    elif kind == "undo":
        done = list(session.scalars(select(Import).where(Import.state == "done").order_by(Import.at)))
        if done:
            undo_wholly(session, editor, done[number % len(done)])
    else:
        known = list(session.scalars(select(Unit).order_by(Unit.id)))
        if known:
            touch(session, editor, kind, known[number % len(known)])


def touch(session, editor, kind, unit):
    """A person changes a unit, if it can be changed so."""
    if kind == "edit" and unit.status == "active":
        text = "b" if unit.target != "b" else "b+"
        units.edit(session, editor, unit.id, target=text, reason="So.", seen=unit.changed)
    elif (kind, unit.status) in (("supersede", "active"), ("reactivate", "superseded")):
        getattr(units, kind)(session, editor, unit.id, "So.")


@examples(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, BRINGING)
@pytest.mark.timeout(400)
def test_undoing_the_last_act_restores_every_unit_and_doing_it_again_brings_it_back(session, editor, acts, last):
    savepoint = session.begin_nested()
    try:
        for act in acts:
            do(session, editor, act)
        before = state(session)
        made = bring(session, last, last[3])
        there = state(session)
        assume(there != before)
        undo_wholly(session, editor, made)
        after = state(session)
        assert {number: after[number] for number in before} == before
        assert {after[number][0] for number in after.keys() - before.keys()} <= {"superseded"}
        bring(session, last, last[3])
        assert {number: each[:4] for number, each in state(session).items()} == {
            number: each[:4] for number, each in there.items()
        }
    finally:
        savepoint.rollback()
        session.expire_all()


@examples(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, BRINGING)
@pytest.mark.timeout(400)
def test_where_batches_begin_makes_no_difference(session, editor, acts, last):
    found = []
    for size in (1, 50):
        savepoint = session.begin_nested()
        for act in acts:
            do(session, editor, act)
        bring(session, last, size)
        found.append(sorted(each[:4] for each in state(session).values()))
        savepoint.rollback()
        session.expire_all()
    assert found[0] == found[1]
