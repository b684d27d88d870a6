"""What a second reader would find in the segments of a release, and what of it somebody has said is meant.

Errors block an approval, warnings are to be acknowledged. What is meant is remembered for the source and the code, in
the texts of the project: the next release with the same sentence is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.desk.moves import checked_reason
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.desk.styling import style_of
from service.desk.terms import glossary_of
from service.errors import FindingsOpen
from service.storage import audit
from service.storage.intended import Intended, intended_for
from service.storage.releases import Segment, get_segment
from tm.checks import CODES, RELEASE_CODES, Finding, Mend, check
from tm.checks.style import Style, style
from tm.errors import InputError
from tm.store.base import now
from tm.terms import Glossary
from tm.text.codes import CODE, Plain, plain
from tm.text.normalise import normal
from tm.types import Code

DONE = ("translated", "approved")
SHORT = 3  # words of a translation that may well stand for two sources
MOST_KEPT = 20_000  # results that a process keeps: a large release several times over


@dataclass(frozen=True, slots=True)
class Checked:
    """What is found in a text: `open`, errors first, and what is meant, each with who said so and why."""

    open: list[Finding] = field(default_factory=list)
    intended: list[tuple[Finding, Intended]] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        """What blocks an approval."""
        return [one for one in self.open if one.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """What is to be acknowledged."""
        return [one for one in self.open if one.severity == "warning"]


def findings_in(session: Session, segment: Segment, text: str | None = None) -> Checked:
    """What is to be said of a segment's text, or of `text` in its place."""
    return of_segments(session, [segment], {} if text is None else {segment.id: text})[segment.id]


def of_segments(
    session: Session, segments: Sequence[Segment], typed: dict[str, str] | None = None
) -> dict[str, Checked]:
    """The same for segments of one release, by segment, in a few questions. `typed` has texts that stand in for those
    of some."""
    if not segments:
        return {}
    texts = {one.id: (typed or {}).get(one.id, one.target) for one in segments}
    glossary, project = glossary_of(session, segments[0]), segments[0].release.project
    meant = intended_for(session, project, {one.source_key for one in segments})
    others, house = _others(session, segments, texts), _house(session)
    found = {}
    for one in segments:
        text = texts[one.id]
        if one.carried_over or not text.strip():
            found[one.id] = Checked()
            continue
        all_found = [*_checked(one.source, text, glossary, tuple(one.codes)), *_beside(one, text, others)]
        all_found += [*_styled(text, house)]
        found[one.id] = _sorted_out(one, all_found, meant)
    return found


def _sorted_out(segment: Segment, found: list[Finding], meant: dict[tuple[str, str], Intended]) -> Checked:
    checked = Checked()
    for one in found:
        if one.severity == "info":
            continue
        if said := meant.get((segment.source_key, one.code)):
            checked.intended.append((one, said))
        else:
            checked.open.append(one)
    return checked


@lru_cache(maxsize=MOST_KEPT)
def _checked(source: str, target: str, glossary: Glossary, known: tuple[Code, ...]) -> tuple[Finding, ...]:
    """The findings of a pair, kept: most of a release stands as it stood a moment ago."""
    return tuple(check(source, target, glossary=glossary, known=known))


def _house(session: Session) -> Style:
    own = style_of(session)
    return Style(own.quotes, own.spelling)


@lru_cache(maxsize=MOST_KEPT)
def _styled(text: str, house: Style) -> tuple[Finding, ...]:
    """What is not written as the house writes it, at its places in the text with codes."""
    seen = Plain(text)
    return tuple(
        replace(one, target=seen.span(one.target), mend=_moved(one.mend, seen))
        for one in style(seen.text, house)
        if one.target
    )


def _moved(mend: Mend | None, seen: Plain) -> Mend | None:
    """A mend at its place in the text with codes; none where it would write over a code."""
    if mend is None:
        return None
    span = seen.span(mend.span)
    return None if CODE.search(seen.coded[span.start : span.end]) else replace(mend, span=span)


def _others(session: Session, segments: Sequence[Segment], texts: dict[str, str]) -> list[Segment]:
    """What is confirmed in the release with the same source or the same translation."""
    keys = {one.source_key for one in segments}
    query = select(Segment).where(Segment.release_id == segments[0].release_id, Segment.state.in_(DONE))
    same = or_(Segment.source_key.in_(keys), Segment.target.in_(set(texts.values())))
    return list(session.scalars(query.where(same).order_by(Segment.position)))


def _beside(segment: Segment, text: str, others: Iterable[Segment]) -> Iterable[Finding]:
    """How the text stands to what it came from, and to the other segments of the release."""
    fuzzy = segment.match_rate is not None and segment.match_rate < 100 and segment.origin in ("tm", "tm-localised")
    if fuzzy and not segment.distance and text == segment.target and segment.state in DONE:
        yield Finding("UNEDITED_FUZZY", f"A match of {segment.match_rate} % was confirmed as it stands.")
    for other in others:
        if other.id == segment.id or other.carried_over:
            continue
        if other.source_key == segment.source_key and normal(plain(other.target)) != normal(plain(text)):
            message = f"Segment {other.position} has another translation of the same source."
            yield Finding("SAME_SOURCE", message)
            return
        alike = other.source_key != segment.source_key and normal(plain(other.target)) == normal(plain(text))
        if alike and len(text.split()) > SHORT and normal(plain(other.source)) != normal(plain(segment.source)):
            yield Finding("SAME_TARGET", f"Segment {other.position} has the same translation of another source.")
            return


def require_clean(session: Session, segment: Segment, *, acknowledged: bool) -> None:
    """Raise FindingsOpen where something in a segment's text stands against its approval: errors always, warnings
    unless they are `acknowledged`."""
    if why := against(findings_in(session, segment), acknowledged=acknowledged):
        raise FindingsOpen(segment.position, why[0].message, len(why), error=why[0].severity == "error")


def against(found: Checked, *, acknowledged: bool) -> list[Finding]:
    """What stands against an approval."""
    return found.errors or ([] if acknowledged else found.warnings)


def intend(session: Session, actor: Actor, segment_id: str, code: str, reason: str) -> Segment:
    """Say that findings of this code are meant where the segment's source stands, and why. A second time changes
    nothing. Raises InputError for an unknown code or no reason."""
    require(actor, "finding.intend")
    segment = get_segment(session, segment_id, sight_of(actor))
    if CODES.get(code, RELEASE_CODES.get(code, "info")) == "info":
        raise InputError("There is no such finding.", code="CODE_UNKNOWN", todo="Load the page again.")
    said = Intended(project=segment.release.project, source_key=segment.source_key, code=code, person_id=actor.id)
    said.reason = checked_reason(reason)
    try:
        with session.begin_nested():
            session.add(said)
            session.flush()
    except IntegrityError:
        return segment
    audit.record(session, actor.id, "said finding is meant", "segment", segment.id, code=code)
    return segment


def withdraw(session: Session, actor: Actor, segment_id: str, code: str) -> Segment:
    """Say that findings of this code are not meant after all."""
    require(actor, "finding.intend")
    segment = get_segment(session, segment_id, sight_of(actor))
    said = intended_for(session, segment.release.project, {segment.source_key}).get((segment.source_key, code))
    if said is not None:
        said.withdrawn_at, said.withdrawn_by = now(), actor.id
        audit.record(session, actor.id, "said finding is not meant", "segment", segment.id, code=code)
        session.flush()
    return segment
