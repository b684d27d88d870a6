"""The schedule: what runs by itself and when, what each run changed, and how the memory grew."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, url_for

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import outcomes, schedule, units
from service.desk.jobs import STOPPABLE
from service.desk.policy import Actor, may
from service.desk.schedule import TASKS, Line, Task
from service.desk.units import Growth
from service.storage import overview, runs
from service.storage.runs import Run
from service.web import source_words
from service.web.fields import choice
from service.web.pages import View
from service.web.plots import Plot, plot
from service.web.rendering import render
from service.web.words import lasted

bp = Blueprint("schedule", __name__, url_prefix="/memory/schedule")
BUSY = ("queued", "running")


@dataclass(frozen=True)
class RunTold:
    """A run in plain words: how long it took, what went wrong with parts of it, and the releases it learned from that
    the reader may see, as ids and titles. `stoppable` and `retriable` say what the reader may do about it."""

    run: Run
    took: str
    errors: list[str]
    learned: list[tuple[str, str]]
    stoppable: bool
    retriable: bool


@dataclass(frozen=True)
class TaskLines(View):
    """The tasks as they stand: the part of the page that changes by itself while `live`."""

    template = "partials/task_lines.html"
    lines: list[tuple[Line, RunTold | None]]
    live: bool


@dataclass(frozen=True)
class SchedulePage(View):
    """All tasks, the growth of the memory, and the latest runs of one task or of all."""

    template = "pages/schedule.html"
    tasks: TaskLines
    chosen: str
    choices: list[Task]
    records: list[RunTold]
    names: dict[str, str]
    growth: list[Growth]
    plot: Plot | None


@bp.get("")
@allow("refresh.see")
def index() -> str:
    """What is due when, what was done, and the memory's growth."""
    who, chosen = actor(), choice("task", [task.name for task in TASKS])
    growth = units.growth(db(), who)
    tasks = _lines()
    return render(
        SchedulePage(
            tasks,
            chosen,
            [line.task for line, _ in tasks.lines],
            _told(schedule.records(db(), who, chosen), who),
            schedule.names_of_sources(db(), who),
            growth,
            plot([(day.day, day.units) for day in growth]),
        )
    )


@bp.get("/tasks")
@allow("refresh.see", keeps_alive=False)
def tasks() -> str:
    """The part of the page that changes by itself."""
    return render(_lines())


@bp.post("/<name>/start")
@allow("schedule.start")
def start(name: str) -> Response:
    """Start a task now."""
    schedule.start(db(), actor(), name, house().settings)
    return _back()


@bp.post("/<name>/stop")
@allow("run.stop")
def stop(name: str) -> Response:
    """Stop what is under way of a task."""
    schedule.stop(db(), actor(), name)
    return _back()


def _back() -> Response:
    return make_response(redirect(url_for(".index"), 303))


def _lines() -> TaskLines:
    found = schedule.lines(db(), actor(), house().settings)
    told = _told([line.last for line in found if line.last is not None], actor())
    by_run = {each.run.id: each for each in told}
    lines = [(line, by_run[line.last.id] if line.last is not None else None) for line in found]
    return TaskLines(lines, any(line.live for line in found))


def _told(found: list[Run], who: Actor) -> list[RunTold]:
    refreshed = runs.refresh_of(db(), [run.id for run in found])
    learned = {run_id: [each["id"] for each in record.releases] for run_id, record in refreshed.items()}
    titles = overview.titles(db(), [release for releases in learned.values() for release in releases])
    return [
        _one(run, [(each, titles[each]) for each in learned.get(run.id, []) if each in titles], who) for run in found
    ]


def _one(run: Run, learned: list[tuple[str, str]], who: Actor) -> RunTold:
    errors = [f"{source_words.why(code)}: {number}×" for code, number in outcomes.errors_of(run.outcome).items()]
    mine = run.requested_by == who.id or who.sees_all_jobs
    return RunTold(
        run,
        lasted(run.started_at, run.finished_at),
        errors,
        learned,
        run.state in BUSY and run.kind in STOPPABLE and may(who, "run.stop"),
        run.state in ("failed", "cancelled") and may(who, "run.retry") and mine,
    )
