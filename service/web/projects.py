"""Projects: who sees what, and who is let in."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.auth.guard import actor, allow, db
from service.desk import projects
from service.desk.projects import Circle
from service.errors import WrongState, status_of
from service.web.fields import line
from service.web.pages import View
from service.web.rendering import render
from tm.errors import InputError, PasserelleError

bp = Blueprint("projects", __name__, url_prefix="/projects")


@dataclass(frozen=True)
class ProjectsPage(View):
    """Projects with their members. `error` belongs to the forms of project `at`, or to that for a new one (0)."""

    template = "pages/projects.html"
    circles: list[Circle]
    at: int = 0
    error: PasserelleError | None = None
    typed: dict[str, str] = field(default_factory=dict)


@bp.get("")
@allow("project.see")
def index() -> str:
    """One's own projects, or all of them for an administrator."""
    return render(ProjectsPage(projects.circles(db(), actor())))


@bp.post("")
@allow("project.manage")
def add() -> Response:
    """Make a project."""
    try:
        projects.add_project(db(), actor(), line("key", 64), line("name"))
    except (InputError, WrongState) as error:
        return _refused(error, 0)
    return _back()


@bp.post("/<int:number>/name")
@allow("project.manage")
def rename(number: int) -> Response:
    """Give a project another name."""
    try:
        projects.rename_project(db(), actor(), number, line("name"))
    except InputError as error:
        return _refused(error, number)
    return _back()


@bp.post("/<int:number>/members")
@allow("project.manage")
def add_member(number: int) -> Response:
    """Let somebody in."""
    try:
        projects.add_member(db(), actor(), number, line("email", 254))
    except InputError as error:
        return _refused(error, number)
    return _back()


@bp.post("/<int:number>/members/<uuid:person_id>/remove")
@allow("project.manage")
def remove_member(number: int, person_id: UUID) -> Response:
    """Take somebody out."""
    try:
        projects.remove_member(db(), actor(), number, str(person_id))
    except WrongState as error:
        return _refused(error, number)
    return _back()


def _back() -> Response:
    return make_response(redirect(url_for(".index"), 303))


def _refused(error: PasserelleError, at: int) -> Response:
    """The page again, with what was typed, and the refusal beside the form."""
    db().rollback()
    typed = {name: request.form.get(name, "")[:300] for name in ("key", "name", "email")}
    response = make_response(render(ProjectsPage(projects.circles(db(), actor()), at, error, typed)))
    response.status_code = status_of(error)
    return response
