"""How an act on a segment is done: version and operation checked, history and audit written, a conflict settled.

`service.desk.review` says which acts there are; this module is what they have in common.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.desk import states
from service.desk.policy import Actor
from service.errors import SegmentMerged, StaleVersion, Version
from service.storage import audit
from service.storage.releases import History, Segment
from tm.errors import InputError

LONGEST = 20_000  # characters of a target
LONGEST_REASON = 2_000


def do(
    session: Session,
    actor: Actor,
    segment: Segment,
    act: str,
    *,
    seen: int,
    operation: str,
    mine: str,
    values: dict[str, Any],
    reason: str | None = None,
    back_to: str | None = None,
    before: dict[str, Any] | None = None,
) -> Segment:
    """Do `act` on a segment: version checked in the UPDATE, history and audit in the same transaction.

    `seen` is the version that the actor saw, `operation` the id made when the act began (a repeat is the same act),
    `mine` the text that is kept in the history if the act loses, `values` the columns to set beside state and version,
    `back_to` the state to go back to, for an act that takes another one back, and `before` what doing that would need.
    Raises StaleVersion when somebody was first, SegmentMerged when the segment is part of another by now, WrongState
    where there is no such move, InputError without an id.
    """
    if not operation or len(operation) > 128:
        raise InputError("The request carries no operation id.", code="OPERATION_MISSING", todo="Load the page again.")
    if done_before(session, segment, operation):
        return segment
    if segment.version == seen:
        state = states.segment_back(segment.state, back_to) if back_to else states.segment_after(segment.state, act)
        values = values | {"state": state, "version": seen + 1}
        if _write(session, segment, seen, values):
            _remember(session, actor, segment, act, operation, reason or values.get("reason"), before)
            return segment
        session.refresh(segment)
        if done_before(session, segment, operation):
            return segment
    raise _stale(session, actor, segment, seen, operation, mine)


def _write(session: Session, segment: Segment, seen: int, values: dict[str, Any]) -> bool:
    written = session.execute(
        update(Segment)
        .where(Segment.id == segment.id, Segment.version == seen)
        .values(**values)
        .returning(Segment.id)
        .execution_options(synchronize_session=False)
    ).first()
    if written is not None:
        session.refresh(segment)
    return written is not None


def done_before(session: Session, segment: Segment, operation: str) -> bool:
    """Whether this very act was done before. Raises StaleVersion again when it was the one that lost."""
    done = session.scalar(select(History).where(History.operation == operation, History.segment_id == segment.id))
    if done is not None and done.version is None:
        raise _conflict(session, segment, -1, done.target)
    return done is not None


def _remember(
    session: Session,
    actor: Actor,
    segment: Segment,
    act: str,
    operation: str,
    reason: str | None,
    before: dict[str, Any] | None,
) -> None:
    session.add(
        History(
            segment_id=segment.id,
            version=segment.version,
            operation=operation,
            action=act,
            target=segment.target,
            state=segment.state,
            reason=reason,
            category=segment.category if segment.state == "rejected" else None,
            person_id=actor.id,
            before=before,
        )
    )
    audit.record(session, actor.id, f"{act} segment", "segment", segment.id, version=segment.version)
    session.flush()


def keep_lost(session: Session, actor: Actor, segment: Segment, operation: str, mine: str) -> None:
    """Keep a text that cannot stand in the segment's history, once however often it is sent."""
    if mine and mine != segment.target:
        lost = History(segment_id=segment.id, version=None, operation=operation, action="lost", target=mine)
        lost.state, lost.person_id = segment.state, actor.id
        with suppress(IntegrityError), session.begin_nested():  # the same request twice at once loses once
            session.add(lost)
            session.flush()


def _stale(
    session: Session, actor: Actor, segment: Segment, seen: int, operation: str, mine: str
) -> StaleVersion | SegmentMerged:
    if segment.merged_into is not None:
        into = session.get_one(Segment, segment.merged_into)
        keep_lost(session, actor, into, operation, mine)
        return SegmentMerged(into.id, into.position)
    keep_lost(session, actor, segment, operation, mine)
    return _conflict(session, segment, seen, mine)


def _conflict(session: Session, segment: Segment, seen: int, mine: str) -> StaleVersion:
    made = _version(session, segment, segment.version)
    theirs = Version(segment.target, segment.version, made.person, made.at, segment.state)
    return StaleVersion(_version(session, segment, seen), theirs, mine)


def _version(session: Session, segment: Segment, number: int) -> Version:
    row = session.scalar(select(History).where(History.segment_id == segment.id, History.version == number))
    if row is None:
        return Version("", number)
    return Version(row.target, number, row.person.name if row.person else "", row.at.isoformat(), row.state)


def check_text(text: str) -> None:
    """Refuse a target that cannot be stored or exported: too long, or with a control character (InputError)."""
    if len(text) > LONGEST:
        raise InputError(f"A target has at most {LONGEST:,} characters.", code="TARGET_TOO_LONG", todo="Shorten it.")
    for place, mark in enumerate(text):
        if (mark < " " and mark not in "\t\n") or "\ud800" <= mark <= "\udfff" or mark in "\ufffe\uffff":
            raise InputError(
                f"The text has a control character (U+{ord(mark):04X}).",
                code="CONTROL_CHARACTER",
                where=f"character {place + 1}",
                todo="Take it out and save again.",
            )


def checked_reason(reason: str) -> str:
    """The reason without surrounding white space. Raises InputError when there is none, or it is too long."""
    text = reason.strip()
    if not text:
        raise InputError("A reason is needed.", code="REASON_MISSING", todo="Say in a few words what is wrong.")
    if len(text) > LONGEST_REASON:
        raise InputError(f"A reason has at most {LONGEST_REASON:,} characters.", code="REASON_TOO_LONG")
    check_text(text)
    return text
