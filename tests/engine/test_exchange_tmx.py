"""TMX goes out and comes back the same, real files of other tools come in, and hostile ones do not."""

from __future__ import annotations

import io
import itertools
import random
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.parts.damage import damaged
from tests.parts.pairs import PAIRS
from tm.errors import InputError
from tm.exchange import tmx
from tm.text.normalise import fingerprint
from tm.types import Pair, Provenance

HEADER = '<header creationtool="x" segtype="sentence" srclang="fr"/>'


def file(body: str, head: str = HEADER, prolog: str = "") -> bytes:
    return f'{prolog}<tmx version="1.4">{head}<body>{body}</body></tmx>'.encode()


def unit(french: str = "oui", english: str = "yes", attributes: str = "", props: str = "", codes: str = "fr en") -> str:
    first, second = codes.split()
    return (
        f"<tu {attributes}>{props}<tuv xml:lang='{first}'><seg>{french}</seg></tuv>"
        f"<tuv xml:lang='{second}'><seg>{english}</seg></tuv></tu>"
    )


def pairs(data: bytes, **how: object) -> list[Pair]:
    return list(tmx.read(io.BytesIO(data), **how))  # type: ignore[arg-type]


def written(given_pairs: list[Pair]) -> bytes:
    stream = io.BytesIO()
    tmx.write(given_pairs, stream, tool_version="1")
    return stream.getvalue()


def refusal(data: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        pairs(data)
    return caught.value


@given(st.lists(PAIRS, max_size=5))
def test_what_is_written_is_read_again_with_all_it_knew(given_pairs: list[Pair]) -> None:
    assert pairs(written(given_pairs)) == given_pairs


def test_the_same_pairs_give_the_same_bytes() -> None:
    pair = Pair("Oui.", "Yes.", Provenance("doc", 1, "approved", "Anna", "2024-03-12"))
    assert written([pair]) == written([pair])
    assert b'srclang="fr"' in written([pair])


def test_a_text_that_xml_cannot_hold_is_not_written() -> None:
    with pytest.raises(InputError) as caught:
        written([Pair("a\x01b", "c", Provenance("doc"))])
    assert caught.value.code == "CONTROL_CHARACTER"


@pytest.mark.parametrize("codes", ["fr en", "FR-fr EN-gb", "fra eng", "fr_FR en_US", "EN-US fre"])
def test_language_codes_of_other_tools_are_understood(codes: str) -> None:
    texts = ("oui", "yes") if codes.lower().startswith("fr") else ("yes", "oui")
    found = pairs(file(unit(*texts, codes=codes)))
    assert [(pair.source, pair.target) for pair in found] == [("oui", "yes")]


def test_of_three_languages_two_are_taken() -> None:
    body = unit().replace("</tu>", "<tuv xml:lang='de'><seg>ja</seg></tuv></tu>")
    assert [pair.target for pair in pairs(file(body))] == ["yes"]


def test_the_document_type_line_of_ordinary_tools_is_accepted_and_not_fetched() -> None:
    prolog = '<?xml version="1.0"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
    assert len(pairs(file(unit(), prolog=prolog))) == 1


@pytest.mark.parametrize(
    ("prolog", "text"),
    [
        ('<!DOCTYPE tmx [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>', "&b;"),
        ('<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        ('<!DOCTYPE tmx [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]>', "oui"),
        ('<!DOCTYPE tmx [<!ENTITY unused "x">]>', "oui"),
        ('<!DOCTYPE tmx SYSTEM "tmx14.dtd">', "&unknown;"),
        ("", "&unknown;"),
    ],
)
def test_entities_are_refused(prolog: str, text: str) -> None:
    assert refusal(file(unit(text), prolog=prolog)).code == "XML_ENTITY_FORBIDDEN"


@pytest.mark.parametrize("data", [file(unit(), head=""), file("", head=""), b"<tmx version='1.4'/>"])
def test_a_file_without_header_is_refused(data: bytes) -> None:
    assert refusal(data).code == "TMX_NO_HEADER"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "TMX_INVALID"),
        (b"hello", "TMX_INVALID"),
        (b"<html/>", "TYPE_MISMATCH"),
        (file(unit())[:-20], "TMX_INVALID"),
        (file(unit(), prolog='<?xml version="1.0" encoding="klingon"?>'), "ENCODING_UNKNOWN"),
        (file(unit("été")).decode().encode("latin-1"), "ENCODING_UNKNOWN"),
        (file("<a>" * 300 + "</a>" * 300), "XML_TOO_LARGE"),
        (file(unit("x" * 11_000_000)), "XML_TOO_LARGE"),
        (file(unit("x" * 10_001)), "SEGMENT_TOO_LONG"),
    ],
)
def test_broken_files_are_refused(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@pytest.mark.parametrize("codes", ["de en", "fr de", "fr fr", "xx yy"])
def test_a_unit_without_one_of_the_languages_is_refused_with_its_number(codes: str) -> None:
    error = refusal(file(unit() + unit(codes=codes)))
    assert (error.code, error.where) == ("TMX_UNIT", "unit 2")


def test_units_before_a_broken_one_have_been_read_when_it_is_met() -> None:
    reader = tmx.read(io.BytesIO(file(unit("un", "one") + unit(codes="de en"))))
    assert next(reader).source == "un"
    with pytest.raises(InputError):
        next(reader)


def test_empty_sides_give_no_pair() -> None:
    assert pairs(file(unit("", "yes") + unit("oui", " ") + unit())) == [Pair("oui", "yes", Provenance(""))]


def test_inline_codes_are_left_out_and_the_text_around_them_is_kept() -> None:
    text = "un <bpt i='1'>&lt;b&gt;</bpt>deux <hi>trois</hi><ept i='1'>&lt;/b&gt;</ept><ph>&lt;x&gt;</ph> 4<!-- y -->!"
    assert pairs(file(unit(text)))[0].source == "un deux trois 4!"


@pytest.mark.parametrize(
    ("stamp", "date"),
    [
        ("20240312T101500Z", "2024-03-12T10:15:00Z"),
        ("20240312", "2024-03-12"),
        ("20240312T000000Z", "2024-03-12"),
        ("00000101T000000Z", None),
        ("20243213T101500Z", None),
        ("yesterday", None),
        ("99991231T235959Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_dates_are_read_and_impossible_ones_ignored(stamp: str, date: str | None) -> None:
    assert pairs(file(unit(attributes=f"changedate='{stamp}'")))[0].seen.date == date


def test_people_can_be_left_out() -> None:
    data = file(unit(attributes="creationid='anna' changeid='bob'"))
    assert pairs(data)[0].seen.person == "bob"
    assert pairs(data, people=False)[0].seen.person is None


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    path.write_bytes(file(unit()))
    assert [pair.source for pair in tmx.read(path)] == ["oui"]


def test_the_label_stands_where_a_unit_names_no_document() -> None:
    body = unit() + unit(props="<prop type='x-document'>Communiqué 12</prop>")
    assert [pair.seen.document for pair in pairs(file(body), label="memory.tmx")] == ["memory.tmx", "Communiqué 12"]


def test_neighbours_written_as_text_become_fingerprints() -> None:
    body = unit(props="<prop type='x-context-pre'>La phrase d’avant.</prop>")
    assert pairs(file(body))[0].seen.context.previous == fingerprint("La phrase d’avant.")


def test_odd_properties_are_ignored() -> None:
    body = unit(
        attributes="usagecount='many' lastusagedate='once'",
        props="<prop type='x-position'>-4x</prop><prop type='x-role'>emperor</prop><prop>loose</prop>",
    )
    assert pairs(file(body)) == [Pair("oui", "yes", Provenance(""))]


def test_an_approval_elsewhere_is_none_here_but_what_was_only_aligned_stays_that() -> None:
    for origin, expected in (("approved", "imported"), ("aligned", "aligned"), ("emperor", "imported")):
        body = unit(props=f"<prop type='x-origin'>{origin}</prop>")
        assert pairs(file(body))[0].seen.origin == expected


def test_the_project_stands_in_the_header_and_properties_before_the_texts() -> None:
    stream = io.BytesIO()
    tmx.write([Pair("Oui.", "Yes.", Provenance("doc", 1))], stream, tool_version="1", project="cyber & co")
    root = etree.fromstring(stream.getvalue())
    assert root.findtext("header/prop[@type='x-project']") == "cyber & co"
    assert [child.tag for child in root.find("body/tu")] == ["prop"] * 3 + ["tuv"] * 2
    assert pairs(stream.getvalue())[0].source == "Oui."


def test_damaged_files_give_pairs_or_a_refusal_with_a_code() -> None:
    dice, codes = random.Random(11), Counter[str]()
    whole = written([Pair(f"Texte {n} & <é>", f"Text {n}", Provenance("doc", n)) for n in range(5)])
    for _ in range(1500):
        try:
            list(tmx.read(io.BytesIO(damaged(whole, dice))))
        except InputError as error:
            codes[error.code] += 1
    assert codes.keys() <= {
        "TMX_INVALID", "ENCODING_UNKNOWN", "TMX_UNIT", "XML_ENTITY_FORBIDDEN", "TMX_NO_HEADER", "TYPE_MISMATCH",
    }  # fmt: skip
    assert codes["TMX_INVALID"] > 500


class Endless(io.RawIOBase):
    """A TMX of many parts that is never whole in memory."""

    def __init__(self, part: str, times: int) -> None:
        head, tail = b"<tmx><header/><body>", b"</body></tmx>"
        self._parts: Iterator[bytes] = itertools.chain([head], itertools.repeat(part.encode(), times), [tail])

    def read(self, size: int = -1) -> bytes:
        return next(self._parts, b"")


def test_memory_stays_bounded_for_a_long_file() -> None:
    stream: BinaryIO = Endless(unit("oui " * 50), 5_000)  # type: ignore[assignment]
    tracemalloc.start()
    count = sum(1 for _ in tmx.read(stream))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 5_000
    assert peak < 1_000_000


@pytest.mark.parametrize("part", ["<seg>loose</seg>", "<x/>", "<tuv xml:lang='fr'><seg>oui</seg></tuv>"])
def test_what_stands_between_units_cannot_fill_the_memory(part: str) -> None:
    stream: BinaryIO = Endless(part, 5_000_000)  # type: ignore[assignment]
    with pytest.raises(InputError) as caught:
        list(tmx.read(stream))
    assert caught.value.code == "XML_TOO_LARGE"


def test_a_unit_of_endless_parts_cannot_fill_the_memory() -> None:
    data = file("<tu>" + "<prop type='x'>y</prop>" * 100_001 + unit()[4:])
    assert refusal(data).code == "XML_TOO_LARGE"
