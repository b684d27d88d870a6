"""A release on its way through: taken in, translated, approved, published, rendered."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.desk import checking, ingest, publish, rendering, review
from service.desk.checking import findings_in
from service.desk.policy import Actor
from service.settings import Settings
from service.storage.publications import Publication
from service.storage.releases import Release
from tests.factories import operation


def taken_in(session: Session, actor: Actor, data: bytes, name: str, settings: Settings) -> Release:
    """A release from bytes, cut into segments."""
    release = ingest.submit(session, actor, data, filename=name, media=None, settings=settings, again=True)
    ingest.parse(session, release.id, settings)
    session.expire(release)
    return release


def in_english(text: str) -> str:
    """A translation that can be told from its source: the same codes, capitals."""
    return "".join(mark.upper() if mark.isalpha() else mark for mark in text)


def approve_all(session: Session, translator: Actor, reviewer: Actor, release: Release) -> None:
    """Translate and approve what is not approved yet."""
    for segment in release.segments:
        if segment.state == "approved":
            continue
        text = in_english(segment.source)
        seen = segment.version
        review.save(session, translator, segment.id, text, seen=seen, operation=operation(), confirm=True)
        for one in findings_in(session, segment).open:
            checking.intend(session, reviewer, segment.id, one.code, "Capitals are meant here.")
        review.approve(session, reviewer, segment.id, seen=seen + 1, operation=operation())
    session.expire_all()


def published(session: Session, editor: Actor, release: Release, settings: Settings) -> Publication:
    """Publish and render."""
    made = publish.publish(session, editor, release.id, settings=settings)
    rendering.keep(session, *rendering.missing(session, release.id, settings), settings)
    return made
