"""The concordance: where a phrase stands in the memory."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import memory
from service.errors import status_of
from service.web.fields import choice, line, number, ticked
from service.web.memory_pages import HitList, MemoryPage, Search, said_of
from service.web.rendering import render
from service.web.scopes import project_names
from tm.errors import InputError
from tm.store.answers import Hits
from tm.types import Language

bp = Blueprint("memory", __name__, url_prefix="/memory")
LANGUAGES: dict[str, Language] = {"fr": "fr", "en": "en"}
STATUSES = ("active", "pending", "superseded")


@bp.get("")
@allow("memory.concordance")
def index() -> Response:
    """The form, and what it finds; the same form works without scripts."""
    projects = project_names()
    try:
        found = _found(_asked(), projects)
    except InputError as error:
        nothing = HitList(Search(), Hits((), None), projects)
        response = make_response(render(MemoryPage(nothing.search, nothing, projects, error)))
        response.status_code = status_of(error)
        return response
    return make_response(render(MemoryPage(found.search, found, projects)))


@bp.get("/hits")
@allow("memory.concordance")
def hits() -> str:
    """The same hits alone, for a page that asks while somebody types."""
    return render(_found(_asked(), project_names()))


def _asked() -> Search:
    return Search(
        phrase=line("phrase", memory.LONGEST_PHRASE),
        language=LANGUAGES[choice("language", tuple(LANGUAGES)) or "fr"],
        inflected=ticked("inflected"),
        status=choice("status", STATUSES),
        scope=number("scope"),
        document=line("document"),
        before=number("before"),
    )


def _found(search: Search, projects: dict[int, str]) -> HitList:
    hits = memory.concordance(
        db(),
        actor(),
        house().memory,
        search.phrase,
        search.language,
        inflected=search.inflected,
        statuses=(search.status,) if search.status else None,
        scope=search.scope,
        document=search.document or None,
        before=search.before,
    )
    return HitList(search, hits, projects, said_of(search, hits))
