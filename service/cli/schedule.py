"""`passerelle schedule`: what runs by itself, when it runs next, what it changed; start, stop and retry by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from service.cli.common import answer, as_json, as_person, house
from service.desk import jobs, outcomes
from service.desk import schedule as desk
from service.desk.schedule import TASKS, Line
from service.storage.runs import Run

task_argument = click.argument("task", type=click.Choice([task.name for task in TASKS]))


@click.group()
def schedule() -> None:
    """What runs by itself: refreshes, visits to sources, generations, measurements, pruning, the sweep."""


@schedule.command("list")
@as_person
@as_json
def list_all(email: str | None, wants_json: bool) -> None:
    """Every task: when it runs, when next, and what the last time changed."""
    with house() as place, place.write(email) as (session, actor):
        for line in desk.lines(session, actor, place.settings):
            answer(_of_line(line), wants_json, _told(line))


@schedule.command()
@click.option("--task", type=click.Choice([task.name for task in TASKS]), default=None, help="Of this task alone.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="So many at most.")
@as_person
@as_json
def records(task: str | None, limit: int, email: str | None, wants_json: bool) -> None:
    """The latest runs, the newest first, each with what it changed."""
    with house() as place, place.write(email) as (session, actor):
        for run in desk.records(session, actor, task or "", limit):
            data = _of_run(run)
            answer(data, wants_json, f"{data['at']}  {run.kind:16} {run.state:10} {data['told']}".rstrip())


@schedule.command()
@task_argument
@as_person
@as_json
def start(task: str, email: str | None, wants_json: bool) -> None:
    """Start TASK now; a worker does it. A sweep is done at once."""
    with house() as place, place.write(email) as (session, actor):
        found = [_of_run(run) for run in desk.start(session, actor, task, place.settings)]
    for data in found:
        answer(data, wants_json, f"{data['id']} is {data['state']}.")


@schedule.command()
@click.argument("what", metavar="TASK|RUN")
@as_person
@as_json
def stop(what: str, email: str | None, wants_json: bool) -> None:
    """Stop what is under way of a task, or one run by its id."""
    names = [task.name for task in TASKS]
    with house() as place, place.write(email) as (session, actor):
        stopped = desk.stop(session, actor, what) if what in names else [jobs.stop(session, actor, what)]
        found = [_of_run(run) for run in stopped]
    for data in found:
        answer(data, wants_json, f"{data['id']} is stopped.")


@schedule.command()
@click.argument("run_id", metavar="RUN")
@as_person
@as_json
def retry(run_id: str, email: str | None, wants_json: bool) -> None:
    """Start a run again that failed or was stopped, as a new run."""
    with house() as place, place.write(email) as (session, actor):
        data = _of_run(jobs.retry(session, actor, run_id))
    answer(data, wants_json, f"{data['id']} is {data['state']}.")


def _of_run(run: Run) -> dict[str, Any]:
    said = outcomes.tell(run.kind, run.outcome) if run.state == "done" else run.reason or ""
    data = {name: getattr(run, name) for name in ("id", "kind", "subject", "state", "outcome")}
    data |= {"code": run.reason_code, "told": said, "at": _iso(run.started_at or run.created_at)}
    return data | {"finished_at": _iso(run.finished_at)}


def _of_line(line: Line) -> dict[str, Any]:
    data = {"task": line.task.name, "when": line.when, "next": _iso(line.next)}
    return data | {"last": _of_run(line.last) if line.last else None, "live": [_of_run(run) for run in line.live]}


def _told(line: Line) -> str:
    last = _of_run(line.last) if line.last else None
    said = f"last {last['at']}, {last['state']}: {last['told']}" if last else "not yet"
    under_way = f"; {len(line.live)} under way" if line.live else ""
    next_at = f"; next {_iso(line.next)}" if line.next else ""
    return f"{line.task.name:10} {line.when}{next_at}{under_way}; {said}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
