"""The glossary: who may write what, conflicts, files, and what is found in whose texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import glossary, glossary_files, projects
from service.desk.policy import Actor
from service.desk.projects import sight_of
from service.desk.samples import GLOSSARY
from service.desk.terms import glossary_for
from service.errors import Forbidden, NotFound, WrongState
from service.storage.audit import AuditEntry
from service.storage.glossary import GlossaryEntry, Wanted
from service.storage.session import Sessions
from service.storage.sight import see_as
from tests.factories import make_person
from tm.errors import InputError
from tm.exchange import termtable
from tm.types import Concept, Term

CEASEFIRE = Concept(("cessez-le-feu",), (Term("ceasefire"), Term("cease-fire", "forbidden")), "operations", "One word.")
ROADMAP = Concept(("feuille de route",), (Term("roadmap"),))


def _names(session: Session, actor: Actor, **wanted: str | int) -> list[str]:
    return [row.french[0] for row in glossary.browse(session, actor, Wanted(**wanted)).entries]  # type: ignore[arg-type]


def _acts(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).where(AuditEntry.kind == "term").order_by(AuditEntry.id)))


def test_who_reviews_writes_and_who_translates_proposes(session: Session, reviewer: Actor, translator: Actor) -> None:
    written = glossary.add(session, reviewer, CEASEFIRE)
    proposed = glossary.add(session, translator, ROADMAP)
    assert (written.state, proposed.state) == ("approved", "proposed")
    assert written.concept == replace(CEASEFIRE, id=written.id)
    for act in (
        lambda: glossary.change(session, translator, written.id, ROADMAP, seen=1),
        lambda: glossary.retire(session, translator, written.id, seen=1),
        lambda: glossary.take_up(session, translator, proposed.id, seen=1),
        lambda: glossary_files.bring_in(session, reviewer, "a.csv", b"French\nmot\n"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert glossary.take_up(session, reviewer, proposed.id, seen=1).state == "approved"
    assert _acts(session) == ["added term", "proposed term", "approved term"]


def test_administrators_see_no_entry(session: Session, admin: Actor) -> None:
    with pytest.raises(Forbidden):
        glossary.browse(session, admin, Wanted())


def test_who_changes_what_somebody_has_changed_meanwhile_is_told(
    session: Session, reviewer: Actor, editor: Actor
) -> None:
    entry = glossary.add(session, reviewer, CEASEFIRE)
    glossary.change(session, editor, entry.id, Concept(("cessez-le-feu",), (Term("truce"),)), seen=1)
    acts: list[Callable[[], object]] = [
        lambda: glossary.change(session, reviewer, entry.id, ROADMAP, seen=1),
        lambda: glossary.retire(session, reviewer, entry.id, seen=1),
    ]
    for act in acts:
        with pytest.raises(WrongState) as refused:
            act()
        assert refused.value.code == "STALE_TERM"
        assert "Édith" in refused.value.message
    assert (entry.version, entry.concept.best) == (2, "truce")


def test_two_who_change_an_entry_at_once_do_not_both_win(sessions: Sessions) -> None:
    with sessions.write() as session:
        reviewer = make_person(session, "reviewer")
        entry_id = glossary.add(session, reviewer, CEASEFIRE).id
        session.commit()
    with sessions.read() as early:
        glossary.see(early, reviewer, entry_id)
        with sessions.write() as session:
            glossary.retire(session, reviewer, entry_id, seen=1)
            session.commit()
    with sessions.write() as session, pytest.raises(WrongState):
        glossary.change(session, reviewer, entry_id, ROADMAP, seen=1)


def test_an_entry_is_in_the_glossary_once_in_a_domain(session: Session, reviewer: Actor) -> None:
    glossary.add(session, reviewer, CEASEFIRE)
    with pytest.raises(WrongState) as refused:
        glossary.add(session, reviewer, Concept(("Cessez-le-feu", "trêve"), domain="operations"))
    assert refused.value.code == "TERM_EXISTS"
    glossary.add(session, reviewer, Concept(("cessez-le-feu",), domain="law"))
    with pytest.raises(InputError):
        glossary.add(session, reviewer, Concept(("",)))


def test_the_list_is_looked_through(session: Session, reviewer: Actor, translator: Actor) -> None:
    first = glossary.add(session, reviewer, CEASEFIRE)
    glossary.add(session, translator, ROADMAP)
    assert _names(session, translator) == ["cessez-le-feu", "feuille de route"]
    assert _names(session, translator, text="CEASE-f") == ["cessez-le-feu"]
    assert _names(session, translator, text="one word") == ["cessez-le-feu"]
    assert _names(session, translator, text="100%_") == []
    assert _names(session, translator, domain="operations") == ["cessez-le-feu"]
    assert _names(session, translator, state="proposed") == ["feuille de route"]
    glossary.retire(session, reviewer, first.id, seen=1)
    assert _names(session, translator) == ["feuille de route"]
    assert _names(session, translator, state="retired") == ["cessez-le-feu"]
    assert glossary.browse(session, translator, Wanted()).count == 1


def test_the_entries_of_a_project_are_its_members_alone(session: Session, editor: Actor, reviewer: Actor) -> None:
    project = projects.add_project(session, editor, "summit", "Summit")
    shared = glossary.add(session, reviewer, CEASEFIRE)
    own = glossary.add(
        session, editor, Concept(("cessez-le-feu",), (Term("truce"),), "operations"), project=project.number
    )
    with pytest.raises(NotFound):
        glossary.see(session, reviewer, own.id)
    with pytest.raises(NotFound):
        glossary.add(session, reviewer, ROADMAP, project=project.number)
    with pytest.raises(InputError):
        glossary_files.hand_out(session, editor, "csv", project="another")
    # in the texts of the project its own entry goes before the shared one
    source = "Le cessez-le-feu."
    assert [one.concepts[0].id for one in glossary_for(session, project.number).find(source)] == [own.id]
    assert [one.concepts[0].id for one in glossary_for(session, None).find(source)] == [shared.id]
    see_as(session, sight_of(reviewer))
    assert _names(session, reviewer) == ["cessez-le-feu"]
    assert [row.object_id for row in session.scalars(select(AuditEntry).where(AuditEntry.kind == "term"))] == [
        shared.id
    ]


def test_a_glossary_follows_every_change(session: Session, reviewer: Actor) -> None:
    assert len(glossary_for(session, None)) == 0
    entry = glossary.add(session, reviewer, CEASEFIRE)
    ready = glossary_for(session, None)
    assert glossary_for(session, None) is ready
    assert [one.standing for one in ready.judge("Le cessez-le-feu.", "The cease-fire.")] == ["forbidden"]
    changed = Concept(CEASEFIRE.french, (Term("cease-fire"),))
    glossary.change(session, reviewer, entry.id, changed, seen=1)
    assert [one.standing for one in glossary_for(session, None).judge("Le cessez-le-feu.", "The cease-fire.")] == ["ok"]
    glossary.retire(session, reviewer, entry.id, seen=2)
    assert len(glossary_for(session, None)) == 0


def test_what_goes_out_comes_in_again_whole(session: Session, editor: Actor) -> None:
    data = GLOSSARY.read_bytes()
    report = glossary_files.bring_in(session, editor, GLOSSARY.name, data)
    assert (report.added, report.changed, report.joined) == (report.entries, 0, 0)
    for kind in ("tbx", "csv"):
        out = glossary_files.hand_out(session, editor, kind)  # type: ignore[arg-type]
        again = glossary_files.bring_in(session, editor, f"a.{kind}", out)
        assert (again.unchanged, again.added) == (report.entries, 0)
    wanted = sorted(termtable.read(data), key=repr)
    kept = [replace(row.concept, id="") for row in session.scalars(select(GlossaryEntry))]
    assert sorted(kept, key=repr) == wanted


def test_a_file_changes_what_it_has_and_leaves_the_rest(session: Session, editor: Actor) -> None:
    kept = glossary.add(session, editor, ROADMAP)
    old = glossary.add(session, editor, CEASEFIRE)
    table = "French,English,Domain\ncessez-le-feu,truce,operations\nsommet,summit,\nsommet | cime,top,\n"
    report = glossary_files.bring_in(session, editor, "a.csv", table.encode())
    assert (report.entries, report.added, report.changed, report.joined) == (3, 1, 1, 1)
    session.refresh(old)
    assert (old.concept.best, old.version) == ("truce", 2)
    assert kept.version == 1
    (summit,) = glossary.browse(session, editor, Wanted(text="sommet")).entries
    assert (summit.french, [term["text"] for term in summit.english]) == (["sommet", "cime"], ["summit", "top"])


def test_of_a_refused_file_nothing_is_kept(session: Session, editor: Actor) -> None:
    with pytest.raises(InputError) as refused:
        glossary_files.bring_in(session, editor, "a.csv", b"French,English\nmot,word\n,nothing\n")
    assert refused.value.where == "row 3"
    assert _names(session, editor) == []
