"""What a session may see. A door opens a session for somebody; from then on every question that is asked through it
leaves out what is not theirs, because the limit is part of the query, whoever wrote it and wherever.

A table whose rows belong to a project is `Confined` and says itself, in SQL, who sees a row. `see_as` gives a session
its `Sight`; workers have none and see everything. A verb that is told who acts asks for its release with that sight
(`get_release(session, id, sight)`), so that it holds in a session without one, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, with_loader_criteria

KEY = "sight"


class Confined:
    """A table whose rows not everybody may see; mixed into its class."""

    @classmethod
    def seen_by(cls, person_id: str) -> ColumnElement[bool]:
        """The condition under which a person sees a row. A table that does not say it is seen by nobody."""
        return false()


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose eyes: those of a person, who sees what is shared and what is their projects'; None sees everything."""

    person_id: str | None

    def limits(self) -> tuple[LoaderCriteriaOption, ...]:
        """Options for a statement: each confined table in it, joins and subqueries too, is limited to what is seen."""
        return () if self.person_id is None else _limits(self.person_id)


@lru_cache(maxsize=256)  # they take longer to build than a page has
def _limits(person_id: str) -> tuple[LoaderCriteriaOption, ...]:
    return tuple(
        with_loader_criteria(table, table.seen_by(person_id), include_aliases=True, propagate_to_loaders=False)
        for table in Confined.__subclasses__()
    )


EVERYTHING = Sight(None)
NOTHING_CONFINED = Sight("")  # nobody is signed in


def see_as(session: Session, sight: Sight) -> None:
    """From now on, the session sees with these eyes."""
    session.info[KEY] = sight.limits()


def limit(asked: ORMExecuteState) -> None:
    """Put the session's limits into a statement; listens to `do_orm_execute` of every session of a door.

    A row that was seen may be read again (`refresh`) until its transaction ends.
    """
    limits = asked.session.info.get(KEY)
    if limits and not asked.is_insert and not asked.is_column_load:
        asked.statement = asked.statement.options(*limits)
