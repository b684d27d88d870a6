"""The standards' own schemas of XLIFF, from a Debian package that carries them; a test fetches nothing."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from lxml import etree

from service.settings import ROOT
from tests.parts.missing import missing

PACKAGE = "php-symfony-translation"
REMEDY = (
    f"scripts/test fetches Debian's {PACKAGE} where there is apt; elsewhere unpack the .deb from packages.debian.org "
    "into .tools/schemas (ar x, then tar x), or name a folder with the .xsd files: XLIFF_SCHEMAS=/path scripts/test."
)
OWN = ROOT / "tests" / "data" / "passerelle-work.xsd"
_SCHEMA = "{http://www.w3.org/2001/XMLSchema}"
_XML = "http://www.w3.org/XML/1998/namespace"


@cache
def folder() -> Path | None:
    """Where the schemas lie."""
    top = Path(os.environ.get("XLIFF_SCHEMAS") or ROOT / ".tools" / "schemas")
    return next((path.parent for path in sorted(top.rglob("xliff-core-1.2-strict.xsd"))), None)


@cache
def _schema(name: str) -> etree.XMLSchema:
    held = folder()
    assert held is not None
    root = etree.parse(held / name, etree.XMLParser(no_network=True)).getroot()
    for one in root.iter(f"{_SCHEMA}import"):
        assert one.get("namespace") == _XML
        one.set("schemaLocation", (held / "xml.xsd").as_uri())
    first = root.find(f"{_SCHEMA}import")
    own = etree.Element(f"{_SCHEMA}import", {"namespace": "urn:passerelle:work:1", "schemaLocation": OWN.as_uri()})
    first.addnext(own)
    return etree.XMLSchema(root)


def problems(data: bytes, name: str) -> list[str]:
    """What the schema of that name has against a file; skips the test where there is none."""
    if folder() is None:
        missing("The schema of XLIFF", REMEDY)
    schema = _schema(name)
    schema.validate(etree.fromstring(data))
    return [f"line {entry.line}: {entry.message}" for entry in schema.error_log]
