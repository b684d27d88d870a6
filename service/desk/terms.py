"""The glossary at work: which entries count for a text, ready to be found in it."""

from __future__ import annotations

from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.desk import glossary
from service.desk.policy import Actor
from service.desk.projects import sight_of
from service.storage.glossary import GlossaryEntry, entries_of, stamp
from service.storage.releases import Segment, get_segment
from tm.terms import Glossary
from tm.terms.entry import key_of
from tm.types import Concept

MOST = 32  # glossaries that a process keeps ready: what is shared, and with it that of a project
_Kept = dict[int | None, tuple[tuple[int, int], Glossary]]
_ready: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_lock = Lock()


def glossary_for(session: Session, project: int | None) -> Glossary:
    """What is to be written in the texts of a project, or in those of none: what is shared, and what the project has
    of its own, which goes before. Whoever asks may see the project. It is built once for each change of an entry."""
    mark = stamp(session, {None, project})
    kept = _of(session)
    found = kept.get(project)
    if found is not None and found[0] == mark:
        return found[1]
    made = Glossary(_chosen([row.concept for row in entries_of(session, {None, project})]))
    with _lock:
        kept.pop(project, None)
        while len(kept) >= MOST:
            del kept[next(iter(kept))]
        kept[project] = (mark, made)
    return made


def glossary_of(session: Session, segment: Segment) -> Glossary:
    """The same for a segment that somebody sees."""
    return glossary_for(session, segment.release.project)


def add_from(session: Session, actor: Actor, segment_id: str, concept: Concept, *, shared: bool) -> GlossaryEntry:
    """Add or propose an entry from a segment, for the project of its release, or with `shared` for all. Raises NotFound
    for the segment, and what `service.desk.glossary.add` raises."""
    segment = get_segment(session, segment_id, sight_of(actor))
    return glossary.add(session, actor, concept, project=None if shared else segment.release.project)


def _of(session: Session) -> _Kept:
    with _lock:
        return _ready.setdefault(session.get_bind().engine, {})


def _chosen(concepts: list[Concept]) -> list[Concept]:
    """Of entries for the same, the first alone: a project's stand before those that are shared."""
    taken: set[tuple[str, str]] = set()
    found = []
    for concept in concepts:
        if not key_of(concept) & taken:
            found.append(concept)
        taken |= key_of(concept)
    return found
