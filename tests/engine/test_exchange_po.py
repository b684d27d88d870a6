"""Catalogues go out and come back the same; what is not finished in them stays out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm.errors import InputError
from tm.exchange import po
from tm.types import Context, Pair, Provenance

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\u2028\u2029")
    | st.sampled_from(list('\n\t"\\#«»\u00a0')),
    min_size=1,
    max_size=120,
).filter(lambda text: text.strip() != "")

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "menu"
msgid "Ouvrir"
msgstr "Open"

#, fuzzy
msgid "Peut-être"
msgstr "Maybe"

msgid "Vide"
msgstr ""

msgid "%d jour"
msgid_plural "%d jours"
msgstr[0] "%d day"
msgstr[1] "%d days"

#~ msgid "Vieux"
#~ msgstr "Old"
"""


@given(st.lists(st.tuples(TEXT, TEXT), max_size=4))
def test_what_is_written_is_read_again(texts: list[tuple[str, str]]) -> None:
    pairs = [
        Pair(source, target, Provenance("Release 12", number, context=Context("", "0123456789abcdef", "paragraph")))
        for number, (source, target) in enumerate(texts)
    ]
    assert po.read(po.write(pairs)) == pairs


def test_everything_known_of_a_place_comes_back() -> None:
    seen = Provenance("Un titre # avec dièse", 3, "imported", "Anna", "2024-03-12", Context(None, "", "title"))
    assert po.read(po.write([Pair("Oui.", "Yes.", seen)]))[0].seen == seen


def test_one_text_in_two_places_stays_two_entries() -> None:
    pairs = [Pair("Oui.", target, Provenance("doc", 1)) for target in ("Yes.", "Indeed.")]
    assert [pair.target for pair in po.read(po.write(pairs))] == ["Yes.", "Indeed."]


def test_the_same_pairs_give_the_same_bytes() -> None:
    pairs = [Pair("Oui.", "Yes.", Provenance("doc", 1))]
    assert po.write(pairs) == po.write(pairs)
    assert b"Date" not in po.write(pairs)


def test_fuzzy_obsolete_and_empty_entries_are_left_out() -> None:
    assert [(pair.source, pair.target) for pair in po.read(CATALOGUE.encode())] == [
        ("Ouvrir", "Open"),
        ("%d jour", "%d day"),
        ("%d jours", "%d days"),
    ]


def test_the_context_of_another_tool_is_kept_behind_the_label() -> None:
    found = po.read(CATALOGUE.encode(), label="fr.po")
    assert [pair.seen.document for pair in found] == ["fr.po: menu", "fr.po", "fr.po"]


def test_a_catalogue_into_another_language_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        po.read(b'msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "Open"\nmsgstr "Ouvrir"\n')
    assert caught.value.code == "PO_LANGUAGE"


@pytest.mark.parametrize("text", ["not a catalogue", 'msgid "oui"\nmsgstr oui', 'msgstr "x" y'])
def test_a_broken_catalogue_is_refused_with_the_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        po.read(text.encode())
    assert caught.value.code == "PO_INVALID"
    assert caught.value.where.startswith("line ")


def test_a_catalogue_that_is_the_name_of_a_file_is_no_way_to_read_that_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.po"
    secret.write_text('msgid "secret"\nmsgstr "known"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        po.read(str(secret).encode())
    assert caught.value.code == "PO_INVALID"


def test_an_entry_over_the_limit_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        po.read(f'msgid "{"x" * 10_001}"\nmsgstr "y"\n'.encode())
    assert caught.value.code == "SEGMENT_TOO_LONG"
