"""After publishing: a publication withdrawn with its reason, never removed; and opened to all, from a moment on."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import jobs, states
from service.desk.moves import checked_reason
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.desk.review import locked
from service.desk.undo import begin_undo
from service.errors import WrongState
from service.storage import audit
from service.storage.public_pages import PublicPage, Withdrawal, withdrawal_of
from service.storage.publications import Publication, get_publication, publications_of
from tm.store.base import now
from tm.store.units import Import


def withdraw(session: Session, actor: Actor, publication_id: str, reason: str) -> Withdrawal:
    """Withdraw a publication, and take what the memory has learned from it back. A second time answers with the first
    withdrawal. Raises InputError without a reason, WrongState for one that was published anew since."""
    require(actor, "publication.withdraw")
    publication = get_publication(session, publication_id, sight_of(actor))
    release = locked(session, publication.release_id)
    if done := withdrawal_of(session, publication.id):
        return done
    why = checked_reason(reason)
    if publications_of(session, release.id)[-1].id != publication.id:
        raise WrongState("A later publication of this release stands.", todo="Withdraw that one.")
    release.state = states.release_after(release.state, "withdraw")
    made = Withdrawal(publication_id=publication.id, reason=why, person_id=actor.id, at=now())
    session.add(made)
    audit.record(session, actor.id, "withdrew", "publication", publication.id)
    for learned in _learned(session, release.id):
        begin_undo(session, actor, learned.id, why)
        jobs.enqueue(session, "import", learned.id, actor.id)
    session.flush()
    return made


def _learned(session: Session, release_id: str) -> list[Import]:
    query = select(Import).where(Import.kind == "publication", Import.document_key == release_id)
    return list(session.scalars(query.where(Import.state == "done", Import.undone_by.is_(None))))


def open_to_all(session: Session, actor: Actor, publication_id: str, from_at: datetime) -> PublicPage:
    """Let anybody read a publication from `from_at` on, by the clock of the database; a second time changes the moment,
    and the address stays. Raises WrongState for one that is withdrawn."""
    require(actor, "publication.open")
    publication = get_publication(session, publication_id, sight_of(actor))
    if withdrawal_of(session, publication.id):
        raise WrongState("This publication is withdrawn.", todo="Publish a correction and open that.")
    page = session.get(PublicPage, publication.id)
    if page is None:
        page = PublicPage(publication_id=publication.id, slug=secrets.token_urlsafe(24))
        session.add(page)
    page.from_at, page.person_id, page.at = from_at, actor.id, now()
    audit.record(session, actor.id, "opened", "publication", publication.id, since=from_at.isoformat())
    session.flush()
    return page


def close(session: Session, actor: Actor, publication_id: str) -> Publication:
    """Let nobody read a publication any more who is not signed in."""
    require(actor, "publication.open")
    publication = get_publication(session, publication_id, sight_of(actor))
    page = session.get(PublicPage, publication.id)
    if page is not None:
        session.delete(page)
        audit.record(session, actor.id, "closed", "publication", publication.id)
        session.flush()
    return publication
