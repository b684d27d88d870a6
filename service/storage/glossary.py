"""Entries of the glossary, shared by all or kept by a project; and the questions asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    SQLColumnExpression,
    String,
    Text,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.errors import NotFound
from service.storage.people import Person
from service.storage.projects import closed_to, open_to
from service.storage.sight import Confined
from tm.store.base import Base, Id, new_id, now
from tm.terms.words import bare
from tm.text.normalise import folded
from tm.types import Concept, Term

EntryState = Literal["approved", "proposed", "retired"]
STATES: tuple[EntryState, ...] = ("approved", "proposed", "retired")


class GlossaryEntry(Confined, Base):
    """A concept with its terms; `project` NULL: shared by all. `version` counts its changes, from 1.

    `english` are `{"text", "status"}` in the order of `tm.terms.entry.checked`. `name`, the first French term without
    its accents, sorts, `words` is looked through: both follow from the rest. A retired entry is found in no text any
    more, and stays.
    """

    __tablename__ = "glossary_entry"
    __table_args__ = (
        CheckConstraint("state IN ('approved', 'proposed', 'retired')", name="state"),
        Index("ix_glossary_entry_project", "project", "state"),
        Index("ix_glossary_entry_name", "name", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project: Mapped[int | None] = mapped_column(ForeignKey("project.number"))
    french: Mapped[list[Any]]
    english: Mapped[list[Any]] = mapped_column(default=list)
    domain: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default="approved")
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now)
    creator: Mapped[Person | None] = relationship(foreign_keys=[created_by])
    changer: Mapped[Person | None] = relationship(foreign_keys=[changed_by])

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """By everybody where it is shared, else by the members of its project."""
        return open_to(cls.project, person_id)

    @property
    def concept(self) -> Concept:
        """The entry as the engine knows it."""
        english = tuple(Term(term["text"], term["status"]) for term in self.english)
        return Concept(tuple(self.french), english, self.domain, self.note, self.state == "approved", self.id)


ENTRY = GlossaryEntry.__table__.alias("its_entry")


def hidden_entry(entry_id: SQLColumnExpression[str], person_id: str) -> ColumnElement[bool]:
    """Whether this is the id of an entry of a project of which the person is not a member."""
    closed = closed_to(ENTRY.c.project, person_id)
    return exists().where(ENTRY.c.id == entry_id, closed).correlate_except(ENTRY)


def values_of(concept: Concept) -> dict[str, Any]:
    """A concept, as `tm.terms.entry.checked` gives it, as the columns of its row."""
    texts = [*concept.french, *(term.text for term in concept.english), concept.note]
    return {
        "french": list(concept.french),
        "english": [{"text": term.text, "status": term.status} for term in concept.english],
        "domain": concept.domain,
        "note": concept.note,
        "name": bare(folded(concept.french[0])),
        "words": folded("\n".join(texts)),
    }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed down to. `scope`: 0 is what is shared, other numbers are projects, None is all; without
    a state, what is not retired."""

    text: str = ""
    domain: str | None = None
    state: EntryState | None = None
    scope: int | None = None


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(GlossaryEntry.state == wanted.state if wanted.state else GlossaryEntry.state != "retired")
    if wanted.text.strip():
        query = query.where(GlossaryEntry.words.contains(folded(wanted.text), autoescape=True))
    if wanted.domain is not None:
        query = query.where(GlossaryEntry.domain == wanted.domain)
    if wanted.scope is not None:
        query = query.where(GlossaryEntry.project == wanted.scope if wanted.scope else GlossaryEntry.project.is_(None))
    return query


def browse(session: Session, wanted: Wanted, skipped: int = 0, limit: int | None = None) -> list[GlossaryEntry]:
    """Entries by their first French term."""
    query = _narrowed(select(GlossaryEntry), wanted).options(joinedload(GlossaryEntry.changer))
    return list(session.scalars(query.order_by(GlossaryEntry.name, GlossaryEntry.id).offset(skipped).limit(limit)))


def count(session: Session, wanted: Wanted) -> int:
    """How many entries `browse` has in all."""
    return session.scalar(_narrowed(select(func.count()).select_from(GlossaryEntry), wanted)) or 0


def domains(session: Session) -> list[str]:
    """The domains that entries have, by name."""
    found = session.scalars(select(GlossaryEntry.domain).where(GlossaryEntry.state != "retired").distinct())
    return sorted((domain for domain in found if domain), key=str.casefold)


def get_entry(session: Session, entry_id: str) -> GlossaryEntry:
    """The entry as it stands now. Raises NotFound."""
    query = select(GlossaryEntry).where(GlossaryEntry.id == entry_id).execution_options(populate_existing=True)
    entry = session.scalar(query)
    if entry is None:
        raise NotFound("entry of the glossary")
    return entry


def _of(projects: Iterable[int | None]) -> ColumnElement[bool]:
    conditions = [GlossaryEntry.project.is_(None) if one is None else GlossaryEntry.project == one for one in projects]
    return or_(*conditions)


def entries_of(session: Session, projects: Iterable[int | None], *, retired: bool = False) -> list[GlossaryEntry]:
    """All entries of some projects (None: what is shared), those of projects first; retired ones where they are asked
    for."""
    query = select(GlossaryEntry).where(_of(projects))
    if not retired:
        query = query.where(GlossaryEntry.state != "retired")
    return list(session.scalars(query.order_by(GlossaryEntry.project.is_(None), GlossaryEntry.name, GlossaryEntry.id)))


def stamp(session: Session, projects: Iterable[int | None]) -> tuple[int, int]:
    """Two numbers of which one grows with every change to the entries of some projects: no entry is ever removed."""
    query = select(func.count(), func.coalesce(func.sum(GlossaryEntry.version), 0)).where(_of(projects))
    entries, changes = session.execute(query.select_from(GlossaryEntry)).one()
    return entries, changes
