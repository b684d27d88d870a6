"""Plain text keeps every character and gets the roles that a reader would give it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tm.documents.decode import encode
from tm.documents.registry import read
from tm.errors import InputError
from tm.types import Document

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples").glob("*/*.txt"))
REAL = Path(__file__).resolve().parents[3] / "shared" / "releases"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real release is not part of the project")
TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("aéM1 \t\n\r\f\u00a0\u202f«».,;:!?-–•|()*\u200b\ufeff")),
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
    ),
    max_size=150,
)

RELEASE = """Le Conseil adopte son programme

  • 04 Dec. 2009 -
  • |
  • Mis à jour le: 07 Dec. 2009 14:12

Les ministres se sont réunis à Bruxelles. Ils ont adopté un programme.

Left to right: the Secretary General with the Minister of Foreign Affairs of Norway

« Notre but est la paix. Elle exige de la patience », a déclaré le président.

Revue conjointe

Les travaux suivants sont prévus :

- la mobilité des forces ;
- la cyberdéfense.

1. Former les équipes ;
2. Équiper les bases.
"""


def roles(document: Document) -> list[str]:
    return [block.role for block in document.blocks]


def segments(document: Document) -> list[str]:
    return [segment.text for block in document.blocks for segment in block.segments]


def of(text: str) -> Document:
    return read(text.encode(), media="txt")


def test_a_release_gets_its_roles() -> None:
    assert roles(of(RELEASE)) == [
        "title", "dateline", "paragraph", "caption", "quotation", "heading", "paragraph",
        "list-item", "list-item", "list-item", "list-item",
    ]  # fmt: skip


def test_the_date_line_is_one_block_without_bullets_and_separators_in_its_segments() -> None:
    dateline = of(RELEASE).blocks[1]
    assert [segment.text for segment in dateline.segments] == ["04 Dec. 2009", "Mis à jour le: 07 Dec. 2009 14:12"]
    assert dateline.text.startswith("• 04 Dec.")


def test_the_title_of_the_document_is_the_text_of_its_title_block() -> None:
    assert of(RELEASE).title == "Le Conseil adopte son programme"


def test_the_english_caption_of_a_french_release_is_recognised() -> None:
    assert [segment.language for segment in of(RELEASE).blocks[3].segments] == ["en"]


def test_bullets_are_structure_and_numbers_are_text() -> None:
    assert segments(of(RELEASE))[-4:] == [
        "la mobilité des forces ;",
        "la cyberdéfense.",
        "1. Former les équipes ;",
        "2. Équiper les bases.",
    ]


@pytest.mark.parametrize("name", ["cor-2009-12-04.fr.txt", "cor-2009-12-04.en.txt"])
@needs_real
def test_the_real_release_has_twelve_blocks_in_the_right_roles(name: str) -> None:
    document = read((REAL / name).read_bytes(), filename=name, expect="fr" if ".fr." in name else "en")
    assert roles(document) == [
        "title", "dateline", "paragraph", "caption", "quotation", "paragraph", "paragraph", "paragraph", "paragraph",
        "heading", "paragraph", "paragraph",
    ]  # fmt: skip
    assert {segment.language for segment in document.blocks[3].segments} == {"en"}


@pytest.mark.parametrize("path", [*SAMPLES, *REAL.glob("*.txt")], ids=lambda path: path.name)
def test_rebuilt_bytes_are_the_bytes_of_the_file(path: Path) -> None:
    data = path.read_bytes()
    document = read(data, filename=path.name)
    assert encode(document.rebuild(), document.encoding, bom=document.bom) == data


@pytest.mark.parametrize("french", [path for path in SAMPLES if ".fr." in path.name], ids=lambda path: path.name)
def test_both_languages_of_a_sample_have_the_same_roles(french: Path) -> None:
    english = french.with_name(french.name.replace(".fr.", ".en."))
    assert roles(read(french.read_bytes(), expect="fr")) == roles(read(english.read_bytes(), expect="en"))


@given(TEXT)
def test_any_text_is_rebuilt_exactly_and_its_segments_lie_where_they_say(text: str) -> None:
    try:
        document = of(text)
    except InputError as error:
        assume(error.code not in {"EMPTY_FILE", "NO_TEXT", "CONTROL_CHARACTER", "ENCODING_UNCLEAR"})
        raise
    decoded = text.removeprefix("\ufeff")
    assert document.rebuild() == decoded
    for block in document.blocks:
        position = 0
        for segment in block.segments:
            assert position <= segment.start < segment.end <= len(block.text)
            assert block.text[segment.start : segment.end] == segment.text == segment.text.strip()
            position = segment.end


@given(TEXT)
def test_no_letter_of_any_block_is_outside_of_its_segments(text: str) -> None:
    try:
        document = of(text)
    except InputError:
        return
    for block in document.blocks:
        rest = list(block.text)
        for segment in block.segments:
            rest[segment.start : segment.end] = " " * len(segment.text)
        assert not any(char.isalnum() for char in rest)
        if block.role in {"paragraph", "quotation"} and block.segments:
            assert set("".join(rest).split()) <= set("•‣▪◦●○■□▶►✓·∙*–—-|")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_tabs_and_trailing_spaces_are_kept(end: str) -> None:
    text = f"\t Titre \t{end}{end} \t {end}Un paragraphe.  {end}  Sa suite.\t{end}{end}"
    document = of(text)
    assert document.rebuild() == text
    assert [block.text for block in document.blocks] == ["Titre", f"Un paragraphe.  {end}  Sa suite."]


def test_a_hard_wrapped_paragraph_is_one_block_and_its_line_ends_are_white_space() -> None:
    text = (
        "Titre\n\nLe Conseil s’est réuni en session formelle le 4 décembre 2009,\n"
        "avec les ministres des Affaires étrangères des pays alliés et le\nministre russe. Il a adopté\nun programme."
    )
    document = of(text)
    assert roles(document) == ["title", "paragraph"]
    assert segments(document)[2] == "Il a adopté\nun programme."


def test_lines_that_no_wrapping_explains_are_blocks_of_their_own() -> None:
    document = of("Titre\n\nUne introduction en une phrase.\n\nContact\nService de presse de l’Alliance\nBruxelles")
    assert [block.text for block in document.blocks][2:] == ["Contact", "Service de presse de l’Alliance", "Bruxelles"]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("Bruxelles, le 12 mars 2024 –", "dateline"),
        ("12 March 2024", "dateline"),
        ("Publié le 12/03/2024 à 15 h 30", "dateline"),
        ("Communiqué de presse (2024) 042", "subtitle"),
        ("PR/CP(2024)0042", "subtitle"),
        ("Un nouveau partenariat pour la région", "subtitle"),
        ("De gauche à droite : M. Lavrov et Mme Dupont", "caption"),
        ("Photo : OTAN", "caption"),
        ("“We will not wait”, a dit le ministre devant la presse.", "quotation"),
        ("a) la mobilité des forces ;", "list-item"),
        ("Le 12 mars 2024, les ministres se sont réunis à Bruxelles pour en débattre.", "paragraph"),
        ("Les ministres ont étudié :", "paragraph"),
    ],
)
def test_roles_of_the_line_under_the_title(line: str, role: str) -> None:
    document = of(f"Le Conseil adopte son programme\n\n{line}\n\nLes ministres se sont réunis. Ils ont débattu.\n")
    assert roles(document)[1] == role


@pytest.mark.parametrize(("line", "role"), [("Prochaines étapes", "heading"), ("1. Contexte général", "heading"),
                                            ("Que reste-t-il à faire ?", "heading"),
                                            ("Rien n’est décidé.", "paragraph")])  # fmt: skip
def test_roles_of_a_short_line_between_paragraphs(line: str, role: str) -> None:
    text = f"Titre\n\nLes ministres se sont réunis.\n\n{line}\n\nLes travaux se poursuivent en juin."
    assert roles(of(text))[2] == role


def test_a_reference_line_above_it_does_not_take_the_place_of_the_title() -> None:
    document = of("Communiqué de presse (2024) 042\n\nLe Conseil adopte son programme\n\nLes ministres ont voté hier.")
    assert roles(document) == ["subtitle", "title", "paragraph"]
    assert document.title == "Le Conseil adopte son programme"


def test_place_and_date_are_one_segment_without_the_dash() -> None:
    document = of("Titre\n\nBruxelles, le 12 mars 2024 –\n\nLes ministres ont voté hier soir.")
    assert [segment.text for segment in document.blocks[1].segments] == ["Bruxelles, le 12 mars 2024"]


def test_a_block_of_marks_only_has_no_segment_and_is_kept() -> None:
    document = of("Titre\n\n* * *\n\nLes ministres ont voté hier soir.")
    assert [len(block.segments) for block in document.blocks] == [1, 0, 1]
    assert document.rebuild() == "Titre\n\n* * *\n\nLes ministres ont voté hier soir."


def test_a_form_feed_ends_a_block() -> None:
    document = of("Titre\n\nFin de la page.\fDébut de la page.")
    assert [block.text for block in document.blocks] == ["Titre", "Fin de la page.", "Début de la page."]
