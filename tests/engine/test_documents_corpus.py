"""Every document of the corpus is read, and written back with nothing changed but its text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents import make
from tests.parts.structure import different
from tests.parts.structure_word import parts_of
from tm.documents.decode import decode
from tm.documents.registry import read, write
from tm.text import codes
from tm.types import Block, Document, Media

FOLDER = Path(make.__file__).parent
FORMATS: tuple[Media, ...] = ("docx", "odt", "html", "md", "txt")
FILES = [path for media in FORMATS for path in sorted((FOLDER / media).iterdir())]
NEVER = ("TEXTEEFFACE", "SECRETCACHE", "REMARQUE")

each = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")


def media_of(path: Path) -> Media:
    return next(media for media in FORMATS if media == path.parent.name)


def opened(path: Path) -> tuple[Media, bytes, Document]:
    media, data = media_of(path), path.read_bytes()
    return media, data, read(data, media=media, coded=True)


def in_capitals(text: str) -> str:
    return text.upper()


def seen(blocks: tuple[Block, ...]) -> list[tuple[object, ...]]:
    return [(block.role, block.level, block.text, block.codes) for block in blocks]


def test_there_are_enough_of_each_format() -> None:
    assert all(sum(path.parent.name == media for path in FILES) >= 25 for media in FORMATS)


@each
def test_it_is_read_with_codes_and_without(path: Path) -> None:
    media, data, document = opened(path)
    assert sum(len(block.segments) for block in document.blocks) >= 1
    for block in document.blocks:
        assert [block.text[one.start : one.end] for one in block.segments] == [one.text for one in block.segments]
        ends = [at for one in block.segments for at in (one.start, one.end)]
        assert ends == sorted(ends)
        if media == "txt":  # which has no codes: what it holds of their characters is text
            continue
        assert {codes.form_of(mark)[1] for mark in codes.codes_in(block.text)} == {code.number for code in block.codes}
        assert codes.crossed(block.text) == ""
    bare = [codes.plain(block.text) for block in read(data, media=media).blocks]
    # what a picture is said to show is no text of a page
    said = [text for text in map(codes.plain, (block.text for block in document.blocks)) if text not in bare]
    assert [text for block in document.blocks if (text := codes.plain(block.text)) not in said] == bare
    assert not said or media != "txt"


@each
def test_unchanged_texts_change_nothing(path: Path) -> None:
    media, data, document = opened(path)
    texts = [block.text for block in document.blocks]
    written = write(data, texts, texts, media=media)
    assert different(data, written, media) == []
    assert seen(read(written, media=media, coded=True).blocks) == seen(document.blocks)


@each
def test_other_texts_change_the_text_alone(path: Path) -> None:
    media, data, document = opened(path)
    texts = [block.text for block in document.blocks]
    targets = [in_capitals(text) for text in texts]
    written = write(data, texts, targets, media=media)
    assert different(data, written, media) == []
    if media == "txt":  # capitals may part its lines otherwise
        decoded = decode(data).text
        for text, target in zip(texts, targets, strict=True):
            decoded = decoded.replace(text, target, 1)
        assert decode(written).text == decoded
        return
    again = read(written, media=media, coded=True)
    assert [block.text for block in again.blocks] == targets
    assert [block.role for block in again.blocks] == [block.role for block in document.blocks]
    kinds = [[(code.number, code.kind) for code in block.codes] for block in document.blocks]
    assert [[(code.number, code.kind) for code in block.codes] for block in again.blocks] == kinds


@pytest.mark.parametrize("path", [one for one in FILES if one.suffix in (".docx", ".odt")], ids=lambda path: path.name)
def test_what_was_deleted_hidden_or_said_aside_is_nowhere(path: Path) -> None:
    media, data, document = opened(path)
    texts = [block.text for block in document.blocks]
    assert not any(word in text for word in NEVER for text in texts)
    parts = parts_of(write(data, texts, texts, media=media))
    assert [name for name, part in parts.items() if any(word.encode() in part for word in NEVER)] == []


def test_the_generated_documents_are_those_that_are_made() -> None:
    for name, data in make.without_programs():
        stored = (FOLDER / name).read_bytes()
        assert stored == data or parts_of(stored) == parts_of(data), name


@pytest.mark.parametrize(
    "name", ["docx/emphasis.docx", "odt/emphasis.odt", "html/nested-inline.html", "md/emphasis.md"]
)
def test_a_difference_of_structure_is_seen(name: str) -> None:
    media, data, document = opened(FOLDER / name)
    texts = [block.text for block in document.blocks]
    bare = [codes.plain(text) for text in texts]
    assert different(data, write(data, texts, bare, media=media), media) != []


def told(name: str) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """The roles and texts of a document, with codes as people write them, and what is said of it."""
    _, _, document = opened(FOLDER / name)
    return [(block.role, codes.written(block.text)) for block in document.blocks], document.notes


def test_a_word_document_with_tracked_changes_reads_as_if_they_were_accepted() -> None:
    blocks, notes = told("docx/tracked.docx")
    assert blocks == [
        ("title", "Avis modifié"),
        ("paragraph", "Le bureau du comité sera fermé."),
        ("paragraph", "Cette phrase continue dans le même paragraphe."),
        ("paragraph", "Cette phrase a été déplacée."),
        ("paragraph", "<1>Gras</1> depuis peu."),
        ("table-cell", "Port"),
        ("table-cell", "Tonnes"),
        ("table-cell", "Sarmande"),
        ("paragraph", "Dernier paragraphe avant un tableau."),
        ("table-cell", "Total"),
        ("paragraph", "<1>Lien ajouté</1> à la fin."),
    ]
    assert notes == ("left out: deletions (9)", "accepted: tracked insertions and changes of form (6)")


def test_hidden_text_is_left_out_and_said_to_be() -> None:
    assert told("docx/hidden.docx")[1] == ("left out: hidden texts (5)",)
    assert told("odt/hidden.odt")[1] == ("left out: hidden texts (8)",)
    assert told("html/hidden.html")[1] == ("left out: hidden texts (4)",)
    assert told("docx/hidden.docx")[0][-2:] == [
        ("paragraph", "Ceci se voit pourtant."),
        ("paragraph", "Voir la page <1/> du guide."),
    ]
    assert told("docx/comments.docx")[1] == ("left out: comments (1)",)


def test_links_fields_and_notes_of_word_are_codes() -> None:
    assert told("docx/links.docx")[0][1:] == [
        ("paragraph", "Voir <1>le site</1> ou <2>écrire <3>au service</3> de presse</2>."),
        ("paragraph", "<1>Un paragraphe qui n’est qu’un lien</1>"),
        ("paragraph", "Lien vide<1/> et lien perdu : <2>ici</2>"),
    ]
    assert told("docx/notes.docx")[0][1:] == [
        ("paragraph", "Le taux a doublé<1/> en dix ans<2/>."),
        ("note", "<1/> Hors saisonniers, <2>selon l’office</2>."),
        ("note", "<1/> Chiffres de 2030."),
        ("note", "Suite."),
    ]
    assert told("docx/fields.docx")[0][4] == (
        "paragraph",
        "Page <1/>, le <2/>, voir <3><4>le </4>site de presse</3> et <5/>.",
    )


def test_characters_of_codes_in_the_text_stand_for_themselves() -> None:
    assert told("docx/private-use.docx")[0][1:] == [
        ("paragraph", "Un signe <1/> au milieu et <2/><3>gras <4/></3>."),
        ("paragraph", "La balise <1> écrite <1>telle </1> quelle</1> et <2/>."),
    ]
    _, _, document = opened(FOLDER / "docx" / "private-use.docx")
    assert [code.shown for code in document.blocks[1].codes] == ["U+E101", "U+E301", "", "U+E501"]


def test_white_space_of_an_opendocument_text_is_what_a_reader_sees() -> None:
    assert [text for _, text in told("odt/white-space.odt")[0]] == [
        "Blancs et tabulations",
        "   Trois blancs en tête, deux  au milieu, un à la fin ",
        "Une ligne mise en forme dans le fichier. ",
        "Nom\tFonction\t lieu\nDeuxième ligne\n décalée",
        "12\u00a0000\u202f€, «\u00a0enfin\u00a0» porte\u2011parole, cé\u00adsure,<1> gras </1>après",
        "Fin de phrase. <1> Gras</1> et suite",
    ]


def test_spans_notes_and_frames_of_an_opendocument_text() -> None:
    assert [text for _, text in told("odt/emphasis.odt")[0][1:]] == [
        "Le texte, <1>voté <2>tard</2> dans la nuit</1>, prévoit <3>des quotas</3>.",
        "Découpage par séance, le 1<1>er</1> mai, <2>fort</2>.",
        "<1>Note :</1> suite <2>:</2> et fin de <3>Maëlle Fontbrune</3>.",
        "Un paragraphe tout en gras.",
    ]
    assert told("odt/notes.odt")[0][2:5] == [
        ("paragraph", "Les chiffres<1/> sont <2>révisés<3/></2>."),
        ("note", "Hors saisonniers, <1>selon l’office</1>."),
        ("note", "Chiffres de 2030."),
    ]


def test_inline_elements_of_a_page_are_codes() -> None:
    assert told("html/nested-inline.html")[0][:3] == [
        ("title", "Un accord <1>sans <2>précédent</2></1> pour la pêche"),
        (
            "paragraph",
            "<1>L</1>e texte, <2>voté <3>tard <4>dans la nuit</4></3></2>, prévoit <5><6>des quotas</6> par "
            "<7>espèce</7></5> et un <8>fonds-2031</8>.",
        ),
        (
            "paragraph",
            "<1>Deux</1><2>mots</2> collés, un <3>deux-points</3><4> :</4> et <5>:</5> seul en gras.",
        ),
    ]
    assert told("docx/pictures.docx")[0][1:4] == [
        ("paragraph", "Le plan <1/> est joint."),
        ("caption", "Le quai à l’aube"),
        ("caption", "Le quai à l’aube"),
    ]
    assert told("html/figures.html")[0] == [
        ("title", "La visite en images"),
        ("caption", "Le quai des Tanneurs à l’aube"),
        ("caption", "Le quai, <1>avant</1> les travaux"),
        ("paragraph", "Un plan <1/> est joint. <2/>"),
        ("caption", "Plan de la salle"),
        ("caption", "Vue aérienne du port"),
        ("caption", "Le pavillon"),
    ]


def test_markdown_is_read_with_its_notes_breaks_and_escapes() -> None:
    assert told("md/footnotes.md")[0][1:] == [
        ("paragraph", "Le taux a doublé<1/> en dix ans<2/> et baissé<3/>, selon l’observatoire."),
        ("note", "Hors saisonniers."),
        ("note", "Ibid."),
        ("note", "Chiffres de <1>2030</1>, révisés."),
    ]
    assert told("md/hard-breaks.md")[0][2] == ("paragraph", "Dernière ligne avec deux blancs<1/>et la fin.")
    assert told("md/autolinks.md")[0][1] == ("paragraph", "Écrire à <1/> ou voir <2/>.")
    assert told("md/html.md")[1] == ("left out: HTML (1)",)


def test_a_plain_text_keeps_its_roles() -> None:
    assert told("txt/communique.txt")[0][:8] == [
        ("subtitle", "Communiqué de presse (2031) 042"),
        ("title", "Le Conseil des Vallées adopte son plan pour l’eau"),
        ("dateline", "Brévenne, le 14 mai 2031"),
        ("paragraph", "Le Conseil a adopté à l’unanimité le plan décennal. Il entrera en vigueur le 1er juillet 2031."),
        (
            "quotation",
            "« Ce plan engage chacun de nos dix-neuf membres », a déclaré Mme Maëlle Fontbrune, secrétaire générale.",
        ),
        ("heading", "Prochaines étapes"),
        ("list-item", "• Ratification par les membres ;"),
        ("list-item", "• Première réunion du comité de suivi."),
    ]
    assert told("txt/windows-1252.txt")[1] == ("read as cp1252",)
