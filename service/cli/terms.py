"""`passerelle terms`: the glossary in, out, and looked through."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, cast, get_args

import click

from service.cli.common import answer, as_json, as_person, file_argument, house, read_file, write_file
from service.desk import glossary, glossary_files
from service.desk.glossary_files import Report
from service.storage.glossary import STATES, EntryState, GlossaryEntry
from tm.exchange.glossaries import Kind


@click.group()
def terms() -> None:
    """The glossary: what is to be written for a French term, and what is not."""


@terms.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=file_argument)
@click.option("--project", metavar="KEY", default="", help="Keep them in this project instead of sharing them.")
@as_person
@as_json
def import_files(files: tuple[Path, ...], project: str, email: str | None, wants_json: bool) -> None:
    """Take in glossaries (TBX, CSV). Each file is one act: all of it, or nothing."""
    with house() as place:
        for file in files:
            with place.write(email) as (session, actor):
                report = glossary_files.bring_in(session, actor, file.name, read_file(file), project=project)
            answer({"file": file.name, **asdict(report)}, wants_json, f"{file.name}: {_told(report)}")


def _told(report: Report) -> str:
    text = f"{report.entries} entries, {report.added} added, {report.changed} changed, {report.unchanged} here already"
    return text + (f", {report.joined} joined" if report.joined else "")


@terms.command("export")
@click.option("--format", "kind", type=click.Choice(get_args(Kind)), default="tbx", show_default=True)
@click.option("--project", metavar="KEY", help="Those of this project instead of what is shared.")
@click.option("--output", type=file_argument, help="Write to this file instead of standard output.")
@as_person
def export_file(kind: str, project: str | None, output: Path | None, email: str | None) -> None:
    """Write the glossary as TBX-Basic (ISO 30042:2019) or as a table."""
    with house() as place, place.write(email) as (session, actor):
        data = glossary_files.hand_out(session, actor, cast("Kind", kind), project=project or "")
    write_file(output, data)


@terms.command("list")
@click.argument("text", required=False, default="")
@click.option("--state", type=click.Choice(STATES), help="Those of a state; retired ones are left out otherwise.")
@as_person
@as_json
def list_entries(text: str, state: str | None, email: str | None, wants_json: bool) -> None:
    """Show entries, those with TEXT in a term or the note."""
    wanted = glossary.Wanted(text=text, state=cast("EntryState | None", state))
    with house() as place, place.write(email) as (session, actor):
        for entry in glossary.browse(session, actor, wanted).entries:
            answer(_data(entry), wants_json, _line(entry))


def _data(entry: GlossaryEntry) -> dict[str, Any]:
    names = ("id", "french", "english", "domain", "note", "state", "project")
    return {name: getattr(entry, name) for name in names}


def _line(entry: GlossaryEntry) -> str:
    marks = {"preferred": "", "allowed": " (allowed)", "forbidden": " (forbidden)"}
    english = ", ".join(f"{term['text']}{marks[term['status']]}" for term in entry.english)
    aside = "; ".join(part for part in (entry.domain, "" if entry.state == "approved" else entry.state) if part)
    return f"{', '.join(entry.french)}  =  {english or '–'}{f'  [{aside}]' if aside else ''}"
