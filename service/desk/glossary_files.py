"""Glossaries as files: brought in, all of it or nothing, and handed out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from service.desk.policy import Actor, require
from service.desk.projects import choose
from service.storage import audit, glossary
from service.storage.glossary import GlossaryEntry, values_of
from tm.errors import TooLarge
from tm.exchange import glossaries
from tm.exchange.glossaries import Kind
from tm.store.base import now
from tm.store.units import SHARED
from tm.terms.entry import joined, key_of
from tm.types import Concept

MOST = 20_000  # entries of a file


@dataclass(frozen=True, slots=True)
class Report:
    """What a file brought: its entries, and what became of them. `joined` were several times in the file."""

    entries: int
    added: int
    changed: int
    unchanged: int
    joined: int


def bring_in(session: Session, actor: Actor, filename: str, data: bytes, *, project: str = "") -> Report:
    """Take in a file, for all or for the project with this key; on a refusal nothing is kept.

    An entry that is here already, by a French term and its domain, becomes what the file says; what the file does not
    have stays. Raises InputError PROJECT_UNKNOWN, and what `tm.exchange.glossaries.read` raises, with the place;
    TooLarge TERM_TOO_MANY.
    """
    require(actor, "term.import")
    chosen = choose(session, actor, project)
    number = chosen.number if chosen else None
    read = glossaries.read(filename, data)
    if len(read) > MOST:
        message = f"The file has {len(read):,} entries; at most {MOST:,} are taken in at once."
        raise TooLarge(message, code="TERM_TOO_MANY", todo="Divide it and bring in the parts.")
    concepts = _once(read)
    here = {key: row for row in glossary.entries_of(session, [number], retired=True) for key in key_of(row.concept)}
    done = [_keep(session, actor, concept, here, number) for concept in concepts]
    counts = {name: done.count(name) for name in ("added", "changed", "unchanged")}
    session.flush()
    report = Report(entries=len(read), joined=len(read) - len(concepts), **counts)
    detail = {"entries": report.entries, **counts, "project": number}
    audit.record(session, actor.id, "imported terms", "project" if number else "glossary", str(number or ""), **detail)
    return report


def _once(concepts: Iterable[Concept]) -> list[Concept]:
    """Entries of one French term and domain as one, in the order of the file."""
    found: list[Concept] = []
    places: dict[tuple[str, str], int] = {}
    for concept in concepts:
        place = next((places[key] for key in key_of(concept) if key in places), len(found))
        if place == len(found):
            found.append(concept)
        else:
            found[place] = joined(found[place], concept)
        places |= dict.fromkeys(key_of(found[place]), place)
    return found


def _keep(
    session: Session,
    actor: Actor,
    concept: Concept,
    here: dict[tuple[str, str], GlossaryEntry],
    project: int | None,
) -> str:
    values: dict[str, Any] = values_of(concept) | {"state": "approved" if concept.agreed else "proposed"}
    row = next((here[key] for key in key_of(concept) if key in here), None)
    if row is None:
        session.add(GlossaryEntry(project=project, created_by=actor.id, changed_by=actor.id, **values))
        return "added"
    if all(getattr(row, name) == value for name, value in values.items()):
        return "unchanged"
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.changed_by, row.changed_at = row.version + 1, actor.id, now()
    return "changed"


def hand_out(session: Session, actor: Actor, kind: Kind, *, project: str | None = None) -> bytes:
    """The entries that are in use or proposed as a file: those of a project, with "" what is shared, with None all that
    the actor may see. Raises InputError PROJECT_UNKNOWN."""
    require(actor, "term.export")
    chosen = choose(session, actor, project) if project else None
    scope = chosen.number if chosen else None if project is None else SHARED
    rows = glossary.browse(session, glossary.Wanted(scope=scope))
    return glossaries.write(kind, (row.concept for row in rows))
