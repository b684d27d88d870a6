"""A French text arrives: `submit` keeps it, `parse` makes its blocks and segments."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.desk import jobs, states
from service.desk.carrying import carry_over
from service.desk.policy import Actor, may, require
from service.desk.projects import choose, sight_of
from service.desk.segmentation import rules_for
from service.errors import AlreadyHere
from service.storage import audit
from service.storage.blobs import Blobs
from service.storage.releases import Block, Release, Segment, get_release
from service.urls.rules import Rules
from service.urls.targets import target
from tm.documents.child import read_limited
from tm.documents.limits import Limits
from tm.text.codes import plain
from tm.text.normalise import fingerprint
from tm.text.rules import NO_RULES, RuleSet
from tm.types import Document, Language, Media

if TYPE_CHECKING:
    from service.settings import Settings


def read(
    data: bytes,
    *,
    filename: str,
    media: Media | None,
    settings: Settings,
    expect: Language | None = "fr",
    rules: RuleSet = NO_RULES,
    coded: bool = False,
) -> Document:
    """Read a document in a child process with limits on memory and time; `coded`: with inline codes.

    Raises InputError and its kin."""
    limits = Limits(upload=settings.upload_limit)
    return read_limited(data, filename=filename, media=media, expect=expect, rules=rules, coded=coded, limits=limits)


def submit(
    session: Session,
    actor: Actor,
    data: bytes,
    *,
    filename: str,
    media: Media | None,
    settings: Settings,
    again: bool = False,
    project: str = "",
) -> Release:
    """Take in a French release as bytes: checked at once, so that what cannot be used is refused and never stored.

    `media` is "txt", "html" or "md", or None to tell it from the name and the content. The same bytes a second time
    raise AlreadyHere, unless `again` says that this is meant. `project` is the key of one of the actor's projects,
    whose members alone will see the release. Raises InputError and its kin for what cannot be used.
    """
    require(actor, "release.add")
    keeper = choose(session, actor, project)
    rules = rules_for(session, keeper.number if keeper else None)
    document = read(data, filename=filename, media=media, settings=settings, rules=rules, coded=True)
    blobs = Blobs(settings.blob_folder)
    name = clean_name(filename)
    blob = blobs.put(data)
    if not again:
        _refuse_second(session, actor, blob)
    release = Release(title=document.title or name, blob=blob, media=document.media, filename=name, created_by=actor.id)
    release.encoding, release.bom = document.encoding, document.bom
    release.project = keeper.number if keeper else None
    session.add(release)
    session.flush()
    audit.record(session, actor.id, "submitted release", "release", release.id, size=len(data))
    jobs.enqueue(session, "ingest", release.id, actor.id)
    return release


def submit_address(session: Session, actor: Actor, url: str, *, settings: Settings, project: str = "") -> Release:
    """Take in a French release from an address: checked at once, fetched by a worker soon after. Raises UrlRefused for
    an address that is never fetched."""
    require(actor, "release.add")
    keeper = choose(session, actor, project)
    place = target(url.strip(), Rules.of(settings)).url
    release = Release(title=place, blob="", media="html", created_by=actor.id, provenance={"url": place})
    release.project = keeper.number if keeper else None
    session.add(release)
    session.flush()
    audit.record(session, actor.id, "submitted address", "release", release.id)
    jobs.enqueue(session, "fetch", release.id, actor.id)
    return release


def _refuse_second(session: Session, actor: Actor, blob: str) -> None:
    here = select(Release).where(Release.blob == blob, Release.state != "failed").options(*sight_of(actor).limits())
    first = session.scalar(here.limit(1))
    if first is not None and may(actor, "release.see"):
        raise AlreadyHere(f"This text is here already, as “{first.title}”.", first.id)


def clean_name(filename: str) -> str:
    """The last part of a file name without control and direction marks, at most 120 characters; for showing only."""
    last = PurePath(filename.replace("\\", "/")).name
    return "".join(mark for mark in last if mark.isprintable())[:120].strip()


def parse(session: Session, release_id: str, settings: Settings) -> int:
    """Make the blocks and segments of a received release, and ask for proposals. Returns the number of segments.

    Safe to repeat: a release that is past `received` is left as it is.
    """
    release = get_release(session, release_id)
    if release.state != "received":
        return 0
    data = Blobs(settings.blob_folder).get(release.blob)
    rules = rules_for(session, release.project)
    media = cast("Media", release.media)
    document = read(data, filename=release.filename, media=media, settings=settings, rules=rules, coded=True)
    session.execute(delete(Segment).where(Segment.release_id == release.id))
    session.execute(delete(Block).where(Block.release_id == release.id))
    number = _write(session, release, document)
    release.after, release.notes = document.after, list(document.notes)
    release.state = states.release_after(release.state, "ingest")
    carry_over(session, release)
    jobs.enqueue(session, "propose", release.id, release.created_by)
    return number


def _write(session: Session, release: Release, document: Document) -> int:
    position = 0
    for place, block in enumerate(document.blocks):
        row = Block(release_id=release.id, position=place, role=block.role, level=block.level)
        row.before, row.text, row.codes = block.before, block.text, [asdict(code) for code in block.codes]
        session.add(row)
        session.flush()
        for segment in block.segments:
            position += 1
            session.add(
                Segment(
                    release_id=release.id,
                    block_id=row.id,
                    position=position,
                    start=segment.start,
                    end=segment.end,
                    source=segment.text,
                    source_key=fingerprint(plain(segment.text)),
                    language=segment.language,
                )
            )
    session.flush()
    return position
