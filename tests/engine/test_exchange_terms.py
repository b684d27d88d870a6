"""Glossaries in and out, as TBX and as tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tm.errors import InputError, PasserelleError
from tm.exchange import glossaries, tbx, termtable
from tm.terms.entry import checked
from tm.types import Concept, Term

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "glossary.csv"
DCA = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-model href="https://tbx.example/TBX-Basic.rng" type="application/xml"?>
<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
 <tbxHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></tbxHeader>
 <text><body>
  <conceptEntry id="c1">
   <descrip type="subjectField">operations</descrip>
   <descripGrp><descrip type="definition">End of <hi>fighting</hi>.</descrip>
    <admin type="source">ours</admin></descripGrp>
   <note>One word.</note>
   <langSec xml:lang="de"><termSec><term>Waffenruhe</term></termSec></langSec>
   <langSec xml:lang="fr-FR"><termSec><term>cessez-le-feu</term><note>of the term</note></termSec></langSec>
   <langSec xml:lang="en">
    <termSec><term>ceasefire</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termSec>
    <termSec><term>truce</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></termSec>
    <termSec><term>cease-fire</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>
   </langSec>
  </conceptEntry>
  <conceptEntry id="c2"><langSec xml:lang="en"><termSec><term>no French</term></termSec></langSec></conceptEntry>
 </body></text>
</tbx>"""
DCT = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
 xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
 <text><body><conceptEntry id="c1"><min:subjectField>operations</min:subjectField>
  <descripGrp><basic:definition>End of fighting.</basic:definition></descripGrp><note>One word.</note>
  <langSec xml:lang="fr"><termSec><term>cessez-le-feu</term></termSec></langSec>
  <langSec xml:lang="en"><termSec><term>ceasefire</term>
    <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
   <termSec><term>truce</term><min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus></termSec>
   <termSec><term>cease-fire</term><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec></langSec>
 </conceptEntry></body></text></tbx>"""
V2 = """<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en"><martifHeader><fileDesc/></martifHeader><text><body>
 <termEntry id="1"><descrip type="subjectField">operations</descrip>
  <descrip type="definition">End of fighting.</descrip>
  <note>One word.</note>
  <langSet xml:lang="fr"><tig><term>cessez-le-feu</term></tig></langSet>
  <langSet xml:lang="en"><ntig><termGrp><term>ceasefire</term></termGrp></ntig><tig><term>truce</term></tig>
   <tig><term>cease-fire</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet>
 </termEntry></body></text></martif>"""
WANTED = Concept(
    ("cessez-le-feu",),
    (Term("ceasefire"), Term("truce", "allowed"), Term("cease-fire", "forbidden")),
    "operations",
    "End of fighting.\nOne word.",
)


@pytest.mark.parametrize("text", [DCA, DCT, V2], ids=["version 3 DCA", "version 3 DCT", "version 2"])
def test_tbx_is_read_in_whichever_way_it_says_a_thing(text: str) -> None:
    assert tbx.read(text.encode()) == [WANTED]


def _texts(limit: int = 40) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"), exclude_characters="\ufffe\uffff")
    return st.text(letters, max_size=limit).map(lambda text: f"mot{text}")


STATUSES = st.sampled_from(["preferred", "allowed", "forbidden"])
ENGLISH = st.lists(st.builds(Term, _texts(12), STATUSES), max_size=4).map(tuple)
FRENCH = st.lists(_texts(12), min_size=1, max_size=3).map(tuple)
NOTES = st.text("ab \n'=|\\,;\"é", max_size=20)


@given(st.lists(st.builds(Concept, FRENCH, ENGLISH, _texts(), NOTES, st.booleans()), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_on_the_way_out_and_in(concepts: list[Concept]) -> None:
    try:
        kept = [checked(concept) for concept in concepts]
    except InputError:
        return
    assert tbx.read(tbx.write(kept)) == kept
    assert termtable.read(termtable.write(kept)) == kept


def test_a_term_that_begins_as_a_formula_is_none_for_a_spreadsheet_and_comes_back() -> None:
    kept = [Concept(("=SOMME a",), (Term("'=SUM a"),), "-x", "@y | z")]
    table = termtable.write(kept)
    assert b"'=SOMME" in table
    assert b",'-x" in table
    assert termtable.read(table) == kept


def test_the_sample_is_kept_as_it_is_written_and_what_is_written_is_tbx_3() -> None:
    kept = termtable.read(SAMPLE.read_bytes())
    assert len(kept) > 80
    assert {concept.agreed for concept in kept} == {True, False}
    written = tbx.write(kept)
    assert tbx.read(written) == kept
    assert etree.fromstring(written).attrib["type"] == "TBX-Basic"
    assert etree.QName(etree.fromstring(written)).namespace == "urn:iso:std:iso:30042:ed-2"


def test_another_reader_of_tbx_finds_the_same_terms() -> None:
    translate = pytest.importorskip("translate.storage.tbx")
    # the toolkit knows version 2 alone: the same entries under its names
    old = tbx.write([WANTED]).decode()
    for new, name in (("conceptEntry", "termEntry"), ("langSec", "langSet"), ("termSec", "tig"), ("<tbx ", "<martif ")):
        old = old.replace(new, name)
    old = old.replace("</tbx>", "</martif>").replace(' xmlns="urn:iso:std:iso:30042:ed-2"', "")
    (unit,) = translate.tbxfile.parsestring(old.encode()).units
    assert unit.source == "cessez-le-feu"


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (b"<tbx>", "TBX_INVALID", "line 1"),
        (b"<tmx/>", "TYPE_MISMATCH", "root element tmx"),
        (b"<tbx><text/></tbx>", "TBX_INVALID", ""),
        (DCA.replace("fr-FR", "it").encode(), "TBX_LANGUAGES", ""),
        (DCA.replace("cessez-le-feu", "…").encode(), "TERM_WORDS", "entry 1"),
        (b'<!DOCTYPE tbx [<!ENTITY a "b">]><tbx>&a;</tbx>', "XML_ENTITY_FORBIDDEN", ""),
        (V2.replace("<term>truce", "<term>&outside;truce").encode(), "XML_ENTITY_FORBIDDEN", ""),
    ],
)
def test_a_bad_tbx_file_is_refused_with_its_place(data: bytes, code: str, where: str) -> None:
    with pytest.raises(PasserelleError) as refused:
        tbx.read(data)
    assert (refused.value.code, refused.value.where) == (code, where)


def test_a_table_may_have_its_columns_in_any_order_and_language() -> None:
    table = "Anglais;Français;Interdit;Statut;\r\nceasefire;cessez-le-feu;cease-fire | armistice;proposé;\r\n;;;;\r\n"
    english = (Term("ceasefire"), Term("cease-fire", "forbidden"), Term("armistice", "forbidden"))
    assert termtable.read(table.encode("cp1252")) == [Concept(("cessez-le-feu",), english, agreed=False)]


@pytest.mark.parametrize(
    ("table", "code", "where"),
    [
        ("\n", "CSV_EMPTY", ""),
        ("a,b\nc,d\n", "CSV_NO_HEADER", "row 1"),
        ("French,Klingon\nmot,x\n", "CSV_COLUMN", "row 1, column 2"),
        ("French,fr\nmot,x\n", "CSV_COLUMN", "row 1, column 2"),
        ("French,English\nmot,word\nmot,a,b\n", "CSV_ROW", "row 3"),
        ("French,English,Status\nmot,word,maybe\n", "CSV_STATUS", "row 2, column Status"),
        ("French,English\n,word\n", "TERM_MISSING", "row 2"),
        ('French,English\n"mot\n', "CSV_INVALID", ""),
    ],
)
def test_a_bad_table_is_refused_with_its_row(table: str, code: str, where: str) -> None:
    with pytest.raises(InputError) as refused:
        termtable.read(table.encode())
    assert (refused.value.code, refused.value.where) == (code, where)


def test_the_name_of_a_file_says_its_format() -> None:
    assert glossaries.read("a.TBX", DCT.encode()) == [WANTED]
    assert glossaries.read("a.csv", termtable.write([WANTED])) == [WANTED]
    for name, data, code in (("a.doc", b"x", "TYPE_UNKNOWN"), ("a.csv", b" ", "EMPTY_FILE")):
        with pytest.raises(InputError) as refused:
            glossaries.read(name, data)
        assert refused.value.code == code
