"""Sources of pairs: what is watched, what the last visits found, and the pages with what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import projects, watching
from service.desk.watching import Known
from service.errors import WrongState, status_of
from service.storage.projects import Project
from service.storage.sources import KINDS, Source, SourcePage, SourceVisit
from service.web import source_words
from service.web.fields import choice, line, number, text
from service.web.pages import View
from service.web.rendering import render
from tm.errors import InputError, PasserelleError

bp = Blueprint("sources", __name__, url_prefix="/sources")


@dataclass(frozen=True)
class SourcesPage(View):
    """All sources, each with its last visit; with the form for a new one, and what was wrong with it."""

    template = "pages/sources.html"
    sources: list[Known]
    projects: list[Project]
    folders: bool
    nightly: str
    error: PasserelleError | None = None
    typed: dict[str, str] = field(default_factory=dict)
    told: ModuleType = source_words


@dataclass(frozen=True)
class SourceOne(View):
    """One source: its visits, its pairs, and the pages that have none."""

    template = "pages/source.html"
    source: Source
    live: bool
    visits: list[SourceVisit]
    pairs: list[tuple[SourcePage, SourcePage]]
    others: list[SourcePage]
    error: PasserelleError | None = None
    typed: dict[str, str] = field(default_factory=dict)
    told: ModuleType = source_words


@bp.get("")
@allow("source.see")
def index() -> str:
    """All sources."""
    return _list()


@bp.post("")
@allow("source.manage")
def add() -> Response:
    """Watch a new source."""
    try:
        source = watching.add(
            db(),
            actor(),
            kind=choice("kind", KINDS),
            name=line("name", watching.LONGEST_NAME),
            address=text("address", watching.LONGEST_ADDRESS),
            hours=number("hours") or 24,
            project=line("project", 64),
            settings=house().settings,
        )
    except (InputError, WrongState) as error:
        db().rollback()
        typed = {name: request.form.get(name, "")[:20_000] for name in ("kind", "name", "address", "hours", "project")}
        response = make_response(_list(error, typed))
        response.status_code = status_of(error)
        return response
    return _to(source.id)


@bp.get("/<uuid:source_id>")
@allow("source.see")
def show(source_id: UUID) -> str:
    """One source with its pages."""
    return _one(str(source_id))


@bp.post("/<uuid:source_id>")
@allow("source.manage")
def edit(source_id: UUID) -> Response:
    """Change the name, address or interval of a source."""
    try:
        watching.edit(
            db(),
            actor(),
            str(source_id),
            name=line("name", watching.LONGEST_NAME),
            address=text("address", watching.LONGEST_ADDRESS),
            hours=number("hours") or 0,
            settings=house().settings,
        )
    except (InputError, WrongState) as error:
        db().rollback()
        typed = {name: request.form.get(name, "")[:20_000] for name in ("name", "address", "hours")}
        response = make_response(_one(str(source_id), error, typed))
        response.status_code = status_of(error)
        return response
    return _to(str(source_id))


@bp.post("/<uuid:source_id>/visit")
@allow("source.start")
def start(source_id: UUID) -> Response:
    """Visit a source now."""
    watching.start(db(), actor(), str(source_id))
    return _to(str(source_id))


@bp.post("/<uuid:source_id>/active")
@allow("source.manage")
def set_active(source_id: UUID) -> Response:
    """Let a source rest, or watch it again."""
    watching.set_active(db(), actor(), str(source_id), request.form.get("active") == "1")
    return _to(str(source_id))


@bp.post("/<uuid:source_id>/remove")
@allow("source.manage")
def remove(source_id: UUID) -> Response:
    """Forget a source."""
    watching.remove(db(), actor(), str(source_id))
    return make_response(redirect(url_for(".index"), 303))


def _list(error: PasserelleError | None = None, typed: dict[str, str] | None = None) -> str:
    settings = house().settings
    return render(
        SourcesPage(
            watching.known(db(), actor()),
            projects.choices(db(), actor()),
            bool(settings.sources_folder),
            settings.refresh_at,
            error,
            typed or {},
        )
    )


def _one(source_id: str, error: PasserelleError | None = None, typed: dict[str, str] | None = None) -> str:
    found = watching.about(db(), actor(), source_id)
    return render(SourceOne(found.source, found.live, found.visits, found.pairs, found.others, error, typed or {}))


def _to(source_id: str) -> Response:
    return make_response(redirect(url_for(".show", source_id=source_id), 303))
