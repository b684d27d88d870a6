"""`passerelle memory add-folder`: folders of documents and their translations, aligned on all cores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from service.cli.common import House, answer, as_json, as_person, house
from service.cli.imports import in_project
from service.cli.memory import memory
from service.cli.waiting import helping, wait_with
from service.desk import alignments, named_pairs
from service.desk.alignments import File
from service.storage.alignments import FilePair, states_of
from tm.errors import InputError

SETTLED = ("aligned", "done", "quarantined", "failed")


@memory.command("add-folder")
@click.argument("place", metavar="FOLDER", type=click.Path(exists=True, path_type=Path))
@click.option("--wait", is_flag=True, help="Until all are aligned; where no worker runs, this runs one meanwhile.")
@in_project
@as_person
@as_json
def add_folder(place: Path, wait: bool, project: str | None, email: str | None, wants_json: bool) -> None:
    """Align every pair of documents in a folder or zip file whose names tell that they belong together
    (a.fr.txt and a.en.txt, fr/a.html and en/a.html), and every bilingual table (.tsv, .csv).

    Beads of high confidence enter the memory, doubtful ones wait for review, bad pairs are kept apart with a reason.
    A folder that is handed in again adds what is new in it.
    """
    with house() as home, helping(home) as helper:
        ids, data = _submit(home, place, project or "", email, helper.begin if wait else None)
        if wait and ids:
            wait_with(helper, len(ids), lambda session: _settled(session, ids), "Aligning")
        with home.sessions.read() as session:
            data |= _outcome(session, ids)
    answer(data, wants_json, _told(data))


def _submit(
    home: House, place: Path, project: str, email: str | None, begin: Callable[[], None] | None
) -> tuple[list[str], dict[str, Any]]:
    """Hand every pair in, each in a transaction of its own; a file that is refused stops nobody else. `begin` has the
    first worked on while others are handed in."""
    ids: dict[str, None] = {}
    refused = []
    with named_pairs.opened(place) as files:
        found = named_pairs.sort_out(files.names())
        if not found.pairs and not found.tables:
            raise InputError(
                "No two names here pair up.",
                code="NO_PAIRS",
                where=str(place),
                todo="Name them such as a.fr.txt and a.en.txt.",
            )
        for names in [*found.pairs, *((name,) for name in found.tables)]:
            try:
                most = home.settings.upload_limit
                french, english = ([File(name, files.read(name, most)) for name in names] + [None])[:2]
                assert french is not None
                with home.write(email) as (session, actor):
                    made = alignments.submit_pair(
                        session, actor, french, english, settings=home.settings, source="cli", project=project
                    )
                if begin is not None and not ids:
                    begin()
                ids[made.id] = None
            except InputError as error:
                if error.code == "PROJECT_UNKNOWN":
                    raise
                refused.append({"files": list(names), "code": error.code, "reason": error.message})
    return list(ids), {"pairs": len(ids), "refused": refused, "alone": found.alone}


def _settled(session: Session, ids: list[str]) -> int:
    return sum(state in SETTLED for state in states_of(session, ids).values())


def _outcome(session: Session, ids: list[str]) -> dict[str, Any]:
    found = [session.get_one(FilePair, pair_id) for pair_id in ids]
    beads: Counter[str] = Counter()
    for pair in found:
        beads.update(pair.counts)
    bad = [
        {"label": pair.label, "state": pair.state, "code": pair.code, "reason": pair.reason}
        for pair in found
        if pair.code is not None
    ]
    return {"states": dict(Counter(pair.state for pair in found)), "beads": dict(beads), "bad": bad}


def _told(data: dict[str, Any]) -> str:
    states = ", ".join(f"{number} {state}" for state, number in data["states"].items())
    lines = [f"{data['pairs']} pairs: {states}."]
    if beads := data["beads"]:
        lines.append(
            f"{beads['beads']} beads: {beads['accepted']} in the memory, {beads['waiting']} wait for review, "
            f"{beads['held']} held back."
        )
    lines += [f"  {each['label']}: {each['state']}. {each['reason']} [{each['code']}]" for each in data["bad"]]
    lines += [f"  {' + '.join(each['files'])}: refused. {each['reason']}" for each in data["refused"]]
    if data["alone"]:
        lines.append(f"{len(data['alone'])} files have no partner: {', '.join(data['alone'][:10])}")
    return "\n".join(lines)
