"""The memory stands on a generation, follows what came since, and does without one that is damaged."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from sqlalchemy import event, update

from service.desk import generations, glossary, jobs, propose
from service.errors import Forbidden
from service.settings import Settings
from service.storage.session import Sessions
from tests.engine.pairs import pairs
from tests.factories import make_person, make_release, make_unit
from tests.parts.process import wait_for
from tm.match.index import BruteForceIndex
from tm.store import generations as store
from tm.store import reading
from tm.store.memory import Memory, Phrase, Query, Wanted
from tm.store.units import Clock
from tm.store.writing import add_pairs
from tm.types import Concept, Context, Pair, Provenance, Term

HELD = 400
QUERIES = [
    "Le ministre approuve le plan commun à Bruxelles.",
    "Le général salue le budget militaire en Géorgie.",
    "Le secrétaire rejette aujourd'hui l'accord annuel pour la paix.",
]


@pytest.fixture
def filled(sessions: Sessions) -> list[tuple[str, str]]:
    """A memory of communiqués."""
    held = pairs(HELD)
    with sessions.write() as session:
        seen = [
            Pair(french, english, Provenance("Communiqués", at, "approved"))
            for at, (french, english) in enumerate(held)
        ]
        add_pairs(session, seen, kind="tmx", label="Communiqués", document_key="communiques")
        session.commit()
    return held


@pytest.fixture
def first(sessions: Sessions, settings: Settings, filled: list[tuple[str, str]]) -> Path:
    """Its first generation: the folder."""
    return build(sessions, settings)


def build(sessions: Sessions, settings: Settings) -> Path:
    with sessions.read() as session:
        built = generations.make(session, settings)
    with sessions.write() as session:
        generations.keep(session, settings, built)
        session.commit()
    return built.path


def answers(sessions: Sessions, memory: Memory, queries: list[str] = QUERIES) -> list[list[tuple[str, int]]]:
    with sessions.read() as session:
        found = memory.lookup(session, [Query(each) for each in queries], Wanted(60, 50))
    return [[(match.entry.source, match.base_rate) for match in matches] for matches in found]


def test_what_stands_on_a_generation_answers_as_what_was_read_from_the_database(sessions, settings, first):
    memory = Memory(settings.index_folder)
    assert answers(sessions, memory) == answers(sessions, Memory())
    assert all(answers(sessions, memory))
    assert (memory.standing_on, memory.warning) == (1, "")


def test_every_unit_at_the_threshold_is_among_the_matches(sessions, settings, filled, first):
    oracle = BruteForceIndex()
    oracle.update((at, french) for at, (french, _) in enumerate(filled))
    for query, found in zip(QUERIES, answers(sessions, Memory(settings.index_folder)), strict=True):
        expected = {filled[hit.unit_id][0] for hit in oracle.search([query], 61)[0][:40]}
        assert expected <= {source for source, _ in found}


def test_a_unit_is_found_as_soon_as_it_is_committed(sessions, settings, first):
    memories = [Memory(settings.index_folder), Memory(settings.index_folder)]
    for memory in memories:
        assert answers(sessions, memory, ["La présidence tchèque a réuni ses partenaires."]) == [[]]
    with sessions.write() as session:
        make_unit(session, "La présidence tchèque a réuni ses partenaires.", "The Czech presidency met its partners.")
        session.commit()
    for memory in memories:
        assert answers(sessions, memory, ["La présidence tchèque a réuni ses partenaires."])[0][0][1] == 100


def test_an_answer_is_of_one_moment_though_somebody_commits_in_the_middle_of_it(sessions, settings, first):
    memory, query = Memory(settings.index_folder), "La présidence tchèque a réuni ses partenaires."
    _target_becomes(sessions, query, "The first target.")
    asked = []

    def commit_meanwhile(connection, cursor, statement, parameters, context, many):
        if "row_number" in statement and len(asked) < 2:  # ids are found, texts are not read yet
            asked.append(statement)
            _target_becomes(sessions, query, f"Another target, no. {len(asked)}.")

    event.listen(sessions.engine, "before_cursor_execute", commit_meanwhile)
    try:
        with sessions.read() as session:
            found = memory.lookup(session, [Query(query)], Wanted(100))[0]
    finally:
        event.remove(sessions.engine, "before_cursor_execute", commit_meanwhile)
    assert asked
    assert len([match for match in found if match.entry.status == "active"]) == 1


def test_who_sees_an_old_state_is_answered_though_another_thread_is_further(sessions, settings, first):
    memory, query = Memory(settings.index_folder), "La présidence tchèque a réuni ses partenaires à Prague."
    with sessions.read() as early:
        assert reading.clock(early)[0] > 0
        _target_becomes(sessions, query, "The Czech presidency met its partners in Prague.")
        assert answers(sessions, memory, [query])[0][0][1] == 100
        assert memory.lookup(early, [Query(query)], Wanted(100))[0][0].base_rate == 100


def _target_becomes(sessions: Sessions, source: str, target: str) -> None:
    with sessions.write() as session:
        pair = Pair(source, target, Provenance("Présidence", 1, "approved"))
        add_pairs(session, [pair], kind="tmx", label="Présidence", document_key="presidence")
        session.commit()


def test_a_newer_generation_is_taken_up_by_itself(sessions, settings, first):
    memory = Memory(settings.index_folder)
    before = answers(sessions, memory)
    with sessions.write() as session:
        make_unit(session, "Un texte de plus pour la mémoire.", "One more text for the memory.")
        session.commit()
    build(sessions, settings)
    wait_for(lambda: answers(sessions, memory) and memory.standing_on == 2, 60, "the second generation")
    assert answers(sessions, memory) == before
    assert answers(sessions, memory, ["Un texte de plus pour la mémoire."])[0][0][1] == 100


def test_older_generations_are_removed_and_said_to_be(sessions, settings, first):
    for _ in range(3):
        build(sessions, settings)
    with sessions.read() as session:
        assert [(row.number, row.state) for row in generations.listing(session)] == [
            (4, "ready"), (3, "ready"), (2, "removed"), (1, "removed"),
        ]  # fmt: skip
    assert not first.exists()


@pytest.mark.backends("sqlite")
def test_no_damage_of_any_file_makes_an_answer_wrong(sessions, settings, filled, first, tmp_path):
    dice = random.Random(300)
    whole = tmp_path / "whole"
    shutil.copytree(first, whole)
    right = answers(sessions, Memory())
    refused = 0
    for _ in range(300):
        shutil.rmtree(first)
        shutil.copytree(whole, first)
        path = dice.choice(sorted(file for file in first.rglob("*") if file.is_file()))
        data = bytearray(path.read_bytes())
        if dice.random() < 0.3:
            del data[dice.randrange(len(data)) :]
        else:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        path.write_bytes(bytes(data))
        memory = Memory(settings.index_folder)
        assert answers(sessions, memory) == right, path.name
        with sessions.read() as session:
            memory.concordance(session, Phrase("budget militaire"))
        refused += bool(memory.warning)
    assert refused > 200  # not all: the marks are a help only, and some bits lie between two arrays


def test_a_generation_damaged_while_it_is_open_is_left_and_a_new_one_made(sessions, settings, first):
    memory = Memory(settings.index_folder)
    right = answers(sessions, memory)
    with (first / "arrays.bin").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 20_000)
    assert answers(sessions, memory) == right
    assert "database" in memory.warning
    with sessions.write() as session:
        run = generations.due(session, settings)
        assert run is not None
        assert generations.listing(session)[0].state == "damaged"
        session.commit()
    build(sessions, settings)
    wait_for(lambda: answers(sessions, memory) == right and memory.standing_on == 2, 60, "the new generation")
    assert memory.warning == ""


def test_a_memory_put_back_to_an_older_state_is_read_anew(sessions, settings, first):
    memory = Memory(settings.index_folder)
    right = answers(sessions, memory)
    with sessions.write() as session:
        session.execute(update(Clock).values(tick=0))
        session.commit()
    assert answers(sessions, memory) == right  # from the database: the generation is of a later state
    assert memory.standing_on == 0


def test_a_generation_is_due_when_there_is_none_and_when_enough_has_changed(sessions, settings, filled):
    def due() -> bool:
        with sessions.write() as session:
            return store.is_due(session, settings.index_folder)

    assert due()
    build(sessions, settings)
    assert not due()
    with sessions.write() as session:
        more = [Pair(f"Texte numéro {at} du lot.", f"Text {at}.", Provenance("Lot", at)) for at in range(store.FEWEST)]
        add_pairs(session, more, kind="tmx", label="Lot", document_key="lot")
        session.commit()
    assert due()


def test_a_handful_of_units_needs_no_generation(sessions, settings):
    with sessions.write() as session:
        make_unit(session, "Oui.", "Yes.")
        session.commit()
    with sessions.write() as session:
        assert generations.due(session, settings) is None


def test_only_who_may_rebuild_starts_a_generation(session, translator, editor):
    with pytest.raises(Forbidden):
        generations.start(session, translator)
    assert generations.start(session, editor).kind == "generation"


def test_the_lexicon_of_a_generation_marks_and_repairs(sessions, settings, first):
    memory = Memory(settings.index_folder)
    with sessions.read() as session:
        query = Query("Le ministre approuve le plan militaire devant le Conseil.")
        (matches,) = memory.lookup(session, [query], Wanted(70, 10))
    near = next(match for match in matches if match.base_rate < 95)
    assert [near.target[span.start : span.end] for span in near.hints]
    assert any(match.repair for match in matches)


def test_a_repair_writes_what_the_glossary_has(sessions, settings, first):
    with sessions.write() as session:
        reviewer = make_person(session, "reviewer")
        release = make_release(session, reviewer, ["Le ministre approuve le plan martien devant le Conseil."])
        claim = jobs.claim(session, jobs.enqueue(session, "propose", release.id).id, settings)
        memory = Memory(settings.index_folder)
        assert not any("Martian" in target for target in _repaired(session, claim, memory, settings))
        glossary.add(session, reviewer, Concept(("martien",), (Term("Martian"),)))
        assert any("Martian" in target for target in _repaired(session, claim, memory, settings))


def _repaired(session, claim, memory, settings):
    (found,) = propose.look(session, claim, memory, settings)
    return [match.repair.target for match in found.matches if match.repair]


def test_known_fragments_come_with_their_english(sessions, settings, first):
    memory = Memory(settings.index_folder)
    with sessions.read() as session:
        text = "Après un long débat, voici enfin le budget militaire de la saison nouvelle et de toutes les autres."
        (said,) = memory.suggest(session, [Query(text)], Wanted())
    assert said.matches == ()
    assert [(known.fragment, known.target) for known in said.known] == [("budget militaire", "military budget")]
    assert said.known[0].count > 1


def test_a_crowd_of_the_same_source_does_not_hide_the_one_in_context(sessions, settings, first):
    with sessions.write() as session:
        for number in range(260):
            context = Context(f"{number:016x}", "0" * 16, "paragraph")
            pair = Pair(
                "Merci.", f"Thank you, number {number}.", Provenance(f"D{number}", 3, "approved", context=context)
            )
            add_pairs(session, [pair], kind="tmx", label="D", document_key=f"d{number}")
        session.commit()
    memory = Memory(settings.index_folder)
    with sessions.read() as session:
        here = Query("Merci.", Context(f"{7:016x}", "0" * 16, "paragraph"))
        (matches,) = memory.lookup(session, [here], Wanted(70, 3))
    assert (matches[0].base_rate, matches[0].raw_target) == (102, "Thank you, number 7.")


def test_units_of_other_projects_are_neither_matches_nor_hits(sessions, settings, first):
    with sessions.write() as session:
        for scope in (0, 1, 2):
            pair = Pair(
                f"Le texte du projet {'abc'[scope]} est secret.", f"Text {scope}.", Provenance("P", scope, "approved")
            )
            add_pairs(session, [pair], kind="tmx", label="P", document_key=f"p{scope}", scope=scope)
        session.commit()
    memory = Memory(settings.index_folder)
    with sessions.read() as session:
        query = Query("Le texte du projet b est secret.", scope=1)
        (mine,) = memory.lookup(session, [query], Wanted(70, 9, frozenset({0, 1})))
        (shared,) = memory.lookup(session, [Query(query.text)], Wanted(70, 9, frozenset({0})))
        hits = memory.concordance(session, Phrase("projet", scopes={0, 2}))
    assert {match.raw_target for match in mine} == {"Text 0.", "Text 1."}
    assert {match.raw_target for match in shared} == {"Text 0."}
    assert {hit.target for hit in hits.passages} == {"Text 0.", "Text 2."}


def test_a_unit_of_another_project_that_one_may_see_carries_a_penalty(sessions):
    with sessions.write() as session:
        pair = Pair("Le texte du projet est là.", "The text.", Provenance("P", 1, "approved"))
        add_pairs(session, [pair], kind="tmx", label="P", document_key="p", scope=2)
        session.commit()
    with sessions.read() as session:
        (found,) = Memory().lookup(session, [Query(pair.source, scope=1)], Wanted(scopes=frozenset({0, 1, 2})))
    assert [penalty.code for penalty in found[0].penalties] == ["other_project"]
