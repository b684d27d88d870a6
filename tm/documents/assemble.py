"""From blocks of text to a checked Document: sentences, their languages, limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from tm.documents import guard, roles
from tm.documents.limits import Limits
from tm.documents.opened import Opened
from tm.text import codes
from tm.text.language import identify
from tm.text.rules import RuleSet
from tm.text.segment import split
from tm.types import Block, Document, Language, Media, Segment, Span

_OPENING = re.compile(r"(?:[\s|]|[•‣▪◦●○■□▶►✓·∙*–—\-](?=\s))+")
_CLOSING = re.compile(r"(?:[\s|•]|(?<=\s)[–—\-])+\Z")
_TAIL = 200
_MUCH = 20_000


def with_segments(
    blocks: Iterable[Block], main: Language, limits: Limits, rules: RuleSet, place: Callable[[int, int], str]
) -> Iterator[Block]:
    """The blocks with their segments. `main` is the language whose rules cut what says nothing of its own language,
    `rules` are those of a project.

    `place` tells where a character of a block is, for messages. Raises the refusals of `guard` at the first trouble.
    """
    count = 0
    for index, block in enumerate(blocks):
        seen = codes.Plain(block.text)
        language = block.language or identify(seen.text) or main
        bare = replace(block, text=seen.text)
        found = [span for piece in _pieces(bare) for span in _sentences(bare, piece, language, rules)]
        spans = [codes.widened(block.text, seen.span(span)) for span in found]
        count += len(spans)
        if count > limits.segments:
            raise guard.too_many_segments(limits)
        for span in spans:
            guard.check_segment(block.text, span.start, span.end, limits, partial(place, index, span.start))
        yield replace(block, segments=tuple(_segment(block, span) for span in spans))


def main_language(texts: Sequence[str]) -> Language:
    """The language of most of the text, French where it cannot be told."""
    return identify("\n".join(texts), most=_MUCH) or "fr"


def title_of(blocks: Sequence[Block]) -> str:
    """The text of the title block, else the first segment: without marks, white space runs as one space."""
    titled = [block for block in blocks if block.role == "title"] or list(blocks)
    texts = (codes.plain(" ".join(segment.text for segment in block.segments)) for block in titled)
    return re.sub(r"[ \t\r\n]+", " ", next((text for text in texts if text), ""))


def _pieces(block: Block) -> Iterator[Span]:
    """The parts of a block between its marks and separators; each line of a date line is one."""
    lines = re.finditer(r"[^\r\n]+", block.text) if block.role == "dateline" else [re.match(r"(?s).*", block.text)]
    for line in lines:
        if line:
            yield _inside(block.text, line.start(), line.end())


def _inside(text: str, start: int, end: int) -> Span:
    opening = _OPENING.match(text, start, end)
    start = opening.end() if opening else start
    tail = max(start, end - _TAIL)
    closing = _CLOSING.search(text[tail:end])
    return Span(start, tail + closing.start() if closing else end)


def _sentences(block: Block, piece: Span, language: Language, rules: RuleSet) -> list[Span]:
    text = block.text[piece.start : piece.end]
    if not roles.has_words(text):
        return []
    # a date line is a label: its full stops are those of abbreviations
    spans = [Span(0, len(text))] if block.role == "dateline" else split(text, language, rules=rules.of(language))
    return [Span(piece.start + span.start, piece.start + span.end) for span in spans]


def _segment(block: Block, span: Span) -> Segment:
    text = block.text[span.start : span.end]
    return Segment(text, span.start, span.end, identify(codes.plain(text)) or block.language)


def finished(
    page: Opened,
    media: Media,
    limits: Limits,
    rules: RuleSet,
    *,
    coded: bool,
    place: Callable[[int, int], str] | None = None,
) -> Document:
    """The document of a file that was opened; if `coded`, with inline codes and with what pictures are said to show,
    which is no text of a page. `place` tells where a character of a block
    is, for messages."""
    blocks = [raw.block() for raw in page.raw if coded or not raw.said]
    if not coded:
        blocks = [replace(block, text=codes.plain(block.text), codes=()) for block in blocks]
    main = page.language or main_language([codes.plain(block.text) for block in blocks])
    cut = tuple(with_segments(blocks, main, limits, rules, place or _by_block))
    return Document(media, page.title or title_of(cut), cut, notes=tuple(page.notes))


def _by_block(index: int, at: int) -> str:
    return f"block {index + 1}, character {at + 1}"
