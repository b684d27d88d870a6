"""Inline codes: each one of the source stands in the translation once, and pairs are nested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tm.checks.findings import Finding
from tm.text import codes
from tm.types import Code, Span

# what a reader would miss; emphasis may go where English does without it
NEEDED = frozenset({"link", "note", "picture", "field"})


def inline(source: str, target: str, known: Sequence[Code]) -> Iterator[Finding]:
    """What is wrong with the codes of a translation. `known` tells what the codes of the source stand for; spans are of
    the texts with codes."""
    by_number = {code.number: code for code in known}
    told: set[int] = set()
    for mark in codes.missing(source, target):
        form, number = codes.form_of(mark)
        if number in told:
            continue
        told.add(number)
        at = source.find(mark)
        code = by_number.get(number, Code(number, "format"))
        name = "CODE_MISSING" if code.kind in NEEDED else "EMPHASIS_MISSING"
        half = form != "alone" and codes.character("open" if form == "close" else "close", number) in target
        message = (
            f"Half of code {number} ({described(code)}) is missing."
            if half
            else (f"Code {number} ({described(code)}) is missing.")
        )
        yield Finding("CODE_MISSING" if half else name, message, source=Span(at, at + 1))
    for mark in dict.fromkeys(codes.foreign(source, target)):
        at = target.rfind(mark)
        yield Finding("CODE_FOREIGN", f"Code {codes.form_of(mark)[1]} stands here too often.", target=Span(at, at + 1))
    if mark := codes.crossed(target):
        at = target.find(mark)
        number = codes.form_of(mark)[1]
        yield Finding("CODE_CROSSED", f"Code {number} closes where it cannot.", target=Span(at, at + 1))


def described(code: Code) -> str:
    """A code in a few words."""
    return f"{code.kind}, {code.shown}" if code.shown else code.kind
