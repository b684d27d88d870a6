"""From content to files: one table of formats, each a pure function of the content and a few facts about it."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.publish.content import BlockText, Content, SegmentText
from service.publish.style import HouseStyle
from tm.errors import InputError
from tm.text.codes import known, plain
from tm.text.normalise import fingerprint
from tm.types import Context, Pair, Provenance

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
VERSION = "3"  # of the renderers: files of another version are compared with what was kept, not made again
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rendering says beside the text. `hash` and `number` are empty and 0 for an unfinished release; `corrects`
    is the number of the publication that this one corrects, and `corrections` the numbers of the segments it changes.
    `logo` are the bytes of the house's mark."""

    name: str
    date: str = ""
    hash: str = ""
    number: int = 0
    corrects: int = 0
    corrections: tuple[int, ...] = ()
    style: HouseStyle = field(default_factory=HouseStyle)
    logo: bytes = b""

    @property
    def moment(self) -> datetime:
        """The day of the publication as a moment; a fixed one where there is none."""
        return datetime.fromisoformat(self.date).replace(tzinfo=UTC) if self.date else _EPOCH

    @property
    def logo_address(self) -> str:
        """The mark as an address that needs no other file, "" without one."""
        if not self.logo:
            return ""
        kind = "png" if self.logo.startswith(b"\x89PNG") else "svg+xml"
        return f"data:image/{kind};base64,{b64encode(self.logo).decode()}"

    def day(self, side: str) -> str:
        """The day of the publication as people read it."""
        return self.style.written(date.fromisoformat(self.date), side) if self.date else ""

    def heading(self, side: str) -> str:
        """What stands at the head of each page."""
        if side == "fr":
            return " · ".join(one for one in (self.style.organisation_fr, self.style.header_fr) if one)
        return " · ".join(one for one in (self.style.organisation, self.style.header) if one)

    @property
    def line(self) -> str:
        """The line by which the publication is known."""
        if not self.number:
            return "Unfinished: not published."
        said = [f"Publication {self.number}", self.day("en"), f"content sha256:{self.hash}"]
        return " · ".join(one for one in said if one)


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
    return page(content, facts).encode("utf-8")


def page(content: Content, facts: Facts, **more: object) -> str:
    """The same as text; `more` is what a page that is served says of itself (`notice`, `files`)."""
    return _environment().get_template("export/publication.html").render(content=content, facts=facts, **more)


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


def xliff(version: str) -> Callable[[Content, Facts], bytes]:
    """The segments as XLIFF of a version, all of them final."""

    def made(content: Content, facts: Facts) -> bytes:
        from tm.exchange import work

        rows = tuple(
            work.WorkRow(
                id=f"s{segment.number}",
                number=segment.number,
                block=place,
                role=block.role,
                source=segment.fr,
                target=segment.en,
                state="approved" if facts.number else "translated" if segment.en else "untranslated",
                source_hash=work.source_hash(segment.fr),
                codes=tuple(known(segment.fr, block.codes)),
            )
            for place, block in enumerate(content.blocks)
            for segment in block.segments
            if not segment.carried_over
        )
        return work.FORMATS[version].write(work.WorkFile(facts.name, content.title("fr"), facts.name, rows))

    return made


def as_json(content: Content, facts: Facts) -> bytes:
    """The content as it is kept, and what is said beside it, for programs."""
    about = {
        "name": facts.name, "number": facts.number, "date": facts.date, "hash": facts.hash, "corrects": facts.corrects,
        "corrections": list(facts.corrections), "style": facts.style.as_dict(),
    }  # fmt: skip
    whole = {"publication": about, "content": json.loads(content.canonical())}
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode("utf-8")


def _docx(content: Content, facts: Facts) -> bytes:
    from service.publish.word import docx

    return docx(content, facts)


def _pdf(content: Content, facts: Facts) -> bytes:
    from service.publish.pdf import pdf

    return pdf(content, facts)


FORMATS: dict[str, Format] = {
    "html": Format(".html", "text/html; charset=utf-8", html),
    "docx": Format(".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "pdf": Format(".pdf", "application/pdf", _pdf),
    "txt-fr": Format(".fr.txt", "text/plain; charset=utf-8", text_fr),
    "txt-en": Format(".en.txt", "text/plain; charset=utf-8", text_en),
    "tmx": Format(".tmx", "application/x-tmx+xml", tmx),
    "xliff12": Format(".1.2.xlf", "application/x-xliff+xml", xliff("xliff12")),
    "xliff21": Format(".2.1.xlf", "application/xliff+xml", xliff("xliff21")),
    "po": Format(".po", "text/x-gettext-translation; charset=utf-8", po),
    "json": Format(".json", "application/json", as_json),
}


def render(content: Content, facts: Facts, name: str) -> Rendered:
    """Render in the format with this name. Raises InputError (`FORMAT_UNKNOWN`)."""
    form = FORMATS.get(name)
    if form is None:
        raise unknown(name)
    return Rendered(form.render(content, facts), facts.name + form.ending, form.media_type)


def unknown(name: str) -> InputError:
    """The refusal of a format that there is not."""
    return InputError(
        f"There is no format “{name}”.", code="FORMAT_UNKNOWN", todo=f"Choose one of document, {', '.join(FORMATS)}."
    )


def pairs(content: Content, facts: Facts) -> list[Pair]:
    """The translated segments as pairs with neighbours, role and place; what was English already is left out."""
    placed = list(content.segments())
    keys = ["", *(fingerprint(plain(segment.fr)) for _, segment in placed), ""]
    return [
        _pair(block, segment, Context(keys[index], keys[index + 2], block.role), facts)  # type: ignore[arg-type]
        for index, (block, segment) in enumerate(placed)
        if not segment.carried_over and segment.en
    ]


def _pair(block: BlockText, segment: SegmentText, context: Context, facts: Facts) -> Pair:
    seen = Provenance(
        document=facts.name, position=segment.number, origin="approved", date=facts.date or None, context=context
    )
    return Pair(plain(segment.fr), plain(segment.en), seen)


def file_name(title: str) -> str:
    """A name for files made from a title: lower-case ASCII words with hyphens, at most 60 characters."""
    simple = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", simple)
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

    from service.publish.markup import block_html

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(grouped=grouped, block_html=block_html)
    return environment
