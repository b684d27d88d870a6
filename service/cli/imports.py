"""`passerelle memory`: what goes in, what goes out, what is taken back."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import click
from sqlalchemy.orm import Session

from service.cli.common import House, answer, as_json, as_person, file_argument, house, read_file, write_file
from service.cli.memory import memory
from service.desk import exporting, imports, learn, undo, units
from tm.errors import InputError
from tm.store.units import Import
from tm.store.writing import Counts

in_project = click.option("--project", metavar="KEY", help="Units of this project instead of the shared ones.")
OFTEN = 0.2  # seconds between two words about progress on a terminal
SELDOM = 10.0  # and where standard error goes to a file


@memory.command("add-pair")
@click.argument("french", metavar="FR", type=file_argument)
@click.argument("english", metavar="EN", type=file_argument)
@as_person
@as_json
def add_pair(french: Path, english: Path, email: str | None, wants_json: bool) -> None:
    """Align two files and add their beads as units."""
    with house() as place, place.write(email) as (session, actor):
        counts, beads = learn.add_pair(
            session,
            actor,
            (french.name, read_file(french)),
            (english.name, read_file(english)),
            settings=place.settings,
        )
    answer({"beads": beads, **counts.as_dict()}, wants_json, f"{beads} beads: {_told(counts)}")


@memory.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=file_argument)
@in_project
@as_person
@as_json
def import_files(files: tuple[Path, ...], project: str | None, email: str | None, wants_json: bool) -> None:
    """Add the units of exchange files (TMX, PO, TSV). Each file is one act: all of it, or nothing.

    An import that was interrupted goes on where it stopped when it is started again.
    """
    with house() as place:
        for file in files:
            with place.write(email) as (session, actor):
                act = imports.begin(session, actor, file, project=project)
            with _progress(file.name) as report:
                counts = imports.carry_on(
                    _transactions(place), act.id, settings=place.settings, file=file, report=report
                )
            data = {"file": str(file), "import": act.id, **counts.as_dict()}
            answer(data, wants_json, f"{file}: {_told(counts)}")


def _transactions(place: House) -> Callable[[], Any]:
    @contextmanager
    def transaction() -> Iterator[Session]:
        with place.sessions.write() as session:
            yield session
            session.commit()

    return transaction


@contextmanager
def _progress(name: str) -> Iterator[imports.Report]:
    """Words about progress on standard error: one line that changes on a terminal, else a line now and then."""
    terminal, last = sys.stderr.isatty(), time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > (OFTEN if terminal else SELDOM):
            last = time.monotonic()
            line = f"{name}: {done:,} of {total:,}"
            print(f"\r{line}\033[K" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)

    yield report
    if terminal:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _told(counts: Counts) -> str:
    return (
        f"{counts.added} units added, {counts.seen_again} seen again, "
        f"{counts.superseded} superseded, {counts.left_out} left out"
    )


@memory.command()
@click.option("--format", "form", type=click.Choice(["tmx", "po"]), default="tmx", show_default=True)
@click.option("--output", type=file_argument, help="File to write; standard output unless given.")
@in_project
@as_person
def export(form: str, output: Path | None, project: str | None, email: str | None) -> None:
    """Write every active unit to an exchange file."""
    from tm.exchange import po, tmx

    with house() as place:
        with place.write(email) as (session, actor):
            scope = exporting.allow(session, actor, project)
        with place.sessions.read() as session:
            pairs = exporting.pairs(session, scope)
            if form == "po":
                write_file(output, po.write(pairs))
                return
            with _opened(output) as stream:
                tmx.write(pairs, stream, tool_version="1", project=project or "")


@contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with path.open("wb") as stream:
            yield stream
    except OSError as error:
        raise InputError(f"Cannot write: {error.strerror}.", code="FILE_UNWRITABLE", where=str(path)) from error


@memory.command("imports")
@as_person
@as_json
def list_imports(email: str | None, wants_json: bool) -> None:
    """The latest imports, each with the id by which it can be undone."""
    with house() as place, place.write(email) as (session, actor):
        acts = undo.listing(session, actor)
    for act in acts:
        answer(_facts(act), wants_json, _line(act))


def _facts(act: Import) -> dict[str, Any]:
    return {
        "id": act.id,
        "kind": act.kind,
        "label": act.label,
        "state": act.state,
        "scope": act.scope,
        "person": act.person,
        "at": act.at.isoformat(),
        "counts": act.counts,
        "undone_at": act.undone_at.isoformat() if act.undone_at else None,
        "undone_by": act.undone_by,
    }


def _line(act: Import) -> str:
    added, again = act.counts.get("added", 0), act.counts.get("seen_again", 0)
    return (
        f"{act.id}  {act.at:%Y-%m-%d %H:%M}  {act.state:8} {act.kind:12} {added:>9,} new {again:>9,} again  {act.label}"
    )


@memory.command("undo-import")
@click.argument("import_id", metavar="ID")
@click.option("--reason", required=True, help="Why; it is kept with every unit that this touches.")
@as_person
@as_json
def undo_import(import_id: str, reason: str, email: str | None, wants_json: bool) -> None:
    """Take an import back: units that stand nowhere else are superseded, units it changed are as they were before."""
    with house() as place:
        with place.write(email) as (session, actor):
            act = undo.begin_undo(session, actor, import_id, reason)
        with _progress(act.label) as report:
            imports.carry_on(_transactions(place), act.id, settings=place.settings, report=report)
        with place.write(email) as (session, actor):
            act = undo.visible(session, actor, import_id)
    answer(_facts(act), wants_json, f"{act.label}: {act.state}. {_undone(act)}")


def _undone(act: Import) -> str:
    undone = act.counts.get("undo", {})
    return (
        f"{undone.get('withdrawn', 0)} units taken out, {undone.get('restored', 0)} as they were before, "
        f"{undone.get('left', 0)} left because they were touched since"
    )


@memory.command("contradictions")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--after", help="Go on after this one: the `after` of a line in JSON.")
@as_person
@as_json
def list_contradictions(limit: int, after: str | None, email: str | None, wants_json: bool) -> None:
    """Sources with several active targets that no context tells apart."""
    with house() as place, place.write(email) as (session, actor):
        found = units.contradictions(session, actor, after, limit)
    for each in found:
        answer(asdict(each), wants_json, _opposed(each))


def _opposed(each: units.Contradiction) -> str:
    targets = "\n".join(f"  {unit.id:>8}  {unit.origin:8}  {unit.target}" for unit in each.units)
    return f"{each.units[0].source}\n{targets}"
