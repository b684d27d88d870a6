"""The glossary: looked through, written, brought in and handed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, redirect, url_for

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import glossary, glossary_files, terms
from service.desk.glossary import Wanted
from service.desk.projects import choose
from service.errors import NotFound, WrongState, status_of
from service.storage import audit
from service.storage.glossary import STATES, EntryState, GlossaryEntry
from service.web import errors, fields
from service.web.bodies import TermBody, body
from service.web.downloads import attachment
from service.web.fields import choice, line, text, ticked, upload
from service.web.pages import View
from service.web.rendering import render
from service.web.scopes import own_projects, project_names
from service.web.term_pages import NewTerm, TermImport, TermList, TermPage, TypedEntry
from tm.errors import InputError, PasserelleError
from tm.exchange.glossaries import TYPES, Kind
from tm.exchange.termtable import COLUMNS
from tm.types import Concept, Term, TermStatus

bp = Blueprint("terms", __name__, url_prefix="/terms")
PAGE = 100  # entries on one page
LONGEST = 10_000  # characters of a field with terms in lines
RANKS: tuple[TermStatus, ...] = ("preferred", "allowed", "forbidden")


@bp.get("")
@allow("term.see")
def index() -> Response:
    """Entries by their French, narrowed down by the fields of the form."""
    try:
        return make_response(render(_list(_wanted(), fields.number("skip") or 0)))
    except InputError as error:
        return _refused(_list(Wanted(), 0, error), error)


def _wanted() -> Wanted:
    return Wanted(
        text=line("text", 200),
        domain=line("domain", 100) or None,
        state=cast("EntryState | None", choice("state", STATES) or None),
        scope=fields.number("scope"),
    )


def _list(wanted: Wanted, skipped: int, error: PasserelleError | None = None) -> TermList:
    found = glossary.browse(db(), actor(), wanted, skipped, PAGE)
    further = skipped + PAGE if skipped + len(found.entries) < found.count else None
    values = {"text": wanted.text or None, "domain": wanted.domain, "state": wanted.state, "scope": wanted.scope}
    address = {name: value for name, value in values.items() if value is not None}
    return TermList(wanted, found, further, address, project_names(), error)


def _refused(page: View, error: PasserelleError) -> Response:
    if errors.wants_json():
        return errors.of_ours(error)
    response = make_response(render(page))
    response.status_code = status_of(error)
    return response


@bp.get("/new")
@allow("term.propose")
def new() -> str:
    """The form for a new entry."""
    return render(_form(TypedEntry(french=line("french"), preferred=line("english"))))


def _form(typed: TypedEntry, error: PasserelleError | None = None) -> NewTerm:
    return NewTerm(typed, _domains(), own_projects(), error)


def _domains() -> list[str]:
    return glossary.browse(db(), actor(), Wanted(), limit=0).domains


@bp.post("")
@allow("term.propose")
def add() -> Response:
    """Add an entry, or propose it."""
    typed = TypedEntry()
    try:
        typed = _typed()
        project = choose(db(), actor(), typed.project)
        entry = glossary.add(db(), actor(), _concept(typed), project=project.number if project else None)
    except (InputError, WrongState) as error:
        db().rollback()
        return _refused(_form(typed, error), error)
    return _go(entry)


def _typed() -> TypedEntry:
    names = ("french", *RANKS)
    lines = {name: text(name, LONGEST) for name in names}
    return TypedEntry(
        **lines,
        domain=line("domain"),
        note=text("note", LONGEST),
        agreed=ticked("agreed"),
        project=line("project", 64),
    )


def _concept(typed: TypedEntry) -> Concept:
    english = tuple(Term(one, rank) for rank in RANKS for one in getattr(typed, rank).splitlines() if one.strip())
    return Concept(tuple(typed.french.splitlines()), english, typed.domain, typed.note, typed.agreed)


@bp.post("/from/<uuid:segment_id>")
@allow("term.propose")
def add_from(segment_id: UUID) -> Response:
    """Add an entry, or propose it, from the words of a segment: for the editor."""
    sent = body(TermBody)
    entry = terms.add_from(db(), actor(), str(segment_id), sent.concept(), shared=sent.scope == "all")
    told = "is in the glossary now" if entry.state == "approved" else "is proposed for the glossary"
    return jsonify({"id": entry.id, "state": entry.state, "said": f"“{entry.french[0]}” {told}."})


@bp.get("/<uuid:entry_id>")
@allow("term.see")
def show(entry_id: UUID) -> str:
    """One entry."""
    return render(_page(str(entry_id)))


def _page(
    entry_id: str, typed: TypedEntry | None = None, seen: int | None = None, error: PasserelleError | None = None
) -> TermPage:
    entry = glossary.see(db(), actor(), entry_id)
    project = project_names().get(entry.project, "") if entry.project else ""
    history = audit.about(db(), "term", entry.id)
    shown = typed or TypedEntry.of(entry)
    return TermPage(entry, shown, entry.version if seen is None else seen, _domains(), project, history, error)


@bp.post("/<uuid:entry_id>/edit")
@allow("term.edit")
def edit(entry_id: UUID) -> Response:
    """Change it, with the version that the form saw; a refusal comes back with everything that was typed."""
    typed = None
    try:
        typed = _typed()
        entry = glossary.change(db(), actor(), str(entry_id), _concept(typed), seen=_seen())
    except (InputError, WrongState) as error:
        db().rollback()
        return _refused(_page(str(entry_id), typed, error=error), error)
    return _go(entry)


def _seen() -> int:
    return fields.number("seen") or 0


@bp.post("/<uuid:entry_id>/retire")
@allow("term.edit")
def retire(entry_id: UUID) -> Response:
    """Take it out of use."""
    return _turned(str(entry_id), glossary.retire)


@bp.post("/<uuid:entry_id>/take-up")
@allow("term.edit")
def take_up(entry_id: UUID) -> Response:
    """Bring it into use: agree to what was proposed, or bring back what was retired."""
    return _turned(str(entry_id), glossary.take_up)


def _turned(entry_id: str, turn: Callable[..., GlossaryEntry]) -> Response:
    try:
        return _go(turn(db(), actor(), entry_id, seen=_seen()))
    except (InputError, WrongState) as error:
        db().rollback()
        return _refused(_page(entry_id, error=error), error)


def _go(entry: GlossaryEntry) -> Response:
    return make_response(redirect(url_for(".show", entry_id=entry.id), 303))


@bp.get("/import")
@allow("term.import")
def import_form() -> str:
    """The form for a file."""
    return render(_import())


def _import(**said: object) -> TermImport:
    return TermImport(own_projects(), house().settings.upload_limit_mb, columns=COLUMNS, **said)  # type: ignore[arg-type]


@bp.post("/import")
@allow("term.import")
def bring_in() -> Response:
    """Take in a file, all of it or nothing, and say what became of it."""
    name = ""
    try:
        name, data = upload("Choose a .tbx or .csv file.")
        report = glossary_files.bring_in(db(), actor(), name, data, project=line("project", 64))
    except (InputError, NotFound) as error:
        db().rollback()
        return _refused(_import(filename=name, error=error), error)
    return make_response(render(_import(filename=name, report=report)))


@bp.get("/glossary.<any(tbx, csv):kind>")
@allow("term.export")
def hand_out(kind: Kind) -> Response:
    """All that the caller may see, as a file."""
    return attachment(glossary_files.hand_out(db(), actor(), kind), f"glossary.{kind}", TYPES[kind])
