"""The memory evaluated: documents held out by date, on both databases, and nothing changed."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.desk import evaluate_memory, jobs
from service.desk.evaluate_memory import Wanted
from service.desk.policy import Actor
from service.errors import Forbidden
from service.storage.audit import AuditEntry
from service.storage.evaluations import MemoryEvaluation, documents, evaluations
from tests.engine.pairs import pairs
from tm.errors import InputError
from tm.match.evaluation.table import ALL, NO_MATCH
from tm.store import reading
from tm.store.units import Occurrence, Unit
from tm.store.writing import add_pairs
from tm.types import Pair, Provenance


def add(session: Session, name: str, date: str | None, texts: list[tuple[str, str]], scope: int = 0) -> None:
    """A document of the memory."""
    found = [Pair(source, target, Provenance(name, at, date=date)) for at, (source, target) in enumerate(texts)]
    add_pairs(session, found, kind="tmx", label=name, document_key=f"{name}-{date}", scope=scope)


@pytest.fixture
def memory(session: Session) -> None:
    """Eight documents of old and two of new, one pair of which an old one has as well."""
    known = pairs()
    for number in range(8):
        add(session, f"old {number}", f"2020-0{number + 1}-15", known[60 * number : 60 * number + 60])
    add(
        session,
        "new",
        "2023-05-01",
        [*known[500:520], known[0], ("Une phrase que rien ne rappelle ici.", "Quite new.")],
    )
    add(
        session,
        "newest",
        "2023-06-01",
        [(s.replace("2024", "2026"), t.replace("2024", "2026")) for s, t in known[520:560]],
    )
    session.commit()  # an evaluation reads, and ends its transaction


@pytest.mark.usefixtures("memory")
def test_documents_since_a_date_are_held_out_and_the_rest_proposes(session: Session) -> None:
    found = evaluate_memory.look(session, Wanted(since="2023"))
    assert (found.since, found.documents, found.segments, found.units) == ("2023-05-01", 2, 62, 480)
    assert found.note == ""
    rows = {row["band"]: row for row in found.bands}
    assert rows[ALL]["segments"] + rows[NO_MATCH]["segments"] == 62
    assert rows[NO_MATCH]["segments"] >= 1
    assert rows["100+"]["leaked"] == 1
    assert sum(row["share_of_segments"] for name, row in rows.items() if name != ALL) == pytest.approx(100, abs=0.5)
    localisation, repair = rows[ALL]["localisation"], rows[ALL]["repair"]
    assert localisation["after"]["ter"] < localisation["before"]["ter"]
    assert repair["after"]["chrf"] > repair["before"]["chrf"]
    assert rows[ALL]["repaired"]["ter"] < rows[ALL]["raw"]["ter"]


@pytest.mark.usefixtures("memory")
def test_a_share_holds_out_the_newest_documents(session: Session) -> None:
    found = evaluate_memory.look(session, Wanted(share=10))
    assert (found.since, found.documents) == ("2023-06-01", 1)
    # what was seen in the new document alone is not proposed from: the memory holds the rest, with "new"
    assert found.units == 480 + 21


@pytest.mark.usefixtures("memory")
def test_a_limit_draws_the_same_segments_every_time(session: Session) -> None:
    found = evaluate_memory.look(session, Wanted(since="2023", limit=20))
    assert found.segments == 20
    assert found.note == "20 of 62 segments were drawn."
    assert evaluate_memory.look(session, Wanted(since="2023", limit=20)).bands == found.bands


@pytest.mark.usefixtures("memory")
def test_only_units_in_force_that_all_may_see_count(session: Session) -> None:
    before = documents(session)
    add(session, "of a project", "2024-01-01", pairs()[600:620], scope=3)
    add(session, "superseded", "2024-01-01", pairs()[620:640])
    add(session, "undone", "2024-01-01", pairs()[640:660])
    session.execute(
        update(Unit).where(Unit.id.in_(select(Occurrence.unit_id).where(Occurrence.document == "superseded"))).values(
            status="superseded"
        )
    )  # fmt: skip
    session.execute(update(Occurrence).where(Occurrence.document == "undone").values(withdrawn=True))
    assert documents(session) == before


def test_a_document_without_a_date_has_that_of_its_coming(session: Session) -> None:
    add(session, "undated", None, pairs()[:2])
    add(session, "dated", "2020-02-03T10:00:00Z", pairs()[2:4])
    found = {name: document.date for (_, name), document in documents(session).items()}
    created = session.scalars(select(Occurrence.created_at).where(Occurrence.document == "undated")).first()
    assert created is not None
    assert found == {"undated": created.date().isoformat(), "dated": "2020-02-03"}


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    ("wanted", "code"),
    [(Wanted(since="2030"), "NOTHING_HELD_OUT"), (Wanted(since="1990"), "NOTHING_HELD_OUT"),
     (Wanted(since="May"), "DATE_INVALID")],
)  # fmt: skip
def test_a_date_that_parts_nothing_is_refused(session: Session, wanted: Wanted, code: str) -> None:
    with pytest.raises(InputError) as error:
        evaluate_memory.look(session, wanted)
    assert error.value.code == code


def test_an_empty_memory_and_one_of_a_single_document_are_refused(session: Session) -> None:
    with pytest.raises(InputError, match="no documents"):
        evaluate_memory.look(session, Wanted())
    add(session, "only", "2020-01-01", pairs()[:5])
    with pytest.raises(InputError, match="nothing would be held out"):
        evaluate_memory.look(session, Wanted())


@pytest.mark.usefixtures("memory")
def test_the_memory_stays_as_it_is_and_what_was_found_is_kept(session: Session, editor: Actor) -> None:
    before = reading.clock(session), list(session.execute(select(*Unit.__table__.c).order_by(Unit.id)))
    kept = evaluate_memory.keep(session, evaluate_memory.look(session, Wanted(since="2023", limit=10)))
    assert (reading.clock(session), list(session.execute(select(*Unit.__table__.c).order_by(Unit.id)))) == before
    assert evaluations(session) == [kept]
    session.expire_all()
    assert session.get_one(MemoryEvaluation, kept.id).bands[0]["segments"] > 0


def test_editors_and_administrators_may_start_one_and_a_second_is_the_first(
    session: Session, editor: Actor, admin: Actor, translator: Actor
) -> None:
    run = evaluate_memory.start(session, editor)
    assert (run.kind, run.subject, run.requested_by) == ("evaluate-memory", jobs.MEMORY, editor.id)
    assert run.kind in jobs.KINDS
    assert evaluate_memory.start(session, admin).id == run.id
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.person_id == editor.id)).all() == [
        "started evaluation"
    ]
    for verb in (lambda: evaluate_memory.start(session, translator),
                 lambda: evaluate_memory.begin(session, translator, Wanted())):  # fmt: skip
        with pytest.raises(Forbidden):
            verb()
