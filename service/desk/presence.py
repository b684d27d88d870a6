"""Saying where one is at work, and hearing who else is there. It is a courtesy: nothing waits for it."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.storage.presence import VISIT, Presence, others_in
from service.storage.releases import get_release, get_segment
from tm.store.base import now


def tell(session: Session, actor: Actor, release_id: str, segment_id: str | None) -> list[Presence]:
    """Say that the actor is in the release, on this segment or on none; answers who else is, by name.

    Raises NotFound for a release that the actor may not see; a segment of another release counts as none.
    """
    require(actor, "presence.tell")
    release = get_release(session, release_id, sight_of(actor))
    segment = get_segment(session, segment_id, sight_of(actor)) if segment_id else None
    here = segment.id if segment is not None and segment.release_id == release.id else None
    found = session.get(Presence, (actor.id, release.id))
    if found is not None:
        found.since = found.at if now() - found.at > VISIT else found.since
        found.segment_id, found.at = here, now()
    else:
        with suppress(IntegrityError), session.begin_nested():  # two tabs at once: one of them is enough
            session.add(Presence(person_id=actor.id, release_id=release.id, segment_id=here))
            session.flush()
    return others_in(session, release.id, actor.id)
