"""What enters the memory by alignment and approval: pairs of files, published releases. Exchange files: `imports`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk import knowing
from service.desk.ingest import read
from service.desk.policy import Actor, require
from service.desk.records import facts_of
from service.publish.content import from_canonical
from service.publish.render import pairs as pairs_of
from service.storage import audit
from service.storage.publications import publications_of
from service.storage.releases import Release, get_release
from service.storage.standing import translators
from tm.align import align, pairs
from tm.store.base import now
from tm.store.units import SHARED
from tm.store.writing import Counts, add_pairs
from tm.types import Document, Language, Media, Pair

if TYPE_CHECKING:
    from service.settings import Settings


def learn_release(session: Session, release_id: str) -> Counts:
    """Add the segments of a published release to the memory as approved units, in the scope of its project.

    Safe to repeat.
    """
    release = get_release(session, release_id)
    published = publications_of(session, release.id)
    if not published or release.learned_at is not None or release.state != "published":
        return Counts()
    latest = published[-1]
    who = translators(session, release.id)
    learned = [
        Pair(
            pair.source,
            pair.target,
            replace(pair.seen, document=latest.title_fr, person=who.get(pair.seen.position or 0)),
        )
        for pair in pairs_of(from_canonical(latest.content), facts_of(latest))
    ]
    counts = add_pairs(
        session,
        learned,
        kind="publication",
        label=latest.title_fr,
        document_key=release.id,
        scope=release.project or SHARED,
    )
    release.learned_at = now()
    return counts


def unlearned(session: Session) -> list[str]:
    """Published releases that the memory has not learned from yet."""
    return list(
        session.scalars(
            select(Release.id).where(Release.state == "published", Release.learned_at.is_(None)).order_by(Release.id)
        )
    )


Reader = Callable[..., Document]


def read_trusted(
    data: bytes, *, filename: str, media: Media | None, settings: Settings, expect: Language | None
) -> Document:
    """Read a document in this process: for files that come with the product."""
    from tm.documents.registry import read as read_here

    return read_here(data, filename=filename, media=media, expect=expect)


def add_pair(
    session: Session,
    actor: Actor,
    french: tuple[str, bytes],
    english: tuple[str, bytes],
    *,
    settings: Settings,
    reader: Reader = read,
) -> tuple[Counts, int]:
    """Align a French and an English file (name and bytes) and add the beads; returns counts and the number of beads.

    Raises InputError and its kin: a file that cannot be read, languages swapped, texts that do not belong together.
    """
    require(actor, "memory.import")
    source = reader(french[1], filename=french[0], media=None, settings=settings, expect="fr")
    target = reader(english[1], filename=english[0], media=None, settings=settings, expect="en")
    beads = align(source, target, knowledge=knowing.knowledge(session, settings))
    label = source.title or french[0]
    key = hashlib.sha256(french[1] + b"\0" + english[1]).hexdigest()
    counts = add_pairs(
        session,
        pairs(source, target, beads, document=label),
        kind="pair",
        label=label,
        document_key=key,
        person=actor.name,
    )
    audit.record(session, actor.id, "added pair", "memory", key, **counts.as_dict())
    return counts, len(beads)
