"""Publications and their files; withdrawing, opening and correcting them; and what anybody may read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.auth.guard import actor, allow, db, public
from service.auth.house import house
from service.desk import correcting, policy, publish, records, verifying, withdrawing
from service.errors import NotFound, WrongState, status_of
from service.publish.content import from_canonical
from service.publish.render import page as rendered_page
from service.publish.style import HouseStyle
from service.storage.blobs import Blobs
from service.storage.overview import latest_publications, latest_run
from service.storage.public_pages import (
    PublicPage,
    Withdrawal,
    corrected_among,
    corrected_by,
    correction_of,
    open_page,
    withdrawal_of,
    withdrawn_among,
)
from service.storage.publications import Publication, get_publication
from service.web import words
from service.web.downloads import attachment
from service.web.fields import text, upload
from service.web.published_pages import PublicationFiles, PublicationList, PublicationPage
from service.web.rendering import render
from tm.errors import InputError, PasserelleError
from tm.store.base import now

bp = Blueprint("publications", __name__)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
PUBLIC = ("html", "docx", "pdf", "txt-fr", "txt-en", "json")  # what anybody may have of an open publication


@bp.get("/publications")
@allow("publication.see")
def index() -> str:
    """Everything that was published, the newest first."""
    found = latest_publications(db())
    ids = [one.id for one in found]
    return render(PublicationList(found, withdrawn_among(db(), ids), corrected_among(db(), ids)))


@bp.get("/publications/<uuid:publication_id>")
@allow("publication.see")
def show(publication_id: UUID) -> str:
    """One publication: its hash, who published it, its files."""
    return render(_page(str(publication_id)))


def _page(publication_id: str, **more: Any) -> PublicationPage:
    publication = get_publication(db(), publication_id)
    record, sees = records.of(publication), policy.may(actor(), "release.see")
    return PublicationPage(
        publication,
        _files(publication),
        record.get("segments", []) if sees else [],
        record.get("corrects") or {},
        db().get(Publication, publication.corrects_id) if publication.corrects_id else None,
        corrected_by(db(), publication.id),
        correction_of(db(), publication.id),
        withdrawal_of(db(), publication.id),
        db().get(PublicPage, publication.id),
        **more,
    )


def _files(publication: Publication) -> PublicationFiles:
    run = latest_run(db(), "render", publication.release_id)
    return PublicationFiles(publication, run is not None and run.state in ("queued", "running"))


@bp.get("/publications/<uuid:publication_id>/files")
@allow("publication.see", keeps_alive=False)
def files(publication_id: UUID) -> str:
    """The list of its files, for a page that waits for them."""
    return render(_files(get_publication(db(), str(publication_id))))


def _refused(publication_id: str, error: PasserelleError) -> Response:
    db().rollback()
    return make_response(render(_page(publication_id, error=error)), status_of(error))


def _back(publication_id: UUID) -> Response:
    return make_response(redirect(url_for(".show", publication_id=publication_id), 303))


@bp.get("/publications/<uuid:publication_id>/proof")
@allow("publication.verify")
def prove(publication_id: UUID) -> str:
    """Prove the publication, and say what is wrong."""
    faults = verifying.verify(db(), actor(), str(publication_id), house().settings)
    return render(_page(str(publication_id), proved=True, faults=faults))


@bp.post("/publications/<uuid:publication_id>/withdraw")
@allow("publication.withdraw")
def withdraw(publication_id: UUID) -> Response:
    """Withdraw it, saying why."""
    try:
        withdrawing.withdraw(db(), actor(), str(publication_id), text("reason", 2000))
    except (InputError, WrongState) as error:
        return _refused(str(publication_id), error)
    return _back(publication_id)


@bp.post("/publications/<uuid:publication_id>/open")
@allow("publication.open")
def open_to_all(publication_id: UUID) -> Response:
    """Let anybody read it, from a moment on."""
    try:
        withdrawing.open_to_all(db(), actor(), str(publication_id), _moment("from"))
    except (InputError, WrongState) as error:
        return _refused(str(publication_id), error)
    return _back(publication_id)


def _moment(name: str) -> datetime:
    """A moment in UTC, as browsers write one; now where the field is empty."""
    value = request.form.get(name, "").strip()
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if value else now()
    except ValueError:
        todo = "Write it as 2026-11-27T09:00."
        raise InputError("This is no moment.", code="MOMENT_INVALID", where=name, todo=todo) from None


@bp.post("/publications/<uuid:publication_id>/close")
@allow("publication.open")
def close(publication_id: UUID) -> Response:
    """Let nobody read it any more who is not signed in."""
    withdrawing.close(db(), actor(), str(publication_id))
    return _back(publication_id)


@bp.post("/publications/<uuid:publication_id>/correct")
@allow("publication.correct")
def correct(publication_id: UUID) -> Response:
    """Begin a correction with a new version of the French text."""
    try:
        name, data = upload("Choose the new French text.")
        release = correcting.correct(
            db(), actor(), str(publication_id), data, filename=name, media=None, settings=house().settings
        )
    except (InputError, WrongState) as error:
        return _refused(str(publication_id), error)
    return make_response(redirect(url_for("releases.show", release_id=release.id), 303))


@bp.get("/publications/<uuid:publication_id>/files/<form>")
@allow("publication.download")
def download(publication_id: UUID, form: str) -> Response:
    """One of its files, byte for byte."""
    publication = get_publication(db(), str(publication_id))
    made = publish.download(db(), actor(), publication, form, settings=house().settings)
    return attachment(made.data, made.filename, made.media_type)


@bp.get("/p/<slug>")
@public()
def read(slug: str) -> Response:
    """A publication that is open to all: the page itself, with what has become of it since."""
    with _opened(slug) as (session, publication):
        gone = withdrawal_of(session, publication.id)
        content = from_canonical(publication.content)
        facts = records.facts_of(publication, Blobs(house().settings.blob_folder))
        notice = _notice(corrected_by(session, publication.id), gone)
    if gone is not None:
        content = replace(content, blocks=())
    links = [] if gone else [(words.FORMATS[name], url_for(".public_file", slug=slug, form=name)) for name in PUBLIC]
    made = make_response(rendered_page(content, facts, notice=notice, files=links))
    made.headers["Content-Security-Policy"] = POLICY
    if gone is not None:
        made.status_code = 410
    return made


def _notice(later: Publication | None, gone: Withdrawal | None) -> list[tuple[str, str]]:
    """What has become of a publication since, in both languages."""
    if gone is not None:
        day, style = gone.at.date(), HouseStyle()
        return [
            ("fr", f"Cette publication a été retirée le {style.written(day, 'fr')}."),
            ("en", f"This publication was withdrawn on {style.written(day, 'en')}."),
            ("", gone.reason),
        ]
    if later is None:
        return []
    return [
        ("fr", f"Cette publication a été corrigée par la publication {later.number}."),
        ("en", f"This publication was corrected by publication {later.number}."),
    ]


@bp.get("/p/<slug>/<form>")
@public()
def public_file(slug: str, form: str) -> Response:
    """A file of a publication that is open to all."""
    with _opened(slug) as (session, publication):
        if form not in PUBLIC or withdrawal_of(session, publication.id):
            raise NotFound("file")
        made = publish.file_of(session, publication, form, house().settings)
    return attachment(made.data, made.filename, made.media_type)


@contextmanager
def _opened(slug: str) -> Iterator[tuple[Any, Publication]]:
    """The publication under an address that is open to all: the address is the key, whoever asks. Raises NotFound."""
    with house().sessions.read() as session:
        publication = open_page(session, slug[:64])
        if publication is None:
            raise NotFound("publication")
        yield session, publication
