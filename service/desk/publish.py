"""Publishing: from approved segments to an immutable bilingual publication in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.desk import jobs, states
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.errors import NotFound, NotReady
from service.publish.content import BlockText, Content, SegmentText, content_hash, from_canonical
from service.publish.render import FORMATS, Facts, Rendered, file_name, render
from service.storage import audit
from service.storage.blobs import Blobs
from service.storage.publications import Publication, PublicationFile, get_publication, publications_of
from service.storage.releases import Block, Release, Segment, get_release
from service.storage.standing import waiting
from tm.store.base import now
from tm.types import Code

if TYPE_CHECKING:
    from service.settings import Settings


def publish(session: Session, actor: Actor, release_id: str, *, settings: Settings) -> Publication:
    """Publish a release of which every segment is approved.

    Raises NotReady with the numbers of the segments that are not. A release that is published already answers with
    the publication that it has, so that two clicks are one publication.
    """
    require(actor, "release.publish")
    get_release(session, release_id, sight_of(actor))
    release = session.scalars(
        select(Release).where(Release.id == release_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    earlier = publications_of(session, release.id)
    if release.state == "published" and earlier:
        return earlier[-1]
    _require_all_approved(session, release)
    release.state = states.release_after(release.state, "publish")
    publication = _write(session, actor, release, number=len(earlier) + 1)
    _render_all(session, publication, settings)
    audit.record(session, actor.id, "published", "publication", publication.id, hash=publication.content_hash)
    jobs.enqueue(session, "learn", release.id, actor.id)
    return publication


def _require_all_approved(session: Session, release: Release) -> None:
    missing = [segment.position for segment in waiting(session, release.id)]
    if missing:
        first = ", ".join(str(number) for number in missing[:12]) + (" …" if len(missing) > 12 else "")
        raise NotReady(f"{len(missing)} segments are not approved: {first}.", missing)
    if not release.segments:
        raise NotReady("This release has no segments yet.", [])


def _write(session: Session, actor: Actor, release: Release, number: int) -> Publication:
    content = content_of(session, release)
    canonical = content.canonical()
    publication = Publication(
        release_id=release.id,
        number=number,
        title=content.title("en"),
        title_fr=content.title("fr"),
        content=canonical,
        content_hash=content_hash(canonical),
        published_by=actor.id,
        published_at=now(),
    )
    session.add(publication)
    session.flush()
    return publication


def _render_all(session: Session, publication: Publication, settings: Settings) -> None:
    blobs, content = Blobs(settings.blob_folder), from_canonical(publication.content)
    for name in FORMATS:
        made = render(content, facts_of(publication), name)
        session.add(
            PublicationFile(
                publication_id=publication.id,
                format=name,
                filename=made.filename,
                blob=blobs.put(made.data),
                size=len(made.data),
            )
        )
    session.flush()


def facts_of(publication: Publication) -> Facts:
    """What the files of a publication say of it."""
    name = f"{file_name(publication.title)}-{publication.number}"
    return Facts(name, publication.published_at.date().isoformat(), publication.content_hash, publication.number)


def export(session: Session, actor: Actor, release_id: str, form: str, *, settings: Settings) -> Rendered:
    """A release as a file, finished or not; a published one answers with the published bytes.

    Segments without a target stand in French in the texts and are left out of TMX and PO. Raises InputError for an
    unknown format.
    """
    release = get_release(session, release_id, sight_of(actor))
    published = publications_of(session, release.id)
    require(actor, "publication.download" if published else "release.export")
    if published and form in FORMATS:
        return download(session, actor, published[-1], form, settings=settings)
    facts = Facts(file_name(release.title) + "-unfinished")
    return render(content_of(session, release), facts, form)


def download(session: Session, actor: Actor, publication: Publication, form: str, *, settings: Settings) -> Rendered:
    """A file of a publication, byte for byte as it was published. Raises NotFound."""
    require(actor, "publication.download")
    get_publication(session, publication.id, sight_of(actor))
    kept = session.get(PublicationFile, (publication.id, form))
    if kept is None:
        raise NotFound("file")
    return Rendered(Blobs(settings.blob_folder).get(kept.blob), kept.filename, FORMATS[form].media_type)


def content_of(session: Session, release: Release) -> Content:
    """The release as it stands now, as content."""
    blocks = session.scalars(
        select(Block)
        .where(Block.release_id == release.id)
        .order_by(Block.position)
        .options(selectinload(Block.segments))
        .execution_options(populate_existing=True)
    )
    return Content(tuple(_block(block) for block in blocks), release.after, release.media)


def _block(block: Block) -> BlockText:
    parts: list[str | SegmentText] = []
    end = 0
    for segment in block.segments:
        parts.append(block.text[end : segment.start])
        parts.append(_segment(segment))
        end = segment.end
    parts.append(block.text[end:])
    codes = tuple(Code(**code) for code in block.codes)
    return BlockText(block.role, block.level, block.before, tuple(part for part in parts if part != ""), codes)


def _segment(segment: Segment) -> SegmentText:
    return SegmentText(segment.position, segment.source, segment.target, segment.carried_over)
