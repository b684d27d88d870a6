"""Runs as HTML: emphasis, links, the marks of notes. What people wrote is escaped, always."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup

from service.publish.content import BlockText, SegmentText, Side
from service.publish.runs import Run, runs, said
from tm.types import Code

_TAGS = (
    ("bold", "strong"), ("italic", "em"), ("underline", "u"), ("superscript", "sup"), ("subscript", "sub"),
    ("code", "code"),
)  # fmt: skip


def block_html(block: BlockText, side: Side, *, apart: bool = False) -> Markup:
    """A block in one language: each segment is a `span` with an anchor (`fr-12`, `en-12`). `apart`: only the segments,
    with a dot between them, as for a date line."""
    made: list[Markup] = []
    for segment, group in groupby(_trimmed(list(runs(block, side)), apart), key=lambda run: run.segment):
        inside = Markup("").join(_run(run) for run in group)
        made.append(inside if segment is None else _span(segment, inside, side))
    return Markup(" · " if apart else "").join(made)


def _trimmed(found: list[Run], apart: bool) -> list[Run]:
    """Without structure at the ends: bullets and white space are the page's own here."""
    if apart:
        return [run for run in found if run.segment is not None]
    numbers = [at for at, run in enumerate(found) if run.segment is not None]
    kept = found[numbers[0] : numbers[-1] + 1] if numbers else []
    last = found[numbers[-1] + 1 :] if numbers else []
    return [*kept, *(run for run in last if run.alone is not None and run.alone.kind == "note")]


def _span(segment: SegmentText, inside: Markup, side: Side) -> Markup:
    other = ""
    if segment.carried_over and side == "fr":
        other = "en"
    elif side == "en" and not segment.carried_over and not segment.en:
        other = "fr"
    language = Markup(' lang="{}"').format(other) if other else Markup("")
    return Markup('<span id="{}-{}"{}>{}</span>').format(side, segment.number, language, inside)


def _run(run: Run) -> Markup:
    made = _alone(run.alone) if run.alone else _lines(run.text)
    for kind, tag in reversed(_TAGS):
        if run.has(kind):  # type: ignore[arg-type]
            made = Markup("<{0}>{1}</{0}>").format(tag, made)
    if run.address:
        made = Markup('<a href="{}">{}</a>').format(run.address, made)
    return made


def _alone(code: Code) -> Markup:
    if code.kind == "note" and code.shown:
        return Markup("<sup>{}</sup>").format(code.shown)
    if code.kind == "code":
        return Markup("<code>{}</code>").format(code.shown)
    return _lines(said(code))


def _lines(text: str) -> Markup:
    return (
        Markup("<br>").join(Markup.escape(line) for line in text.split("\n")) if "\n" in text else Markup.escape(text)
    )
