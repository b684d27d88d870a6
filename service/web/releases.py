"""Releases: the list, a new one, and all about one of them."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import alignments, assigning, ingest, policy, projects, publish, review
from service.errors import AlreadyHere, NotReady, status_of
from service.storage import overview
from service.storage.blobs import Blobs
from service.storage.publications import Evaluation, publications_of
from service.storage.releases import Release, get_release
from service.storage.runs import runs_about
from service.storage.standing import counts_by_state, newest_first, waiting
from service.storage.work import Waiting, failed_of, waiting_for
from service.web import errors, words
from service.web.downloads import attachment
from service.web.fields import day, line
from service.web.languages import say, sentence
from service.web.pages import NewRelease, Progress, ReleaseLine, ReleaseList, ReleasePage, ReleaseStatus
from service.web.rendering import render
from tm.errors import InputError, PasserelleError, TooLarge

Media = Literal["txt", "html", "md"]
MEDIA: dict[str, Media] = {"txt": "txt", "html": "html", "md": "md"}
bp = Blueprint("releases", __name__, url_prefix="/releases")


@bp.get("")
@allow("release.list")
def index() -> str:
    """All releases with their state and progress, and what waits for the reader."""
    sees = policy.may(actor(), "alignment.see")
    doubtful = alignments.waiting_beads(db(), actor()) if sees else 0
    return render(ReleaseList(_lines(newest_first(db())), _waiting(), doubtful, failed_of(db(), actor().id)))


def _waiting() -> list[Waiting]:
    if not policy.may(actor(), "release.see"):
        return []
    reviews, publishes = (policy.may(actor(), action) for action in ("segment.approve", "release.publish"))
    return waiting_for(db(), actor().id, reviews=reviews, publishes=publishes)


@bp.get("/<uuid:release_id>/line", endpoint="line")
@allow("release.list", keeps_alive=False)
def one_line(release_id: UUID) -> str:
    """One line of the list, for a page that keeps itself up to date."""
    return render(_lines([get_release(db(), str(release_id))])[0])


def _lines(releases: list[Release]) -> list[ReleaseLine]:
    ids = [release.id for release in releases]
    counts, live = counts_by_state(db(), ids), overview.live_subjects(db(), ids)
    return [ReleaseLine(release, Progress(counts[release.id]), release.id in live) for release in releases]


@bp.get("/new")
@allow("release.add")
def new() -> str:
    """The form for a new release."""
    return render(NewRelease(house().settings.upload_limit_mb, projects.choices(db(), actor())))


@bp.post("")
@allow("release.add")
def add() -> Response:
    """Take in a file or a paste. A refusal comes back with the form, and with everything that was typed."""
    try:
        release = _taken_in()
    except (InputError, AlreadyHere) as error:
        db().rollback()
        return _refused(error)
    except RequestEntityTooLarge:
        return _refused(TooLarge("This is larger than is allowed here."))
    location = url_for(".show", release_id=release.id)
    return jsonify({"location": location}) if errors.wants_json() else _go(location)


def _taken_in() -> Release:
    settings, project = house().settings, line("project", 64)
    if url := line("url", 2000):
        return ingest.submit_address(db(), actor(), url, settings=settings, project=project)
    data, filename, media = _handed_in()
    again = "again" in request.form
    return ingest.submit(
        db(), actor(), data, filename=filename, media=media, settings=settings, again=again, project=project
    )


def _handed_in() -> tuple[bytes, str, Media | None]:
    file, said = request.files.get("file"), request.form.get("media", "")
    if said not in ("", *MEDIA):
        raise InputError("There is no such kind of text.", code="TYPE_UNKNOWN", where="media")
    media = MEDIA.get(said)
    if file is not None and file.filename:
        return file.read(), file.filename, media
    # browsers send a paste with CRLF whatever was pasted
    text = request.form.get("text", "").replace("\r\n", "\n")
    return text.encode("utf-8", "surrogatepass"), "", media


def _refused(error: PasserelleError) -> Response:
    if errors.wants_json():
        return errors.of_ours(error)
    text, media = request.form.get("text", ""), request.form.get("media", "")
    here = error.release_id if isinstance(error, AlreadyHere) else ""
    page = NewRelease(
        house().settings.upload_limit_mb,
        projects.choices(db(), actor()),
        project=request.form.get("project", ""),
        text=text,
        media=media,
        url=request.form.get("url", ""),
        error=error,
        here_already=here,
    )
    response = make_response(render(page))
    response.status_code = status_of(error)
    return response


def _go(location: str) -> Response:
    return make_response(redirect(location, 303))


@bp.get("/<uuid:release_id>")
@allow("release.see")
def show(release_id: UUID) -> str:
    """All about one release."""
    return render(_page(get_release(db(), str(release_id))))


@bp.get("/<uuid:release_id>/status")
@allow("release.progress", keeps_alive=False)
def status(release_id: UUID) -> str:
    """The part of the page that changes by itself."""
    return render(_status(get_release(db(), str(release_id))))


def _page(release: Release, said: str = "", left: list[tuple[int, str]] | None = None, **refused: Any) -> ReleasePage:
    evaluation = db().get(Evaluation, release.id)
    people = assigning.candidates(db(), release) if policy.may(actor(), "release.assign") else ([], [])
    published = publications_of(db(), release.id)
    return ReleasePage(_status(release), evaluation, published, *people, said, left or [], **refused)


def _status(release: Release) -> ReleaseStatus:
    runs = runs_about(db(), release.id)
    return ReleaseStatus(
        release=release,
        progress=Progress(counts_by_state(db(), [release.id])[release.id]),
        bands=_bands(overview.pulse(db(), release.id)),
        runs=runs,
        live=any(run.state in ("queued", "running") for run in runs),
        waiting=[segment.position for segment in waiting(db(), release.id)],
    )


def _bands(pulses: list[overview.Pulse]) -> list[tuple[str, str, int]]:
    """`(name, class, segments)` of each band of best proposals that occurs."""
    names = {"b101": "101–102", "b100": "100", "b95": "95–99", "b85": "85–94", "b75": "75–84", "b50": "below 75"}
    found = [words.band(pulse.rate) for pulse in pulses if pulse.rate is not None]
    bands = [(name, band, found.count(band)) for band, name in names.items() if band in found]
    none = sum(pulse.proposed and pulse.rate is None for pulse in pulses)
    return [*bands, ("no match", "none", none)] if none else bands


@bp.post("/<uuid:release_id>/publish")
@allow("release.publish")
def publish_it(release_id: UUID) -> Response:
    """Publish, or say beside the button what is missing."""
    try:
        made = publish.publish(db(), actor(), str(release_id), settings=house().settings)
    except NotReady as error:
        if errors.wants_json():
            raise
        db().rollback()
        response = make_response(render(_page(get_release(db(), str(release_id)), said=str(error))))
        response.status_code = status_of(error)
        return response
    return _go(url_for("publications.show", publication_id=made.id))


@bp.post("/<uuid:release_id>/approve-all")
@allow("segment.approve-all")
def approve_all(release_id: UUID) -> str:
    """Approve what the caller may approve, and say what was left and why."""
    done = review.approve_all(db(), actor(), str(release_id), acknowledged="acknowledged" in request.form)
    said = say("Approved: {0}.", words.plural(done.approved, "segment"))
    left = [(position, sentence(why)) for position, why in done.left]
    return render(_page(get_release(db(), str(release_id)), said, left))


@bp.post("/<uuid:release_id>/assign")
@allow("release.assign")
def assign(release_id: UUID) -> Response:
    """Ask people to work on the release, and until when. A refusal comes back with what was chosen."""
    try:
        asked = {name: line(name, 36) for name in ("translator", "reviewer")}
        assigning.assign(db(), actor(), str(release_id), **asked, due=day("due"))
    except InputError as error:
        if errors.wants_json():
            raise
        db().rollback()
        chosen = {name: request.form.get(name, "") for name in ("translator", "reviewer", "due")}
        page = _page(get_release(db(), str(release_id)), error=error, asked=chosen)
        return make_response(render(page), status_of(error))
    return _go(url_for(".show", release_id=release_id, _anchor="work-of"))


@bp.get("/<uuid:release_id>/original")
@allow("release.original")
def original(release_id: UUID) -> Response:
    """The bytes that were handed in, to save and never to show."""
    release = get_release(db(), str(release_id))
    data = Blobs(house().settings.blob_folder).get(release.blob)
    return attachment(data, release.filename or f"original.{release.media}", "application/octet-stream")


@bp.get("/<uuid:release_id>/export/<form>")
@allow("release.export")
def export(release_id: UUID, form: str) -> Response:
    """The release as a file, finished or not."""
    made = publish.export(db(), actor(), str(release_id), form, settings=house().settings)
    return attachment(made.data, made.filename, made.media_type)
