"""From content to files: one table of formats, each a pure function of the content and a few facts about it."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.publish.content import BlockText, Content, SegmentText
from tm.errors import InputError
from tm.text.normalise import fingerprint
from tm.types import Context, Pair, Provenance

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rendering says beside the text. `hash` and `number` are empty and 0 for an unfinished release."""

    name: str
    date: str = ""
    hash: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file: its bytes, the name to save it under, and its media type."""

    data: bytes
    filename: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Format:
    """A way to render: the end of the file's name, the media type, and the function."""

    ending: str
    media_type: str
    render: Callable[[Content, Facts], bytes]


def html(content: Content, facts: Facts) -> bytes:
    """One page with both languages side by side; it needs no other file, no script and no network."""
    page = _environment().get_template("export/publication.html")
    return page.render(content=content, facts=facts).encode("utf-8")


def text_fr(content: Content, facts: Facts) -> bytes:
    """The French text, as it was handed in."""
    return content.text("fr").encode("utf-8")


def text_en(content: Content, facts: Facts) -> bytes:
    """The English text, with the structure of the French."""
    return content.text("en").encode("utf-8")


def tmx(content: Content, facts: Facts) -> bytes:
    """The pairs as TMX 1.4b."""
    from tm.exchange import tmx as exchange

    stream = io.BytesIO()
    exchange.write(pairs(content, facts), stream, tool_version="1")
    return stream.getvalue()


def po(content: Content, facts: Facts) -> bytes:
    """The pairs as a gettext catalogue."""
    from tm.exchange import po as exchange

    return exchange.write(pairs(content, facts))


FORMATS: dict[str, Format] = {
    "html": Format(".html", "text/html; charset=utf-8", html),
    "txt-fr": Format(".fr.txt", "text/plain; charset=utf-8", text_fr),
    "txt-en": Format(".en.txt", "text/plain; charset=utf-8", text_en),
    "tmx": Format(".tmx", "application/x-tmx+xml", tmx),
    "po": Format(".po", "text/x-gettext-translation; charset=utf-8", po),
}


def render(content: Content, facts: Facts, name: str) -> Rendered:
    """Render in the format with this name. Raises InputError (`FORMAT_UNKNOWN`)."""
    form = FORMATS.get(name)
    if form is None:
        raise InputError(
            f"There is no format “{name}”.", code="FORMAT_UNKNOWN", todo=f"Choose one of {', '.join(FORMATS)}."
        )
    return Rendered(form.render(content, facts), facts.name + form.ending, form.media_type)


def pairs(content: Content, facts: Facts) -> list[Pair]:
    """The translated segments as pairs with neighbours, role and place; what was English already is left out."""
    placed = list(content.segments())
    keys = ["", *(fingerprint(segment.fr) for _, segment in placed), ""]
    return [
        _pair(block, segment, Context(keys[index], keys[index + 2], block.role), facts)  # type: ignore[arg-type]
        for index, (block, segment) in enumerate(placed)
        if not segment.carried_over and segment.en
    ]


def _pair(block: BlockText, segment: SegmentText, context: Context, facts: Facts) -> Pair:
    seen = Provenance(
        document=facts.name, position=segment.number, origin="approved", date=facts.date or None, context=context
    )
    return Pair(segment.fr, segment.en, seen)


def file_name(title: str) -> str:
    """A name for files made from a title: lower-case ASCII words with hyphens, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:60].strip("-") or "release"


def grouped(content: Content) -> Iterator[tuple[str, list[BlockText]]]:
    """Blocks for a page: runs of list items come together as one list, every other block by itself."""
    run: list[BlockText] = []
    for block in content.blocks:
        if not block.segments:
            continue
        if block.role == "list-item":
            run.append(block)
            continue
        if run:
            yield "list", run
            run = []
        yield block.role, [block]
    if run:
        yield "list", run


@lru_cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["grouped"] = grouped
    return environment
