"""Publications as things of their own: recorded, proved, withdrawn, opened, corrected; the same on every database."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from docx import Document
from sqlalchemy import insert, select, text

from service.desk import correcting, ingest, jobs, publish, records, rendering, styling, verifying, withdrawing
from service.desk.learn import learn_release
from service.errors import Forbidden, NotReady, WrongState
from service.publish.content import from_canonical
from service.publish.render import FORMATS
from service.storage.blobs import Blobs
from service.storage.public_pages import open_page, withdrawal_of
from service.storage.publications import Publication, PublicationFile, get_publication
from service.storage.releases import get_release
from service.storage.runs import Run
from service.storage.session import make_sessions
from tests.desk.published import approve_all, published, taken_in
from tests.parts.word import release_with_codes
from tm.errors import InputError
from tm.store.base import Base, now
from tm.store.units import Unit

SIXTY = "\n\n".join(["Réunion du Conseil", *(f"Le point {n} de l’ordre du jour a été adopté." for n in range(2, 61))])


@pytest.fixture
def word(session, translator, reviewer, editor, settings):
    release = taken_in(session, editor, release_with_codes(), "r.docx", settings)
    approve_all(session, translator, reviewer, release)
    return published(session, editor, release, settings)


def test_the_record_says_who_translated_and_approved_each_segment(session, word):
    record = records.of(word)
    assert record["content"] == word.content_hash
    assert {row["translated_by"] for row in record["segments"]} == {"Tania"}
    assert {row["approved_by"] for row in record["segments"]} == {"Rémi"}
    assert [row["number"] for row in record["segments"]] == list(range(1, len(record["segments"]) + 1))
    assert all(row["approved_at"] > row["translated_at"] > "" for row in record["segments"])
    assert records.record_hash(word.record) == word.record_hash


def test_the_document_comes_out_as_it_came_in_with_its_emphasis(session, editor, word, settings):
    made = publish.download(session, editor, word, "document", settings=settings)
    document = Document(io.BytesIO(made.data))
    assert made.filename.endswith(".english.docx")
    assert document.paragraphs[0].style.name == "Title"
    assert document.paragraphs[0].text == "LE CONSEIL ADOPTE SON RAPPORT"
    assert [run.text for run in document.paragraphs[2].runs if run.bold] == ["CONSEIL"]
    assert document.tables[0].cell(0, 0).text == "EFFECTIF"
    assert document.sections[0].header.paragraphs[0].text == "COMMUNIQUÉ DE PRESSE"


def test_every_format_is_made_and_made_again_byte_for_byte(session, editor, word, settings):
    assert {file.format for file in word.files} == {*FORMATS, "document"}
    for file in word.files:
        kept = publish.download(session, editor, word, file.format, settings=settings).data
        assert rendering.rendered(word, file.format, settings).data == kept, file.format
    page = publish.download(session, editor, word, "html", settings=settings).data.decode()
    assert "LE <strong>CONSEIL</strong> A ADOPTÉ LE RAPPORT SUR <em>BORÉAL</em>" in page
    assert "\ue101" not in page


def test_a_sound_publication_is_proved(session, editor, word, settings):
    assert verifying.verify(session, editor, word.id, settings) == []


def test_a_flipped_byte_in_a_file_is_found(session, editor, word, settings):
    file = next(file for file in word.files if file.format == "pdf")
    path = settings.blob_folder / file.blob[:2] / file.blob
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert [(one.code, one.where) for one in verifying.verify(session, editor, word.id, settings)] == [
        ("FILE_DAMAGED", "pdf")
    ]


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE publication SET content = replace(content, 'CONSEIL', 'COUNCIL')", "CONTENT_HASH"),
        ("UPDATE publication SET record = replace(record, 'Rémi', 'Ada')", "RECORD_HASH"),
        ("UPDATE history SET target = 'Something else' WHERE action = 'approve'", "HISTORY"),
        ("UPDATE segment SET target = 'Something else' WHERE position = 3", "REBUILT"),
        ("DELETE FROM audit WHERE action = 'published'", "AUDIT"),
    ],
)
def test_whatever_is_changed_behind_our_back_is_found(session, editor, word, settings, statement, code):
    for table, act in (("publication", "update"), ("history", "update"), ("audit", "delete")):
        session.execute(text(f"DROP TRIGGER {table}_no_{act}"))
    session.execute(text(statement))
    session.expire_all()
    assert code in {one.code for one in verifying.verify(session, editor, word.id, settings)}


def test_withdrawing_keeps_the_publication_and_takes_back_what_was_learned(session, editor, translator, word, settings):
    learn_release(session, word.release_id)
    assert session.scalars(select(Unit).where(Unit.status == "active")).all()
    with pytest.raises(Forbidden):
        withdrawing.withdraw(session, translator, word.id, "Wrong figures.")
    with pytest.raises(InputError):
        withdrawing.withdraw(session, editor, word.id, " ")
    made = withdrawing.withdraw(session, editor, word.id, "Wrong figures.")
    assert withdrawing.withdraw(session, editor, word.id, "Again").reason == made.reason == "Wrong figures."
    assert get_release(session, word.release_id).state == "withdrawn"
    assert get_publication(session, word.id).content == word.content
    assert session.scalars(select(Run).where(Run.kind == "import")).one().state == "queued"
    assert verifying.verify(session, editor, word.id, settings) == []


def test_a_publication_is_open_from_its_moment_on_by_the_clock_of_the_database(session, editor, word):
    page = withdrawing.open_to_all(session, editor, word.id, now() + timedelta(hours=1))
    assert open_page(session, page.slug) is None
    again = withdrawing.open_to_all(session, editor, word.id, now() - timedelta(minutes=9))
    assert again.slug == page.slug
    assert open_page(session, page.slug).id == word.id
    assert open_page(session, page.slug[:-1]) is None
    withdrawing.close(session, editor, word.id)
    assert open_page(session, page.slug) is None


def test_one_changed_sentence_of_sixty_opens_one_segment_and_the_second_publication_says_so(
    session, translator, reviewer, editor, settings
):
    first = taken_in(session, editor, SIXTY.encode(), "r.txt", settings)
    approve_all(session, translator, reviewer, first)
    before = published(session, editor, first, settings)
    changed = SIXTY.replace("Le point 7 de", "Le point 77 de")
    second = correcting.correct(
        session, editor, before.id, changed.encode(), filename="r2.txt", media=None, settings=settings
    )
    with pytest.raises(WrongState, match="there already"):
        correcting.correct(session, editor, before.id, b"x", filename="r3.txt", media=None, settings=settings)
    ingest.parse(session, second.id, settings)
    session.expire_all()
    states = [segment.state for segment in second.segments]
    assert states.count("approved") == 59
    opened = second.segments[6]
    assert (opened.state, opened.earlier_source) == ("untranslated", "Le point 7 de l’ordre du jour a été adopté.")
    assert opened.earlier_target == "LE POINT 7 DE L’ORDRE DU JOUR A ÉTÉ ADOPTÉ."
    with pytest.raises(NotReady):
        publish.publish(session, editor, second.id, settings=settings)
    approve_all(session, translator, reviewer, second)
    after = published(session, editor, second, settings)
    assert (after.number, after.corrects_id) == (2, before.id)
    corrects = records.of(after)["corrects"]
    assert (corrects["number"], corrects["segments"]) == (1, [7])
    page = publish.download(session, editor, after, "html", settings=settings).data.decode()
    assert 'This publication corrects publication 1: segment <a href="#en-7">7</a>.' in page
    assert verifying.verify(session, editor, after.id, settings) == []
    assert verifying.verify(session, editor, before.id, settings) == []


def test_what_is_gone_from_a_corrected_text_is_counted(session, translator, reviewer, editor, settings):
    first = taken_in(session, editor, SIXTY.encode(), "r.txt", settings)
    approve_all(session, translator, reviewer, first)
    before = published(session, editor, first, settings)
    shorter = SIXTY.replace("\n\nLe point 9 de l’ordre du jour a été adopté.", "")
    second = correcting.correct(
        session, editor, before.id, shorter.encode(), filename="r2.txt", media=None, settings=settings
    )
    ingest.parse(session, second.id, settings)
    session.expire_all()
    assert get_release(session, second.id).state == "approved"
    after = published(session, editor, second, settings)
    corrects = records.of(after)["corrects"]
    assert (corrects["segments"], corrects["gone"]) == ([], 1)


def test_the_style_of_the_house_is_that_of_the_day_of_publication(session, translator, reviewer, editor, settings):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    values = {"organisation": "Arvane Alliance", "organisation_fr": "Alliance d’Arvane", "date_form": "mdy"}
    styling.change(session, editor, values, settings=settings, logo=svg)
    release = taken_in(session, editor, SIXTY.encode(), "r.txt", settings)
    approve_all(session, translator, reviewer, release)
    made = published(session, editor, release, settings)
    page = publish.download(session, editor, made, "html", settings=settings).data.decode()
    assert "Arvane Alliance" in page
    assert "data:image/svg+xml;base64," in page
    styling.change(session, editor, {"organisation": "Another"}, settings=settings, without_logo=True)
    assert verifying.verify(session, editor, made.id, settings) == []
    assert rendering.rendered(made, "html", settings).data.decode() == page


@pytest.mark.parametrize(
    "logo",
    [
        b"GIF89a",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://elsewhere.example/x.png"/></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
)
def test_a_mark_that_is_no_plain_picture_is_refused(session, editor, settings, logo):
    with pytest.raises(InputError) as refused:
        styling.change(session, editor, {}, settings=settings, logo=logo)
    assert refused.value.code == "LOGO_TYPE"


def test_a_job_makes_the_files(session, translator, reviewer, editor, settings):
    release = taken_in(session, editor, SIXTY.encode(), "r.txt", settings)
    approve_all(session, translator, reviewer, release)
    made = publish.publish(session, editor, release.id, settings=settings)
    run = session.scalars(select(Run).where(Run.kind == "render")).one()
    assert (run.subject, run.state) == (release.id, "queued")
    assert made.files == []
    assert jobs.task_name("render") == "passerelle.render"


@pytest.mark.backends("sqlite")
def test_the_same_publication_in_another_database_gives_the_same_bytes(
    session, editor, word, settings, make_settings, request, tmp_path
):
    server = request.getfixturevalue("postgresql")
    name = server.make()
    other = make_settings(database_url=server.url(name), data_dir=tmp_path / "other")
    copied = [table for table in Base.metadata.sorted_tables if table.name not in ("memory_clock",)]
    rows = {table: [dict(row) for row in session.execute(select(table)).mappings()] for table in copied}
    sessions = make_sessions(other)
    with sessions.write() as there:
        for table, found in rows.items():
            if found:
                there.execute(insert(table), found)
        for blob in {file.blob for file in word.files} | {get_release(session, word.release_id).blob}:
            Blobs(other.blob_folder).put(Blobs(settings.blob_folder).get(blob))
        twin = there.get(Publication, word.id)
        assert (twin.content_hash, twin.record_hash) == (word.content_hash, word.record_hash)
        assert json.loads(twin.record) == records.of(word)
        for file in word.files:
            assert (
                rendering.rendered(twin, file.format, other).data
                == rendering.rendered(word, file.format, settings).data
            )
        assert verifying.verify(there, editor, word.id, other) == []
        assert there.get(PublicationFile, (word.id, "pdf")).blob == session.get(PublicationFile, (word.id, "pdf")).blob
    sessions.close()
    server.drop(name)
    assert from_canonical(word.content).media == "docx"
    assert withdrawal_of(session, word.id) is None
