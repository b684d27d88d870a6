"""What is written as TMX is TMX 1.4b, attribute by attribute, and another tool reads it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from service.settings import ROOT
from tests.parts.pairs import PAIRS
from tm.exchange import tmx
from tm.types import Context, Kept, Pair, Provenance


def pairs(data: bytes) -> list[Pair]:
    return list(tmx.read(io.BytesIO(data)))


def written(given_pairs: list[Pair]) -> bytes:
    stream = io.BytesIO()
    tmx.write(given_pairs, stream, tool_version="1")
    return stream.getvalue()


@given(st.lists(PAIRS, max_size=5))
def test_what_is_written_is_tmx_1_4(given_pairs: list[Pair]) -> None:
    assert mistakes(written(given_pairs)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tuid=", "id="),
        ('srclang="fr"', ""),
        ('<prop type="x-role">', "<prop>"),
        ("<seg>Oui.</seg>", ""),
        ("    </tu>", '<prop type="x-late">y</prop></tu>'),
    ],
)
def test_the_document_type_finds_mistakes(old: str, new: str) -> None:
    text = written([FULL]).decode()
    assert old in text
    assert mistakes(text.replace(old, new).encode())


def mistakes(data: bytes) -> list[str]:
    """What the document type has against a file."""
    kind = etree.DTD(str(ROOT / "tests" / "data" / "tmx14.dtd"))
    kind.validate(etree.fromstring(data))
    return [entry.message for entry in kind.error_log]


FULL = Pair(
    "Oui.",
    "Yes.",
    Provenance("Communiqué 12", 3, "aligned", "Anna", "2024-03-12T10:15:00Z", Context("", "0123456789abcdef", "title")),
    Kept("17", 4, "2025-01-02T03:04:05Z"),
)


def test_a_unit_carries_its_id_its_history_its_use_and_its_place() -> None:
    unit = etree.fromstring(written([FULL])).find("body/tu")
    assert dict(unit.attrib) == {
        "tuid": "17",
        "creationdate": "20240312T101500Z",
        "creationid": "Anna",
        "changedate": "20240312T101500Z",
        "changeid": "Anna",
        "usagecount": "4",
        "lastusagedate": "20250102T030405Z",
    }
    assert {prop.get("type"): prop.text for prop in unit.iterfind("prop")} == {
        "x-document": "Communiqué 12",
        "x-position": "3",
        "x-role": "title",
        "x-context-pre": None,
        "x-context-post": "0123456789abcdef",
        "x-origin": "aligned",
    }
    assert pairs(written([FULL])) == [FULL]


def test_the_translate_toolkit_finds_the_same_units() -> None:
    toolkit = pytest.importorskip("translate.storage.tmx")
    units = toolkit.tmxfile.parsestring(written([FULL, Pair("a & <b>", "c", Provenance("doc"))])).units
    assert [(one.source, one.target) for one in units] == [("Oui.", "Yes."), ("a & <b>", "c")]
