"""Releases as tables: what people and their programs do to rows and cells is understood."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.shared import Cm
from openpyxl.worksheet.worksheet import Worksheet

from tests.parts.tables import SHEET, WORD, W, both, drop_column, in_sheet, in_word, put_sheet, saved, table_texts
from tests.parts.work import BOLD, CODES, END, release, row, usual
from tm.documents import package
from tm.exchange.work import Format, WorkComment


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


@both
def test_a_row_with_the_words_of_the_head_is_a_row(within: Callable, put: Callable, form: Format) -> None:
    odd = row(2, "French", "English", state="draft", comments=())
    work = form.write(release(row(1), odd, row(3, "Oui", "Yes", state="draft")))
    assert [one.target for one in form.read(saved(form, work, put(2, 5, "Comment")))] == ["", "English", "Yes"]


def test_cells_that_word_has_wrapped_are_cells_and_a_table_in_a_cell_is_none() -> None:
    def change(document: Document) -> None:
        cell = document.tables[0].cell(2, 3)._tc
        held = parse_xml(f"<w:sdt {W}><w:sdtPr/><w:sdtContent/></w:sdt>")
        cell.addprevious(held)
        held[1].append(cell)
        document.tables[0].cell(3, 3).add_table(1, 1).cell(0, 0).text = "inside"

    before = WORD.read(WORD.write(usual()))
    after = in_word(change)
    assert [one.target.strip() for one in after] == [one.target.strip() for one in before]


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


def test_codes_of_another_row_are_none_here() -> None:
    work = release(row(1, f"{BOLD}a{END}", "b", state="draft", codes=CODES), row(2, "a", "<1>b</1>", state="draft"))
    assert [one.target for one in WORD.read(WORD.write(work))] == ["b", "<1>b</1>"]
