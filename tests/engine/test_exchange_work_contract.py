"""What goes out comes back the same, in every format, and other programs find it there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings

from tests.parts.work import BOLD, CODES, END, LINK, NOTE, release, row, rows, usual
from tm.errors import InputError
from tm.exchange.work import FORMATS, Returned, WorkComment, WorkFile, WorkRow, new_comments, returned, source_hash
from tm.text import codes


def expected(one: WorkRow) -> tuple[str, str, str, str, str, tuple[str, ...]]:
    return one.id, one.source_hash, one.source, one.target, one.state, tuple(said.text for said in one.comments)


def told(one: Returned) -> tuple[str, str, str | None, str, str | None, tuple[str, ...]]:
    return one.id, one.source_hash, one.source, one.target, one.state, one.comments


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60)
@example(list(usual().rows))
@example([row(1, f"a{NOTE}{END}{BOLD}{NOTE}{LINK}<1>", f"{BOLD}{LINK}{END}\\<1>{BOLD}", state="draft", codes=CODES)])
@given(given_rows=rows())
def test_what_goes_out_comes_back(name: str, given_rows: list[WorkRow]) -> None:
    work = WorkFile("r1", "Titre & <b>", "pont.docx", tuple(given_rows))
    assert [told(one) for one in FORMATS[name].read(FORMATS[name].write(work))] == list(map(expected, given_rows))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_work_gives_the_same_bytes(name: str) -> None:
    assert FORMATS[name].write(usual()) == FORMATS[name].write(usual())


@pytest.mark.parametrize("name", FORMATS)
def test_the_name_of_a_file_says_how_it_is_read(name: str) -> None:
    each = FORMATS[name]
    assert returned(each.write(usual()), f"Pont.{each.ending.upper()}") == each.read(each.write(usual()))


def test_a_name_that_says_nothing_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        returned(b"x", "pont.exe")
    assert caught.value.code == "TYPE_UNKNOWN"


@pytest.mark.parametrize("name", FORMATS)
def test_a_return_carries_a_carriage_return_in_texts(name: str) -> None:
    work = release(row(1, "a\rb", "c\r\nd", state="draft"))
    assert [one.target for one in FORMATS[name].read(FORMATS[name].write(work))] == ["c\r\nd"]


@pytest.mark.parametrize("name", FORMATS)
def test_many_nested_codes_come_back(name: str) -> None:
    numbers = range(1, 400)
    inside = "".join(codes.character("open", each) for each in numbers)
    source = f"{inside}mot{''.join(codes.character('close', each) for each in reversed(numbers))}"
    work = release(row(1, source, source, state="translated"))
    assert [told(one) for one in FORMATS[name].read(FORMATS[name].write(work))] == [expected(work.rows[0])]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"target": "a\x01b"}, "CONTROL_CHARACTER"),
        ({"reason": "a\x00b"}, "CONTROL_CHARACTER"),
        ({"comments": (WorkComment("Anna", "", "\x0b", True),)}, "CONTROL_CHARACTER"),
        ({"target": "x" * 20_001}, "SEGMENT_TOO_LONG"),
    ],
)
def test_what_no_format_can_hold_is_not_written(name: str, change: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as caught:
        FORMATS[name].write(release(row(7, state="draft", **change)))
    assert caught.value.code == code


def test_more_segments_than_are_read_are_not_written() -> None:
    with pytest.raises(InputError) as caught:
        FORMATS["po"].write(release(*(row(number) for number in range(20_001))))
    assert caught.value.code == "WORK_TOO_MANY_ROWS"


def test_new_comments_are_those_that_nobody_knows() -> None:
    came = Returned("a", "0" * 16, None, "", None, ("oui", "oui", "non"))
    assert new_comments(came, ["oui"]) == ("oui", "non")
    assert new_comments(replace(came, comments=("oui",)), ["oui", "non"]) == ()


def test_the_hash_is_of_the_source_with_its_codes() -> None:
    assert source_hash("pont") == "59e5c3319a458263"
    assert source_hash(f"{BOLD}pont{END}") != source_hash("pont")
