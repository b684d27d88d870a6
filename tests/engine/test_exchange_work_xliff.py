"""XLIFF is what the standard says, other tools may work on it, and nothing in it is trusted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from lxml import etree

from tests.parts import schemas
from tests.parts.work import BOLD, CODES, END, NOTE, release, row, rows, usual
from tm.errors import InputError
from tm.exchange.work import FORMATS, Format, Returned, WorkFile, WorkRow, source_hash
from tm.text import codes

OLD, NEW, PO = FORMATS["xliff12"], FORMATS["xliff21"], FORMATS["po"]
STRICT, CORE = "xliff-core-1.2-strict.xsd", "xliff-core-2.0.xsd"
X = {"o": "urn:oasis:names:tc:xliff:document:1.2", "n": "urn:oasis:names:tc:xliff:document:2.0"}


def old(body: str, head: str = "", attributes: str = 'target-language="en"', prolog: str = "") -> bytes:
    return (
        f'{prolog}<xliff version="1.2" xmlns="{X["o"]}" xmlns:p="urn:passerelle:work:1"><file original="a" '
        f'source-language="fr" {attributes} datatype="plaintext">{head}<body>{body}</body></file></xliff>'
    ).encode()


def unit(target: str = "<target>Yes.</target>", source: str = "Oui.", attributes: str = "", after: str = "") -> str:
    return f'<trans-unit id="s1" {attributes}><source>{source}</source>{target}{after}</trans-unit>'


def new(body: str, attributes: str = 'trgLang="en"') -> bytes:
    return (
        f'<xliff version="2.1" srcLang="fr" {attributes} xmlns="{X["n"]}"><file id="f1">{body}</file></xliff>'
    ).encode()


def segment(target: str = "<target>Yes.</target>", state: str = "", source: str = "Oui.") -> str:
    return f"<segment {state}><source>{source}</source>{target}</segment>"


def one(data: bytes) -> Returned:
    (found,) = OLD.read(data)
    return found


def refusal(data: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        OLD.read(data)
    return caught.value


# what the standard says


@settings(max_examples=40)
@given(given_rows=rows())
def test_every_file_is_valid_by_the_standards_own_schemas(given_rows: list[WorkRow]) -> None:
    work = WorkFile("r1", "Titre", "", tuple(given_rows))
    assert schemas.problems(OLD.write(work), STRICT) == []
    assert schemas.problems(NEW.write(work), CORE) == []


def test_the_schemas_do_find_mistakes() -> None:
    assert schemas.problems(OLD.write(usual()).replace(b"trans-unit", b"unit"), STRICT)
    assert schemas.problems(
        OLD.write(usual()).replace(b'p:open="yes"', b'p:shut="yes"').replace(b"open=", b"o="), STRICT
    )
    assert schemas.problems(NEW.write(usual()).replace(b'state="translated"', b'state="done"'), CORE)


def test_states_are_said_in_the_words_of_the_standard() -> None:
    root = etree.fromstring(OLD.write(usual()))
    said = [(one.get("state"), one.get("state-qualifier")) for one in root.iterfind(".//o:target", X)]
    assert said == [
        ("new", None),
        ("translated", None),
        ("needs-review-translation", "fuzzy-match"),
        ("needs-translation", None),
        ("needs-review-translation", "x-rejected"),
        ("signed-off", None),
    ]
    assert [one.get("approved") for one in root.iterfind(".//o:trans-unit", X)] == [None] * 5 + ["yes"]
    said = [
        (one.get("state"), one.get("subState"))
        for one in etree.fromstring(NEW.write(usual())).iterfind(".//n:segment", X)
    ]
    assert said == [
        ("initial", None),
        ("translated", None),
        ("initial", "passerelle:pretranslated"),
        ("initial", "passerelle:draft"),
        ("translated", "passerelle:rejected"),
        ("reviewed", "passerelle:approved"),
    ]


@pytest.mark.parametrize(("rate", "qualifier"), [(None, "leveraged-tm"), (99, "fuzzy-match"), (101, "exact-match")])
def test_the_rate_of_what_was_filled_in_is_said(rate: int | None, qualifier: str) -> None:
    data = OLD.write(release(row(1, target="Yes.", state="pretranslated", rate=rate)))
    assert f'state-qualifier="{qualifier}"'.encode() in data
    assert [each.state for each in OLD.read(data)] == ["pretranslated"]


def test_codes_of_1_2_say_what_they_are_and_where_their_partner_is() -> None:
    units = etree.fromstring(OLD.write(usual())).findall(".//o:trans-unit", X)
    names = [[etree.QName(code).localname for code in each.find("o:source", X)] for each in units]
    assert names == [[], ["bpt", "ept"], ["bpt", "ept", "ph"], ["it"], ["it"], []]
    link, end, note = units[2].find("o:source", X)
    assert (link.get("ctype"), link.text) == ("link", "<2 https://example.org/a?b=1&c=2>")
    assert (end.get("rid"), note.get("ctype"), note.text) == (link.get("rid"), "x-note", "<3 1/>")
    assert [code.get("pos") for each in units[3:5] for code in each.find("o:source", X)] == ["open", "close"]


def test_codes_of_2_1_are_elements_around_text_where_they_can_be() -> None:
    second, third = codes.character("open", 2), codes.character("close", 2)
    crossing = row(1, f"a{BOLD}b{second}c{END}d{third}e{NOTE}", codes=CODES)
    source = etree.fromstring(NEW.write(release(crossing))).find(".//n:source", X)
    assert [etree.QName(code).localname for code in source.iterdescendants()] == ["sc", "pc", "ec", "ph"]
    units = etree.fromstring(NEW.write(usual())).findall(".//n:unit", X)
    bold = units[1].find(".//n:source/n:pc", X)
    assert (bold.get("type"), bold.get("subType"), bold.text) == ("fmt", "xlf:b", "pont")
    assert [each.find(".//n:source/*", X).get("isolated") for each in units[3:5]] == ["yes", "yes"]
    assert units[2].findtext("n:originalData/n:data", namespaces=X) == "https://example.org/a?b=1&c=2"


def test_blocks_are_groups_and_comments_are_notes() -> None:
    root = etree.fromstring(OLD.write(usual()))
    kinds = [group.get("restype") for group in root.iterfind(".//o:group", X)]
    assert kinds == ["x-title", "x-paragraph", "x-paragraph", "listitem"]
    assert [note.get("from") for note in root.iterfind(".//o:note", X)] == ["passerelle:reason", "Anna", "Paul"]


# what other tools make of it


@pytest.mark.parametrize(
    ("module", "kind", "form"), [("xliff", "xlifffile", OLD), ("xliff2", "Xliff2File", NEW), ("po", "pofile", PO)]
)
def test_the_translate_toolkit_reads_it_and_its_change_is_one_change(module: str, kind: str, form: Format) -> None:
    before = form.read(form.write(usual()))
    file = getattr(pytest.importorskip(f"translate.storage.{module}"), kind).parsestring(form.write(usual()))
    units = [each for each in file.units if not each.isheader()]
    assert (len(units), units[0].source) == (6, "Le pont rouvre")
    units[0].target = "The bridge reopens"
    after = form.read(bytes(file))
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [(before[0], after[0])]
    assert (after[0].target, after[0].source_hash) == ("The bridge reopens", before[0].source_hash)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ('Un <g id="1">deux</g>', f"Un {BOLD}deux{END}"),
        ('Un <bx id="1"/>deux<ex id="1"/><x id="3"/>', f"Un {BOLD}deux{END}{NOTE}"),
        ('Un <bx id="7" rid="1"/>deux<ex id="8" rid="1"/>', f"Un {BOLD}deux{END}"),
        ('<mrk mtype="seg" mid="0">Un</mrk> <mrk mtype="seg" mid="1">de<mrk mtype="term">ux</mrk></mrk>', "Un deux"),
        ('Un <bpt id="1">&lt;b&gt;<sub>non</sub></bpt>deux<ept id="1">&lt;/b&gt;</ept>', f"Un {BOLD}deux{END}"),
        ('Un<x id="icon"/><x id="0"/><x id="999"/> <x id="513"/>deux', "Un deux"),
        ('<q xmlns="urn:other">non</q>Un<!-- non --> <?pi non?>deux', "Un deux"),
    ],
)
def test_codes_of_other_tools_are_understood_in_1_2(target: str, expected: str) -> None:
    assert one(old(unit(f"<target>{target}</target>"))).target == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ('Un <sc id="1"/>deux<ec startRef="1"/><ph id="3"/>', f"Un {BOLD}deux{END}{NOTE}"),
        ('<mrk id="m1" type="term">Un</mrk> <sm id="m2"/>deux<em startRef="m2"/>', "Un deux"),
        ('Un <pc id="1"><pc id="other">deux</pc></pc>', f"Un {BOLD}deux{END}"),
    ],
)
def test_codes_of_other_tools_are_understood_in_2(target: str, expected: str) -> None:
    body = f'<unit id="s1">{segment(f"<target>{target}</target>")}</unit>'
    assert one(new(body)).target == expected


def test_a_unit_that_another_tool_has_cut_is_one_segment() -> None:
    body = (
        '<unit id="s1">'
        + segment("<target>One.</target>", 'state="translated"', "Un.")
        + "<ignorable><source> </source></ignorable>"
        + segment("<target>Two.</target>", 'state="initial"', "Deux.")
        + "</unit>"
    )
    found = one(new(body))
    assert (found.source, found.target, found.state) == ("Un. Deux.", "One. Two.", "draft")
    assert found.source_hash == source_hash("Un. Deux.")


@pytest.mark.parametrize(
    ("words", "approved", "expected"),
    [
        ('state="final"', "yes", "translated"),
        ('state="signed-off"', "no", "translated"),
        ('state="translated"', "", "translated"),
        ("", "yes", "translated"),
        ("", "", None),
        ('state="x-odd"', "", None),
        ('state="new"', "", "draft"),
        ('state="needs-adaptation"', "", "draft"),
        ('state="needs-review-translation"', "", "draft"),
        ('state="needs-review-translation" state-qualifier="rejected-grammar"', "", "rejected"),
        ('state="needs-review-translation" state-qualifier="leveraged-mt"', "", "pretranslated"),
    ],
)
def test_states_of_other_tools_are_mapped_and_none_approves(words: str, approved: str, expected: str | None) -> None:
    attributes = f'approved="{approved}"' if approved else ""
    assert one(old(unit(f"<target {words}>Yes.</target>", attributes=attributes))).state == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('state="initial"', "draft"),
        ('state="translated"', "translated"),
        ('state="reviewed"', "translated"),
        ('state="final" subState="other:thing"', "translated"),
        ('state="translated" subState="mq:rejected"', "translated"),
        ("", None),
    ],
)
def test_states_of_2_are_mapped_and_none_approves(words: str, expected: str | None) -> None:
    assert one(new(f'<unit id="s1">{segment(state=words)}</unit>')).state == expected


def test_a_state_that_another_tool_has_changed_counts() -> None:
    data = OLD.write(release(row(1, target="Yes.", state="approved"), row(2, target="Yes.", state="draft")))
    assert [each.state for each in OLD.read(data)] == ["approved", "draft"]
    data = data.replace(b'state="signed-off"', b'state="translated"').replace(b'"needs-translation"', b'"final"')
    assert [each.state for each in OLD.read(data)] == ["translated", "translated"]


def test_notes_of_others_are_new_comments_and_the_reason_is_none() -> None:
    data = OLD.write(usual()).replace(b"</trans-unit>", b'<note from="Zo\xc3\xab">Vu.</note></trans-unit>', 1)
    assert OLD.read(data)[0].comments == ("Vu.",)
    assert len(OLD.read(data)[4].comments) == 2


def test_proposals_and_other_namespaces_of_other_tools_are_left_alone() -> None:
    after = (
        '<alt-trans><source>Non.</source><target>No.</target></alt-trans><p:x xmlns:p="urn:y"><target>X</target></p:x>'
    )
    assert one(old(unit(after=after))).target == "Yes."


def test_a_file_without_our_attributes_is_known_by_its_source() -> None:
    found = one(old(unit()))
    assert (found.source, found.source_hash, found.place) == ("Oui.", source_hash("Oui."), "unit 1")


# what is refused


def test_nothing_that_a_file_refers_to_is_opened() -> None:
    head = '<header><skl><external-file href="http://127.0.0.1:1/x"/></skl></header>'
    data = old(unit(), head, 'xml:base="http://127.0.0.1:1/" target-language="en-GB"')
    assert one(data).target == "Yes."


@pytest.mark.parametrize(
    ("prolog", "text"),
    [
        ('<!DOCTYPE xliff [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>', "&b;"),
        ('<!DOCTYPE xliff [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        ('<!DOCTYPE xliff [<!ENTITY unused "x">]>', "Yes."),
        ('<!DOCTYPE xliff SYSTEM "xliff.dtd">', "&unknown;"),
        ("", "&unknown;"),
    ],
)
def test_entities_are_refused(prolog: str, text: str) -> None:
    assert refusal(old(unit(f"<target>{text}</target>"), prolog=prolog)).code == "XML_ENTITY_FORBIDDEN"


TWICE = unit() + unit("<target>No.</target>")


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (b"", "EMPTY_FILE", ""),
        (b"hello", "XLIFF_INVALID", "line 1"),
        (old(unit())[:-9], "XLIFF_INVALID", "line 1"),
        (b"<html/>", "TYPE_MISMATCH", "root element html"),
        (old(unit()).replace(b'"1.2"', b'"1.0"', 1), "TYPE_MISMATCH", "root element xliff"),
        (old(unit(), attributes='target-language="de"'), "XLIFF_LANGUAGE", ""),
        (new("", 'trgLang="fr"'), "XLIFF_LANGUAGE", ""),
        (old(""), "WORK_NO_IDS", ""),
        (old("<trans-unit><source>a</source></trans-unit>"), "WORK_NO_IDS", ""),
        (old(TWICE), "WORK_ID_TWICE", "unit 1, unit 2"),
        (old(unit("<target>" + "x" * 20_001 + "</target>")), "SEGMENT_TOO_LONG", "unit 1"),
        (new(f'<unit id="s1">{segment("<target>a<cp hex=" + chr(34) + "0001" + chr(34) + "/></target>")}</unit>'),
         "CONTROL_CHARACTER", "unit 1"),
        (old("<group>" * 300 + "</group>" * 300), "XML_TOO_LARGE", ""),
        (old(unit() * 20_001), "WORK_TOO_MANY_ROWS", ""),
        (b" " * 20_000_001, "TOO_LARGE", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_place(data: bytes, code: str, where: str) -> None:
    error = refusal(data)
    assert (error.code, error.where) == (code, where)


def test_a_segment_that_stands_twice_with_the_same_texts_is_one() -> None:
    assert one(old(unit() + unit(after="<note>Vu.</note>"))) == replace(one(old(unit())), comments=("Vu.",))
