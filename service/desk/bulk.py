"""One act on many segments: approving, confirming, sending back, or putting the best match in. What it would touch is
said beforehand, and of each segment that it leaves, why. Rights are those of the single act: nobody approves their own
text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.desk import moves, review, states
from service.desk.checking import Checked, of_segments
from service.desk.policy import Actor, may_approve, require
from service.desk.projects import sight_of
from service.desk.repetitions import Spread
from service.desk.replacing import MOST
from service.errors import StaleVersion
from service.storage.proposals import Proposal, sets_for
from service.storage.releases import Segment, get_release
from tm.errors import InputError, PasserelleError

RIGHTS = {
    "approve": "segment.approve",
    "confirm": "segment.edit",
    "send-back": "segment.send-back",
    "insert": "segment.edit",
}
STALE = "somebody has changed it since"


@dataclass(frozen=True, slots=True)
class Bulk:
    """An act (`approve`, `confirm`, `send-back`, `insert`); `reason` and
    `category` say why something is sent back, `least` is the
    lowest match rate that is put in, which is never put over a text that somebody has typed; `acknowledged` approves in
    spite of warnings."""

    act: str
    reason: str = ""
    category: str = ""
    least: int = 100
    acknowledged: bool = False


def foresee(session: Session, actor: Actor, release_id: str, bulk: Bulk, seen: Mapping[str, int]) -> Spread:
    """What the act would do to the segments whose ids are in `seen`, each with the version that was shown: `done` are
    those that it would touch. Nothing is changed."""
    chosen = _chosen(session, actor, release_id, bulk, seen)
    spread, known = Spread(chosen[0]), _known(session, chosen, bulk)
    for segment in chosen:
        if why := _why_not(actor, segment, bulk, seen[segment.id], known):
            spread.left.append((segment.position, why))
        else:
            spread.done.append(segment)
    return spread


def do(session: Session, actor: Actor, release_id: str, bulk: Bulk, seen: Mapping[str, int], operation: str) -> Spread:
    """Do the act to all of them. Each has its own version, history and operation, so that a repeated act is done once
    and nothing goes over what somebody did meanwhile; what is left is named with its reason."""
    chosen = _chosen(session, actor, release_id, bulk, seen)
    spread, known = Spread(chosen[0]), _known(session, chosen, bulk)
    for segment in chosen:
        why = _done_or_why(session, actor, segment, bulk, seen[segment.id], f"{operation}:{segment.id}", known)
        if why:
            spread.left.append((segment.position, why))
        else:
            spread.done.append(segment)
    return spread


def _chosen(session: Session, actor: Actor, release_id: str, bulk: Bulk, seen: Mapping[str, int]) -> list[Segment]:
    if bulk.act not in RIGHTS:
        raise InputError("There is no such act on many segments.", code="CHOICE_UNKNOWN")
    require(actor, RIGHTS[bulk.act])
    release = get_release(session, release_id, sight_of(actor))
    chosen = [segment for segment in release.segments if segment.id in seen]
    if not 0 < len(chosen) <= MOST:
        raise InputError(f"Choose between 1 and {MOST} segments.", code="CHOICE_SIZE")
    return chosen


@dataclass(frozen=True, slots=True)
class _Known:
    """What the act has to know of the segments, asked for in one go: their best matches, or what is found in them."""

    best: dict[str, Proposal]
    found: dict[str, Checked]


def _known(session: Session, segments: list[Segment], bulk: Bulk) -> _Known:
    if bulk.act == "insert":
        made = sets_for(session, [segment.id for segment in segments])
        return _Known({key: one.proposals[0] for key, one in made.items() if one.proposals}, {})
    return _Known({}, of_segments(session, segments) if bulk.act == "approve" else {})


def _why_not(actor: Actor, segment: Segment, bulk: Bulk, seen: int, known: _Known) -> str:
    if segment.version != seen:
        return STALE
    if bulk.act == "insert":
        if segment.state != "untranslated":
            return "has a text"
        best = known.best.get(segment.id)
        return "" if best is not None and best.rate >= bulk.least else f"has no match from {bulk.least}"
    if bulk.act == "confirm" and segment.state == "translated":
        return "is confirmed"
    if bulk.act == "confirm" and not segment.target.strip():
        return "has no text"
    if (segment.state, bulk.act) not in states.SEGMENT_MOVES:
        return f"is {segment.state}"
    if bulk.act != "approve":
        return ""
    if not may_approve(actor, segment):
        return "is your own text"
    return review.said_against(known.found[segment.id], acknowledged=bulk.acknowledged)


def _done_or_why(
    session: Session, actor: Actor, segment: Segment, bulk: Bulk, seen: int, operation: str, known: _Known
) -> str:
    try:
        if moves.done_before(session, segment, operation):
            return ""
        if why := _why_not(actor, segment, bulk, seen, known):
            return why
        _do(session, actor, segment, bulk, seen, operation, known.best.get(segment.id))
    except StaleVersion:
        return STALE
    except PasserelleError as error:
        return error.message
    return ""


def _why(bulk: Bulk) -> dict[str, str]:
    return {"reason": bulk.reason, "category": bulk.category}


def _do(
    session: Session, actor: Actor, segment: Segment, bulk: Bulk, seen: int, operation: str, best: Proposal | None
) -> None:
    if bulk.act == "approve":
        # what is found in it was looked at with all others
        review.approve(session, actor, segment.id, seen=seen, operation=operation, acknowledged=True)
    elif bulk.act == "send-back":
        review.send_back(session, actor, segment.id, seen=seen, operation=operation, **_why(bulk))
    elif best is not None:
        review.save(session, actor, segment.id, best.target, seen=seen, operation=operation, proposal=best.rank)
    else:
        review.save(session, actor, segment.id, segment.target, seen=seen, operation=operation, confirm=True)
