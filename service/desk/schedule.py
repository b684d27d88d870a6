"""The schedule: what runs by itself, when, and what people may do about it. One table of tasks says it all.

Each start is a slot (`service.desk.slots`): a row with a unique key, by the database's clock. So any number of
schedulers may ask `due` at any moment, and each slot runs once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from service.desk import evaluate_memory, generations, jobs, prune, watching
from service.desk.policy import Actor, may, require
from service.desk.slots import Rhythm, database_now, is_new, rhythm, take, upcoming
from service.errors import NotFound, WrongState
from service.storage import audit, runs
from service.storage.evaluations import evaluations
from service.storage.runs import Run
from tm.store import reading
from tm.store.base import now
from tm.store.generations import FIRST

if TYPE_CHECKING:
    from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Task:
    """Something that runs by itself. `kinds` are those of its runs, the first one that which the schedule starts;
    `action` is what somebody must be allowed who starts it by hand.

    `beats` says in which slots it runs; None: not by the hour. `wanted` says whether there is something to do in a slot
    that has come; else it passes.
    """

    name: str
    kinds: tuple[str, ...]
    title: str
    what: str
    when: Callable[[Settings], str]
    action: str
    beats: Callable[[Settings], Rhythm | None] = lambda _settings: None
    wanted: Callable[[Session], bool] = lambda _session: True


@dataclass(frozen=True, slots=True)
class Line:
    """A task as it stands: when it runs next (None: when there is need), its last run that ended, and those that are
    queued or running."""

    task: Task
    when: str
    next: datetime | None
    last: Run | None
    live: list[Run]


def _refresh_beats(settings: Settings) -> Rhythm:
    return rhythm(settings.refresh_at, timedelta(seconds=settings.refresh_seconds))


def _evaluation_beats(settings: Settings) -> Rhythm | None:
    if not settings.evaluate_days:
        return None
    return rhythm(settings.refresh_at, timedelta(days=settings.evaluate_days), timedelta(days=4, hours=1))  # Sundays


def _pruning_beats(settings: Settings) -> Rhythm:
    return rhythm(settings.refresh_at, timedelta(days=1), timedelta(minutes=30))


def _has_changed(session: Session) -> bool:
    """Whether the memory is worth measuring, and is not the one that was measured last."""
    last = evaluations(session, 1)
    tick = reading.clock(session)[0]
    return (not last or last[0].tick != tick) and reading.changed_count(session, 0) >= FIRST


def _hour(beats: Rhythm) -> str:
    at = f"{beats.first:%H:%M} UTC"
    if beats.step in (timedelta(days=1), timedelta(days=7)):
        return f"Every {'day' if beats.step.days == 1 else f'{beats.first:%A}'} at {at}"
    for unit in ("days", "hours", "minutes", "seconds"):
        if not beats.step % timedelta(**{unit: 1}):
            return f"Every {beats.step // timedelta(**{unit: 1})} {unit}, counted from {at}"
    raise AssertionError(beats.step)


def _evaluation_when(settings: Settings) -> str:
    beats = _evaluation_beats(settings)
    return f"{_hour(beats)}, if the memory has changed" if beats else "Only when somebody asks for it"


TASKS = (
    Task(
        "refresh",
        ("refresh", "learn"),
        "Refresh of the memory",
        "Learns from what was published and was missed, and makes everything anew that is derived from the units.",
        lambda settings: _hour(_refresh_beats(settings)),
        "refresh.start",
        _refresh_beats,
    ),
    Task(
        "sources",
        ("source",),
        "Visits to sources",
        "Fetches what is new at the sources, aligns French pages with English ones, and learns what is certain.",
        lambda settings: f"Each source at its own interval, counted from {settings.refresh_at} UTC",
        "source.start",
    ),
    Task(
        "generation",
        ("generation",),
        "Index of the memory",
        "Builds a new generation of the index, and learns a new lexicon where the memory has grown.",
        lambda _settings: "Within a minute, once a twentieth of the memory has changed",
        "memory.rebuild",
    ),
    Task(
        "evaluation",
        ("evaluate-memory",),
        "Measurement of the memory",
        "Holds the newest documents out and measures how close the proposals for them come.",
        _evaluation_when,
        "evaluation.start",
        _evaluation_beats,
        _has_changed,
    ),
    Task(
        "pruning",
        ("prune",),
        "Pruning",
        "Removes old records of background work, old generations, and files that nothing names any more.",
        lambda settings: _hour(_pruning_beats(settings)),
        "schedule.start",
        _pruning_beats,
    ),
    Task(
        "sweep",
        ("sweep",),
        "Sweep",
        "Gives back what a dead worker had in hand, and sends lost messages again. Told here if there were any.",
        lambda settings: f"Every {settings.sweep_seconds} seconds",
        "schedule.start",
    ),
)
KINDS = tuple(kind for task in TASKS for kind in task.kinds)


def named(name: str) -> Task:
    """The task with this name. Raises NotFound."""
    for task in TASKS:
        if task.name == name:
            return task
    raise NotFound("task")


def due(session: Session, settings: Settings, moment: datetime | None = None) -> list[Run]:
    """Start what is due and nobody has started yet, by the database's clock unless a `moment` is given.

    Several may ask at once. A slot that was missed is made up for once; a task that is new begins with the next one.
    """
    moment = moment or database_now(session)
    found = [_due(session, task, settings, moment) for task in TASKS]
    started = [run for run in (*found, generations.due(session, settings, moment)) if run is not None]
    return [*started, *watching.due(session, settings, moment)]


def _due(session: Session, task: Task, settings: Settings, moment: datetime) -> Run | None:
    beats = task.beats(settings)
    if beats is None:
        return None
    begins = is_new(session, task.name)
    slot = take(session, task.name, beats.slot(moment), moment)
    if slot is None or begins or not task.wanted(session):
        return None
    run = jobs.enqueue(session, task.kinds[0], jobs.MEMORY)
    slot.run_id = run.id
    return run


def sweep(session: Session, settings: Settings, requested_by: str | None = None) -> dict[str, int]:
    """Sweep, and keep a record if there was something to do, or somebody has asked. Harmless twice."""
    started = now()
    swept = jobs.sweep(session, settings)
    if any(swept.values()) or requested_by is not None:
        found = {name: number for name, number in swept.items() if number}
        run = Run(kind="sweep", subject=jobs.MEMORY, state="done", outcome=found, requested_by=requested_by)
        run.started_at, run.finished_at = started, now()
        session.add(run)
        session.flush()
    return swept


def lines(session: Session, actor: Actor, settings: Settings) -> list[Line]:
    """Every task that the actor may know of, as it stands."""
    require(actor, "refresh.see")
    moment = database_now(session)
    return [_line(session, actor, task, settings, moment) for task in TASKS if _is_for(actor, task)]


def _is_for(actor: Actor, task: Task) -> bool:
    return task.name != "sources" or may(actor, "source.see")


def _line(session: Session, actor: Actor, task: Task, settings: Settings, moment: datetime) -> Line:
    latest = runs.of_kinds(session, task.kinds[:1], 20)
    last = next((run for run in latest if run.finished_at is not None), None)
    beats = task.beats(settings)
    next_at = upcoming(session, task.name, beats, moment) if beats else None
    if task.name == "sources":
        next_at = _next_visit(session, actor, settings, moment)
    return Line(task, task.when(settings), next_at, last, runs.live_of(session, task.kinds[:1]))


def _next_visit(session: Session, actor: Actor, settings: Settings, moment: datetime) -> datetime | None:
    steps = {timedelta(hours=source.hours) for source in watching.listing(session, actor) if source.active}
    return min((rhythm(settings.refresh_at, step).after(moment) for step in steps), default=None)


def records(session: Session, actor: Actor, name: str = "", limit: int = 50) -> list[Run]:
    """The latest runs of a task, or of all that the actor may know of, the newest first. Raises NotFound."""
    require(actor, "refresh.see")
    wanted = [named(name)] if name else TASKS
    kinds = [kind for task in wanted if _is_for(actor, task) for kind in task.kinds]
    return runs.of_kinds(session, kinds, limit)


def names_of_sources(session: Session, actor: Actor) -> dict[str, str]:
    """What the sources are called that the actor may see, by id; empty for who may see none."""
    if not may(actor, "source.see"):
        return {}
    return {source.id: source.name for source in watching.listing(session, actor)}


def start(session: Session, actor: Actor, name: str, settings: Settings) -> list[Run]:
    """Start a task now; a run that is under way is returned instead of a second one. A sweep is done at once.

    Raises NotFound, Forbidden, and WrongState where there is nothing to start.
    """
    require(actor, "schedule.start")
    task = named(name)
    require(actor, task.action)
    if name == "sources":
        return watching.start_all(session, actor)
    if name == "sweep":
        audit.record(session, actor.id, "started sweep", "memory", jobs.MEMORY)
        sweep(session, settings, actor.id)
        return []
    starts = {"refresh": jobs.start_refresh, "generation": generations.start}
    starts |= {"evaluation": evaluate_memory.start, "pruning": prune.start}
    return [starts[name](session, actor)]


def stop(session: Session, actor: Actor, name: str) -> list[Run]:
    """Stop whatever of a task is queued or running. Raises NotFound, and WrongState where nothing is."""
    require(actor, "run.stop")
    live = runs.live_of(session, named(name).kinds[:1])
    if not live:
        raise WrongState("Nothing of this task is under way.", code="NOTHING_RUNS")
    return [jobs.stop(session, actor, run.id) for run in live]
