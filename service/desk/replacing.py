"""Finding and replacing in the translations of a release: first seen, then done to what was chosen, and taken back as
one act. A text that is changed so is a draft again: somebody confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.desk import moves
from service.desk.patterns import Change, Pattern, applied, changes_in
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.desk.repetitions import KEPT, Spread
from service.errors import StaleVersion, WrongState
from service.storage.releases import Segment, get_release
from tm.errors import InputError
from tm.store.base import now

MOST = 2_000  # segments that one act may change


@dataclass(frozen=True, slots=True)
class Hit:
    """A segment in which something would change, and where."""

    segment: Segment
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Preview:
    """What replacing would change, and the numbers of the segments that have it and are approved, which stay."""

    hits: list[Hit]
    approved: list[int]

    @property
    def places(self) -> int:
        """How many places would change."""
        return sum(len(hit.changes) for hit in self.hits)


def preview(session: Session, actor: Actor, release_id: str, pattern: Pattern) -> Preview:
    """What replacing would change, in the order of the release. Raises what `changes_in` raises."""
    require(actor, "segment.edit")
    find = changes_in(pattern)
    release = get_release(session, release_id, sight_of(actor))
    found = [Hit(one, changes) for one in release.segments if not one.carried_over and (changes := find(one.target))]
    approved = [hit.segment.position for hit in found if hit.segment.state == "approved"]
    return Preview([hit for hit in found if hit.segment.state != "approved"], approved)


def replace(
    session: Session, actor: Actor, release_id: str, pattern: Pattern, seen: Mapping[str, int], operation: str
) -> Spread:
    """Replace in the segments whose ids are in `seen`, each over the version that was shown; whatever has changed since
    is left and named. The operation of each is derived from the act's, so a repeated act is done once.

    Raises InputError where nothing is chosen or too much, and what `changes_in` raises.
    """
    require(actor, "segment.edit")
    if not 0 < len(seen) <= MOST:
        raise InputError(f"Choose between 1 and {MOST} segments.", code="CHOICE_SIZE")
    find = changes_in(pattern)
    release = get_release(session, release_id, sight_of(actor))
    chosen = [segment for segment in release.segments if segment.id in seen]
    if not chosen:
        raise InputError("None of these segments is in this release.", code="CHOICE_SIZE", todo="Look again.")
    spread = Spread(chosen[0])
    for segment in chosen:
        _replace(session, actor, segment, find(segment.target), seen[segment.id], operation, spread)
    return spread


def _replace(
    session: Session, actor: Actor, segment: Segment, changes: list[Change], seen: int, act: str, spread: Spread
) -> None:
    operation = f"{act}:{segment.id}"
    text = applied(segment.target, changes)
    if not moves.done_before(session, segment, operation):
        if why := _why_not(segment, text, changes, seen):
            spread.left.append((segment.position, why))
            return
        values = {"target": text, "translated_by": actor.id, "translated_at": now(), "reason": None}
        before = {name: getattr(segment, name) for name in KEPT}
        try:
            moves.do(
                session,
                actor,
                segment,
                "replace",
                seen=seen,
                operation=operation,
                mine="",
                values=values,
                before=before,
            )
        except (StaleVersion, WrongState):
            spread.left.append((segment.position, "somebody has changed it since"))
            return
    spread.done.append(segment)


def _why_not(segment: Segment, text: str, changes: list[Change], seen: int) -> str:
    if segment.state == "approved":
        return "is approved"
    if segment.version != seen or not changes:
        return "somebody has changed it since"
    try:
        moves.check_text(text)
    except InputError as error:
        return error.message
    return ""
