"""Quotation marks, brackets, spaces and the mark at the end, as English writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tm.checks.findings import Finding, Mend
from tm.types import Span

_NO_BREAK = "\u00a0\u202f\u2007\u2009"
_GUILLEMET = re.compile(r"«\s?|\s?»")
_BEFORE = re.compile(r"(?<=[\w»”\"’')\]%])(\s)(?=[:;!?](?:\s|[»”\"’')\]]|$))")
_BEFORE_STOP = re.compile(r"(?<=\w)(\s)(?=[.,](?:\s|$))")
_DOUBLE = re.compile(r"(?<=\S)\s{2,}(?=\S)")
_ITEM = re.compile(r"^\s*\(?\w{1,4}\)|(?<=[;:]\s)\w{1,3}\)")
_CLOSING = re.compile(
    r"(?:[\s»”\"’')\]*†]|(?<=[^\d\s][.!?;…»”])\d+)+$"
)  # the number of a note stands right after a mark
_ENDS = {".": ".", "…": ".", "?": "?", "!": "!", ":": ":", ";": ";", ",": ","}
_SAME_END = ({";", ","}, {";", "."}, {"!", "."}, {",", "."})
_PAIRS = {"(": ")", "[": "]"}


def marks(source: str, target: str) -> Iterator[Finding]:
    """What is wrong with the marks of a translation."""
    yield from _french(target)
    yield from _spaces(target)
    yield from _quotes(source, target)
    yield from _brackets(source, target)
    yield from _end(source, target)


def _french(target: str) -> Iterator[Finding]:
    for found in _GUILLEMET.finditer(target):
        span, written = Span(*found.span()), "“" if "«" in found[0] else "”"
        yield Finding("FRENCH_MARKS", "English has “ and ” for « and ».", target=span, mend=Mend(span, written))
    for found in _BEFORE.finditer(target):
        span = Span(*found.span())
        code = "FRENCH_MARKS" if found[0] in _NO_BREAK else "SPACE_BEFORE_MARK"
        message = f"English has no space before “{target[found.end()]}”."
        yield Finding(code, message, target=span, mend=Mend(span, ""))


def _spaces(target: str) -> Iterator[Finding]:
    for found in _BEFORE_STOP.finditer(target):
        span = Span(*found.span())
        message = f"There is a space before “{target[found.end()]}”."
        yield Finding("SPACE_BEFORE_MARK", message, target=span, mend=Mend(span, ""))
    for found in _DOUBLE.finditer(target):
        span = Span(*found.span())
        yield Finding("DOUBLE_SPACE", "There are two spaces.", target=span, mend=Mend(span, " "))
    start, end = len(target) - len(target.lstrip()), len(target.rstrip())
    for span in (Span(0, start), Span(end, len(target))):
        if span.start < span.end:
            yield Finding("EDGE_SPACE", "There is a space at the edge.", target=span, mend=Mend(span, ""))


def _quotes(source: str, target: str) -> Iterator[Finding]:
    opened, closed = (sum(target.count(sign) for sign in signs) for signs in ("“«„", "”»"))
    if target.count('"') % 2 or (opened != closed and '"' not in target):
        if not _is_open(source):
            yield Finding("QUOTES", "A quotation is opened and not closed, or the other way round.")
    elif _quotations(source) and not _quotations(target) and not re.search(r"[‘']\w", target):
        at = re.search(r"[«“\"]", source)
        span = Span(*at.span()) if at else None
        yield Finding("QUOTES", "The French text has a quotation, the translation has none.", span)


def _is_open(text: str) -> bool:
    """Whether a quotation goes on before or after this text."""
    return text.count("«") != text.count("»") or text.count("“") != text.count("”") or text.count('"') % 2 == 1


def _quotations(text: str) -> int:
    return text.count("«") + text.count("“") + text.count('"') // 2


def _brackets(source: str, target: str) -> Iterator[Finding]:
    if _unmatched(source) is None and (at := _unmatched(target)) is not None:
        message = f"The bracket “{target[at]}” has no partner."
        yield Finding("BRACKETS", message, target=Span(at, at + 1))


def _unmatched(text: str) -> int | None:
    """Where a bracket stands that has no partner; those of items, as in `a)`, need none."""
    items = {place for found in _ITEM.finditer(text) for place in range(*found.span())}
    waiting: list[tuple[str, int]] = []
    for at, sign in enumerate(text):
        if at in items:
            continue
        if sign in _PAIRS:
            waiting.append((_PAIRS[sign], at))
        elif sign in _PAIRS.values():
            if not waiting or waiting[-1][0] != sign:
                return at
            waiting.pop()
    return waiting[0][1] if waiting else None


def _end(source: str, target: str) -> Iterator[Finding]:
    ours, theirs = (_ENDS.get(_CLOSING.sub("", text)[-1:], "") for text in (source, target))
    if ours == theirs or {ours, theirs} in _SAME_END:
        return
    message = f"The French text ends with {_called(ours)}, the translation with {_called(theirs)}."
    yield Finding("END_MARK", message, target=Span(max(0, len(target.rstrip()) - 1), len(target.rstrip())))


def _called(mark: str) -> str:
    return f"“{mark}”" if mark else "no mark"
