"""Projects: who belongs to which, and what of the memory somebody may therefore see."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk.people import OPERATOR
from service.desk.policy import Actor
from service.storage.projects import Member, Project
from tm.store.units import SHARED


def scopes_of(session: Session, actor: Actor) -> frozenset[int]:
    """The scopes of the memory that the actor may see: what is shared, and the projects of which they are a member.
    Whoever works at the machine itself (`people.operator`) sees all."""
    mine = select(Member.project).where(Member.person_id == actor.id)
    if actor.email == OPERATOR:
        mine = select(Project.number)
    return frozenset({SHARED, *session.scalars(mine)})
