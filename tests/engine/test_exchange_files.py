"""Exchange files for the memory, by their names: XLIFF gives what is translated, without its codes."""

from __future__ import annotations

import io

import pytest

from tm.errors import InputError
from tm.exchange.files import kind_of, read

OLD = """<?xml version="1.0"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="a" source-language="fr" target-language="en" datatype="plaintext"><body>
<trans-unit id="1"><source>Le <g id="1">Conseil</g> se réunit.</source><target>The <g id="1">Council</g> meets.</target></trans-unit>
<trans-unit id="2"><source>Rien.</source></trans-unit>
<trans-unit id="3"><source>À revoir.</source><target state="needs-translation">To do.</target></trans-unit>
</body></file></xliff>"""  # noqa: E501
NEW = """<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="fr" trgLang="en">
<file id="f"><unit id="u1"><segment state="final"><source>Il a fini.</source><target>He has finished.</target></segment>
</unit></file></xliff>"""


@pytest.mark.parametrize("name", ["a.xlf", "a.XLIFF"])
def test_xliff_is_known_by_its_name(name: str) -> None:
    assert kind_of(name) == "xliff"


@pytest.mark.parametrize(
    ("data", "pairs"),
    [(OLD, [("Le Conseil se réunit.", "The Council meets.")]), (NEW, [("Il a fini.", "He has finished.")])],
)
def test_translated_units_are_pairs(data: str, pairs: list[tuple[str, str]]) -> None:
    found = list(read("xliff", io.BytesIO(data.encode()), label="a.xlf"))
    assert [(pair.source, pair.target) for pair in found] == pairs
    assert found[0].seen.document == "a.xlf"


def test_xliff_with_entities_is_refused() -> None:
    data = OLD.replace("<xliff", '<!DOCTYPE x [<!ENTITY a "b">]><xliff', 1)
    with pytest.raises(InputError) as refused:
        list(read("xliff", io.BytesIO(data.encode()), label="a"))
    assert refused.value.code == "XML_ENTITY_FORBIDDEN"
