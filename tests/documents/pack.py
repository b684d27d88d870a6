"""Packages around hand-written parts: the least that a Word document or an OpenDocument text is made of.

What is written by hand lies in `sources/`: sections that begin with a line `=== NAME`, `=== link ID ADDRESS`,
`=== picture PATH` or `=== file PATH`, each with what stands inside of that part.
"""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

from tm.documents.package import packed

SOURCES = Path(__file__).parent / "sources"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGES = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": RELATIONS,
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_ODF_SPACES = " ".join(
    [f'xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "text", "style", "table", "meta", "presentation")]
    + [f'xmlns:draw="{_ODF}drawing:1.0"', f'xmlns:fo="{_ODF}xsl-fo-compatible:1.0"']
    + [f'xmlns:svg="{_ODF}svg-compatible:1.0"', 'xmlns:xlink="http://www.w3.org/1999/xlink"']
    + ['xmlns:dc="http://purl.org/dc/elements/1.1/"', 'xmlns:officeooo="http://openoffice.org/2009/office"']
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KINDS = {"footnotes": "footnotes", "endnotes": "endnotes", "header": "hdr", "footer": "ftr", "comments": "comments"}


def png(width: int = 4, height: int = 3, colour: tuple[int, int, int] = (0, 60, 120)) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


Sections = dict[str, str]


def sections(path: Path) -> Sections:
    """The sections of a hand-written source by their names."""
    parts = re.split(r"(?m)^=== (.+)\n", path.read_text(encoding="utf-8"))[1:]
    return {name: inside.removesuffix("\n") for name, inside in zip(parts[::2], parts[1::2], strict=True)}


def _others(written: Sections) -> dict[str, bytes]:
    """Parts that are written as they are, and pictures."""
    files = {name.split()[1]: inside.encode() for name, inside in written.items() if name.startswith("file ")}
    return files | {name.split()[1]: png() for name in written if name.startswith("picture ")}


def word(written: Sections) -> bytes:
    """A Word document of `document`, and of `footnotes`, `header1` and so on if they are there."""
    stories = {"document": written["document"], "styles": (SOURCES / "styles.docx.xml").read_text(encoding="utf-8")}
    stories |= {name: inside for name, inside in written.items() if " " not in name}
    others = _others(written)
    parts = {"[Content_Types].xml": _types(list(stories), list(others)), "_rels/.rels": _root()}
    shown = "".join(_on_pages(name) for name in stories)
    parts |= {f"word/{name}.xml": _story(name, inside, shown) for name, inside in stories.items()}
    rows = [_relation(f"r-{name}", name.rstrip("0123456789"), f"{name}.xml") for name in list(stories)[1:]]
    for link in (name.split() for name in written if name.startswith("link ")):
        rows.append(_relation(link[1], "hyperlink", link[2], outside=True))
    for at, name in enumerate(one for one in others if not one.endswith(".rels")):
        rows.append(_relation(f"r-{at}", "image" if name.endswith("png") else name.partition(".")[0], name))
    parts["word/_rels/document.xml.rels"] = _relations("".join(rows))
    return packed(parts | {f"word/{name}": data for name, data in others.items()})


def _on_pages(name: str) -> str:
    kind = name.rstrip("0123456789")
    return f'<w:{kind}Reference w:type="default" r:id="r-{name}"/>' if kind in ("header", "footer") else ""


def _story(name: str, inside: str, shown: str) -> bytes:
    kind = name.rstrip("0123456789")
    if kind == "document":
        inside = f"<w:body>{inside}<w:sectPr>{shown}</w:sectPr></w:body>"
    tag = _KINDS.get(kind, kind)
    return f"{_HEAD}<w:{tag} {_SPACES}>{inside}</w:{tag}>".encode()


def _types(names: list[str], others: list[str]) -> bytes:
    rows = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    rows += '<Default Extension="xml" ContentType="application/xml"/>'
    rows += '<Default Extension="png" ContentType="image/png"/>'
    for name in names:
        kind = "document.main" if name == "document" else name.rstrip("0123456789")
        rows += f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
    for name in others:
        if name.endswith(".xml"):
            rows += f'<Override PartName="/word/{name}" ContentType="{_WORD}.{name.partition(".")[0]}+xml"/>'
    return f'{_HEAD}<Types xmlns="{_PACKAGES}/content-types">{rows}</Types>'.encode()


def _relations(rows: str) -> bytes:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGES}/relationships">{rows}</Relationships>'.encode()


def _root() -> bytes:
    return _relations(_relation("r1", "officeDocument", "word/document.xml"))


def _relation(key: str, kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'


def odt(written: Sections) -> bytes:
    """An OpenDocument text of `document`, with more `styles` and `automatic` styles, and with what stands inside of its
    page style as `master`."""
    usual = {name: (SOURCES / f"{name}.odt.xml").read_text(encoding="utf-8") for name in ("styles", "automatic")}
    styles, automatic = (usual[name] + written.get(name, "") for name in ("styles", "automatic"))
    content = (
        f'{_HEAD}<office:document-content {_ODF_SPACES} office:version="1.3"><office:automatic-styles>{automatic}'
        f"</office:automatic-styles><office:body><office:text>{written['document']}</office:text></office:body>"
        "</office:document-content>"
    )
    page = (
        '<style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="21cm"/></style:page-layout>'
    )
    styled = (
        f'{_HEAD}<office:document-styles {_ODF_SPACES} office:version="1.3"><office:styles>{styles}</office:styles>'
        f"<office:automatic-styles>{page}</office:automatic-styles><office:master-styles>"
        f'<style:master-page style:name="Standard" style:page-layout-name="pm1">{written.get("master", "")}'
        "</style:master-page></office:master-styles></office:document-styles>"
    )
    others = _others(written)
    kinds = {"/": "application/vnd.oasis.opendocument.text", "content.xml": "text/xml", "styles.xml": "text/xml"}
    kinds |= dict.fromkeys(others, "image/png")
    rows = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in kinds.items()
    )
    manifest = f'{_HEAD}<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0">{rows}</manifest:manifest>'
    parts = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()}
    parts |= {"styles.xml": styled.encode(), **others, "META-INF/manifest.xml": manifest.encode()}
    return packed(parts)
