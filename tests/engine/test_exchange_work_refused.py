"""Tables that cannot be used are refused, with a code and the row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from tests.parts.tables import (
    SHEET,
    WORD,
    both,
    drop_column,
    in_sheet,
    put_sheet,
    put_word,
    saved,
    table_texts,
)
from tests.parts.work import usual
from tm.documents import package
from tm.errors import InputError
from tm.exchange.work import Format


def parts(form: Format, **change: bytes | None) -> bytes:
    """A file with other parts; `_` in a name stands for `/` and `__` for a dot."""
    held = dict(package.opened(form.write(usual()), "x").parts)
    for name, data in change.items():
        path = name.replace("__", ".").replace("_", "/")
        held.pop(path, None)
        if data is not None:
            held[path] = data
    return package.packed(held)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 5_000_000)
    return stream.getvalue()


def emptied(form: Format) -> bytes:
    return saved(form, form.write(usual()), lambda held: [drop_column(form, 1)(held), drop_column(form, 0)(held)])


def twice(form: Format) -> bytes:
    first = table_texts(form)[2][1]
    put = put_word if form is WORD else put_sheet
    return saved(form, form.write(usual()), put(3, 1, first))


ENTITY = b'<!DOCTYPE x [<!ENTITY a "lol">]><x>&a;</x>'
SHARED = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="s"><v>99999</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize("form", [WORD, SHEET], ids=["docx", "xlsx"])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda form: b"", "EMPTY_FILE"),
        (lambda form: b"hello", "ARCHIVE_DAMAGED"),
        (lambda form: form.write(usual())[:-40], "ARCHIVE_DAMAGED"),
        (lambda form: (SHEET if form is WORD else WORD).write(usual()), "TYPE_MISMATCH"),
        (lambda form: package.packed({"a.txt": b"x"}), "TYPE_MISMATCH"),
        (lambda form: bomb(), "ARCHIVE_BOMB"),
        (lambda form: b"PK\x03\x04" + b"x" * 20_000_000, "TOO_LARGE"),
        (emptied, "WORK_NO_IDS"),
        (twice, "WORK_ID_TWICE"),
        (lambda form: parts(form, word_vbaProject__bin=b"x", xl_vbaProject__bin=b"x"), "MACRO_NOT_ACCEPTED"),
    ],
)
def test_what_cannot_be_used_is_refused(form: Format, data: Callable[[Format], bytes], code: str) -> None:
    with pytest.raises(InputError) as caught:
        form.read(data(form))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (parts(SHEET, xl_worksheets_sheet1__xml=ENTITY), "XML_ENTITY_FORBIDDEN"),
        (parts(SHEET, xl_workbook__xml=ENTITY), "XML_ENTITY_FORBIDDEN"),
        (parts(SHEET, xl_worksheets_sheet1__xml=b"<worksheet"), "XML_DAMAGED"),
        (parts(SHEET, xl_worksheets_sheet1__xml=None), "WORK_NO_IDS"),
        (parts(SHEET, xl_workbook__xml=b"<x/>"), "WORK_NO_IDS"),
        (parts(SHEET, xl_worksheets_sheet1__xml=SHARED), "ARCHIVE_DAMAGED"),
    ],
)
def test_a_damaged_spreadsheet_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        SHEET.read(data)
    assert caught.value.code == code


def test_entities_in_word_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        WORD.read(parts(WORD, word_document__xml=ENTITY))
    assert caught.value.code == "XML_ENTITY_FORBIDDEN"


@both
def test_texts_that_are_too_long_are_refused_with_their_row(within: Callable, put: Callable, form: Format) -> None:
    with pytest.raises(InputError) as caught:
        within(put(2, 3, "x" * 20_001))
    assert (caught.value.code, caught.value.where) == ("SEGMENT_TOO_LONG", "row 3")


def test_control_characters_that_a_spreadsheet_hides_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        in_sheet(put_sheet(2, 3, "a_x0001_b"))
    assert (caught.value.code, caught.value.where) == ("CONTROL_CHARACTER", "row 3")


def test_elements_without_end_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tm.exchange.work.bounds.ELEMENTS", 100)
    for form in (WORD, SHEET):
        with pytest.raises(InputError) as caught:
            form.read(form.write(usual()))
        assert caught.value.code == "WORK_TOO_MANY_ROWS"


@pytest.mark.parametrize("place", ["999999", "999999999999"])
def test_rows_without_end_are_refused(place: str) -> None:
    sheet = package.opened(SHEET.write(usual()), "x").parts["xl/worksheets/sheet1.xml"]
    bent = sheet.replace(b'<row r="3"', f'<row r="{place}"'.encode())
    assert bent != sheet
    with pytest.raises(InputError) as caught:
        SHEET.read(parts(SHEET, xl_worksheets_sheet1__xml=bent))
    assert caught.value.code == "WORK_TOO_MANY_ROWS"
