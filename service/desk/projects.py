"""Projects: who belongs to which, and what somebody may therefore see, of releases and of the memory."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.desk.people import OPERATOR
from service.desk.policy import Actor, may, require
from service.errors import NotFound, WrongState
from service.storage import audit
from service.storage import projects as storage
from service.storage.people import Person, by_email
from service.storage.projects import Member, Project
from service.storage.sight import EVERYTHING, NOTHING_CONFINED, Sight
from tm.errors import InputError
from tm.store.units import SHARED

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Circle:
    """A project with its members, by name. `mine`: the actor is one of them. `managed`: the actor may change them."""

    project: Project
    members: list[Member]
    mine: bool
    managed: bool


def sight_of(actor: Actor | None) -> Sight:
    """Whose eyes a session gets: the actor's, who sees what is shared and what is their projects'; nobody's without an
    actor. Whoever works at the machine itself (`people.operator`) sees everything."""
    if actor is None:
        return NOTHING_CONFINED
    return EVERYTHING if actor.email == OPERATOR else Sight(actor.id)


def scopes_of(session: Session, actor: Actor) -> frozenset[int]:
    """The scopes of the memory that the actor may see: what is shared, and the projects of which they are a member.
    Whoever works at the machine itself (`people.operator`) sees all."""
    mine = select(Member.project).where(Member.person_id == actor.id)
    if actor.email == OPERATOR:
        mine = select(Project.number)
    return frozenset({SHARED, *session.scalars(mine)})


def circles(session: Session, actor: Actor) -> list[Circle]:
    """The actor's projects with their members; for an administrator every project, by name and members alone."""
    require(actor, "project.see")
    found = storage.projects_of(session, _manager(actor))
    members: dict[int, list[Member]] = {project.number: [] for project in found}
    for member in storage.members_of(session, list(members)):
        members[member.project].append(member)
    return [_circle(actor, project, members[project.number]) for project in found]


def _circle(actor: Actor, project: Project, members: list[Member]) -> Circle:
    mine = any(member.person_id == actor.id for member in members)
    return Circle(project, members, mine, may(actor, "project.manage"))


def _manager(actor: Actor) -> str | None:
    """Who looks for a project to see or to change: an administrator finds each, others those of which they are one."""
    return None if "admin" in actor.roles else actor.id


def choices(session: Session, actor: Actor) -> list[Project]:
    """The projects that the actor may bring a release into."""
    return storage.projects_of(session, sight_of(actor).person_id)


def choose(session: Session, actor: Actor, key: str) -> Project | None:
    """The project with this key for a release of the actor's; "" is none. Raises InputError (`PROJECT_UNKNOWN`), with
    the same words for a project that is not there and for one of which the actor is not a member."""
    if not key:
        return None
    project = storage.find_project(session, key, sight_of(actor).person_id)
    if project is None:
        raise InputError("You have no such project.", code="PROJECT_UNKNOWN", todo="Choose one of yours, or none.")
    return project


def add_project(session: Session, actor: Actor, key: str, name: str = "") -> Project:
    """Make a project; an editor who makes one is its first member.

    Raises InputError (`KEY_INVALID`, `NAME_INVALID`) and WrongState (`PROJECT_EXISTS`).
    """
    require(actor, "project.manage")
    if not KEY.fullmatch(key):
        todo = "Use up to 64 small letters, digits and hyphens."
        raise InputError("This cannot be the key of a project.", code="KEY_INVALID", todo=todo)
    project = _insert(session, Project(key=key, name=_checked_name(name or key)))
    audit.record(session, actor.id, "added project", "project", str(project.number))
    if _manager(actor) is not None:
        _join(session, actor, project, actor.id)
    return project


def _insert(session: Session, project: Project) -> Project:
    try:
        with session.begin_nested():
            session.add(project)
            session.flush()
    except IntegrityError:
        raise WrongState("This key is in use.", code="PROJECT_EXISTS", todo="Choose another one.") from None
    return project


def rename_project(session: Session, actor: Actor, number: int, name: str) -> Project:
    """Give a project another name. Raises NotFound where it is not the actor's to change."""
    project = _managed(session, actor, number)
    project.name = _checked_name(name)
    audit.record(session, actor.id, "renamed project", "project", str(number))
    return project


def _checked_name(name: str) -> str:
    text = name.strip()
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        todo = f"A name has 1 to {LONGEST_NAME} characters on one line."
        raise InputError("This cannot be the name of a project.", code="NAME_INVALID", todo=todo)
    return text


def add_member(session: Session, actor: Actor, number: int, email: str) -> Person:
    """Let somebody into a project; who is in it already stays. Raises InputError (`PERSON_UNKNOWN`)."""
    project = _managed(session, actor, number)
    person = by_email(session, email)
    if person is None or person.email == OPERATOR:
        raise InputError("Nobody here has this address.", code="PERSON_UNKNOWN", todo="Check the address.")
    _join(session, actor, project, person.id)
    return person


def _join(session: Session, actor: Actor, project: Project, person_id: str) -> None:
    if session.get(Member, (project.number, person_id)) is None:
        session.add(Member(project=project.number, person_id=person_id))
        session.flush()
        audit.record(session, actor.id, "added member", "project", str(project.number), person=person_id)


def remove_member(session: Session, actor: Actor, number: int, person_id: str) -> None:
    """Take somebody out of a project: from their next request they see nothing of it.

    Raises NotFound for who is no member, and WrongState (`LAST_EDITOR`) when no editor would be left.
    """
    project = _managed(session, actor, number)
    member = session.get(Member, (project.number, person_id))
    if member is None:
        raise NotFound("member")
    if member.person.role == "editor" and not _other_editors(session, project, person_id):
        todo = "Add another editor first."
        raise WrongState("This is the last editor of the project.", code="LAST_EDITOR", todo=todo)
    session.delete(member)
    session.flush()
    audit.record(session, actor.id, "removed member", "project", str(project.number), person=person_id)


def _other_editors(session: Session, project: Project, person_id: str) -> bool:
    people = [member.person for member in storage.members_of(session, [project.number])]
    return any(person.role == "editor" and person.active and person.id != person_id for person in people)


def _managed(session: Session, actor: Actor, number: int) -> Project:
    """The project, locked until the transaction ends, so that two editors cannot remove each other at once."""
    require(actor, "project.manage")
    storage.get_project(session, number, _manager(actor))
    return session.scalars(select(Project).where(Project.number == number).with_for_update()).one()
