"""The files of a publication: made from its row and the file that was handed in, the same bytes every time.

A job makes them all soon after publishing. Whoever asks earlier gets the file all the same, made for the occasion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from service.desk.records import facts_of, of
from service.errors import NotFound
from service.publish.content import Content, from_canonical
from service.publish.render import FORMATS, Facts, Rendered, render, unknown
from service.storage.blobs import Blobs
from service.storage.publications import Publication, PublicationFile, get_publication, publications_of
from tm.documents.child import write_limited
from tm.documents.limits import Limits
from tm.documents.registry import TYPES

if TYPE_CHECKING:
    from service.settings import Settings

DOCUMENT = "document"  # the translation alone, in the format that the French came in
NAMES = (*FORMATS, DOCUMENT)


def rendered(publication: Publication, name: str, settings: Settings) -> Rendered:
    """A file of a publication, made now. Raises InputError for an unknown format."""
    content, facts = from_canonical(publication.content), facts_of(publication, Blobs(settings.blob_folder))
    if name != DOCUMENT:
        return render(content, facts, name)
    source = of(publication).get("source", {})
    return document(content, facts, source.get("blob", ""), source.get("media", ""), settings)


def document(content: Content, facts: Facts, blob: str, media: str, settings: Settings) -> Rendered:
    """The English document in the format, and with the formatting, of the French one. Raises InputError."""
    if media not in TYPES or not blob:
        raise unknown(DOCUMENT)
    made = write_limited(
        Blobs(settings.blob_folder).get(blob),
        [block.text("fr") for block in content.blocks],
        [block.text("en") for block in content.blocks],
        media=media,
        limits=Limits(upload=settings.upload_limit),
    )
    return Rendered(made, f"{facts.name}.english.{media}", TYPES[media])


def missing(session: Session, release_id: str, settings: Settings) -> tuple[str, list[tuple[str, Rendered]]]:
    """The files that the latest publication of a release has not got yet, made now; its id."""
    publication = publications_of(session, release_id)[-1]
    there = {file.format for file in publication.files}
    source = of(publication).get("source", {})
    wanted = [name for name in NAMES if name not in there and (name != DOCUMENT or source.get("blob"))]
    return publication.id, [(name, made) for name in wanted if (made := _made(publication, name, settings))]


def _made(publication: Publication, name: str, settings: Settings) -> Rendered | None:
    """A file, or None where the original that it would be made from is gone: the others are made all the same."""
    try:
        return rendered(publication, name, settings)
    except NotFound:
        if name != DOCUMENT:
            raise
        return None


def keep(session: Session, publication_id: str, files: list[tuple[str, Rendered]], settings: Settings) -> int:
    """Keep files of a publication; one that is there already stays. Returns how many there are now."""
    blobs, publication = Blobs(settings.blob_folder), get_publication(session, publication_id)
    there = {file.format for file in publication.files}
    for name, made in files:
        if name not in there:
            row = PublicationFile(publication_id=publication_id, format=name, filename=made.filename)
            row.blob, row.size = blobs.put(made.data), len(made.data)
            session.add(row)
    session.flush()
    session.expire(publication)
    return len(publication.files)
