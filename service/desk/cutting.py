"""Another cut of a block into segments: one segment split in two, or merged with the one after it.

The block's text is never touched: segments are places in it, so the source is rebuilt to the byte whatever the cut. A
segment that is merged into the one before keeps its row and its history, without a place in the release; drafts and
comments go with the text. What the memory proposes is asked for again, for the new segments alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from service.desk import jobs, moves
from service.desk.policy import Actor, may, require
from service.desk.projects import sight_of
from service.desk.review import locked, move_release
from service.errors import WrongState
from service.storage.comments import Comment
from service.storage.notices import Notice
from service.storage.presence import Presence
from service.storage.proposals import Proposal, ProposalSet
from service.storage.releases import WITH_MERGED, Draft, History, Segment, get_segment
from tm.errors import InputError
from tm.store.base import now
from tm.text.codes import plain
from tm.text.normalise import fingerprint

ALOFT = 1_000_000  # added to positions while others move: more than a release has segments


@dataclass(frozen=True, slots=True)
class Cut:
    """The segments that an act has left, and what it offers: the word after which no segment of the project need ever
    end again, "" where there is nothing to offer or not to this person."""

    segments: tuple[Segment, ...]
    never_after: str = ""


def split(
    session: Session,
    actor: Actor,
    segment_id: str,
    *,
    at: int,
    target_at: int | None = None,
    seen: int,
    operation: str,
) -> Cut:
    """Split a segment before character `at` of its source. Its translation stays with the first part, or is split
    before character `target_at` of it. White space at the cut belongs to neither part.

    Raises InputError CUT_OUTSIDE where a part would be empty, WrongState for an approved segment, StaleVersion.
    """
    require(actor, "segment.cut")
    segment = get_segment(session, segment_id, sight_of(actor))
    locked(session, segment.release_id)
    session.refresh(segment)
    if moves.done_before(session, segment, operation):
        return Cut((segment, _after(session, segment)))
    first, second = _parts(segment.source, at)
    texts = _texts(segment, at, target_at)
    values = {"source": first, "source_key": fingerprint(plain(first)), "end": segment.start + len(first)}
    start, end = segment.end - len(second), segment.end
    _done(session, actor, segment, "split", seen=seen, operation=operation, text=texts[0], values=values)
    _shift(session, segment.release_id, segment.position, 1)
    other = Segment(
        release_id=segment.release_id, block_id=segment.block_id, position=segment.position + 1, start=start, end=end
    )
    other.source, other.source_key, other.language = second, fingerprint(plain(second)), segment.language
    _begin(session, actor, other, texts[1], segment, operation)
    _propose_for(session, actor, segment, other)
    return Cut((segment, other))


def _parts(source: str, at: int) -> tuple[str, str]:
    first, second = source[:at].rstrip(), source[at:].lstrip()
    if not (0 < at < len(source) and plain(first) and plain(second)):
        raise InputError("A segment is split between two of its words.", code="CUT_OUTSIDE", where=f"character {at}")
    return first, second


def _texts(segment: Segment, at: int, target_at: int | None) -> tuple[str, str]:
    """The translations of the two parts. A source that is English already and stands as its translation is cut in both
    at the same place."""
    text = segment.target
    if segment.carried_over and text == segment.source:
        target_at = at
    if target_at is None:
        return text, ""
    return text[:target_at].rstrip(), text[target_at:].lstrip()


def _begin(session: Session, actor: Actor, other: Segment, text: str, first: Segment, operation: str) -> None:
    other.version, other.state, other.target = 1, "draft" if text else "untranslated", text
    if text:
        other.origin, other.translated_by, other.translated_at = first.origin, actor.id, now()
    session.add(other)
    session.flush()
    begun = History(segment_id=other.id, version=1, operation=f"{operation}:{other.id}", action="split", target=text)
    begun.state, begun.person_id = other.state, actor.id
    session.add(begun)
    session.flush()


def merge(
    session: Session, actor: Actor, segment_id: str, *, following: str, seen: int, following_seen: int, operation: str
) -> Cut:
    """Merge a segment with `following`, the one after it in the same block, as both were seen: sources with what stands
    between them, translations with a space.

    Raises WrongState CUT_BLOCK where they are no neighbours in a block, WrongState where one is approved, StaleVersion,
    SegmentMerged.
    """
    require(actor, "segment.cut")
    segment = get_segment(session, segment_id, sight_of(actor))
    locked(session, segment.release_id)
    session.refresh(segment)
    if moves.done_before(session, segment, operation):
        return Cut((segment,))
    other = _neighbour(session, actor, segment, following)
    word = plain(segment.source).split()[-1]
    source = segment.block.text[segment.start : other.end]
    text = " ".join(one for one in (segment.target.rstrip(), other.target.lstrip()) if one)
    values: dict[str, Any] = {"source": source, "source_key": fingerprint(plain(source)), "end": other.end}
    values["language"] = segment.language if segment.language == other.language else None
    away = {"position": _below_all(session, segment.release_id), "merged_into": segment.id}
    act = "merge-text" if segment.state == "untranslated" and text else "merge"
    before, gone = segment.target, f"{operation}:{other.id}"
    with session.begin_nested():  # a refusal is answered after a commit: neither is done without the other
        moves.do(session, actor, other, "give-way", seen=following_seen, operation=gone, mine="", values=away)
        _done(session, actor, segment, act, seen=seen, operation=operation, text=text, values=values)
    _hand_over(session, segment, other, before)
    _shift(session, segment.release_id, segment.position, -1)
    _propose_for(session, actor, segment, other)
    lasting = segment.release.project is not None and may(actor, "segmentation.change")
    return Cut((segment,), word if lasting else "")


def _below_all(session: Session, release_id: str) -> int:
    """A position for a segment that has none any more: below zero, and below every other such."""
    positions = select(func.min(Segment.position)).where(Segment.release_id == release_id)
    return min(session.scalar(positions, execution_options=WITH_MERGED) or 0, 0) - 1


def _neighbour(session: Session, actor: Actor, segment: Segment, following: str) -> Segment:
    other = get_segment(session, following, sight_of(actor))
    session.refresh(other)
    between = segment.block.text[segment.end : other.start] if other.block_id == segment.block_id else "x"
    if other.merged_into or plain(between).strip() or other.start < segment.end:
        raise WrongState(
            "Only neighbours within a paragraph are merged.",
            code="CUT_BLOCK",
            todo="Load the page again to see how they stand.",
        )
    return other


def _hand_over(session: Session, segment: Segment, other: Segment, before: str) -> None:
    """What belonged to the segment that gave way belongs to the one that has its source now: earlier merged ones,
    comments, notices, and what people have typed into it."""
    values = {"merged_into": segment.id}
    session.execute(
        update(Segment).where(Segment.merged_into == other.id).values(values), execution_options=WITH_MERGED
    )
    for table in (Comment, Notice, Presence):
        session.execute(update(table).where(table.segment_id == other.id).values(segment_id=segment.id))
    typed = {one.person_id: one for one in session.scalars(select(Draft).where(Draft.segment_id == segment.id))}
    for draft in session.scalars(select(Draft).where(Draft.segment_id == other.id)).all():
        own = typed.get(draft.person_id)
        if own is None:
            own = Draft(person_id=draft.person_id, segment_id=segment.id, text=before, version=segment.version - 1)
            session.add(own)
        own.text = " ".join(one for one in (own.text.rstrip(), draft.text.lstrip()) if one)
        session.delete(draft)
    session.flush()


def _done(
    session: Session,
    actor: Actor,
    segment: Segment,
    act: str,
    *,
    seen: int,
    operation: str,
    text: str,
    values: dict[str, Any],
) -> None:
    """The act on the segment that keeps its place: what it is now, and that its text is nobody's proposal any more."""
    if text:
        origin = segment.origin if segment.origin == "carried-over" else "human"
        values |= {"origin": origin, "translated_by": actor.id, "translated_at": now()}
    else:
        values |= {"origin": None}
    values |= {"target": text, "match_rate": None, "distance": None, "reason": None}
    moves.do(session, actor, segment, act, seen=seen, operation=operation, mine="", values=values)
    move_release(session, segment.release_id, "work")


def _shift(session: Session, release_id: str, after: int, by: int) -> None:
    """Move the segments behind a place; no two ever have the same number, so they are lifted out of the way first."""
    of_release = update(Segment).where(Segment.release_id == release_id)
    behind = of_release.where(Segment.position > after)
    session.execute(behind.values(position=Segment.position + ALOFT))
    session.execute(of_release.where(Segment.position > ALOFT).values(position=Segment.position - ALOFT + by))


def _propose_for(session: Session, actor: Actor, segment: Segment, other: Segment) -> None:
    """Ask for proposals for what is cut anew; what was proposed for the cut before is no match any more."""
    ids = (segment.id, other.id)
    session.execute(delete(Proposal).where(Proposal.segment_id.in_(ids)))
    session.execute(delete(ProposalSet).where(ProposalSet.segment_id.in_(ids)))
    for one in (segment, other):
        if one.merged_into is None:
            jobs.enqueue(session, "propose-segment", one.id, actor.id)


def _after(session: Session, segment: Segment) -> Segment:
    query = select(Segment).where(Segment.release_id == segment.release_id, Segment.position == segment.position + 1)
    return session.scalars(query).one()
