"""Out and back: nothing changed is no change, one changed is one, what must not be taken is refused with its reason."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document
from openpyxl import load_workbook

from service.desk import comments, returning, review
from service.errors import Forbidden
from service.storage.comments import threads_on
from service.storage.releases import Segment, history_of
from tests.desk.published import taken_in
from tests.factories import make_release, operation
from tests.parts.word import release_with_codes
from tm.errors import InputError
from tm.exchange.work import FORMATS

FORMS = sorted(FORMATS)


@pytest.fixture
def work(session, translator, reviewer, editor, settings):
    """A release with codes: segment 3 confirmed and remarked on, 4 approved, 5 a draft."""
    release = taken_in(session, editor, release_with_codes(), "r.docx", settings)
    third, fourth, fifth = release.segments[2:5]
    text = third.source.replace("Le ", "The ").replace("Conseil", "Council")
    review.save(session, translator, third.id, text, seen=0, operation=operation(), confirm=True)
    comments.say(session, reviewer, third.id, "Is this how we call it?")
    draft = "It enters into force on 1 April 2024."
    review.save(session, translator, fourth.id, draft, seen=0, operation=operation(), confirm=True)
    review.approve(session, reviewer, fourth.id, seen=1, operation=operation(), acknowledged=True)
    review.save(session, translator, fifth.id, "First item", seen=0, operation=operation())
    session.expire_all()
    return release


def sent(session, actor, release, form):
    return returning.send_out(session, actor, release.id, form)


def back(session, actor, release, made, data, settings, act=""):
    return returning.take_in(
        session, actor, release.id, data, made.filename, operation=act or operation(), settings=settings
    )


def changed(form: str, data: bytes, old: str, new: str) -> bytes:
    """The file with one text changed in it, as whoever works on it would change it."""
    if form == "table-docx":
        document = Document(io.BytesIO(data))
        for paragraph in (
            p for table in document.tables for row in table.rows for c in row.cells for p in c.paragraphs
        ):
            if paragraph.text == old:
                paragraph.runs[0].text = new
                for run in paragraph.runs[1:]:
                    run.text = ""
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()
    if form == "table-xlsx":
        book = load_workbook(io.BytesIO(data))
        for row in book.active.iter_rows():
            for cell in row:
                if cell.value == old:
                    cell.value = new
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
    assert data.count(old.encode()) == 1
    return data.replace(old.encode(), new.encode())


@pytest.mark.parametrize("form", FORMS)
def test_out_and_back_with_nothing_changed_is_no_change(session, translator, work, settings, form):
    before = [(one.id, one.version, one.state, one.target) for one in work.segments]
    made = sent(session, translator, work, form)
    report = back(session, translator, work, made, made.data, settings)
    assert (report.changed, report.comments, report.refused) == ([], 0, [])
    assert report.unchanged == len(before)
    session.expire_all()
    assert [(one.id, one.version, one.state, one.target) for one in work.segments] == before


@pytest.mark.parametrize("form", FORMS)
def test_one_changed_text_is_one_change_with_its_person_and_history(session, translator, work, settings, form):
    made = sent(session, translator, work, form)
    data, act = changed(form, made.data, "First item", "First item of the agenda"), operation()
    report = back(session, translator, work, made, data, settings, act)
    assert [one.position for one in report.changed] == [5]
    assert (report.refused, report.unchanged) == ([], len(work.segments) - 1)
    session.expire_all()
    fifth = work.segments[4]
    assert (fifth.target, fifth.origin) == ("First item of the agenda", "imported")
    assert (fifth.translated_by, history_of(session, fifth.id)[0].target) == (translator.id, "First item of the agenda")
    assert [one.position for one in back(session, translator, work, made, data, settings, act).changed] == [5]
    session.expire_all()
    assert work.segments[4].version == fifth.version == 2


@pytest.mark.parametrize("form", FORMS)
def test_approved_text_is_not_overwritten(session, translator, work, settings, form):
    made = sent(session, translator, work, form)
    data = changed(form, made.data, "It enters into force on 1 April 2024.", "Something else.")
    report = back(session, translator, work, made, data, settings)
    assert (report.changed, report.refused) == ([], [("4", "is approved")])
    session.expire_all()
    assert work.segments[3].target == "It enters into force on 1 April 2024."


@pytest.mark.parametrize("form", FORMS)
def test_a_text_for_a_source_that_has_changed_is_refused(session, translator, work, settings, form):
    made = sent(session, translator, work, form)
    fifth = session.get(Segment, work.segments[4].id)
    fifth.source = fifth.source.replace("Premier", "Second")
    session.flush()
    data = changed(form, made.data, "First item", "First item of the agenda")
    report = back(session, translator, work, made, data, settings)
    assert report.changed == []
    assert report.refused == [("5", "its French has changed since the file was made")]


def test_a_remark_that_was_written_elsewhere_is_a_remark_here(session, translator, work, settings):
    made = sent(session, translator, work, "table-xlsx")
    book = load_workbook(io.BytesIO(made.data))
    sheet = book.active
    for row in sheet.iter_rows(min_row=2):
        if str(row[3].value or "").startswith("The "):
            row[-1].value = f"{row[-1].value or ''}\nYes, it is."
    stream = io.BytesIO()
    book.save(stream)
    report = back(session, translator, work, made, stream.getvalue(), settings)
    said = [one.text for thread in threads_on(session, work.segments[2].id) for one in thread]
    assert report.comments == 1
    assert said == ["Is this how we call it?", "Yes, it is."]


def test_another_releases_file_is_refused(session, translator, work, settings):
    other = make_release(session, translator)
    made = sent(session, translator, other, "po")
    with pytest.raises(InputError) as refused:
        back(session, translator, work, made, made.data, settings)
    assert refused.value.code == "RETURN_FOREIGN"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<xliff/>", b"%PDF-1.7", b"\x00" * 50])
def test_what_cannot_be_read_is_refused(session, translator, work, settings, data):
    for name in ("a.xlf", "a.docx", "a.xlsx", "a.po", "a.exe"):
        with pytest.raises(InputError):
            returning.take_in(session, translator, work.id, data, name, operation=operation(), settings=settings)


def test_who_only_runs_the_instance_takes_nothing_out(session, admin, work):
    with pytest.raises(Forbidden):
        sent(session, admin, work, "po")


def test_codes_come_back_as_codes(session, translator, work, settings):
    made = sent(session, translator, work, "table-xlsx")
    book = load_workbook(io.BytesIO(made.data))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    shown = next(text for text in cells if text.startswith("The <"))
    assert re.search(r"<\w+>Council</\w+>", shown)
    data = changed("table-xlsx", made.data, shown, shown.replace("Council", "North Council"))
    report = back(session, translator, work, made, data, settings)
    assert [one.position for one in report.changed] == [3]
    session.expire_all()
    assert "\ue101North Council\ue301" in work.segments[2].target
