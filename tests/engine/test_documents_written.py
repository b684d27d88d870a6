"""Translations of another shape than their source: codes moved, doubled, left out; signs that are markup elsewhere."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from tests.documents.pack import odt, word
from tests.parts.structure_word import parts_of
from tm.documents.package import packed
from tm.documents.registry import read, write
from tm.errors import InputError
from tm.text import codes
from tm.types import Media

BOLD = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>".format
PLAIN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'.format
SPAN = '<text:span text:style-name="T1">{}</text:span>'.format
SAME: dict[Media, bytes] = {
    "docx": word({"document": f"<w:p>{PLAIN('Le Conseil réuni a ')}{BOLD('tout')}{PLAIN(' dit.')}</w:p>"}),
    "odt": odt(
        {"document": '<text:p>Le Conseil réuni a <text:span text:style-name="T1">tout</text:span> dit.</text:p>'}
    ),
    "html": "<p>Le Conseil réuni a <b>tout</b> dit.</p>".encode(),
    "md": "Le Conseil réuni a **tout** dit.\n".encode(),
}
WITH_CODES = list(SAME)


def put(data: bytes, media: Media, change: Callable[[str], str]) -> bytes:
    """The file with its texts, in which codes are as people write them, changed."""
    sources = [block.text for block in read(data, media=media, coded=True).blocks]
    targets = [codes.read(change(codes.written(source)), codes.codes_in(source)) for source in sources]
    return write(data, sources, targets, media=media)


def again(data: bytes, media: Media) -> list[str]:
    """The texts of a file."""
    return [codes.written(block.text) for block in read(data, media=media, coded=True).blocks]


@pytest.mark.parametrize("media", WITH_CODES)
@pytest.mark.parametrize(
    ("target", "read_again"),
    [
        ("The Council said <1>all</1>.", "The Council said <1>all</1>."),
        ("<1>All</1> was said.", "<1>All</1> was said."),
        ("No code at all.", "No code at all."),
        ("<1>All</1> and <1>all</1> again.", "<1>All</1> and <2>all</2> again."),
        ("This one is never <1>closed.", "This one is never <1>closed.</1>"),
        ("Closed</1> only.", "Closed only."),
        ("Empty <1></1>pair.", None),
        ("A & B < C > D, <b>not bold</b>, &amp; and ]]>.", "A & B < C > D, <b>not bold</b>, &amp; and ]]>."),
        ("# * - 1. > | ` ~~ _x_ \\ [a](b) ![a](b) **c**", "# * - 1. > | ` ~~ _x_ \\ [a](b) ![a](b) **c**"),
    ],
)
def test_a_translation_comes_back_as_it_was_put(media: Media, target: str, read_again: str | None) -> None:
    (text,) = again(put(SAME[media], media, lambda _: target), media)
    assert text == read_again if read_again else "pair." in text


@pytest.mark.parametrize("media", WITH_CODES)
def test_what_no_file_can_hold_is_refused_or_a_blank(media: Media) -> None:
    with pytest.raises(InputError, match="U\\+0000"):
        put(SAME[media], media, lambda _: "nul\0")
    with pytest.raises(InputError, match="U\\+FFFE"):
        put(SAME[media], media, lambda _: "\ufffe")
    assert put(SAME[media], media, lambda _: "page\x0cbreak")
    assert put(SAME[media], media, lambda _: "")


@pytest.mark.parametrize("media", WITH_CODES)
def test_a_file_that_is_read_otherwise_than_it_was_is_refused(media: Media) -> None:
    with pytest.raises(InputError) as caught:
        write(SAME[media], ["Un autre texte."], ["Another text."], media=media)
    assert caught.value.code == "DOCUMENT_CHANGED"


def test_emphasis_that_its_marks_cannot_hold_is_written_with_tags() -> None:
    written = put(b"Un **mot** ici.\n", "md", lambda _: "A<1>“word”</1>here.")
    assert written.decode() == "A<strong>“word”</strong>here.\n"


def test_a_heading_and_a_cell_stay_one_line() -> None:
    source = "# Titre\n\n| Un | *deux* |\n|---|---|\n| trois | quatre |\n"
    written = put(source.encode(), "md", lambda text: f"{text} |\nmore")
    assert written.decode().splitlines()[0] == "# Titre | more"
    assert again(written, "md") == ["Titre | more", "Un | more", "deux | more", "trois | more", "quatre | more"]


def test_front_matter_gets_the_quotation_marks_that_it_needs() -> None:
    source = "---\ntitle: Le titre\nsubtitle: 'Le sous-titre'\ndescription: \"Le reste\"\n---\n\nUn texte.\n"
    written = put(source.encode(), "md", lambda text: f'{text}: “it\'s” "all"')
    assert written.decode().splitlines()[1:4] == [
        'title: "Le titre: “it\'s” \\"all\\""',
        "subtitle: 'Le sous-titre: “it''s” \"all\"'",
        'description: "Le reste: “it\'s” \\"all\\""',
    ]


def test_more_things_than_there_are_codes_are_kept_behind_the_text() -> None:
    data = ("<p>" + "mot<img src='a.png'> " * 600 + "fin</p>").encode()
    written = put(data, "html", lambda text: text.upper())
    assert written.count(b"<img") == 600


def test_a_translation_with_spaces_keeps_them_in_an_opendocument_text() -> None:
    target = "  two in front, \ta tab,\n  two behind a break <1> and</1>  two "
    assert again(put(SAME["odt"], "odt", lambda _: target), "odt") == [target]


def test_signatures_and_earlier_versions_do_not_go_out_with_a_translation() -> None:
    parts = parts_of(SAME["docx"])
    types, relations = "[Content_Types].xml", "_rels/.rels"
    override = b'<Override PartName="/_xmlsignatures/sig1.xml" ContentType="x"/></Types>'
    relation = b'<Relationship Id="s" Type="x" Target="_xmlsignatures/sig1.xml"/></Relationships>'
    parts[types] = parts[types].replace(b"</Types>", override)
    parts[relations] = parts[relations].replace(b"</Relationships>", relation)
    signed = packed(parts | {"_xmlsignatures/sig1.xml": b"<a/>"})
    assert read(signed, media="docx").notes == ("left out: signatures (1)",)
    assert not any(b"_xmlsignatures" in part for part in parts_of(put(signed, "docx", str.upper)).values())

    parts = parts_of(SAME["odt"])
    manifest = "META-INF/manifest.xml"
    entry = b'<manifest:file-entry manifest:full-path="Versions/Version1"/></manifest:manifest>'
    parts[manifest] = parts[manifest].replace(b"</manifest:manifest>", entry)
    more = {"Versions/Version1": SAME["odt"], "VersionList.xml": b"<a/>", "META-INF/documentsignatures.xml": b"<a/>"}
    dated = packed(parts | more, frozenset({"mimetype"}))
    assert read(dated, media="odt").notes == ("left out: earlier versions (1)", "left out: signatures (1)")
    written = parts_of(put(dated, "odt", str.upper))
    assert set(written) == set(parts)
    assert b"Versions/" not in written[manifest]


def test_what_a_document_says_its_title_is_follows_the_title_in_it() -> None:
    from docx import Document

    document = Document()
    document.add_heading("Le Conseil adopte son rapport", 0)
    document.core_properties.title = "Le  Conseil adopte son rapport"
    stream = io.BytesIO()
    document.save(stream)
    made = write(stream.getvalue(), ["Le Conseil adopte son rapport"], ["The Council adopts its report"], media="docx")
    assert Document(io.BytesIO(made)).core_properties.title == "The Council adopts its report"


DRAWN = (
    '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Image 1" descr="{0}"/><a:graphic><a:graphicData uri="picture">'
    '<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="a.png" descr="{0}"/></pic:nvPicPr></pic:pic></a:graphicData>'
    "</a:graphic></wp:inline></w:drawing></w:r>"
).format
FRAMED = (
    '<draw:frame draw:name="Image 1"><draw:image xlink:href="Pictures/a.png"/><svg:title>{0}</svg:title>'
    "<svg:desc>{0}</svg:desc></draw:frame>"
).format


def test_what_a_picture_is_said_to_show_is_translated_where_it_is_said() -> None:
    paragraph = f"<w:p>{PLAIN('Les ministres à Arvane.')}</w:p>"
    data = word({"document": f"<w:p>{DRAWN('Le sceau de l’Alliance')}</w:p>{paragraph}"})
    assert again(data, "docx") == ["Le sceau de l’Alliance", "Les ministres à Arvane."]
    written = put(data, "docx", lambda text: "The seal of the Alliance" if "sceau" in text else "Ministers in Arvane.")
    text = parts_of(written)["word/document.xml"].decode()
    assert text.count('descr="The seal of the Alliance"') == 2
    assert "sceau" not in text
    data = odt({"document": f"<text:p>{FRAMED('Le sceau')}</text:p><text:p>Les ministres.</text:p>"})
    assert again(data, "odt") == ["Le sceau", "Le sceau", "Les ministres."]
    text = parts_of(put(data, "odt", lambda text: text.replace("Le sceau", "The seal")))["content.xml"].decode()
    assert text.count("The seal") == 2
    assert "sceau" not in text


def test_a_document_that_was_translated_without_its_descriptions_is_written_as_it_was() -> None:
    data = word({"document": f"<w:p>{DRAWN('Le sceau')}{PLAIN(' Réunion')}</w:p>"})
    sources = [block.text for block in read(data, media="docx", coded=True).blocks]
    assert len(sources) == 2
    text = parts_of(write(data, sources[:1], [sources[0].replace("Réunion", "Meeting")], media="docx"))
    assert b"Meeting" in text["word/document.xml"]
    assert text["word/document.xml"].count(b"Le sceau") == 2


@pytest.mark.parametrize("media", ["docx", "odt"])
def test_what_a_picture_is_said_to_show_is_no_text_for_the_memory_and_no_title(media: Media) -> None:
    data = {
        "docx": word({"document": f"<w:p>{DRAWN('Le sceau')}</w:p><w:p>{PLAIN('Réunion à Arvane')}</w:p>"}),
        "odt": odt({"document": f"<text:p>{FRAMED('Le sceau')}</text:p><text:p>Réunion à Arvane</text:p>"}),
    }[media]
    coded, bare = (read(data, media=media, coded=each).blocks for each in (True, False))
    assert [block.text for block in bare] == ["Réunion à Arvane"]
    assert coded[-1].role == bare[0].role == "title"
    assert {block.role for block in coded[:-1]} == {"caption"}


def test_parts_of_a_word_document_that_are_not_read_are_named() -> None:
    good = word({"document": f"<w:p>{PLAIN('Le Conseil réuni a tout dit.')}</w:p>"})
    more = {"word/diagrams/data1.xml": b"<a:t>Bureau</a:t>", "word/diagrams/drawing1.xml": b"<a:t>Bureau</a:t>",
            "word/charts/chart1.xml": b"<c:v>3</c:v>", "word/charts/chart2.xml": b"<a:t>Ventes</a:t>",
            "word/embeddings/sheet.xlsx": b"x"}  # fmt: skip
    notes = read(packed(parts_of(good) | more, frozenset()), media="docx").notes
    assert notes == tuple(
        f"not read, and so not translated: {what} (1)"
        for what in ("text in diagrams", "text in charts", "documents inside of this one")
    )


def test_the_head_of_a_page_follows_its_text() -> None:
    head = (
        '<title>Le vote | Alliance</title><meta name="description" content="Les ministres  ont voté à Arvane.">'
        '<meta property="og:title" content="Le vote | Alliance"><meta property="og:locale" content="fr_FR">'
        '<meta property="og:description" content="Ce que nul autre ne dit."><meta name="viewport" content="width=1">'
    )
    data = (
        f"<html lang=fr><head>{head}</head><body><h1>Le vote</h1><p>Les ministres ont voté à Arvane.</p></body></html>"
    )
    notes = read(data.encode(), media="html").notes
    assert notes == ("not read, and so not translated: descriptions in the head of the page (1)",)
    english = {"Le vote": "The vote", "Les ministres ont voté à Arvane.": "Ministers voted in Arvane."}
    written = put(data.encode(), "html", lambda text: english[text]).decode()
    assert "<title>The vote | Alliance</title>" in written
    assert 'name="description" content="Ministers voted in Arvane."' in written
    assert 'property="og:title" content="The vote | Alliance"' in written
    assert 'property="og:locale" content="en_GB"' in written
    assert 'content="Ce que nul autre ne dit."' in written
    assert 'name="viewport" content="width=1"' in written
