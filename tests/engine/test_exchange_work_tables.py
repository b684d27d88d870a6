"""Releases as tables: what people and their programs do to rows and cells is understood.

Long because each thing that people do to a table is a case of its own.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.shared import Cm
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from tests.parts.work import BOLD, CODES, END, release, row, usual
from tm.documents import package
from tm.errors import InputError
from tm.exchange.work import FORMATS, Format, Returned, WorkComment

WORD, SHEET = FORMATS["table-docx"], FORMATS["table-xlsx"]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def in_word(change: Callable[[Document], object], work: bytes | None = None) -> list[Returned]:
    """What comes back after a change in a Word document."""
    document = docx.Document(io.BytesIO(work or WORD.write(usual())))
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    return WORD.read(stream.getvalue())


def in_sheet(change: Callable[[Worksheet], object], work: bytes | None = None) -> list[Returned]:
    """What comes back after a change in a spreadsheet."""
    book = openpyxl.load_workbook(io.BytesIO(work or SHEET.write(usual())))
    change(book["Translation"])
    stream = io.BytesIO()
    book.save(stream)
    return SHEET.read(stream.getvalue())


def put_word(place: int, column: int, text: str) -> Callable[[Document], object]:
    def change(document: Document) -> None:
        document.tables[0].cell(place, column).text = text

    return change


def put_sheet(place: int, column: int, text: object) -> Callable[[Worksheet], object]:
    def change(sheet: Worksheet) -> None:
        sheet.cell(place + 1, column + 1).value = text

    return change


PUT = [(in_word, put_word, WORD), (in_sheet, put_sheet, SHEET)]
both = pytest.mark.parametrize(("within", "put", "form"), PUT, ids=["docx", "xlsx"])


@both
def test_a_change_of_a_text_is_one_change(within: Callable, put: Callable, form: Format) -> None:
    before, after = form.read(form.write(usual())), within(put(2, 3, "The <1>12 m</1> bridge."))
    assert after[1] == replace(before[1], target=f"The {BOLD}12 m{END} bridge.")
    assert [one for one in after if one not in before] == [after[1]]


@both
def test_unknown_codes_stay_text(within: Callable, put: Callable, form: Format) -> None:
    assert within(put(2, 3, "<1>The</1> <9> <1/> \\<1>"))[1].target == f"{BOLD}The{END} <9> <1/> <1>"


@both
@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("translated", "translated"), ("Traduit", "translated"), ("BROUILLON", "draft"), (" draft \n87 %", "draft"),
        ("Traduit.", "translated"), ("rejeté", "rejected"), ("approved", "translated"), ("approuvé", "translated"),
        ("", None), ("peut-être", None), ("untranslated", "draft"), ("translated 87 %", "translated"),
    ],
)  # fmt: skip
def test_states_are_words_in_either_language(
    within: Callable, put: Callable, form: Format, written: str, state: str | None
) -> None:
    assert within(put(3, 4, written))[2].state == state


@both
def test_what_was_approved_and_emptied_is_not_approved(within: Callable, put: Callable, form: Format) -> None:
    assert [one.state for one in within(put(6, 3, ""))][5] == "untranslated"


@both
def test_a_comment_below_what_was_said_is_new(within: Callable, put: Callable, form: Format) -> None:
    before = form.read(form.write(usual()))
    texts = table_texts(form)[5]
    after = within(put(5, 5, f"{texts[5]}\nD’accord.\nMerci."))
    assert after[4].comments == (*before[4].comments, "D’accord.\nMerci.")
    assert within(put(1, 5, "Vu."))[0].comments == ("Vu.",)


def table_texts(form: Format) -> list[list[str]]:
    data = form.write(usual())
    if form is WORD:
        table = docx.Document(io.BytesIO(data)).tables[0]
        return [[cell.text for cell in each.cells] for each in table.rows]
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Translation"]
    return [["" if value is None else str(value) for value in each] for each in sheet.iter_rows(values_only=True)]


@both
def test_the_columns_are_named_and_say_what_they_are(within: Callable, put: Callable, form: Format) -> None:
    head, _, second, third, *_ = table_texts(form)
    assert head == ["No.", "Do not change", "French", "English", "State", "Comment"]
    assert second[:1] + second[2:] == ["2", "Le <1>pont</1> de 12\u00a0m.", "The 12 m <1>bridge</1>.", "translated", ""]
    assert re.fullmatch(r"s3\n[0-9a-f]{16} pretranslated\n<2></2><3/>", third[1])
    assert third[4] == "pretranslated\n87 % tm-localised"


@both
def test_a_column_may_be_taken_out_and_names_may_be_french(within: Callable, put: Callable, form: Format) -> None:
    data = form.write(usual())
    for column, name in enumerate(["N°", "Ne pas modifier", "Français", "Anglais", "État", "Commentaire"]):
        data = saved(form, data, put(0, column, name))
    before = form.read(form.write(usual()))
    assert form.read(data) == before
    without = [replace(one, source=None) for one in before]
    assert form.read(saved(form, data, drop_column(form, 2))) == without


def saved(form: Format, data: bytes, change: Callable) -> bytes:
    stream = io.BytesIO()
    if form is WORD:
        document = docx.Document(io.BytesIO(data))
        change(document)
        document.save(stream)
    else:
        book = openpyxl.load_workbook(io.BytesIO(data))
        change(book["Translation"])
        book.save(stream)
    return stream.getvalue()


def drop_column(form: Format, column: int) -> Callable:
    def of_word(document: Document) -> None:
        for each in document.tables[0].rows:
            each._tr.remove(each._tr.tc_lst[column])

    return of_word if form is WORD else lambda sheet: sheet.delete_cols(column + 1)


def test_rows_may_be_sorted_deleted_and_resized_in_word() -> None:
    def change(document: Document) -> None:
        table = document.tables[0]
        rows = [each._tr for each in table.rows]
        table._tbl.remove(rows[0])
        table._tbl.remove(rows[3])
        table._tbl.append(rows[1])
        for cell in table.columns[3].cells:
            cell.width = Cm(12)

    before, after = WORD.read(WORD.write(usual())), in_word(change)
    assert [one.id for one in after] == ["s2", "s4", "s5", "s6", "s1"]
    assert {replace(one, place="") for one in after} < {replace(one, place="") for one in before}


def test_rows_may_be_sorted_and_deleted_in_a_spreadsheet() -> None:
    def change(sheet: Worksheet) -> None:
        rows = [list(each) for each in sheet.iter_rows(values_only=True)]
        sheet.delete_rows(1, 7)
        for place, values in enumerate(reversed(rows[1:4]), 5):
            for column, value in enumerate(values, 2):
                sheet.cell(place, column).value = value

    after = in_sheet(change)
    assert [(one.id, one.place) for one in after] == [("s3", "row 5"), ("s2", "row 6"), ("s1", "row 7")]
    assert after[1].target == f"The 12 m {BOLD}bridge{END}."


def test_codes_are_seen_in_word_and_the_head_repeats() -> None:
    document = docx.Document(io.BytesIO(WORD.write(usual())))
    section, table = document.sections[0], document.tables[0]
    assert section.page_width > section.page_height
    assert table.style.name == "Table Grid"
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    runs = table.cell(2, 2).paragraphs[0].runs
    assert [(run.text, run.style.name == "Inline Code") for run in runs if run.text] == [
        ("Le ", False), ("<1>", True), ("pont", False), ("</1>", True), (" de 12\u00a0m.", False),
    ]  # fmt: skip
    assert table.cell(2, 1).paragraphs[0].style.font.color.rgb == docx.shared.RGBColor.from_string("808080")


def test_tracked_changes_stand_as_accepted() -> None:
    def change(document: Document) -> None:
        table = document.tables[0]
        paragraph = table.cell(2, 3).paragraphs[0]._p
        for run in list(paragraph.r_lst):
            paragraph.remove(run)
        for text in (
            f'<w:r {W}><w:t xml:space="preserve">The </w:t></w:r>',
            f'<w:del {W} w:id="1" w:author="A"><w:r><w:delText>old</w:delText></w:r></w:del>',
            f'<w:ins {W} w:id="2" w:author="A"><w:r><w:t>new</w:t></w:r></w:ins>',
            f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>",
        ):
            paragraph.append(parse_xml(text))
        gone = table.rows[3]._tr
        gone.trPr.append(parse_xml(f'<w:del {W} w:id="3" w:author="A"/>'))

    after = in_word(change)
    assert [one.id for one in after] == ["s1", "s2", "s4", "s5", "s6"]
    assert after[1].target == "The new"


def test_paragraphs_in_a_cell_are_lines() -> None:
    def change(document: Document) -> None:
        document.tables[0].cell(1, 3).add_paragraph("deux\ttrois")

    assert in_word(change)[0].target == "\ndeux\ttrois"


def test_no_cell_is_a_formula_and_nothing_is_protected() -> None:
    odd = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "#N/A", "007", "1/2", "TRUE"]
    work = release(*(row(at, text, text, state="draft") for at, text in enumerate(odd, 1)))
    sheet = openpyxl.load_workbook(io.BytesIO(SHEET.write(work)))["Translation"]
    cells = [sheet.cell(at + 1, 4) for at in range(1, len(odd) + 1)]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in cells] == [(text, "s", "@") for text in odd]
    assert [cell.quotePrefix for cell in cells] == [True] * 5 + [False] * 4
    assert not sheet.protection.sheet
    assert sheet.freeze_panes == "A2"
    assert b"<f>" not in package.opened(SHEET.write(work), "x").parts["xl/worksheets/sheet1.xml"]


def test_a_number_or_a_formula_that_somebody_has_typed_is_its_text() -> None:
    assert in_sheet(put_sheet(2, 3, 2024))[1].target == "2024"
    assert in_sheet(put_sheet(2, 3, 12.5))[1].target == "12.5"
    assert in_sheet(put_sheet(2, 3, "=SUM(A1:A2)"))[1].target == "=SUM(A1:A2)"


@pytest.mark.parametrize("form", [WORD, SHEET], ids=["docx", "xlsx"])
def test_rows_that_are_all_alike_are_no_bomb(form: Format) -> None:
    rows = [row(at, "Le pont rouvre. " * 20, "The bridge reopens. " * 20, state="draft") for at in range(1, 1001)]
    assert len(form.read(form.write(release(*rows)))) == 1000


def test_of_many_comments_a_cell_holds_the_last() -> None:
    said = tuple(WorkComment("Anna", "2024-03-12", f"{number} " + "x" * 5000, True) for number in range(9))
    (found,) = SHEET.read(SHEET.write(release(row(1, comments=said))))
    assert [text[:2] for text in found.comments] == ["3 ", "4 ", "5 ", "6 ", "7 ", "8 "]
    (found,) = WORD.read(WORD.write(release(row(1, comments=said))))
    assert len(found.comments) == 9


# what is refused


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
        archive.writestr("xl/workbook.xml", b" " * 300_000_000)
    return stream.getvalue()


def emptied(form: Format) -> bytes:
    return saved(form, form.write(usual()), lambda held: [drop_column(form, 1)(held), drop_column(form, 0)(held)])


def twice(form: Format) -> bytes:
    first = table_texts(form)[2][1]
    put = put_word if form is WORD else put_sheet
    return saved(form, form.write(usual()), put(3, 1, first))


ENTITY = b'<!DOCTYPE x [<!ENTITY a "lol">]><x>&a;</x>'
BOMB = bomb()
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
        (lambda form: BOMB, "ARCHIVE_BOMB"),
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


@pytest.mark.parametrize("place", ["999999", "999999999999"])
def test_rows_without_end_are_refused(place: str) -> None:
    sheet = package.opened(SHEET.write(usual()), "x").parts["xl/worksheets/sheet1.xml"]
    bent = sheet.replace(b'<row r="3"', f'<row r="{place}"'.encode())
    assert bent != sheet
    with pytest.raises(InputError) as caught:
        SHEET.read(parts(SHEET, xl_worksheets_sheet1__xml=bent))
    assert caught.value.code == "WORK_TOO_MANY_ROWS"


def test_codes_of_another_row_are_none_here() -> None:
    work = release(row(1, f"{BOLD}a{END}", "b", state="draft", codes=CODES), row(2, "a", "<1>b</1>", state="draft"))
    assert [one.target for one in WORD.read(WORD.write(work))] == ["b", "<1>b</1>"]
    assert etree.fromstring(package.opened(WORD.write(work), "x").parts["word/document.xml"]) is not None
