"""A release as a catalogue: what tools for catalogues do to it is understood."""

from __future__ import annotations

import polib
import pytest

from tests.parts.work import BOLD, CODES, END, release, row, usual
from tm.errors import InputError
from tm.exchange.work import FORMATS, Returned

PO = FORMATS["po"]
ENTRY = 'msgctxt "a"\nmsgid "b"\nmsgstr "%s"\n'


def entries(data: bytes) -> polib.POFile:
    return polib.pofile(data.decode())


def changed(change: str, state: str, target: str = "Yes.") -> Returned:
    """What comes back after a line was added to an entry, or its text exchanged."""
    file = entries(PO.write(release(row(1, target=target, state=state))))
    exec(change, {"entry": file[0]})
    return PO.read(str(file).encode())[0]


def test_an_entry_says_what_is_known() -> None:
    entry = entries(PO.write(usual()))[2]
    assert (entry.msgctxt, entry.msgid, entry.msgstr, entry.flags) == (
        "s3", "Voir <2>ici</2><3/>.", "See here.", ["fuzzy"],
    )  # fmt: skip
    lines = entry.comment.split("\n")
    assert lines[:2] == ["number: 3", "role: paragraph"]
    assert lines[3:] == [
        "state: pretranslated",
        "rate: 87",
        "origin: tm-localised",
        "codes: <2></2><3/>",
        "code: <2> </2> link https://example.org/a?b=1&c=2",
        "code: <3/> note 1",
    ]


def test_what_nobody_has_confirmed_or_a_reviewer_has_sent_back_is_fuzzy() -> None:
    flags = [entry.flags for entry in entries(PO.write(usual()))]
    assert flags == [[], [], ["fuzzy"], ["fuzzy"], ["fuzzy"], []]


@pytest.mark.parametrize(
    ("sent", "change", "expected"),
    [
        ("draft", "entry.flags.clear()", "translated"),
        ("pretranslated", "entry.flags.clear()", "translated"),
        ("rejected", "entry.flags.clear()", "translated"),
        ("translated", "entry.flags.append('fuzzy')", "draft"),
        ("approved", "entry.flags.append('fuzzy')", "draft"),
        ("approved", "entry.msgstr = 'No.'", "approved"),
        ("approved", "entry.msgstr = ''", "untranslated"),
        ("draft", "entry.flags.clear(); entry.msgstr = ''", "draft"),
        ("draft", "entry.comment = ''", "draft"),
        ("draft", "entry.comment = ''; entry.flags.clear()", "translated"),
    ],
)
def test_the_flag_is_the_word_of_the_person(sent: str, change: str, expected: str) -> None:
    assert changed(change, sent).state == expected


def test_an_empty_entry_that_was_filled_is_translated() -> None:
    assert changed("entry.msgstr = 'Yes.'", "untranslated", "").state == "translated"


def test_comments_of_translators_are_new() -> None:
    assert changed("entry.tcomment = 'Vraiment ?\\nOui.'", "draft").comments == ("Vraiment ?\nOui.",)


def test_codes_that_the_segment_does_not_have_stay_text() -> None:
    file = entries(PO.write(release(row(1, f"Le {BOLD}pont{END}", "x", state="draft", codes=CODES))))
    file[0].msgstr = "The <1>bridge</1> <2> <3/> <999>"
    assert PO.read(str(file).encode())[0].target == f"The {BOLD}bridge{END} <2> <3/> <999>"


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("", "EMPTY_FILE", ""),
        ("not a catalogue", "PO_INVALID", "line 1"),
        ('msgid "Oui."\nmsgstr "Yes."\n', "WORK_NO_IDS", ""),
        ('msgid ""\nmsgstr "Language: de\\n"\n\nmsgctxt "a"\nmsgid "Oui."\nmsgstr "Ja."\n', "PO_LANGUAGE", ""),
        (
            'msgctxt "a"\nmsgid "b"\nmsgstr "c"\n\nmsgctxt "a"\nmsgid "b"\nmsgstr "d"\n',
            "WORK_ID_TWICE",
            "entry 1, entry 2",
        ),
        (ENTRY % ("c" * 20_001), "SEGMENT_TOO_LONG", "entry 1"),
        (ENTRY % "c\\v", "CONTROL_CHARACTER", "entry 1"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(text: str, code: str, where: str) -> None:
    with pytest.raises(InputError) as caught:
        PO.read(text.encode())
    assert (caught.value.code, caught.value.where) == (code, where)


def test_obsolete_entries_are_left_out() -> None:
    data = PO.write(release(row(1))) + b'\n#~ msgctxt "s2"\n#~ msgid "Vieux"\n#~ msgstr "Old"\n'
    assert [one.id for one in PO.read(data)] == ["s1"]
