"""Publishing: from approved segments to an immutable bilingual publication in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.desk import jobs, records, rendering, states
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.desk.styling import style_of
from service.errors import NotFound, NotReady
from service.publish.content import BlockText, Content, SegmentText, content_hash
from service.publish.render import FORMATS, Facts, Rendered, file_name, render
from service.storage import audit
from service.storage.blobs import Blobs
from service.storage.publications import Publication, PublicationFile, get_publication, publications_of
from service.storage.releases import Block, Release, Segment, get_release
from service.storage.standing import waiting
from tm.documents.registry import TYPES
from tm.errors import InputError
from tm.store.base import new_id, now
from tm.text.codes import plain
from tm.types import Code, Media

if TYPE_CHECKING:
    from service.settings import Settings


def publish(session: Session, actor: Actor, release_id: str, *, settings: Settings) -> Publication:
    """Publish a release of which every segment is approved; a job makes its files.

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
    publication = _write(session, actor, release)
    audit.record(session, actor.id, "published", "publication", publication.id, hash=publication.content_hash)
    jobs.enqueue(session, "render", release.id, actor.id)
    jobs.enqueue(session, "learn", release.id, actor.id)
    return publication


def _require_all_approved(session: Session, release: Release) -> None:
    missing = [segment.position for segment in waiting(session, release.id)]
    if missing:
        first = ", ".join(str(number) for number in missing[:12]) + (" …" if len(missing) > 12 else "")
        raise NotReady(f"{len(missing)} segments are not approved: {first}.", missing)
    if not release.segments:
        raise NotReady("This release has no segments yet.", [])


def _write(session: Session, actor: Actor, release: Release) -> Publication:
    content, style = content_of(session, release), style_of(session)
    canonical = content.canonical()
    corrected = session.get(Publication, release.corrects_id) if release.corrects_id else None
    publication = Publication(
        id=new_id(),
        release_id=release.id,
        number=corrected.number + 1 if corrected else 1,
        title=content.title("en"),
        title_fr=content.title("fr"),
        content=canonical,
        content_hash=content_hash(canonical),
        corrects_id=corrected.id if corrected else None,
        logo_blob=style.logo or None,
        published_by=actor.id,
        published_at=now(),
    )
    publication.record = records.made(session, release, publication, corrected, style)
    publication.record_hash = records.record_hash(publication.record)
    session.add(publication)
    session.flush()
    return publication


def export(session: Session, actor: Actor, release_id: str, form: str, *, settings: Settings) -> Rendered:
    """A release as a file, finished or not; a published one answers with the published bytes. `form` is one of the
    formats of `service.publish.render`, or `document`: the English alone in the format of the French.

    Segments without a target stand in French in the texts and are left out of TMX and PO. Raises InputError for an
    unknown format.
    """
    release = get_release(session, release_id, sight_of(actor))
    published = publications_of(session, release.id)
    require(actor, "publication.download" if published else "release.export")
    if published and form in rendering.NAMES:
        return download(session, actor, published[-1], form, settings=settings)
    style = style_of(session)
    logo = Blobs(settings.blob_folder).get(style.logo) if style.logo else b""
    facts = Facts(file_name(plain(release.title)) + "-unfinished", style=style, logo=logo)
    content = content_of(session, release)
    if form == rendering.DOCUMENT:
        return rendering.document(content, facts, release.blob, release.media, settings)
    return render(content, facts, form)


def download(session: Session, actor: Actor, publication: Publication, form: str, *, settings: Settings) -> Rendered:
    """A file of a publication, byte for byte as it was published. Raises NotFound."""
    require(actor, "publication.download")
    get_publication(session, publication.id, sight_of(actor))
    return file_of(session, publication, form, settings)


def file_of(session: Session, publication: Publication, form: str, settings: Settings) -> Rendered:
    """A file of a publication: the one that is kept, or made now where the job has not come to it yet. Raises NotFound
    for a format that there is not."""
    if form not in rendering.NAMES:
        raise NotFound("file")
    kept = session.get(PublicationFile, (publication.id, form))
    if kept is None:
        try:
            return rendering.rendered(publication, form, settings)
        except InputError as error:
            raise NotFound("file") from error
    media = FORMATS[form].media_type if form in FORMATS else media_type(kept.filename)
    return Rendered(Blobs(settings.blob_folder).get(kept.blob), kept.filename, media)


def media_type(filename: str) -> str:
    """The media type of a document by the end of its name."""
    return TYPES.get(cast("Media", filename.rpartition(".")[2]), "application/octet-stream")


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
