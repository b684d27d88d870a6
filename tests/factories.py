"""Small makers of rows for tests: plain functions with defaults."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import count

from sqlalchemy.orm import Session

from service.desk.people import actor_of
from service.desk.policy import Actor
from service.storage.people import Person
from service.storage.releases import Block, Release, Segment
from tm.store.writing import Counts, add_pairs
from tm.text.normalise import fingerprint
from tm.types import Context, Pair, Provenance, Role

_numbers = count(1)


def operation() -> str:
    """A fresh operation id, as a browser makes one."""
    return str(uuid.uuid4())


def make_person(session: Session, role: str = "translator", name: str | None = None) -> Actor:
    """Somebody with a role, as an actor."""
    number = next(_numbers)
    person = Person(email=f"{role}{number}@passerelle.test", name=name or f"{role} {number}", role=role)
    session.add(person)
    session.flush()
    return actor_of(person)


def make_release(
    session: Session,
    actor: Actor,
    sources: Sequence[str] = ("Le Conseil s’est réuni.", "Il a pris une décision."),
    *,
    state: str = "proposed",
    role: Role = "paragraph",
    title: str = "Réunion du Conseil",
) -> Release:
    """A release with one block for each source, and one segment in each block."""
    release = Release(title=title, state=state, blob="0" * 64, media="txt", created_by=actor.id)
    session.add(release)
    session.flush()
    for position, source in enumerate(sources, 1):
        block = Block(
            release_id=release.id, position=position, role=role, text=source, before="" if position == 1 else "\n\n"
        )
        session.add(block)
        session.flush()
        session.add(
            Segment(
                release_id=release.id,
                block_id=block.id,
                position=position,
                start=0,
                end=len(source),
                source=source,
                source_key=fingerprint(source),
                language="fr",
            )
        )
    session.flush()
    return release


def make_unit(
    session: Session, source: str, target: str, *, origin: str = "approved", document: str = "Essai"
) -> Counts:
    """A unit in the memory, seen once, without context."""
    seen = Provenance(document=document, position=next(_numbers), origin=origin, context=Context())  # type: ignore[arg-type]
    return add_pairs(session, [Pair(source, target, seen)], kind="tmx", label=document, document_key=document)
