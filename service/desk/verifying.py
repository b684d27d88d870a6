"""Proving a publication: its hashes, its files, and that the database still says what was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import records, rendering
from service.desk.policy import Actor, require
from service.desk.publish import content_of
from service.errors import NotFound
from service.publish.content import VERSION, content_hash, from_canonical
from service.storage.audit import AuditEntry
from service.storage.blobs import Blobs
from service.storage.publications import Publication, get_publication
from service.storage.releases import History, Segment, get_release
from tm.errors import PasserelleError

if TYPE_CHECKING:
    from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a publication: a stable code, where, and a sentence."""

    code: str
    where: str
    message: str


def verify(session: Session, actor: Actor, publication_id: str, settings: Settings) -> list[Fault]:
    """What is wrong with a publication, nothing where it stands as it was published. Raises NotFound."""
    require(actor, "publication.verify")
    publication = get_publication(session, publication_id)
    return [*_hashes(session, publication), *_texts(session, publication), *_files(publication, settings)]


def _hashes(session: Session, publication: Publication) -> Iterator[Fault]:
    if content_hash(publication.content) != publication.content_hash:
        yield Fault("CONTENT_HASH", "content", "The content is not what its hash was taken over.")
    if not publication.record:
        return
    if records.record_hash(publication.record) != publication.record_hash:
        yield Fault("RECORD_HASH", "record", "The record is not what its hash was taken over.")
    if records.of(publication).get("content") != publication.content_hash:
        yield Fault("RECORD_CONTENT", "record", "The record is of another content.")
    said = select(AuditEntry).where(AuditEntry.kind == "publication", AuditEntry.object_id == publication.id)
    entry = session.scalars(said.where(AuditEntry.action == "published")).first()
    if entry is None or entry.detail.get("hash") != publication.content_hash:
        yield Fault("AUDIT", "audit", "The audit does not say that this was published.")


def _texts(session: Session, publication: Publication) -> Iterator[Fault]:
    """Whether the release and the history of its segments still say what was published."""
    content = from_canonical(publication.content)
    if f'"format":"{VERSION}"' not in publication.content:
        return  # an earlier form: what it was rebuilt from was another program
    rebuilt = content_of(session, get_release(session, publication.release_id))
    if rebuilt != content:
        yield Fault("REBUILT", "release", "The release does not say what was published.")
    texts = {one.number: one.en for _, one in content.segments()}
    of_release = select(History.segment_id, History.version, History.target).join(Segment)
    rows = session.execute(of_release.where(Segment.release_id == publication.release_id))
    history = {(segment_id, version): target for segment_id, version, target in rows}
    for row in records.of(publication).get("segments", ()):
        if history.get((row["id"], row["version"])) != texts.get(row["number"]):
            where = f"segment {row['number']}"
            yield Fault("HISTORY", where, "The history of the segment does not have what was published.")


def _files(publication: Publication, settings: Settings) -> Iterator[Fault]:
    blobs, alike = Blobs(settings.blob_folder), records.renders_alike(publication)
    for file in publication.files:
        try:
            kept = blobs.get(file.blob)
        except NotFound:
            yield Fault("FILE_DAMAGED", file.format, "The file is gone, or is not what was kept.")
            continue
        try:
            if alike and rendering.rendered(publication, file.format, settings).data != kept:
                yield Fault("FILE_DIFFERS", file.format, "The file is not what is made of the publication.")
        except PasserelleError as error:
            yield Fault("FILE_NOT_MADE", file.format, error.message)
