"""A release out to a colleague or another tool, and back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, request

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import returning
from service.errors import status_of
from service.storage.releases import get_release
from service.web.downloads import attachment
from service.web.fields import upload
from service.web.languages import sentence
from service.web.published_pages import ReturnPage
from service.web.rendering import render
from tm.errors import InputError, PasserelleError
from tm.store.base import new_id

bp = Blueprint("returning", __name__, url_prefix="/releases/<uuid:release_id>/elsewhere")


@bp.get("")
@allow("release.see")
def show(release_id: UUID) -> str:
    """What goes out, and the form for what comes back."""
    return render(ReturnPage(get_release(db(), str(release_id)), new_id()))


@bp.get("/<form>")
@allow("release.return")
def send(release_id: UUID, form: str) -> Response:
    """The release as a file that can be filled in."""
    made = returning.send_out(db(), actor(), str(release_id), form)
    return attachment(made.data, made.filename, made.media_type)


@bp.post("")
@allow("release.return")
def take(release_id: UUID) -> Response:
    """Take a file back, and say what changed, what was refused and why."""
    try:
        name, data = upload("Choose the file that came back.")
        operation = request.form.get("operation", "")[:80] or new_id()
        report = returning.take_in(
            db(), actor(), str(release_id), data, name, operation=operation, settings=house().settings
        )
    except InputError as error:
        return _refused(release_id, error)
    refused = [(place, sentence(why)) for place, why in report.refused]
    changed = sorted(segment.position for segment in report.changed)
    release = get_release(db(), str(release_id))
    page = ReturnPage(release, new_id(), True, changed, report.unchanged, report.comments, refused)
    return make_response(render(page))


def _refused(release_id: UUID, error: PasserelleError) -> Response:
    db().rollback()
    page = ReturnPage(get_release(db(), str(release_id)), new_id(), error=error)
    return make_response(render(page), status_of(error))
