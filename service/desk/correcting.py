"""A new version of a published text, as a release of its own that corrects it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import ingest
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.errors import WrongState
from service.storage import audit
from service.storage.publications import Publication, get_publication, publications_of
from service.storage.releases import Release, get_release
from tm.types import Media

if TYPE_CHECKING:
    from service.settings import Settings


def correct(
    session: Session,
    actor: Actor,
    publication_id: str,
    data: bytes,
    *,
    filename: str,
    media: Media | None,
    settings: Settings,
) -> Release:
    """Take in a new version of the French text of a publication, as a release of its own that corrects it, for the same
    readers and the same people. Raises WrongState where a correction is under way or a later publication stands, and
    what `ingest.submit` raises."""
    require(actor, "publication.correct")
    publication = get_publication(session, publication_id, sight_of(actor))
    before = get_release(session, publication.release_id, sight_of(actor))
    _require_latest(session, publication)
    release = ingest.submit(
        session,
        actor,
        data,
        filename=filename,
        media=media,
        settings=settings,
        again=True,
        project=before.kept_by.key if before.kept_by else "",
    )
    release.corrects_id = publication.id
    release.translator_id, release.reviewer_id = before.translator_id, before.reviewer_id
    audit.record(session, actor.id, "began a correction of", "publication", publication.id, release=release.id)
    session.flush()
    return release


def _require_latest(session: Session, publication: Publication) -> None:
    if publications_of(session, publication.release_id)[-1].id != publication.id:
        raise WrongState("A later publication of this release stands.", todo="Correct that one.")
    under_way = select(Release.id).where(Release.corrects_id == publication.id, Release.state.not_in(("failed",)))
    if session.scalar(under_way.limit(1)):
        raise WrongState("A correction of this publication is there already.", todo="Go on with that one.")
