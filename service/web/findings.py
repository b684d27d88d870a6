"""What a second reader would find in a text, made ready for the page: what is said, where it is, and what mends it."""

from __future__ import annotations

from service.auth.guard import db
from service.desk.checking import findings_in
from service.storage.releases import Segment
from service.web.panel_pages import FindingCard, Findings, Meant, Piece
from service.web.pieces import Mark, marked
from tm.checks import Finding, Mend
from tm.types import Span

AROUND = 24  # characters that are shown on either side of the place, to find it with the eye


def findings_of(segment: Segment, draft: str | None = None) -> Findings:
    """What there is to say of a segment's text, or of `draft` in its place; nothing of one that is not there."""
    typed = draft is not None and draft != segment.target
    text = draft if draft is not None else segment.target
    checked = findings_in(db(), segment, text)
    meant = [Meant(one.code, one.message, said.reason, said.person.name, said.at) for one, said in checked.intended]
    return Findings([_card(one, segment.source, text) for one in checked.open], typed, meant)


def _card(finding: Finding, source: str, target: str) -> FindingCard:
    return FindingCard(
        code=finding.code,
        severity=finding.severity,
        message=finding.message,
        source=_surroundings(source, finding.source),
        target=_surroundings(target, finding.target),
        place=_counted(target, finding.target) if finding.target else None,
        mend=_mend(target, finding.mend) if finding.mend else None,
        insert=finding.insert,
    )


def _mend(target: str, mend: Mend) -> tuple[int, int, str, str]:
    return (*_counted(target, mend.span), target[mend.span.start : mend.span.end], mend.text)


def _counted(text: str, span: Span) -> tuple[int, int]:
    start, end = (len(text[:place].encode("utf-16-le")) // 2 for place in (span.start, span.end))
    return start, end


def _surroundings(text: str, span: Span | None) -> list[Piece]:
    """The place, marked, with some words before and after it."""
    if span is None or span.end <= span.start:
        return []
    before, place, after = text[: span.start], text[span.start : span.end], text[span.end :]
    if len(before) > AROUND:
        before = "… " + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + " …"
    return marked(before + place + after, [Mark(len(before), len(before) + len(place), "found")])
