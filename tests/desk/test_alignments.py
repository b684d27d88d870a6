"""Pairs of files on their way into the memory."""

from __future__ import annotations

import json
import zipfile

import pytest
from sqlalchemy import func, select

from service.desk import alignments, bead_review, jobs, named_pairs, projects, segmentation
from service.desk.alignments import File
from service.desk.apart import Apart
from service.desk.beads import Row, Texts
from service.desk.lasting import Lasting
from service.desk.projects import sight_of
from service.errors import Forbidden, NotFound
from service.storage.alignments import Bead, BeadAct, FilePair, PairSegment, beads_of, segments_of
from service.storage.runs import Run
from service.storage.sight import see_as
from tests.desk.aligned import ENGLISH, FRENCH, align, bead, beads, memory_of, seen, submit
from tests.factories import make_unit
from tm.errors import InputError, TooLarge
from tm.store.memory import Memory, Query, Wanted
from tm.store.units import Import, Unit
from tm.text.rules.own import OwnRules


def test_certain_beads_enter_the_memory_at_once_each_with_its_unit(session, pair, editor):
    assert (pair.state, pair.counts["accepted"], pair.label) == ("done", 5, "Réunion du Conseil à Bruxelles")
    assert len(memory_of(session)) == 5
    for one in beads_of(session, pair.id):
        unit = session.get(Unit, one.unit_id)
        assert unit.source == Texts(*segments_of(session, pair.id)).source(Row.of(one))
    match = Memory().lookup(session, [Query("Il a pris trois décisions importantes.")], Wanted(limit=1))[0][0]
    assert (match.base_rate, match.rate, [penalty.code for penalty in match.penalties]) == (100, 99, ["aligned"])


def test_aligning_and_handing_in_twice_change_nothing(session, pair, editor, settings, apart):
    before = memory_of(session), beads(session, pair), session.scalar(select(func.count(Import.id)))
    assert submit(session, editor, settings).id == pair.id
    jobs.enqueue(session, "align", pair.id)
    align(session, pair, settings, apart)
    assert (memory_of(session), beads(session, pair), session.scalar(select(func.count(Import.id)))) == before


def test_doubtful_beads_wait_and_the_hopeless_are_held(session, editor, settings, apart):
    strict = settings.model_copy(update={"align_accept_from": 100, "align_hold_below": 0})
    longer = FRENCH + "\nCette phrase n’a pas été traduite en anglais.\n"
    pair = align(session, submit(session, editor, settings, longer), strict, apart)
    found = beads_of(session, pair.id)
    assert {one.state for one in found if one.source and one.target and one.confidence < 1} <= {"waiting"}
    assert {one.state for one in found if not one.target} <= {"held"}
    assert pair.state == ("aligned" if any(one.state == "waiting" for one in found) else "done")
    accepted = sum(one.state == "accepted" for one in found)
    assert len(memory_of(session)) == accepted
    nothing = settings.model_copy(update={"align_hold_below": 100, "align_accept_from": 100})
    held = align(session, submit(session, editor, settings, longer + "Fin.\n"), nothing, apart)
    assert held.counts["waiting"] == 0


@pytest.mark.parametrize(
    ("french", "english", "state", "code"),
    [
        (ENGLISH, FRENCH, "quarantined", "PAIR_SWAPPED"),
        (FRENCH, FRENCH.replace("2019", "2020"), "quarantined", "PAIR_LANGUAGE"),
        (FRENCH, " \n\n ", "failed", "NO_TEXT"),
        (FRENCH, "text \x00 with NUL\n" * 3, "failed", "CONTROL_CHARACTER"),
    ],
)
def test_bad_pairs_are_kept_apart_with_a_reason(session, editor, settings, apart, french, english, state, code):
    pair = align(session, submit(session, editor, settings, french, english), settings, apart)
    assert (pair.state, pair.code) == (state, code)
    assert pair.reason.endswith(".")
    assert memory_of(session) == []
    alignments.align_again(session, editor, pair.id)
    assert align(session, pair, settings, apart).code == code


def test_an_empty_or_too_large_file_is_refused_at_the_door(session, editor, settings):
    with pytest.raises(InputError, match="empty"):
        submit(session, editor, settings, english="")
    with pytest.raises(InputError, match="larger"):
        submit(session, editor, settings.model_copy(update={"upload_limit_mb": 1}), french="a" * 1_000_001)
    assert session.scalar(select(func.count(FilePair.id))) == 0


def test_a_bilingual_table_is_a_pair(session, editor, settings, apart):
    table = 'English;Français\nThe Council met.;Le Conseil s’est réuni.\n"It decided; it left.";Il a décidé.\n;Seul.\n'
    pair = alignments.submit_pair(session, editor, File("t.csv", table.encode()), None, settings=settings)
    pair = align(session, pair, settings, apart)
    assert (pair.state, pair.counts["accepted"], pair.counts["held"]) == ("done", 2, 1)
    assert [row[:2] for row in memory_of(session)] == [
        ("Il a décidé.", "It decided; it left."),
        ("Le Conseil s’est réuni.", "The Council met."),
    ]
    swapped = "\n".join(
        f"{english}\t{french}"
        for english, french in [("The ministers met in June.", "Les ministres se sont réunis en juin.")] * 3
    )
    bad = alignments.submit_pair(session, editor, File("t.tsv", swapped.encode()), None, settings=settings)
    assert align(session, bad, settings, apart).code == "PAIR_SWAPPED"


def test_a_project_keeps_its_pairs_to_itself(session, editor, reviewer, settings, apart):
    made = projects.add_project(session, editor, "alpha", "Alpha")
    pair = align(session, submit(session, editor, settings, project="alpha"), settings, apart)
    assert set(session.scalars(select(Unit.scope))) == {made.number}
    assert alignments.listing(session, reviewer) == []
    assert [each.id for each in alignments.listing(session, editor)] == [pair.id]
    with pytest.raises(NotFound):
        bead_review.accept(session, reviewer, pair.id, bead(session, pair, 0), seen=seen(session, pair, 0))
    assert submit(session, editor, settings).id != pair.id


def test_who_may_do_it(session, translator, reviewer, pair, settings):
    with pytest.raises(Forbidden):
        submit(session, reviewer, settings, name="b")
    with pytest.raises(Forbidden):
        bead_review.accept(session, translator, pair.id, bead(session, pair, 0), seen=seen(session, pair, 0))
    with pytest.raises(Forbidden):
        alignments.queue(session, translator)


def test_the_queue_begins_with_what_is_met_most_often(session, editor, settings, apart):
    doubtful = settings.model_copy(update={"align_accept_from": 100, "align_hold_below": 0})
    pair = align(session, submit(session, editor, settings), doubtful, apart)
    for one in beads_of(session, pair.id):
        one.state = "waiting"
    session.flush()
    for number in range(3):
        make_unit(session, "Il a pris trois décisions importantes.", f"Otherwise {number}.")
    make_unit(session, "Réunion du Conseil à Bruxelles", "Elsewhere")
    found = alignments.queue(session, editor)
    assert len(found) == 5
    often = [doubt.often for doubt in found]
    assert often == sorted(often, reverse=True)
    assert found[0].source == "Il a pris trois décisions importantes."
    assert found[0].target == "It took three important decisions."
    assert len(alignments.queue(session, editor, limit=2)) == 2


# names


def test_names_pair_up_by_their_language():
    found = named_pairs.sort_out(
        [
            *("a.fr.txt", "a.en.txt", "fr/b.html", "en/b.html", "note_FR.txt", "note_EN.html"),
            *("alone.fr.txt", "c.txt", "terms.csv", "fr/d.en.txt"),
        ]
    )
    assert found.pairs == [("a.fr.txt", "a.en.txt"), ("fr/b.html", "en/b.html"), ("note_FR.txt", "note_EN.html")]
    assert found.tables == ["terms.csv"]
    assert found.alone == ["alone.fr.txt", "c.txt", "fr/d.en.txt"]


def test_a_zip_file_is_read_no_further_than_is_allowed(tmp_path):
    place = tmp_path / "a.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/a.fr.txt", "a" * 50_000_000)
        archive.writestr("x/.hidden.txt", "no")
        archive.writestr("../b.en.txt", "b")
    with named_pairs.opened(place) as files:
        assert files.names() == ["x/a.fr.txt", "../b.en.txt"]
        assert len(files.read("x/a.fr.txt", 1000)) == 1001
    place.write_bytes(place.read_bytes()[:-30])
    with pytest.raises(InputError, match="no folder"), named_pairs.opened(place):
        pass


def test_a_folder_is_handed_in_by_one_command(passerelle, tmp_path):
    for name, text in (("a.fr.txt", FRENCH), ("a.en.txt", ENGLISH), ("b.fr.txt", FRENCH)):
        (tmp_path / name).write_text(text)
    done = passerelle("memory", "add-folder", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["pairs"], said["states"], said["alone"]) == (1, {"received": 1}, ["b.fr.txt"])
    nothing = passerelle("memory", "add-folder", tmp_path / "a.fr.txt")
    assert (nothing.returncode, "ZIP_UNREADABLE" in nothing.stderr) == (1, True)


def test_beads_and_segments_of_a_project_are_seen_by_its_members_alone(session, editor, reviewer, settings, apart):
    projects.add_project(session, editor, "alpha", "Alpha")
    pair = align(session, submit(session, editor, settings, project="alpha"), settings, apart)
    bead_review.reject(session, editor, pair.id, bead(session, pair, 0), seen=seen(session, pair, 0))
    for actor, number in ((editor, 1), (reviewer, 0)):
        see_as(session, sight_of(actor))
        found = [session.scalars(select(table)).all() for table in (FilePair, PairSegment, Bead, BeadAct, Run)]
        assert [min(len(rows), 1) for rows in found] == [number] * 5


def test_an_archive_is_read_where_it_was_handed_in_and_not_where_it_was_found():
    """A watched page of so many segments is refused; a file of somebody's own is aligned in seconds."""
    french, english = (
        "\n\n".join(f"{text} {number}." for number in range(3100)) for text in ("La décision numéro", "Decision number")
    )
    sides = [(text.encode(), {"filename": "a.txt"}) for text in (french, english)]
    with Apart(60) as apart, pytest.raises(TooLarge, match="3,000 segments"):
        apart.aligned(*sides)
    lasting = Lasting(seconds=60, idle=0)
    with lasting.lent() as apart:
        found = apart.aligned(*sides)
    assert [bead[:2] for bead in found["beads"]] == [[[number], [number]] for number in range(3100)]


@pytest.mark.backends("sqlite")
def test_pairs_of_a_project_are_cut_by_its_rules(session, editor, settings, apart):
    made = projects.add_project(session, editor, "alpha", "Alpha")
    segmentation.change(session, editor, made.number, "fr", OwnRules(never=("mars 2019.",)), seen=0)
    segmentation.change(session, editor, made.number, "en", OwnRules(never=("March 2019.",)), seen=0)
    pair = align(session, submit(session, editor, settings, project="alpha"), settings, apart)
    assert "Le Conseil de l’Atlantique Nord s’est réuni à Bruxelles le 12 mars 2019. Il a pris trois décisions" in str(
        [segment.text for segment in segments_of(session, pair.id)[0]]
    )
    assert pair.counts["accepted"] == 4
