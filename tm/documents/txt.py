"""Plain text: paragraphs, bullets and their roles, with every character kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tm.documents import guard, roles
from tm.documents.assemble import main_language, title_of, with_segments
from tm.documents.decode import Decoded
from tm.documents.limits import Limits
from tm.text.language import identify
from tm.text.rules import NO_RULES, RuleSet
from tm.types import Block, Document, Language, Role, Span

_LINE = re.compile(r"[^\r\n\f\u2028\u2029]*(?:\r\n|[\r\n\f\u2028\u2029])?")
# nobody wraps text to a narrower page than this
_NARROWEST = 50
_BLANK = "\ufeff\u200b\u200c\u200d\u2060"


def read(decoded: Decoded, limits: Limits, rules: RuleSet = NO_RULES) -> Document:
    """The document of a plain text. `rebuild()` of it is `decoded.text`, character for character."""
    spans = []
    for span in _block_spans(decoded.text):
        spans.append(span)
        if len(spans) > limits.segments:
            raise guard.too_many_segments(limits)
    texts = [decoded.text[span.start : span.end] for span in spans]
    main = main_language(texts)
    ends = [0, *(span.end for span in spans)]
    plain = (
        Block(role, text, before=decoded.text[end : span.start])
        for role, text, span, end in zip(_roles(texts, main), texts, spans, ends, strict=False)
    )

    def place(number: int, at: int) -> str:
        return guard.place(decoded.text, spans[number].start + at)

    blocks = tuple(with_segments(plain, main, limits, rules, place))
    return Document(
        "txt", title_of(blocks), blocks, decoded.text[ends[-1] :], decoded.encoding, decoded.bom, _notes(decoded)
    )


def written(text: str, sources: Sequence[str], targets: Sequence[str]) -> str | None:
    """A plain text with `targets` in place of its blocks, what stands between them kept; None where its blocks are not
    `sources`."""
    spans = list(_block_spans(text))
    if [text[span.start : span.end] for span in spans] != list(sources):
        return None
    ends = [0, *(span.end for span in spans)]
    made = (text[end : span.start] + target for span, end, target in zip(spans, ends, targets, strict=False))
    return "".join(made) + text[ends[-1] :]


def _notes(decoded: Decoded) -> tuple[str, ...]:
    return () if decoded.encoding.startswith("utf") else (f"read as {decoded.encoding}",)


def _block_spans(text: str) -> Iterator[Span]:
    """Where the blocks are: paragraphs, cut further at bullets and at line ends that no wrapping explains."""
    for lines in _paragraphs(text):
        contents = [text[line.start : line.end] for line in lines]
        width = max(_NARROWEST, *map(len, contents))
        start = 0
        for index in range(1, len(lines) + 1):
            if index == len(lines) or _is_new_block(contents, start, index, width):
                yield Span(lines[start].start, lines[index - 1].end)
                start = index


def _paragraphs(text: str) -> Iterator[list[Span]]:
    """Runs of lines that are not blank, each line without the white space around it."""
    lines: list[Span] = []
    for match in _LINE.finditer(text):
        content = match.group().strip()
        if content.strip(_BLANK):
            start = match.start() + match.group().index(content)
            lines.append(Span(start, start + len(content)))
        if lines and (not content or match.group().endswith("\f")):
            yield lines
            lines = []
    if lines:
        yield lines


def _is_new_block(lines: Sequence[str], start: int, index: int, width: int) -> bool:
    """Whether line `index` begins a block, given that the present one began at line `start`."""
    line, previous = lines[index], lines[index - 1]
    if _is_bulleted_date(lines[start]) and _is_marked(line):
        return False  # the bullets of a date line stay together
    if _is_marked(line):
        return True
    if roles.ends_sentence(previous) or previous.endswith(","):
        return False  # the segments part here, or nothing does
    fits = len(previous) + 1 + len(line.split(None, 1)[0]) <= width
    return fits and (line[:1].isupper() or line[:1].isdigit() or line[:1] in "«“[(")


def _is_bulleted_date(line: str) -> bool:
    """`• 04 Dec. 2009 -`, `• |`, `• Mis à jour le: …`: a date behind a bullet, closed by a separator."""
    first = roles.MARK.sub("", line, count=1).strip()
    closed = re.search(r"(?:\s[-–—]|\|)\Z", line) is not None
    return bool(roles.MARK.match(line)) and closed and roles.is_dateline(first)


def _is_marked(line: str) -> bool:
    return bool(roles.MARK.match(line) or roles.NUMBER.match(line))


def _roles(texts: Sequence[str], main: Language) -> list[Role]:
    found: list[Role] = []
    title = _title_index(texts)
    for index, text in enumerate(texts):
        following = texts[index + 1] if index + 1 < len(texts) else ""
        near_top = index <= title + roles.NEAR_TOP
        if index == title:
            found.append("title")
        elif near_top and (role := _top_role(text, index - title, following)):
            found.append(role)
        else:
            found.append(_body_role(text, following, main))
    return found


def _title_index(texts: Sequence[str]) -> int:
    """The first block that is no reference and no date, if it can be a title; else -1."""
    for index, text in enumerate(texts[: roles.NEAR_TOP]):
        if not roles.is_reference(text) and not roles.is_dateline(text) and roles.has_words(text):
            sentences = len(re.findall(r"[.!?…]\s", text))
            return index if len(text) <= roles.LONG_TITLE and not sentences and not _is_marked(text) else -1
    return 0 if len(texts) == 1 else -1


def _top_role(text: str, distance: int, following: str) -> Role | None:
    if roles.is_dateline(text):
        return "dateline"
    if roles.is_reference(text):
        return "subtitle"
    if distance == 1 and following and roles.is_heading(text) and not _is_marked(text) and not roles.is_caption(text):
        return "subtitle"
    return None


def _body_role(text: str, following: str, main: Language) -> Role:
    if roles.MARK.match(text):
        return "list-item"
    if roles.NUMBER.match(text):
        numbered_next = bool(roles.NUMBER.match(following))
        return "heading" if roles.is_heading(text) and following and not numbered_next else "list-item"
    if roles.is_quotation(text):
        return "quotation"
    if roles.is_caption(text) or _is_foreign_caption(text, main):
        return "caption"
    if following and roles.is_heading(text):
        return "heading"
    return "caption" if following and _is_long_caption(text) else "paragraph"


def _is_foreign_caption(text: str, main: Language) -> bool:
    return len(text) <= roles.LONG_CAPTION and roles.is_open_ended(text) and identify(text) not in {main, None}


def _is_long_caption(text: str) -> bool:
    """Too long for a heading, too short for a paragraph, and no sentence: what stands under a picture."""
    return roles.LONG_HEADING < len(text) <= roles.LONG_CAPTION and roles.is_open_ended(text) and text[:1].isupper()
