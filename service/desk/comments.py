"""Remarks on a segment: made, answered, settled, opened again, withdrawn. They leave the segment itself alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.desk import moves, notices
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.errors import Forbidden
from service.storage import audit
from service.storage.comments import Comment, get_comment, readers_of, threads_on
from service.storage.people import Person
from service.storage.releases import Segment, get_segment
from tm.errors import InputError
from tm.store.base import now

LONGEST = 4_000  # characters of a remark


def say(session: Session, actor: Actor, segment_id: str, text: str, thread: int | None = None) -> Comment:
    """Make a remark on a segment, or answer in a thread on it, which opens it again.

    Whoever is named in it (`@Name`, as they are called) is told, and so is everybody else in the thread. Raises
    InputError (`COMMENT_EMPTY`, `COMMENT_TOO_LONG`) and NotFound for a thread of another segment.
    """
    require(actor, "comment.write")
    segment = get_segment(session, segment_id, sight_of(actor))
    words = _checked(text)
    first = _first(session, actor, segment, thread) if thread is not None else None
    comment = Comment(segment_id=segment.id, person_id=actor.id, text=words, thread_id=first.id if first else None)
    session.add(comment)
    session.flush()
    named = mentioned(words, readers_of(session, segment.release))
    notices.tell(session, actor, [person.id for person in named], "mentioned", segment)
    if first is not None:
        first.settled_at = first.settled_by = None
        others = {one.person_id for one in _thread(session, first)} - {person.id for person in named}
        notices.tell(session, actor, sorted(others), "answered", segment)
    audit.record(session, actor.id, "commented", "segment", segment.id, comment=comment.id)
    return comment


def settle(session: Session, actor: Actor, comment_id: int, settled: bool) -> Comment:
    """Settle the thread of a remark, or open it again; whoever began it is told that it was settled."""
    require(actor, "comment.write")
    comment = get_comment(session, comment_id, sight_of(actor))
    first = get_comment(session, comment.thread_id, sight_of(actor)) if comment.thread_id else comment
    if (first.settled_at is not None) != settled:
        first.settled_at, first.settled_by = (now(), actor.id) if settled else (None, None)
        segment = get_segment(session, first.segment_id, sight_of(actor))
        if settled:
            notices.tell(session, actor, [first.person_id], "settled", segment)
        action = "settled comment" if settled else "reopened comment"
        audit.record(session, actor.id, action, "segment", segment.id, comment=first.id)
    return first


def withdraw(session: Session, actor: Actor, comment_id: int) -> Comment:
    """Take a remark of one's own back: its place stays, its text goes. Raises Forbidden for somebody else's."""
    require(actor, "comment.write")
    comment = get_comment(session, comment_id, sight_of(actor))
    if comment.person_id != actor.id:
        raise Forbidden("This comment is somebody else's.", todo="Ask them to withdraw it, or settle the thread.")
    if comment.withdrawn_at is None:
        comment.text, comment.withdrawn_at = "", now()
        audit.record(session, actor.id, "withdrew comment", "segment", comment.segment_id, comment=comment.id)
    return comment


def mentioned(text: str, people: Sequence[Person]) -> list[Person]:
    """Those of the people whom a text names: `@` and their name, as a word; the longest name has the place."""
    if "@" not in text:
        return []
    longest_first = sorted(people, key=lambda person: -len(person.name))
    names = "|".join(re.escape(person.name) for person in longest_first if person.name)
    found = {match[1].casefold() for match in re.finditer(rf"(?<!\w)@({names})(?!\w)", text, re.I)} if names else set()
    return [person for person in people if person.name.casefold() in found]


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise InputError("A comment needs words.", code="COMMENT_EMPTY", todo="Type what you want to say.")
    if len(words) > LONGEST:
        raise InputError(f"A comment has at most {LONGEST:,} characters.", code="COMMENT_TOO_LONG", todo="Shorten it.")
    moves.check_text(words)
    return words


def _first(session: Session, actor: Actor, segment: Segment, thread: int) -> Comment:
    first = get_comment(session, thread, sight_of(actor))
    if first.segment_id != segment.id or first.thread_id is not None:
        raise InputError("This thread is not on that segment.", code="THREAD_UNKNOWN", todo="Load the page again.")
    return first


def _thread(session: Session, first: Comment) -> list[Comment]:
    return next(thread for thread in threads_on(session, first.segment_id) if thread[0].id == first.id)
