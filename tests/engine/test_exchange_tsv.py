"""Tables of two columns become pairs, and other tables are refused with the line."""

from __future__ import annotations

import pytest

from tm.errors import InputError
from tm.exchange import tsv


def texts(table: str) -> list[tuple[str, str]]:
    return [(pair.source, pair.target) for pair in tsv.read(table.encode())]


def test_two_columns_are_pairs() -> None:
    assert texts("Oui.\tYes.\nNon.\tNo.\n") == [("Oui.", "Yes."), ("Non.", "No.")]


def test_names_of_the_columns_are_understood_in_either_order() -> None:
    assert texts("fr\ten\nOui.\tYes.") == [("Oui.", "Yes.")]
    assert texts("English\tFrench\r\nYes.\tOui.\r\n") == [("Oui.", "Yes.")]


def test_blank_lines_and_empty_sides_give_no_pair() -> None:
    assert texts("Oui.\tYes.\n\n\tYes.\nOui.\t\n") == [("Oui.", "Yes.")]


def test_quotation_marks_and_formulas_are_text() -> None:
    assert texts('"Oui"\t=1+1\n') == [('"Oui"', "=1+1")]


def test_the_line_is_the_position_and_the_label_the_document() -> None:
    pair = tsv.read(b"fr\ten\nOui.\tYes.", label="table.tsv")[0]
    assert (pair.seen.document, pair.seen.position) == ("table.tsv", 2)


@pytest.mark.parametrize("line", ["Oui.", "Oui.\tYes.\tJa.", "Oui.;Yes."])
def test_another_number_of_columns_is_refused_with_the_line(line: str) -> None:
    with pytest.raises(InputError) as caught:
        tsv.read(f"Un.\tOne.\n{line}\n".encode())
    assert (caught.value.code, caught.value.where) == ("TSV_COLUMNS", "line 2")


def test_a_control_character_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        tsv.read(b"Oui\x00\tYes\n")
    assert caught.value.code == "CONTROL_CHARACTER"
