"""A bilingual release as a PDF: tagged (PDF/UA-1), fonts embedded, set by typst from data, never from source text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.publish.content import BlockText, Content, Side, canonical_json
from service.publish.runs import Run, said, shown

if TYPE_CHECKING:
    from service.publish.render import Facts


def pdf(content: Content, facts: Facts) -> bytes:
    """The release in two columns. The same content gives the same bytes with the same version of typst."""
    import typst

    from service.publish.render import TEMPLATES

    files: dict[str, bytes] = {
        "main.typ": (TEMPLATES / "export" / "publication.typ").read_bytes(),
        "data.json": canonical_json(_data(content, facts)).encode("utf-8"),
    }
    if facts.logo:
        files["logo.png" if facts.logo.startswith(b"\x89PNG") else "logo.svg"] = facts.logo
    # its types do not know yet that files may be given by their names
    made: bytes = typst.compile(  # type: ignore[call-overload]
        files, format="pdf", ignore_system_fonts=True, pdf_standards=["ua-1"], timestamp=int(facts.moment.timestamp())
    )
    return made


def _data(content: Content, facts: Facts) -> dict[str, Any]:
    style, levels = facts.style, _Levels()
    return {
        "title": content.title("en") or content.title("fr"),
        "author": style.organisation or style.organisation_fr,
        "language": "en",
        "region": "US" if style.language == "en-US" else "GB",
        "header": {"fr": facts.heading("fr"), "en": facts.heading("en")},
        "footer": {"fr": style.footer_fr, "en": style.footer},
        "line": facts.line,
        "logo": ("logo.png" if facts.logo.startswith(b"\x89PNG") else "logo.svg") if facts.logo else "",
        "logo_words": style.logo_words or style.organisation or "Logo",
        "pairs": [_pair(block, levels) for block in content.blocks if block.segments],
    }


class _Levels:
    """Levels of headings that never skip one, as a reader with a screen reader expects them."""

    def __init__(self) -> None:
        self.last = 0

    def of(self, block: BlockText) -> int:
        wanted = 1 if block.role == "title" else max(block.level, 2)
        self.last = min(wanted, self.last + 1)
        return self.last


def _pair(block: BlockText, levels: _Levels) -> dict[str, Any]:
    level = levels.of(block) if block.role in ("title", "heading") else 0
    return {"role": block.role, "level": level, "fr": _runs(block, "fr"), "en": _runs(block, "en")}


def _runs(block: BlockText, side: Side) -> list[dict[str, Any]]:
    return [made for run in shown(block, side) if (made := _run(run))["text"]]


def _run(run: Run) -> dict[str, Any]:
    note = run.alone is not None and run.alone.kind == "note"
    text = (run.alone.shown if note else said(run.alone)) if run.alone else run.text
    return {
        "text": text,
        "bold": run.has("bold"),
        "italic": run.has("italic"),
        "underline": run.has("underline"),
        "super": note or run.has("superscript"),
        "sub": run.has("subscript"),
        "link": run.address,
    }
