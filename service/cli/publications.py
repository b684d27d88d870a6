"""`passerelle publication`: what went out, proved, withdrawn, opened and corrected."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from service.cli.common import answer, as_json, as_person, file_argument, house, read_file
from service.desk import correcting, records, verifying, withdrawing
from service.errors import WrongState
from service.storage.overview import latest_publications
from service.storage.public_pages import corrected_by, withdrawal_of
from service.storage.publications import Publication, get_publication, ids_of_all
from tm.errors import InputError
from tm.store.base import now


@click.group()
def publication() -> None:
    """What was published: never changed, never removed."""


def _data(session: Session, one: Publication) -> dict[str, Any]:
    later, gone = corrected_by(session, one.id), withdrawal_of(session, one.id)
    return {
        "id": one.id,
        "release": one.release_id,
        "number": one.number,
        "title": one.title,
        "hash": one.content_hash,
        "published_at": one.published_at.isoformat(),
        "corrects": one.corrects_id,
        "corrected_by": later.id if later else None,
        "withdrawn": gone.reason if gone else None,
        "files": [file.format for file in one.files],
    }


@publication.command("list")
@as_json
def index(wants_json: bool) -> None:
    """Everything that was published, the newest first."""
    with house() as place, place.sessions.read() as session:
        for one in latest_publications(session):
            data = _data(session, one)
            answer(data, wants_json, f"{data['id']}  {data['number']}  {data['title']}")


@publication.command()
@click.argument("publication_id", metavar="ID")
@as_json
def show(publication_id: str, wants_json: bool) -> None:
    """A publication and its record: who translated and approved each segment, what it corrects, in what style."""
    with house() as place, place.sessions.read() as session:
        one = get_publication(session, publication_id)
        data = _data(session, one) | {"record": records.of(one)}
    lines = [f"{one['number']:4d}  {one['translated_by']}, approved by {one['approved_by']} {one['approved_at']}"
             for one in data["record"].get("segments", ())]  # fmt: skip
    answer(data, wants_json, "\n".join([f"{data['title']} ({data['number']}), {data['hash']}", *lines]))


@publication.command()
@click.argument("publication_id", metavar="[ID]", required=False)
@click.option("--all", "everything", is_flag=True, help="Every publication.")
@as_person
@as_json
def verify(publication_id: str | None, everything: bool, email: str | None, wants_json: bool) -> None:
    """Prove publications: hashes, files made again byte for byte, texts rebuilt from the history. Leaves with status 1
    where something is wrong."""
    if bool(publication_id) == everything:
        raise click.UsageError("Give the ID of a publication, or --all.")
    wrong = 0
    with house() as place, place.write(email) as (session, actor):
        ids = [publication_id] if publication_id else ids_of_all(session)
        for key in ids:
            faults = verifying.verify(session, actor, key, place.settings)
            found = [{"code": one.code, "where": one.where, "message": one.message} for one in faults]
            told = "\n".join(f"  {one.code} ({one.where}): {one.message}" for one in faults) or "  sound"
            answer({"id": key, "sound": not faults, "faults": found}, wants_json, f"{key}\n{told}")
            wrong += bool(faults)
    if wrong:
        raise WrongState(f"{wrong} of {len(ids)} publications are not what was published.", code="NOT_SOUND")


@publication.command()
@click.argument("publication_id", metavar="ID")
@click.option("--reason", required=True, help="Why, in a sentence that readers will see.")
@as_person
@as_json
def withdraw(publication_id: str, reason: str, email: str | None, wants_json: bool) -> None:
    """Withdraw a publication; it stays, marked as withdrawn, and the memory forgets what it learned from it."""
    with house() as place, place.write(email) as (session, actor):
        withdrawing.withdraw(session, actor, publication_id, reason)
        data = _data(session, get_publication(session, publication_id))
    answer(data, wants_json, f"Withdrawn: {data['title']}")


@publication.command("open")
@click.argument("publication_id", metavar="ID")
@click.option("--from", "moment", default="", help="From this moment on (2026-11-27T09:00+00:00); now unless given.")
@as_person
@as_json
def open_(publication_id: str, moment: str, email: str | None, wants_json: bool) -> None:
    """Let anybody read a publication who has its address."""
    with house() as place, place.write(email) as (session, actor):
        page = withdrawing.open_to_all(session, actor, publication_id, _moment(moment))
        data = {"address": f"{place.settings.address}/p/{page.slug}", "from": page.from_at.isoformat()}
    answer(data, wants_json, f"{data['address']} from {data['from']}")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text) if text else now()
    except ValueError:
        raise InputError("This is no moment.", code="MOMENT_INVALID", where="--from") from None
    if found.tzinfo is None:
        raise InputError("The moment has no time zone.", code="MOMENT_INVALID", where="--from", todo="Write +00:00.")
    return found.astimezone(UTC)


@publication.command()
@click.argument("publication_id", metavar="ID")
@as_person
def close(publication_id: str, email: str | None) -> None:
    """Let nobody read a publication any more who is not signed in."""
    with house() as place, place.write(email) as (session, actor):
        withdrawing.close(session, actor, publication_id)


@publication.command()
@click.argument("publication_id", metavar="ID")
@click.argument("file", type=file_argument)
@as_person
@as_json
def correct(publication_id: str, file: Path, email: str | None, wants_json: bool) -> None:
    """Begin a correction: a new version of the French text, of which only what changed is translated again."""
    with house() as place, place.write(email) as (session, actor):
        release = correcting.correct(
            session, actor, publication_id, read_file(file), filename=file.name, media=None, settings=place.settings
        )
        data = {"id": release.id, "state": release.state, "corrects": publication_id}
    answer(data, wants_json, f"{data['id']}  {data['state']}")
