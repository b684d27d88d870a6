"""What people do to the glossary: look through it, add, change, agree, retire. Files: `glossary_files`.

Whoever works on texts may propose an entry; whoever has the second look at texts agrees, and may write at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from service.desk.policy import Actor, may, require
from service.desk.projects import sight_of
from service.errors import WrongState
from service.storage import audit, glossary
from service.storage.glossary import EntryState, GlossaryEntry, Wanted, values_of
from service.storage.projects import get_project
from tm.errors import InputError
from tm.store.base import now
from tm.store.units import SHARED
from tm.terms.entry import checked, key_of
from tm.types import Concept

__all__ = ["Page", "Wanted", "add", "browse", "change", "retire", "see", "take_up"]


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a list, how many it has in all, and the domains that there are."""

    entries: list[GlossaryEntry]
    count: int
    domains: list[str]


def browse(session: Session, actor: Actor, wanted: Wanted, skipped: int = 0, limit: int | None = None) -> Page:
    """Entries that the actor may see, by their first French term; those after the first `skipped`."""
    require(actor, "term.see")
    found = glossary.browse(session, wanted, skipped, limit)
    return Page(found, glossary.count(session, wanted), glossary.domains(session))


def see(session: Session, actor: Actor, entry_id: str) -> GlossaryEntry:
    """One entry. Raises NotFound."""
    require(actor, "term.see")
    entry = glossary.get_entry(session, entry_id)
    if entry.project is not None:
        get_project(session, entry.project, sight_of(actor).person_id)
    return entry


def add(session: Session, actor: Actor, concept: Concept, *, project: int | None = None) -> GlossaryEntry:
    """Add an entry, for all or for a project of the actor's; it is proposed where `concept` is not agreed, or the actor
    may not agree.

    Raises NotFound for the project, WrongState TERM_EXISTS, and what `tm.terms.entry.checked` raises.
    """
    require(actor, "term.propose")
    if project is not None:
        get_project(session, project, sight_of(actor).person_id)
    kept = checked(concept)
    _refuse_twin(session, kept, project)
    state: EntryState = "approved" if kept.agreed and may(actor, "term.edit") else "proposed"
    entry = GlossaryEntry(project=project, state=state, created_by=actor.id, changed_by=actor.id, **values_of(kept))
    session.add(entry)
    session.flush()
    audit.record(session, actor.id, "added term" if state == "approved" else "proposed term", "term", entry.id)
    return entry


def _refuse_twin(session: Session, concept: Concept, project: int | None, own_id: str = "") -> None:
    keys = key_of(concept)
    for name in {text for text, _ in keys}:
        for other in glossary.browse(session, Wanted(text=name, scope=project or SHARED)):
            if other.id != own_id and keys & key_of(other.concept):
                raise WrongState(
                    f"“{other.french[0]}” is in the glossary already{f', in {other.domain}' if other.domain else ''}.",
                    code="TERM_EXISTS",
                    todo="Change that entry, or give this one another domain.",
                )


def change(session: Session, actor: Actor, entry_id: str, concept: Concept, *, seen: int) -> GlossaryEntry:
    """Put other texts in the place of an entry's; `seen` is the version that the actor saw. `concept.agreed` says
    whether it is agreed from now on.

    Raises NotFound, WrongState STALE_TERM when somebody was first, TERM_EXISTS, TERM_RETIRED; InputError UNCHANGED, and
    what `tm.terms.entry.checked` raises.
    """
    require(actor, "term.edit")
    entry = see(session, actor, entry_id)
    if entry.state == "retired":
        raise WrongState("This entry is retired.", code="TERM_RETIRED", todo="Take it up again, then change it.")
    kept = checked(concept)
    _refuse_twin(session, kept, entry.project, entry.id)
    values = values_of(kept) | {"state": "approved" if kept.agreed else "proposed"}
    if all(getattr(entry, name) == value for name, value in values.items()):
        raise InputError("Nothing was changed.", code="UNCHANGED")
    return _write(session, actor, entry, "changed term", values, seen)


def retire(session: Session, actor: Actor, entry_id: str, *, seen: int) -> GlossaryEntry:
    """Take an entry out of use: from now on it is found in no text. Raises NotFound, WrongState."""
    require(actor, "term.edit")
    entry = see(session, actor, entry_id)
    if entry.state == "retired":
        raise WrongState("This entry is retired already.")
    return _write(session, actor, entry, "retired term", {"state": "retired"}, seen)


def take_up(session: Session, actor: Actor, entry_id: str, *, seen: int) -> GlossaryEntry:
    """Bring an entry that was retired or only proposed into use. Raises NotFound, WrongState."""
    require(actor, "term.edit")
    entry = see(session, actor, entry_id)
    if entry.state == "approved":
        raise WrongState("This entry is in use already.")
    _refuse_twin(session, entry.concept, entry.project, entry.id)
    return _write(session, actor, entry, "approved term", {"state": "approved"}, seen)


def _write(
    session: Session, actor: Actor, entry: GlossaryEntry, act: str, values: dict[str, Any], seen: int
) -> GlossaryEntry:
    values = values | {"version": seen + 1, "changed_by": actor.id, "changed_at": now()}
    written = session.execute(
        update(GlossaryEntry)
        .where(GlossaryEntry.id == entry.id, GlossaryEntry.version == seen)
        .values(**values)
        .returning(GlossaryEntry.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(entry)
    if written is None:
        who = entry.changer.name if entry.changer else "Somebody"
        raise WrongState(
            f"{who} has changed this entry meanwhile.",
            code="STALE_TERM",
            todo="What you have written is still here: compare it with the entry as it is now, and save again.",
        )
    audit.record(session, actor.id, act, "term", entry.id, version=entry.version)
    return entry
