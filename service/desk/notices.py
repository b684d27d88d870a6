"""Telling people inside the product what concerns them, in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from service.desk.policy import Actor, require
from service.storage import notices
from service.storage.notices import Notice
from service.storage.releases import Release, Segment


def tell(session: Session, actor: Actor, people: Iterable[str], kind: str, segment: Segment) -> None:
    """Tell these people, each once and never the actor, that something of this kind happened on a segment."""
    _tell(session, actor, people, kind, segment_id=segment.id)


def tell_of(session: Session, actor: Actor, people: Iterable[str], kind: str, release: Release) -> None:
    """The same of something that happened to a release."""
    _tell(session, actor, people, kind, release_id=release.id)


def _tell(session: Session, actor: Actor, people: Iterable[str], kind: str, **about: str) -> None:
    for person_id in dict.fromkeys(people):
        if person_id != actor.id:
            session.add(Notice(person_id=person_id, kind=kind, by_id=actor.id, **about))


def read(session: Session, actor: Actor, notice_id: int | None = None) -> None:
    """Note that the actor has read a notice, or all of theirs; one that is not theirs stays as it is."""
    require(actor, "notice.read")
    notices.mark_read(session, actor.id, notice_id)
