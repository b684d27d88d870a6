"""The acts of people on a segment: draft, save, confirm, approve, send back, reopen.

Every act carries the version that the person saw and an operation id made when the act began. The version is checked
inside the UPDATE; the loser gets both texts, and the one that lost is kept in the history. A repeated operation is the
same act, not a second one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from service.desk import jobs, moves, notices, states
from service.desk.checking import Checked, against, of_segments, require_clean
from service.desk.edit_units import count_use
from service.desk.policy import Actor, may_approve, require, require_other_eyes
from service.desk.projects import sight_of
from service.errors import SegmentMerged, WrongState
from service.storage import audit
from service.storage.proposals import Proposal
from service.storage.releases import CATEGORIES, Draft, Release, Segment, draft_of, get_release, get_segment
from tm.errors import InputError
from tm.store.base import now
from tm.text.codes import plain
from tm.text.edits import edit_distance


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk approval did: how many it approved, and for each segment left its number and why."""

    approved: int
    left: list[tuple[int, str]] = field(default_factory=list)


def save_draft(session: Session, actor: Actor, segment_id: str, text: str, seen: int) -> Segment:
    """Keep what the actor has typed so far, for the actor alone; an earlier draft of theirs is replaced. Answers with
    the segment, which stands as it stood."""
    require(actor, "segment.draft")
    segment = get_segment(session, segment_id, sight_of(actor))
    moves.check_text(text)
    draft = draft_of(session, actor.id, segment.id)
    if draft is None:
        draft = Draft(person_id=actor.id, segment_id=segment.id)
        session.add(draft)
    draft.text, draft.version, draft.saved_at = text, seen, now()
    return segment


def save(
    session: Session,
    actor: Actor,
    segment_id: str,
    text: str,
    *,
    seen: int,
    operation: str,
    confirm: bool = False,
    proposal: int | None = None,
    repaired: bool = False,
) -> Segment:
    """Set a segment's target, or confirm it as translated. `proposal` is the rank of the proposal that was inserted,
    `repaired` says that it was its repaired text.

    Raises StaleVersion when somebody saved first, WrongState when the segment is approved, InputError for a text that
    cannot be stored or an empty one to confirm. The segment answers with its new version.
    """
    require(actor, "segment.edit")
    moves.check_text(text)
    if confirm and not text.strip():
        raise InputError("An empty text cannot be confirmed.", code="EMPTY_TARGET", todo="Type the translation first.")
    segment = _standing(session, actor, segment_id, operation, text)
    act = "confirm" if confirm else "save"
    values = {"target": text, "translated_by": actor.id, "translated_at": now(), "reason": None}
    values |= _origin(session, segment, text, proposal, repaired)
    counts = confirm and (segment.state, segment.target) != ("translated", text)
    counts = counts and not moves.done_before(session, segment, operation)
    saved = moves.do(session, actor, segment, act, seen=seen, operation=operation, mine=text, values=values)
    if counts:
        _count_use(session, saved)
    session.execute(delete(Draft).where(Draft.person_id == actor.id, Draft.segment_id == segment.id))
    move_release(session, saved.release_id, "work")
    return saved


def _standing(session: Session, actor: Actor, segment_id: str, operation: str, text: str) -> Segment:
    """The segment; where it has been merged into another meanwhile, the text is kept in the history of that one."""
    try:
        return get_segment(session, segment_id, sight_of(actor))
    except SegmentMerged as merged:
        moves.keep_lost(session, actor, get_segment(session, merged.into), operation, text)
        raise


def approve(
    session: Session, actor: Actor, segment_id: str, *, seen: int, operation: str, acknowledged: bool = False
) -> Segment:
    """Approve a segment as the actor saw it. Raises Forbidden (`OWN_TEXT`) for the actor's own text, and FindingsOpen
    where errors stand against it, or warnings that are not `acknowledged`."""
    require(actor, "segment.approve")
    segment = get_segment(session, segment_id, sight_of(actor))
    if not moves.done_before(session, segment, operation):
        require_other_eyes(actor, segment)
        if segment.version == seen:
            require_clean(session, segment, acknowledged=acknowledged)
    release = locked(session, segment.release_id)
    values = {"approved_by": actor.id, "approved_at": now()}
    approved = moves.do(session, actor, segment, "approve", seen=seen, operation=operation, mine="", values=values)
    _conclude(session, release)
    return approved


def send_back(
    session: Session, actor: Actor, segment_id: str, *, seen: int, operation: str, reason: str, category: str = ""
) -> Segment:
    """Send a translated segment back to its translator, who is told, saying why; `category` is one of CATEGORIES, or
    "". Raises InputError for another."""
    require(actor, "segment.send-back")
    segment = get_segment(session, segment_id, sight_of(actor))
    again, translator = moves.done_before(session, segment, operation), segment.translated_by
    if category and category not in CATEGORIES:
        raise InputError("There is no such category.", code="CHOICE_UNKNOWN", where="category")
    values = {"reason": moves.checked_reason(reason), "category": category or None}
    sent = moves.do(session, actor, segment, "send-back", seen=seen, operation=operation, mine="", values=values)
    if translator and not again:
        notices.tell(session, actor, [translator], "sent-back", sent)
    return sent


def reopen(session: Session, actor: Actor, segment_id: str, *, seen: int, operation: str, reason: str) -> Segment:
    """Take an approval back, saying why. Raises WrongState when the release is published."""
    require(actor, "segment.reopen")
    segment = get_segment(session, segment_id, sight_of(actor))
    why = moves.checked_reason(reason)
    release = locked(session, segment.release_id)
    if release.state == "published":
        raise WrongState("This release is published: its text stands.", todo="Begin a correction of the publication.")
    values = {"approved_by": None, "approved_at": None}
    reopened = moves.do(
        session, actor, segment, "reopen", seen=seen, operation=operation, mine="", values=values, reason=why
    )
    move_release(session, segment.release_id, "reopen")
    return reopened


def approve_all(session: Session, actor: Actor, release_id: str, *, acknowledged: bool = False) -> BulkResult:
    """Approve every segment that the actor may approve as it stands now; say of each other one why it was left. Those
    with an error are left, and those with a warning unless all warnings are `acknowledged`."""
    require(actor, "segment.approve-all")
    release = locked(session, get_release(session, release_id, sight_of(actor)).id)
    approved, left = 0, []
    waiting = [segment for segment in release.segments if segment.state != "approved"]
    found = of_segments(session, waiting)
    for segment in waiting:
        why = _why_not(actor, segment) or said_against(found[segment.id], acknowledged=acknowledged)
        if why:
            left.append((segment.position, why))
            continue
        values = {"approved_by": actor.id, "approved_at": now()}
        operation = f"all:{actor.id}:{segment.id}:{segment.version}"
        moves.do(session, actor, segment, "approve", seen=segment.version, operation=operation, mine="", values=values)
        approved += 1
    audit.record(session, actor.id, "approved all", "release", release.id, approved=approved, left=len(left))
    _conclude(session, release)
    return BulkResult(approved, left)


def said_against(found: Checked, *, acknowledged: bool) -> str:
    """What stands against an approval, in words that follow a segment's number; "" for nothing."""
    why = against(found, acknowledged=acknowledged)
    return f"has {'an error' if why[0].severity == 'error' else 'a warning'}: {why[0].message}" if why else ""


def _why_not(actor: Actor, segment: Segment) -> str:
    if (segment.state, "approve") not in states.SEGMENT_MOVES:
        return f"is {segment.state}"
    return "" if may_approve(actor, segment) else "is your own text"


def _origin(session: Session, segment: Segment, text: str, rank: int | None, repaired: bool) -> dict[str, Any]:
    """Where the text comes from: an inserted proposal sets origin and rate; an edit only moves the distance."""
    inserted = _proposal(session, segment.id, rank) if rank is not None else None
    if inserted is not None and repaired and inserted.repair:
        distance = edit_distance(inserted.repair["target"], text)
        return {"origin": "tm-repaired", "match_rate": inserted.rate, "distance": distance}
    if inserted is not None:
        distance = edit_distance(inserted.target, text)
        return {"origin": inserted.origin, "match_rate": inserted.rate, "distance": distance}
    if segment.origin is None or (segment.origin == "propagated" and text != segment.target):
        return {"origin": "human", "match_rate": None, "distance": None}
    if segment.origin in ("human", "propagated"):
        return {}
    return {"distance": edit_distance(_inserted_text(session, segment), text)}


def _inserted_text(session: Session, segment: Segment) -> str:
    """The text whose rate the segment carries: the first text in the history that has this origin."""
    if segment.origin == "carried-over":
        return segment.source
    with_rate = select(Proposal).where(Proposal.segment_id == segment.id, Proposal.rate == segment.match_rate)
    proposals = session.scalars(with_rate.order_by(Proposal.rank)).all()
    if segment.origin == "tm-repaired":
        texts = [one.repair["target"] for one in proposals if one.repair]
    else:
        texts = [one.target for one in proposals if one.origin == segment.origin]
    return texts[0] if texts else segment.target


def _proposal(session: Session, segment_id: str, rank: int) -> Proposal | None:
    return session.scalar(select(Proposal).where(Proposal.segment_id == segment_id, Proposal.rank == rank))


def _count_use(session: Session, segment: Segment) -> None:
    """Count the use of the unit that the confirmed text came from, if it was proposed as it stands."""
    text = plain(segment.target)
    proposed = or_(Proposal.target == text, Proposal.repair["target"].as_string() == text)
    unit_id = session.scalar(
        select(Proposal.unit_id).where(Proposal.segment_id == segment.id, proposed).order_by(Proposal.rank).limit(1)
    )
    if unit_id is not None:
        count_use(session, unit_id)


def locked(session: Session, release_id: str) -> Release:
    """The release, locked until the transaction ends: approvals, reopenings and publishing come one after another."""
    return session.scalars(
        select(Release).where(Release.id == release_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def move_release(session: Session, release_id: str, act: str) -> None:
    """Move the release on with an act on one of its segments, where its state knows the act."""
    release = get_release(session, release_id)
    if states.release_moves(release.state, act):
        release.state = states.release_after(release.state, act)


def _conclude(session: Session, release: Release) -> None:
    """After an approval: the release is approved when its last segment is, and its proposals are evaluated."""
    unfinished = select(func.count()).select_from(Segment).where(Segment.release_id == release.id)
    left = session.scalar(unfinished.where(Segment.state != "approved"))
    if left == 0 and states.release_moves(release.state, "approve"):
        release.state = states.release_after(release.state, "approve")
        jobs.enqueue(session, "evaluate", release.id)
    elif left and states.release_moves(release.state, "work"):
        release.state = states.release_after(release.state, "work")
