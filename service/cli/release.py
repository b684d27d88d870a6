"""`passerelle release`: take in, show, approve, publish, export."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from service.cli.common import House, answer, as_json, as_person, file_argument, house, read_file, write_file
from service.desk import analysing, ingest, jobs, publish, returning, review, show
from service.errors import WrongState
from service.settings import ROOT
from service.storage import runs
from service.storage.releases import get_release
from tm.store.base import new_id

POLL = 0.2  # seconds between two looks at a run


@click.group()
def release() -> None:
    """Releases on their way from French to bilingual."""


@release.command()
@click.argument("file", metavar="FILE|ADDRESS")
@click.option(
    "--wait", is_flag=True, help="Wait until the proposals are there; where no worker runs, run one meanwhile."
)
@click.option("--again", is_flag=True, help="Take the text in even if it is here already.")
@click.option("--project", default="", metavar="KEY", help="The project whose members alone see it.")
@as_person
@as_json
def add(file: str, wait: bool, again: bool, project: str, email: str | None, wants_json: bool) -> None:
    """Take in a French release from a file (.docx, .odt, .html, .md, .txt) or from the address of a page."""
    with house() as place:
        with place.write(email) as (session, actor):
            if file.startswith(("http://", "https://")):
                made = ingest.submit_address(session, actor, file, settings=place.settings, project=project)
            else:
                made = ingest.submit(
                    session,
                    actor,
                    read_file(Path(file)),
                    filename=Path(file).name,
                    media=None,
                    settings=place.settings,
                    again=again,
                    project=project,
                )
            release_id = made.id
        if wait:
            _wait(place, release_id)
        with place.sessions.read() as session:
            data = show.summary(session, get_release(session, release_id))
    answer(data, wants_json, f"{data['id']}  {data['state']}  {data['title']}")


def _wait(place: House, release_id: str) -> None:
    with place.sessions.read() as session:
        working = jobs.lives(session, "worker")
    with nullcontext() if working else _worker(place):
        while True:
            with place.sessions.read() as session:
                if _settled(session, release_id):
                    return
            time.sleep(POLL)
            if not working:
                with place.write() as (session, _):
                    jobs.sweep(session, place.settings)


def _settled(session: Session, release_id: str) -> bool:
    """Whether the proposals are there. Raises WrongState when they cannot come, with the reason."""
    about = runs.runs_about(session, release_id)
    failed = [run for run in about if run.state == "failed"]
    if failed:
        raise WrongState(failed[0].reason or "The job failed.", code=failed[0].reason_code or "RUN_FAILED")
    return any(run.kind == "propose" and run.state == "done" for run in about)


@contextmanager
def _worker(place: House) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "-A", "workers.app", "worker", "--loglevel", "WARNING", "--pool", "solo"]
    flags = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DATA_DIR": str(place.settings.data_dir)}
    process = subprocess.Popen(
        command + flags, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


@release.command("show")
@click.argument("release_id", metavar="ID")
@as_json
def show_release(release_id: str, wants_json: bool) -> None:
    """Show a release with its blocks, segments and proposals."""
    with house() as place, place.sessions.read() as session:
        data = show.whole(session, get_release(session, release_id))
    answer(data, wants_json, _told(data))


def _told(data: dict[str, Any]) -> str:
    lines = [f"{data['title']}  ({data['state']})"]
    for block in data["blocks"]:
        lines.append(f"\n{block['role'].upper()}")
        for segment in block["segments"]:
            rate = "" if segment["rate"] is None else f"{segment['rate']} %"
            lines += [f"{segment['position']:4d} {segment['state']:14}{rate:>6}  {segment['source']}"]
            lines += [f"{'':27}{segment['target']}"] if segment["target"] else []
    return "\n".join(lines)


@release.command()
@click.argument("release_id", metavar="ID")
@click.option("--all", "everything", is_flag=True, required=True, help="Every segment that may be approved as it is.")
@click.option("--warnings", is_flag=True, help="Also those in which something looks like a mistake.")
@as_person
@as_json
def approve(release_id: str, everything: bool, warnings: bool, email: str | None, wants_json: bool) -> None:
    """Approve the segments of a release; says which are left, and why, and then leaves with status 1."""
    with house() as place, place.write(email) as (session, actor):
        done = review.approve_all(session, actor, release_id, acknowledged=warnings)
        state = get_release(session, release_id).state
    left = [{"position": position, "reason": why} for position, why in done.left]
    answer(
        {"id": release_id, "state": state, "approved": done.approved, "left": left},
        wants_json,
        f"{done.approved} approved",
    )
    if done.left:
        first = "; ".join(f"{position} {why.rstrip('.')}" for position, why in done.left[:8])
        raise WrongState(f"{len(done.left)} segments are left: {first}.", code="NOT_APPROVED")


@release.command("publish")
@click.argument("release_id", metavar="ID")
@as_person
@as_json
def publish_release(release_id: str, email: str | None, wants_json: bool) -> None:
    """Publish a release of which every segment is approved."""
    with house() as place, place.write(email) as (session, actor):
        made = publish.publish(session, actor, release_id, settings=place.settings)
        data = {"id": made.id, "number": made.number, "hash": made.content_hash, "title": made.title}
    answer(data, wants_json, f"Published as number {data['number']}, {data['hash']}")


@release.command("send-out")
@click.argument("release_id", metavar="ID")
@click.option("--format", "form", required=True, help="table-docx, table-xlsx, xliff12, xliff21 or po.")
@click.option("--output", type=file_argument, help="File to write; standard output unless given.")
@as_person
def send_out(release_id: str, form: str, output: Path | None, email: str | None) -> None:
    """Write a release to a file that a colleague or another tool can work on."""
    with house() as place, place.write(email) as (session, actor):
        made = returning.send_out(session, actor, release_id, form)
    write_file(output, made.data)


@release.command("take-in")
@click.argument("release_id", metavar="ID")
@click.argument("file", type=file_argument)
@as_person
@as_json
def take_in(release_id: str, file: Path, email: str | None, wants_json: bool) -> None:
    """Take a file back; says what changed, what was refused and why, and then leaves with status 1."""
    with house() as place, place.write(email) as (session, actor):
        report = returning.take_in(
            session, actor, release_id, read_file(file), file.name, operation=new_id(), settings=place.settings
        )
        changed = sorted(segment.position for segment in report.changed)
    refused = [{"place": where, "reason": why} for where, why in report.refused]
    data = {"changed": changed, "unchanged": report.unchanged, "comments": report.comments, "refused": refused}
    answer(data, wants_json, f"{len(changed)} changed, {report.unchanged} as before, {report.comments} remarks new")
    if refused:
        first = "; ".join(f"{where}: {why.rstrip('.')}" for where, why in report.refused[:8])
        raise WrongState(f"{len(refused)} refused: {first}.", code="REFUSED")


@release.command()
@click.argument("release_id", metavar="ID")
@click.option("--csv", "wants_csv", is_flag=True, help="The table as CSV.")
@click.option("--internal", is_flag=True, help="Count internal matches: segments like an earlier one of the release.")
@as_person
@as_json
def analyse(release_id: str, wants_csv: bool, internal: bool, email: str | None, wants_json: bool) -> None:
    """Say how much of a release the memory knows, by band, with weighted words; and what each band has cost so far."""
    with house() as place, place.write(email) as (session, actor):
        found = analysing.analyse(session, actor, release_id, internal=internal)
        costs = analysing.costs(session, actor, release_id)
        data = {"release": release_id, "tick": found.tick, "internal": internal, "rows": found.rows, "costs": costs}
        table = analysing.as_csv(found.rows).decode()
    if wants_csv:
        click.echo(table, nl=False)
        return
    columns = ("band", *analysing.COLUMNS)
    lines = ["  ".join(f"{row[name]!s:>10}" for name in columns) for row in found.rows]
    answer(data, wants_json, "\n".join(["  ".join(f"{name:>10}" for name in columns), *lines]))


@release.command()
@click.argument("release_id", metavar="ID")
@click.option("--format", "form", required=True, help="document (English, as the French came in), html, docx, pdf, …")
@click.option("--output", type=file_argument, help="File to write; standard output unless given.")
@as_person
def export(release_id: str, form: str, output: Path | None, email: str | None) -> None:
    """Write a release to a file; a published one byte for byte as it was published."""
    with house() as place, place.write(email) as (session, actor):
        name = {"txt": "txt-en", "xliff": "xliff21"}.get(form, form)
        made = publish.export(session, actor, release_id, name, settings=place.settings)
    write_file(output, made.data)
