"""Exchange files in as one act: whole or not at all, carried on when interrupted, undone without a trace of harm."""

from __future__ import annotations

import random
from contextlib import contextmanager, nullcontext

import pytest
from sqlalchemy import func, select, text, update

from service.broker import make_sender
from service.desk import exporting, imports, jobs, undo
from service.errors import Forbidden, NotFound, WrongState
from service.storage.projects import Member, Project
from service.storage.runs import Run
from service.storage.session import make_sessions
from tests.factories import make_person
from tests.importing import as_tmx, changes, pair, some, state, statuses, take_in, undo_wholly
from tests.parts.process import wait_for
from tm.errors import InputError, TooLarge
from tm.exchange import po
from tm.store import exporting as exporting_store
from tm.store import writing
from tm.store.units import Clock, Import, Occurrence, Unit
from tm.store.writing import add_pairs
from tm.types import Context, Kept, Pair, Provenance


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


@pytest.mark.backends("sqlite")
def test_a_page_of_the_export_is_found_by_the_units_themselves(session):
    query = exporting_store._page(0, 17).compile(session.connection(), compile_kwargs={"literal_binds": True})
    plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert plan == ["SEARCH unit USING INTEGER PRIMARY KEY (rowid>?)"]


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


def test_an_import_that_somebody_takes_back_half_way_stops_and_leaves_nothing(sessions, settings):
    with sessions.write() as session:
        editor = make_person(session, "editor", "Édith")
        act = imports.submit(session, editor, "memory.tmx", as_tmx(some(5000)), settings=settings)
        session.execute(update(Run).values(state="done"))
        session.commit()
    transactions = 0

    @contextmanager
    def transaction():
        nonlocal transactions
        with sessions.write() as session:
            yield session
            transactions += 1
            if transactions == 5:  # the first part of the file is written
                assert session.scalar(select(func.count()).select_from(Unit)) > 0
                undo.begin_undo(session, editor, act.id, "Not this one.")
            session.commit()

    with pytest.raises(WrongState, match="IMPORT_UNDONE"):
        imports.carry_on(transaction, act.id, settings=settings)
    with sessions.read() as session:
        assert session.get(Import, act.id).state == "failed"
        assert set(session.scalars(select(Unit.status))) == {"superseded"}
        assert set(session.scalars(select(Occurrence.withdrawn))) == {True}


def test_an_import_in_the_hands_of_a_worker_is_not_undone(session, editor, settings):
    act = imports.submit(session, editor, "memory.tmx", as_tmx(some(3)), settings=settings)
    with pytest.raises(WrongState, match="IMPORT_RUNNING"):
        undo.begin_undo(session, editor, act.id, "Not this one.")


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
    wait_for(lambda: _idle(sessions), 30, "the runs")  # an import fails first, its run a moment later
    with sessions.read() as session:
        runs = dict(session.execute(select(Run.subject, Run.reason_code).where(Run.kind == "import")).all())
        assert runs == {good.id: None, bad.id: "TMX_INVALID"}
        assert session.scalar(select(func.count()).select_from(Unit)) == 300
    with sessions.write() as session:
        undo.begin_undo(session, editor, good.id, "The wrong file.")
        jobs.enqueue(session, "import", good.id)
        session.commit()
    wait_for(lambda: states()[0] == "undone", 60, "the undo")
    sessions.close()


def _idle(sessions):
    with sessions.read() as session:
        return not session.scalar(select(func.count()).select_from(Run).where(Run.state.in_(("queued", "running"))))
