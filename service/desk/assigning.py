"""Who is asked to work on a release, and until when."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from service.desk import notices
from service.desk.policy import SECOND_EYES, Actor, require
from service.desk.projects import sight_of
from service.storage import audit
from service.storage.comments import readers_of
from service.storage.people import Person
from service.storage.releases import Release, get_release
from tm.errors import InputError


def candidates(session: Session, release: Release) -> tuple[list[Person], list[Person]]:
    """Who may be asked to translate a release, and who to review it: people who see it, by name."""
    readers = readers_of(session, release)
    return readers, [one for one in readers if one.role in SECOND_EYES]


def assign(
    session: Session, actor: Actor, release_id: str, *, translator: str, reviewer: str, due: date | None
) -> Release:
    """Ask these people (ids; "" asks nobody) to work on a release until a day. Who is newly asked is told.

    Raises InputError PERSON_UNKNOWN for somebody who does not see the release or has not the role, SAME_PERSON where
    one person would review their own text.
    """
    require(actor, "release.assign")
    release = get_release(session, release_id, sight_of(actor))
    translators, reviewers = ({one.id for one in people} for people in candidates(session, release))
    for asked, known in ((translator, translators), (reviewer, reviewers)):
        if asked and asked not in known:
            raise InputError("This person cannot work on this release.", code="PERSON_UNKNOWN", todo="Choose another.")
    if translator and translator == reviewer:
        raise InputError("Nobody reviews their own text.", code="SAME_PERSON", todo="Choose two people.")
    fresh = [
        asked for asked in (translator, reviewer) if asked and asked not in (release.translator_id, release.reviewer_id)
    ]
    release.translator_id, release.reviewer_id, release.due = translator or None, reviewer or None, due
    notices.tell_of(session, actor, fresh, "assigned", release)
    told = {"translator": bool(translator), "reviewer": bool(reviewer), "due": due.isoformat() if due else ""}
    audit.record(session, actor.id, "assigned", "release", release.id, **told)
    session.flush()
    return release
