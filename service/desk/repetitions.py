"""Confirming a text wherever its source stands in the release, and taking that back: one act, however many it touches.

What nobody has confirmed gets the text; what somebody confirmed gets it only if it was the very text that this segment
had before; what is sent back or approved never. Each segment that is touched has a version, a row of history and an
operation of its own, derived from the act's, so that nothing is overwritten unseen and a repeated act is done once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from service.desk import moves, review
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.errors import StaleVersion, WrongState
from service.storage.releases import History, Segment, get_release, get_segment
from service.storage.repetitions import locked, spread_by
from tm.store.base import now
from tm.text.codes import renumbered

OPEN = frozenset({"untranslated", "pretranslated", "draft"})
KEPT = ("state", "target", "origin", "match_rate", "distance", "translated_by", "reason")


@dataclass(frozen=True, slots=True)
class Spread:
    """A segment of the act, the repetitions that got the text or gave it back, and of each other its number and why it
    was left."""

    segment: Segment
    done: list[Segment] = field(default_factory=list)
    left: list[tuple[int, str]] = field(default_factory=list)


def confirm(
    session: Session,
    actor: Actor,
    segment_id: str,
    text: str,
    *,
    seen: int,
    operation: str,
    proposal: int | None = None,
    repaired: bool = False,
) -> Spread:
    """Confirm a text, and put it into the repetitions of its segment. Raises what `review.save` raises; a repetition
    that cannot have the text is left, and said to be."""
    segment = get_segment(session, segment_id, sight_of(actor))
    others = locked(session, segment)
    before = segment.target
    saved = review.save(
        session,
        actor,
        segment_id,
        text,
        seen=seen,
        operation=operation,
        confirm=True,
        proposal=proposal,
        repaired=repaired,
    )
    spread = Spread(saved)
    for other in others:
        _put(session, actor, saved, other, before, f"{operation}:{other.id}", spread)
    return spread


def _put(
    session: Session, actor: Actor, saved: Segment, other: Segment, before: str, operation: str, spread: Spread
) -> None:
    if moves.done_before(session, other, operation):
        spread.done.append(other)
        return
    text = renumbered(saved.target, saved.source, other.source)
    if other.target == text and other.state in ("translated", "approved"):
        return
    if why := _why_not(other, renumbered(before, saved.source, other.source)):
        spread.left.append((other.position, why))
        return
    before_it = {name: getattr(other, name) for name in KEPT}
    values: dict[str, Any] = {"target": text, "origin": "propagated", "match_rate": None, "distance": None}
    values |= {"translated_by": actor.id, "translated_at": now()}
    moves.do(
        session,
        actor,
        other,
        "propagate",
        seen=other.version,
        operation=operation,
        mine="",
        values=values,
        before=before_it,
    )
    spread.done.append(other)


def _why_not(other: Segment, before: str) -> str:
    if other.state in OPEN:
        return ""
    if other.state == "translated":
        return "" if other.target == before else "has another confirmed text"
    return {"approved": "is approved", "rejected": "was sent back"}[other.state]


def take_back(session: Session, actor: Actor, release_id: str, confirmation: str, operation: str) -> Spread:
    """Give the segments into which an act of the actor's has put a text, the repetitions of a confirmed one or those of
    a replacement, the texts and states that they had before.

    One that somebody has changed since is left. A confirmed segment itself stays as it is. Raises WrongState where the
    act put a text nowhere, or was somebody else's.
    """
    require(actor, "segment.edit")
    release = get_release(session, release_id, sight_of(actor))
    rows = [row for row in spread_by(session, release.id, confirmation) if row.person_id == actor.id]
    if not rows:
        raise WrongState("There is nothing to take back.", todo="Load the page again to see how it stands.")
    spread = Spread(get_segment(session, rows[0].segment_id, sight_of(actor)))
    for row in rows:
        _give_back(session, actor, row, f"{operation}:{row.segment_id}", spread)
    return spread


def _give_back(session: Session, actor: Actor, row: History, operation: str, spread: Spread) -> None:
    segment = get_segment(session, row.segment_id, sight_of(actor))
    if moves.done_before(session, segment, operation):
        spread.done.append(segment)
        return
    values = dict(row.before or {})
    state = values.pop("state")
    try:
        moves.do(
            session,
            actor,
            segment,
            "take-back",
            seen=row.version or 0,
            operation=operation,
            mine="",
            values=values,
            back_to=state,
        )
    except (StaleVersion, WrongState):
        spread.left.append((segment.position, "somebody has changed it since"))
        return
    spread.done.append(segment)
