"""Exchange files in as one act: whole or not at all, carried on when interrupted, undone without a trace of harm."""

from __future__ import annotations

import io
import itertools
import random
from contextlib import contextmanager, nullcontext

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select

from service.broker import make_sender
from service.desk import exporting, imports, jobs, undo, units
from service.errors import Forbidden, NotFound, WrongState
from service.storage.projects import Member, Project
from service.storage.runs import Run
from service.storage.session import make_sessions
from tests.factories import make_person
from tests.parts.process import wait_for
from tm.errors import InputError, TooLarge
from tm.exchange import po, tmx
from tm.store import writing
from tm.store.placing import prepare
from tm.store.units import Clock, Import, Occurrence, Unit, UnitChange
from tm.store.writing import add_pairs
from tm.types import Context, Kept, Pair, Provenance

numbers = itertools.count()


def pair(source, target, position=0, document="Communiqué", origin="imported", **context):
    return Pair(source, target, Provenance(document, position, origin, context=Context(**context)))


def some(count, document="Communiqué"):
    return [pair(f"Phrase numéro {n} du {document}.", f"Sentence {n}.", n, document) for n in range(count)]


def as_tmx(pairs):
    stream = io.BytesIO()
    tmx.write(pairs, stream, tool_version="1")
    return stream.getvalue()


def take_in(session, actor, settings, data, name="memory.tmx", **how):
    """An import from its submission to its end, in the test's own transaction."""
    act = imports.submit(session, actor, name, data, settings=settings, **how)
    counts = imports.carry_on(lambda: nullcontext(session), act.id, settings=settings)
    return act, counts


def undo_wholly(session, actor, act, reason="The wrong file."):
    """An undo to its end, however busy the machine is."""
    undo.undo_import(session, actor, act.id, reason)
    undo.go_back(lambda: nullcontext(session), act.id, lambda done, total: None)


def state(session):
    """What every unit is."""
    session.flush()
    facts = select(Unit.id, Unit.status, Unit.origin, Unit.source, Unit.target, Unit.superseded_by)
    return {row[0]: tuple(row[1:]) for row in session.execute(facts)}


def statuses(session):
    session.expire_all()
    return dict(session.execute(select(Unit.target, Unit.status)).all())


def changes(session):
    return session.execute(select(UnitChange.action, UnitChange.before, UnitChange.after).order_by(UnitChange.id)).all()


@pytest.fixture
def project(session, editor):
    """A project of which the editor is a member."""
    made = Project(number=7, key="cyber", name="Cyber")
    session.add(made)
    session.flush()
    session.add(Member(project=7, person_id=editor.id))
    session.flush()
    return made


@pytest.mark.parametrize("ending", ["tmx", "po", "tsv"])
def test_what_is_exported_comes_back_the_same(session, editor, settings, ending):
    given_pairs = [
        pair("Le Conseil s’est réuni.", "The Council met.", 1),
        pair("« Bien », a-t-il dit & répété.", "“Good,” he said & repeated.", 2),
    ]
    add_pairs(session, given_pairs, kind="pair", label="x", document_key="x")
    pairs = list(exporting.pairs(session, exporting.allow(session, editor)))
    data = {
        "tmx": lambda: as_tmx(pairs),
        "po": lambda: po.write(pairs),
        "tsv": lambda: "".join(f"{each.source}\t{each.target}\n" for each in pairs).encode(),
    }[ending]()
    _, counts = take_in(session, editor, settings, data, f"memory.{ending}")
    assert (counts.added, counts.seen_again) == (0, 2)


def test_an_export_carries_place_people_dates_and_use(session, editor, settings):
    seen = Provenance("Communiqué 12", 4, "aligned", "Anna", "2024-03-12", Context("0" * 16, "", "title"))
    data = as_tmx([Pair("Titre", "Title", seen, Kept("77", 5, "2024-05-01T10:00:00Z"))])
    take_in(session, editor, settings, data)
    (back,) = exporting.pairs(session, exporting.allow(session, editor))
    assert back.seen == seen
    assert (back.kept.used, back.kept.used_at) == (5, "2024-05-01T10:00:00Z")
    assert back.kept.id == str(session.scalars(select(Unit.id)).one())


def test_pairs_of_many_documents_do_not_push_each_other_out(session, editor, settings):
    pairs = [pair(f"Phrase {d} {n}.", f"Sentence {d} {n}.", n, f"Document {d}") for d in range(4) for n in range(300)]
    _, counts = take_in(session, editor, settings, as_tmx(pairs))
    assert (counts.added, counts.superseded) == (1200, 0)
    assert set(session.scalars(select(Unit.status))) == {"active"}


def test_one_pair_from_many_places_is_one_unit_with_many_occurrences(session, editor, settings):
    pairs = [pair("Merci.", "Thank you.", n, f"Document {n % 3}") for n in range(1500)]
    _, counts = take_in(session, editor, settings, as_tmx(pairs))
    assert (counts.added, counts.seen_again) == (1, 1499)
    assert session.scalar(select(func.count()).select_from(Occurrence)) == 1500
    assert changes(session) == []


@pytest.mark.parametrize(
    ("name", "data", "error", "code"),
    [
        ("memory.xls", b"x", InputError, "TYPE_UNKNOWN"),
        ("memory.tmx", b"", InputError, "EMPTY_FILE"),
        ("memory.tmx", b"x" * 21_000_000, TooLarge, "TOO_LARGE"),
    ],
)
def test_what_cannot_be_an_exchange_file_is_refused_at_once(session, editor, settings, name, data, error, code):
    with pytest.raises(error) as refused:
        imports.submit(session, editor, name, data, settings=settings)
    assert refused.value.code == code
    assert session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_file_that_is_bad_at_its_end_stores_nothing_and_says_where(session, editor, settings):
    data = as_tmx(some(3000)).replace(b"Sentence 2999.", b"&evil;")
    act = imports.submit(session, editor, "memory.tmx", data, settings=settings)
    before = session.scalar(select(Clock.tick))
    for _ in range(2):  # whoever comes later hears the same
        with pytest.raises((InputError, WrongState)) as refused:
            imports.carry_on(lambda: nullcontext(session), act.id, settings=settings)
        assert refused.value.code == "XML_ENTITY_FORBIDDEN"
    assert (act.state, act.counts["code"], "entities" in act.counts["error"]) == (
        "failed",
        "XML_ENTITY_FORBIDDEN",
        True,
    )
    assert session.scalar(select(func.count()).select_from(Unit)) == 0
    assert session.scalar(select(Clock.tick)) > before


def test_only_editors_import_and_undo(session, translator, reviewer, editor, settings):
    for actor in (translator, reviewer):
        with pytest.raises(Forbidden):
            imports.submit(session, actor, "memory.tmx", as_tmx(some(1)), settings=settings)
    act, _ = take_in(session, editor, settings, as_tmx(some(1)))
    with pytest.raises(Forbidden):
        undo.undo_import(session, reviewer, act.id, "No.")


def test_a_new_approval_supersedes_and_says_who_stands_in_its_place(session):
    for number, target in enumerate(("Yes.", "Yes indeed.")):
        seen = pair("Oui.", target, 1, origin="approved")
        add_pairs(session, [seen], kind="publication", label=f"r{number}", document_key="r", person="Rémi")
    old, new = session.scalars(select(Unit).order_by(Unit.id))
    assert (old.status, old.superseded_by, new.status) == ("superseded", new.id, "active")
    told = {"status": "superseded", "superseded_by": new.id}
    assert changes(session) == [("superseded", {"status": "active", "superseded_by": None}, told)]


def test_a_unit_that_stands_elsewhere_too_is_not_superseded_until_it_is_replaced_everywhere(session):
    add_pairs(session, [pair("Oui.", "Yes.", 1), pair("Oui.", "Yes.", 700)], kind="pair", label="a", document_key="a")
    add_pairs(session, [pair("Oui.", "Yea.", 1)], kind="pair", label="b", document_key="a")
    assert statuses(session) == {"Yes.": "active", "Yea.": "active"}
    both = [pair("Oui.", "Yep.", 1), *some(writing.BATCH), pair("Oui.", "Yup.", 700)]
    add_pairs(session, both, kind="pair", label="c", document_key="a")
    found = statuses(session)
    assert {text: found[text] for text in ("Yes.", "Yea.", "Yep.", "Yup.")} == {
        "Yes.": "superseded", "Yea.": "superseded", "Yep.": "active", "Yup.": "active",
    }  # fmt: skip


def test_two_scopes_keep_apart(session, editor, settings, project):
    data = as_tmx([pair("Oui.", "Yes.", 1)])
    shared, _ = take_in(session, editor, settings, data)
    own, counts = take_in(session, editor, settings, data, project="cyber")
    assert (counts.added, own.scope) == (1, 7)
    add_pairs(session, [pair("Oui.", "Yea.", 1)], kind="pair", label="n", document_key="k", scope=7)
    rows = session.execute(select(Unit.scope, Unit.target, Unit.status).order_by(Unit.id)).all()
    assert rows == [(0, "Yes.", "active"), (7, "Yes.", "active"), (7, "Yea.", "active")]
    undo_wholly(session, editor, own)
    assert session.scalars(select(Unit.status).order_by(Unit.id)).all() == ["active", "superseded", "active"]
    assert [each.source for each in exporting.pairs(session, exporting.allow(session, editor))] == ["Oui."]
    assert (own.state, shared.state) == ("undone", "done")


def test_a_project_of_others_is_not_there(session, editor, settings, project):
    stranger = make_person(session, "editor", "Stranger")
    with pytest.raises(InputError, match="PROJECT_UNKNOWN"):
        imports.submit(session, stranger, "memory.tmx", as_tmx(some(1)), settings=settings, project="cyber")
    with pytest.raises(InputError, match="PROJECT_UNKNOWN"):
        exporting.allow(session, stranger, "cyber")
    act, _ = take_in(session, editor, settings, as_tmx(some(1)), project="cyber")
    with pytest.raises(NotFound):
        undo.undo_import(session, stranger, act.id, "Not mine.")
    assert undo.listing(session, stranger) == []
    assert [each.id for each in undo.listing(session, editor)] == [act.id]


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


def test_an_import_that_dies_anywhere_goes_on_to_the_same_end(sessions, settings):
    data = as_tmx(some(5000))
    with sessions.write() as session:
        editor = make_person(session, "editor", "Édith")
        undisturbed, _ = take_in(session, editor, settings, data)
        expected = (state(session), undisturbed.counts)
        session.rollback()
    with sessions.write() as session:
        editor = make_person(session, "editor", "Édith")
        act = imports.submit(session, editor, "memory.tmx", data, settings=settings)
        session.commit()
    dice = random.Random(3)

    @contextmanager
    def mortal():
        with sessions.write() as session:
            yield session
            if dice.random() < 0.5:
                raise ConnectionError("killed before the commit")
            session.commit()
        if dice.random() < 0.3:
            raise ConnectionError("killed after the commit")

    deaths = 0
    while True:
        try:
            imports.carry_on(mortal, act.id, settings=settings)
            break
        except ConnectionError:
            deaths += 1
    with sessions.read() as session:
        kept = session.get(Import, act.id)
        assert deaths > 0
        assert (kept.state, kept.counts) == ("done", expected[1])
        assert [each[:4] for each in state(session).values()] == [each[:4] for each in expected[0].values()]
        assert session.scalar(select(func.count()).select_from(Occurrence)) == 5000


def test_a_worker_takes_an_upload_in_and_an_undo_out(settings, worker):
    sessions = make_sessions(settings, make_sender(settings))
    with sessions.write() as session:
        editor = make_person(session, "editor", "Édith")
        good = imports.submit(session, editor, "memory.tmx", as_tmx(some(300)), settings=settings)
        bad = imports.submit(session, editor, "broken.tmx", as_tmx(some(300))[:-30], settings=settings)
        session.commit()

    def states():
        with sessions.read() as session:
            return session.get(Import, good.id).state, session.get(Import, bad.id).state

    wait_for(lambda: states() == ("done", "failed"), 60, "the imports")
    with sessions.read() as session:
        runs = dict(session.execute(select(Run.subject, Run.reason_code).where(Run.kind == "import")).all())
        assert runs == {good.id: None, bad.id: "TMX_INVALID"}
        assert session.scalar(select(func.count()).select_from(Unit)) == 300
    wait_for(lambda: _idle(sessions), 30, "the runs")
    with sessions.write() as session:
        undo.begin_undo(session, editor, good.id, "The wrong file.")
        jobs.enqueue(session, "import", good.id)
        session.commit()
    wait_for(lambda: states()[0] == "undone", 60, "the undo")
    sessions.close()


def _idle(sessions):
    with sessions.read() as session:
        return not session.scalar(select(func.count()).select_from(Run).where(Run.state.in_(("queued", "running"))))
