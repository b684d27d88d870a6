"""Of a web page, what the reader sees is read; what the site adds is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tm.documents.registry import read
from tm.errors import InputError
from tm.types import Document

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "releases" / "exercice-boreal.fr.html"
PIECES = st.lists(
    st.sampled_from(
        "<|>|<p>|</p>|<div class='date'>|</div>|&nbsp;|&#0;|&#x1;|é|mot |12 mars 2024|<br>|<!--|-->|<h1>|</h1>|<title>"
        "|<script>|</script>|<td>|<svg>|<nav>|</nav>|<![CDATA[|<b| hidden| lang='en'>|<?php|\x0c|«|<ul><li>|<frameset>"
        "|<template>|<math>|</html>".split("|")
    ),
    max_size=30,
)


def page(html: str) -> Document:
    return read(html.encode(), media="html")


def found(html: str) -> list[tuple[str, str]]:
    return [(block.role, block.text) for block in page(html).blocks]


def test_the_sample_page_gets_its_roles_and_loses_its_furniture() -> None:
    document = read(SAMPLE.read_bytes(), filename=SAMPLE.name, expect="fr")
    assert [block.role for block in document.blocks] == [
        "title", "dateline", "paragraph", "caption", "paragraph", "heading", "paragraph", "quotation", "paragraph",
        "list-item", "list-item", "list-item", "paragraph",
    ]  # fmt: skip
    assert document.notes == (
        "left out: footers of the site (1)",
        "left out: headers of the site (1)",
        "left out: texts beside the text (1)",
        "not read, and so not translated: descriptions in the head of the page (1)",
    )
    assert document.title == "L’exercice Boréal\u00a02020 s’achève au large de la Norvège"
    assert {block.language for block in document.blocks} == {"fr"}


def test_white_space_is_collapsed_and_no_break_spaces_stay() -> None:
    assert found("<p>\n Qui  a <b>dit</b>\n<i>non</i>&nbsp;? &laquo;\u202fMoi\u202f&raquo; </p>") == [
        ("paragraph", "Qui a dit non\u00a0? «\u202fMoi\u202f»")
    ]


def test_text_outside_of_paragraphs_is_kept() -> None:
    assert found("avant<p>dedans</p>entre<div>boîte<p>suite</p>reste</div>après") == [
        ("paragraph", text) for text in ("avant", "dedans", "entre", "boîte", "suite", "reste", "après")
    ]


def test_hidden_and_active_parts_are_left_out_and_the_text_after_them_is_not() -> None:
    html = (
        "<p>un<script>alert(1)</script> deux</p><p hidden>caché</p><p style='display: none'>caché</p>"
        "<template><p>caché</p></template><noscript>caché</noscript><style>p{}</style>"
        "<div aria-hidden='true'><p>caché</p></div>trois<nav><a>caché</a></nav>quatre<!-- caché -->"
    )
    assert [text for _, text in found(html)] == ["un deux", "trois", "quatre"]
    assert page(html).notes == ("left out: hidden texts (3)", "left out: navigation (1)")


def test_markup_written_as_text_stays_text() -> None:
    assert found("<p>&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} ]]&gt;</p>") == [
        ("paragraph", "<script>alert(1)</script> {{7*7}} ]]>")
    ]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert [text for _, text in found("<p>un<br>deux<br><br>trois</p>")] == ["un deux", "trois"]


def test_declared_languages_are_handed_down() -> None:
    blocks = page(
        "<html lang=fr-BE><p>Oui</p><div lang='en-GB'><p>Yes</p></div><p lang=de>Ja</p><p>Non</p></html>"
    ).blocks
    assert [block.language for block in blocks] == ["fr", "en", None, "fr"]
    assert [block.segments[0].language for block in blocks] == ["fr", "en", None, "fr"]


@pytest.mark.parametrize(
    ("html", "title", "first"),
    [
        ("<title>Site – Titre</title><h1>Titre</h1><p>Texte.</p>", "Titre", ("title", "Titre")),
        ("<title>Titre du site</title><p>Texte.</p>", "Titre du site", ("title", "Titre du site")),
        ("<title>Titre</title><p>Titre</p><p>Texte.</p>", "Titre", ("title", "Titre")),
        ("<h2>Titre</h2><p>Texte.</p>", "Titre", ("title", "Titre")),
        ("<header><h1>Titre</h1></header><p>Texte.</p>", "Titre", ("title", "Titre")),
        ("<p>Texte nu.</p>", "Texte nu.", ("paragraph", "Texte nu.")),
    ],
)
def test_the_title_is_the_first_main_heading_else_that_of_the_page(
    html: str, title: str, first: tuple[str, str]
) -> None:
    assert page(html).title == title
    assert found(html)[0] == first


def test_headings_keep_their_level_and_tables_their_cells() -> None:
    blocks = page("<h1>A</h1><h3>B</h3><table><tr><th>C<td>D</table><dl><dt>E<dd>F</dl>").blocks
    assert [(block.role, block.level) for block in blocks] == [
        ("title", 1), ("heading", 3), ("table-cell", 0), ("table-cell", 0), ("list-item", 0), ("list-item", 0),
    ]  # fmt: skip


def test_lists_inside_lists_keep_their_items_apart() -> None:
    assert [text for _, text in found("<ul><li>un<ul><li>deux</ul>trois<li>quatre</ul>")] == [
        "un", "deux", "trois", "quatre",
    ]  # fmt: skip


def test_a_page_in_latin_1_is_read_as_it_declares() -> None:
    data = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>Déjà réuni</p>'.encode("latin-1")
    document = read(data, filename="page.html")
    assert (document.blocks[0].text, document.encoding) == ("Déjà réuni", "cp1252")


def test_a_page_nested_too_deeply_is_refused_and_not_cut_short() -> None:
    with pytest.raises(InputError) as refusal:
        page("<div>" * 100_000 + "texte" + "</div>" * 100_000)
    assert refusal.value.code == "HTML_TOO_DEEP"


def test_a_character_reference_cannot_bring_in_a_control_character() -> None:
    with pytest.raises(InputError) as refusal:
        page("<p>un&#1;deux</p>")
    assert refusal.value.code == "CONTROL_CHARACTER"
    assert found("<p>un&#0;deux</p>") == [("paragraph", "un\ufffddeux")]


@given(PIECES)
def test_hostile_markup_gives_a_document_or_a_refusal(pieces: list[str]) -> None:
    try:
        document = page("".join(pieces))
    except InputError as refusal:
        assume(refusal.code not in {"EMPTY_FILE", "NO_TEXT", "CONTROL_CHARACTER"})
        raise
    for block in document.blocks:
        assert all(block.text[segment.start : segment.end] == segment.text for segment in block.segments)
