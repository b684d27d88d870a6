"""A release out to a colleague or another tool, and back: by the id of each segment and the hash of its source.

What comes back is compared with what stands: the same text changes nothing, a text over an approved one is refused, so
is one for a source that has changed since. What is taken goes through the acts of the editor, so that it has a version,
a row of history and a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from service.desk import comments as commenting
from service.desk import moves
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.desk.review import move_release
from service.errors import StaleVersion, WrongState
from service.publish.render import Rendered, file_name, unknown
from service.storage import audit
from service.storage.comments import Comment
from service.storage.overview import blocks_of
from service.storage.releases import Draft, Release, Segment, get_release
from tm.documents.child import returned_limited
from tm.documents.limits import Limits
from tm.errors import InputError
from tm.store.base import now
from tm.text.codes import plain

if TYPE_CHECKING:
    from service.settings import Settings
    from tm.exchange.work import Returned, WorkFile, WorkRow


@dataclass(slots=True)
class Report:
    """What came of a file: the segments that have another text or state now, how many stand as they stood, how many
    remarks are new, and what was refused, as `(number or place, why)`."""

    changed: list[Segment] = field(default_factory=list)
    unchanged: int = 0
    comments: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def send_out(session: Session, actor: Actor, release_id: str, form: str) -> Rendered:
    """A release as a file for a colleague or another tool. Raises InputError (`FORMAT_UNKNOWN`)."""
    from tm.exchange.work import FORMATS

    require(actor, "release.return")
    release = get_release(session, release_id, sight_of(actor))
    if form not in FORMATS:
        raise unknown(form)
    kind = FORMATS[form]
    data = kind.write(_work(session, release))
    return Rendered(data, f"{file_name(plain(release.title))}.{kind.ending}", kind.media)


def _work(session: Session, release: Release) -> WorkFile:
    from tm.exchange.work import WorkFile

    said, blocks = _said(session, release.id), blocks_of(session, release.id)
    segments = [segment for block in blocks for segment in block.segments if not segment.carried_over]
    rows = tuple(_row(segment, said.get(segment.id, [])) for segment in segments)
    return WorkFile(release.id, plain(release.title), release.filename or release.title, rows)


def _said(session: Session, release_id: str) -> dict[str, list[Comment]]:
    query = select(Comment).join(Segment, Segment.id == Comment.segment_id).where(Segment.release_id == release_id)
    found: dict[str, list[Comment]] = {}
    standing = query.where(Comment.withdrawn_at.is_(None)).options(joinedload(Comment.person))
    for one in session.scalars(standing.order_by(Comment.id)):
        found.setdefault(one.segment_id, []).append(one)
    return found


def _row(segment: Segment, said: Sequence[Comment]) -> WorkRow:
    from tm.exchange.work import WorkComment, WorkRow, source_hash

    return WorkRow(
        id=segment.id,
        number=segment.position,
        block=segment.block_id,
        role=segment.block.role,
        source=segment.source,
        target=segment.target,
        state=segment.state,
        source_hash=source_hash(segment.source),
        codes=tuple(segment.codes),
        rate=segment.match_rate,
        origin=segment.origin,
        person=segment.translator.name if segment.translator else "",
        reason=segment.reason or "",
        comments=tuple(
            WorkComment(one.person.name, one.at.isoformat(timespec="seconds"), one.text, one.settled_at is None)
            for one in said
        ),
    )


def take_in(
    session: Session, actor: Actor, release_id: str, data: bytes, filename: str, *, operation: str, settings: Settings
) -> Report:
    """Take a file back. `operation` is the id of the act: the same act again changes nothing more.

    Raises InputError for a file that cannot be read, or that names no segment of the release."""
    require(actor, "release.return")
    release = get_release(session, release_id, sight_of(actor))
    came = returned_limited(data, filename, limits=Limits(upload=settings.upload_limit))
    by_id = {segment.id: segment for segment in release.segments}
    if not any(one.id in by_id for one in came):
        raise InputError(
            "No segment of this release is in the file.", code="RETURN_FOREIGN", todo="Check that it is the right file."
        )
    report, said = Report(), _said(session, release.id)
    for one in came:
        segment = by_id.get(one.id)
        if segment is None:
            report.refused.append((one.place, "is no segment of this release"))
            continue
        _take(session, actor, segment, one, f"{operation}:{segment.id}", report)
        _remarks(session, actor, segment, one, [comment.text for comment in said.get(segment.id, [])], report)
    if report.changed:
        move_release(session, release.id, "work")
    counts = {"changed": len(report.changed), "refused": len(report.refused), "comments": report.comments}
    audit.record(session, actor.id, "took back", "release", release.id, **counts)
    return report


def _take(session: Session, actor: Actor, segment: Segment, one: Returned, operation: str, report: Report) -> None:
    if moves.done_before(session, segment, operation):
        report.changed.append(segment)
        return
    confirm = one.state == "translated" and segment.state not in ("translated", "approved")
    if (one.target == segment.target and not confirm) or not one.target.strip():
        report.unchanged += 1
        return
    if why := _why_not(segment, one):
        report.refused.append((str(segment.position), why))
        return
    act = "confirm" if one.state == "translated" else "save"
    values: dict[str, Any] = {"target": one.target, "translated_by": actor.id, "translated_at": now(), "reason": None}
    if one.target != segment.target:
        values |= {"origin": "imported", "match_rate": None, "distance": None}
    try:
        moves.do(
            session, actor, segment, act, seen=segment.version, operation=operation, mine=one.target, values=values
        )
    except (StaleVersion, WrongState):
        report.refused.append((str(segment.position), "somebody has changed it since"))
        return
    session.execute(delete(Draft).where(Draft.person_id == actor.id, Draft.segment_id == segment.id))
    report.changed.append(segment)


def _why_not(segment: Segment, one: Returned) -> str:
    from tm.exchange.work import source_hash

    if segment.state == "approved":
        return "is approved"
    if one.source_hash != source_hash(segment.source):
        return "its French has changed since the file was made"
    try:
        moves.check_text(one.target)
    except InputError as error:
        return error.message
    return ""


def _remarks(session: Session, actor: Actor, segment: Segment, one: Returned, known: list[str], report: Report) -> None:
    from tm.exchange.work import new_comments

    for text in new_comments(one, known):
        try:
            commenting.say(session, actor, segment.id, text)
        except InputError as error:
            report.refused.append((str(segment.position), error.message))
        else:
            report.comments += 1
