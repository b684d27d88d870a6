"""Publications and their files."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import publish
from service.storage.overview import latest_publications
from service.storage.publications import get_publication
from service.web.downloads import attachment
from service.web.pages import PublicationList, PublicationPage
from service.web.rendering import render

bp = Blueprint("publications", __name__, url_prefix="/publications")


@bp.get("")
@allow("publication.see")
def index() -> str:
    """Everything that was published, the newest first."""
    return render(PublicationList(latest_publications(db())))


@bp.get("/<uuid:publication_id>")
@allow("publication.see")
def show(publication_id: UUID) -> str:
    """One publication: its hash, who published it, its files."""
    return render(PublicationPage(get_publication(db(), str(publication_id))))


@bp.get("/<uuid:publication_id>/files/<form>")
@allow("publication.download")
def download(publication_id: UUID, form: str) -> Response:
    """One of its files, byte for byte."""
    publication = get_publication(db(), str(publication_id))
    made = publish.download(db(), actor(), publication, form, settings=house().settings)
    return attachment(made.data, made.filename, made.media_type)
