"""People, and what they did."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import people
from service.errors import WrongState, status_of
from service.storage import audit
from service.storage.people import everybody
from service.web.fields import line
from service.web.pages import AuditPage, PeoplePage
from service.web.rendering import render
from tm.errors import InputError

bp = Blueprint("people", __name__)


@bp.get("/people")
@allow("people.see")
def index() -> str:
    """Everybody, with the form to add somebody."""
    return render(PeoplePage(everybody(db())))


@bp.post("/people")
@allow("people.manage")
def add() -> Response:
    """Add somebody, and show their password this once."""
    try:
        email, name, role = line("email", 254), line("name", 120), line("role", 16)
        person, password = people.add_person(db(), actor(), email, role, settings=house().settings, name=name)
    except (InputError, WrongState) as error:
        db().rollback()
        typed = {name: request.form.get(name, "")[:300] for name in ("email", "name", "role")}
        response = make_response(render(PeoplePage(everybody(db()), typed, error)))
        response.status_code = status_of(error)
        return response
    return make_response(render(PeoplePage(everybody(db()), added=person, password=password)))


@bp.post("/people/<uuid:person_id>/role")
@allow("people.manage")
def set_role(person_id: UUID) -> Response:
    """Give somebody another role."""
    people.set_role(db(), actor(), str(person_id), line("role", 16))
    return make_response(redirect(url_for(".index"), 303))


@bp.post("/people/<uuid:person_id>/active")
@allow("people.manage")
def set_active(person_id: UUID) -> Response:
    """Put somebody to rest, or let them in again."""
    people.set_active(db(), actor(), str(person_id), request.form.get("active") == "1")
    return make_response(redirect(url_for(".index"), 303))


@bp.get("/audit")
@allow("audit.see")
def trail() -> str:
    """Who did what: one's own acts, or everybody's for an administrator."""
    everybodys = "admin" in actor().roles
    return render(AuditPage(audit.latest(db(), None if everybodys else actor().id), not everybodys))
