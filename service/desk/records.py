"""The record of a publication: who translated and approved each segment and when, what it corrects, in what style it
was made. Canonical JSON under a hash of its own; with the content it is everything that files are made from."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.publish.content import canonical_json, from_canonical
from service.publish.render import VERSION, Facts, file_name
from service.publish.style import HouseStyle
from service.storage.blobs import Blobs
from service.storage.people import Person
from service.storage.proposals import ProposalSet
from service.storage.publications import Publication
from service.storage.releases import Release, Segment

FORMAT = "passerelle-publication-1"


def record_hash(record: str) -> str:
    """SHA-256 over a record, 64 hex characters; the prefix keeps it apart from other kinds of hash."""
    return hashlib.sha256(FORMAT.encode() + b"\0" + record.encode("utf-8")).hexdigest()


def made(
    session: Session, release: Release, publication: Publication, corrected: Publication | None, style: HouseStyle
) -> str:
    """The record of a publication that is about to be written."""
    segments = list(release.segments)
    ids = {who for one in segments for who in (one.translated_by, one.approved_by) if who}
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
    tick = session.scalar(
        select(func.max(ProposalSet.tick)).where(ProposalSet.segment_id.in_([s.id for s in segments]))
    )
    return canonical_json(
        {
            "format": FORMAT,
            "renderer": VERSION,
            "content": publication.content_hash,
            "number": publication.number,
            "published_at": _moment(publication.published_at),
            "source": {"blob": release.blob, "media": release.media, "filename": release.filename},
            "memory": {"tick": tick or 0},
            "style": style.as_dict() | {"logo": publication.logo_blob or ""},
            "corrects": _corrected(corrected, segments),
            "segments": [_segment(one, names) for one in segments],
        }
    )


def _segment(segment: Segment, names: dict[str, str]) -> dict[str, Any]:
    return {
        "number": segment.position,
        "id": segment.id,
        "version": segment.version,
        "origin": segment.origin or "",
        "rate": segment.match_rate,
        "translated_by": names.get(segment.translated_by or "", ""),
        "translated_at": _moment(segment.translated_at),
        "approved_by": names.get(segment.approved_by or "", ""),
        "approved_at": _moment(segment.approved_at),
    }


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="microseconds") if at else ""


def _corrected(corrected: Publication | None, segments: list[Segment]) -> dict[str, Any] | None:
    """What is corrected: the publication, the numbers of the segments that say something else than they did, and how
    many of it are gone."""
    if corrected is None:
        return None
    before = from_canonical(corrected.content)
    left = [(one.fr, one.en) for _, one in before.segments()]
    changed = []
    for one in segments:
        pair = (one.source, one.target)
        if pair in left:
            left.remove(pair)
        else:
            changed.append(one.position)
    return {
        "id": corrected.id,
        "number": corrected.number,
        "content": corrected.content_hash,
        "segments": changed,
        "gone": max(len(left) - len(changed), 0),
    }


def of(publication: Publication) -> dict[str, Any]:
    """The record as data; an empty one for a publication from before there were records."""
    data: dict[str, Any] = json.loads(publication.record) if publication.record else {}
    return data


def facts_of(publication: Publication, blobs: Blobs | None = None) -> Facts:
    """What the files of a publication say of it. `blobs` is where the mark of the house is kept."""
    data = of(publication)
    corrects = data.get("corrects") or {}
    return Facts(
        f"{file_name(publication.title)}-{publication.number}",
        publication.published_at.date().isoformat(),
        publication.content_hash,
        publication.number,
        corrects.get("number", 0),
        tuple(corrects.get("segments", ())),
        HouseStyle.of(data.get("style", {})),
        blobs.get(publication.logo_blob) if blobs and publication.logo_blob else b"",
    )


def renders_alike(publication: Publication) -> bool:
    """Whether the renderers of today are those that made its files."""
    return str(of(publication).get("renderer", "")) == VERSION
