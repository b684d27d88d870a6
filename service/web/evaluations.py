"""How good the memory is, over time: what proposals for held-out documents were worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import Blueprint, Response, make_response, redirect, url_for

from service.auth.guard import actor, allow, db
from service.desk import evaluate_memory, jobs
from service.storage import overview
from service.storage.evaluations import MemoryEvaluation, evaluations
from service.storage.runs import Run
from service.web.languages import say
from service.web.pages import View
from service.web.rendering import render
from service.web.words import day
from tm.match.evaluation.table import ALL

bp = Blueprint("evaluations", __name__, url_prefix="/memory/evaluations")
STEPS = ("raw", "localised", "repaired")
WIDTH, HEIGHT = 480, 190  # of a plot
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 10, 24  # its margins
Measure = Literal["ter", "chrf"]


@dataclass(frozen=True)
class Line:
    """The scores of one step: the places of its points, and the value at each."""

    step: str
    points: list[tuple[float, float, float]]

    @property
    def path(self) -> str:
        """The points as SVG wants them."""
        return " ".join(f"{x:g},{y:g}" for x, y, _ in self.points)


@dataclass(frozen=True)
class Plot:
    """One measure over time: its lines, and what is written at both axes. `told` says it in words."""

    name: str
    better: str
    lines: list[Line]
    ticks: list[tuple[float, int]]
    dates: list[tuple[float, str, str]]
    told: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


@dataclass(frozen=True)
class EvaluationsPage(View):
    """Evaluations of the memory: the last one by band, all of them as lines, and the earlier ones, the newest first,
    each with its row over all bands, if something matched."""

    template = "pages/evaluations.html"
    latest: MemoryEvaluation | None
    earlier: list[tuple[MemoryEvaluation, dict[str, Any] | None]]
    plots: list[Plot]
    last_run: Run | None


@bp.get("")
@allow("evaluation.see")
def index() -> str:
    """All evaluations."""
    found = evaluations(db())
    plots = [_plot(found[::-1], "ter"), _plot(found[::-1], "chrf")] if any(map(summary, found)) else []
    earlier = [(evaluation, summary(evaluation)) for evaluation in found[1:]]
    last_run = overview.latest_run(db(), "evaluate-memory", jobs.MEMORY)
    return render(EvaluationsPage(found[0] if found else None, earlier, plots, last_run))


@bp.post("")
@allow("evaluation.start")
def start() -> Response:
    """Have the memory evaluated in the background."""
    evaluate_memory.start(db(), actor())
    return make_response(redirect(url_for(".index"), 303))


def summary(evaluation: MemoryEvaluation) -> dict[str, Any] | None:
    """The row of an evaluation over all bands; None where nothing matched."""
    return next((band for band in evaluation.bands if band["band"] == ALL), None)


def _plot(found: Sequence[MemoryEvaluation], measure: Measure) -> Plot:
    shown = [(evaluation, row) for evaluation in found if (row := summary(evaluation))]
    values = [row[step][measure] for _, row in shown for step in STEPS]
    low, high = int(min(values) // 5 * 5), int(-(-max(values) // 5) * 5)
    high = max(high, low + 5)
    scale = (HEIGHT - TOP - BOTTOM) / (high - low)
    places = _places([evaluation.at.timestamp() for evaluation, _ in shown])
    lines = [
        Line(
            step,
            [
                (x, round(TOP + (high - row[step][measure]) * scale, 1), row[step][measure])
                for x, (_, row) in zip(places, shown, strict=True)
            ],
        )
        for step in STEPS
    ]
    step = max(5, (high - low) // 20 * 5)
    ticks = [(round(TOP + (high - value) * scale, 1), value) for value in range(low, high + 1, step)]
    name, better = ("TER", "lower is closer") if measure == "ter" else ("chrF", "higher is closer")
    latest = shown[-1][1]
    last = ", ".join(f"{say(step)} {latest[step][measure]:.1f}" for step in STEPS)
    told = say("{0} of {1} evaluations; the last: {2}", name, len(shown), last)
    return Plot(name, better, lines, ticks, _dates(places, shown), told)


def _places(times: Sequence[float]) -> list[float]:
    """Where moments lie from left to right; a single one in the middle."""
    first, room = times[0], WIDTH - LEFT - RIGHT - 16
    span = times[-1] - first
    if not span:
        return [LEFT + 8 + room / 2] * len(times)
    return [round(LEFT + 8 + (moment - first) / span * room, 1) for moment in times]


def _dates(places: Sequence[float], shown: Sequence[tuple[MemoryEvaluation, Any]]) -> list[tuple[float, str, str]]:
    """What is written under the first and the last point, and how it is anchored."""
    ends = [(places[0], shown[0][0], "start"), (places[-1], shown[-1][0], "end")]
    if places[0] == places[-1]:
        ends = [(places[0], shown[-1][0], "middle")]
    return [(x, day(evaluation.at), anchor) for x, evaluation, anchor in ends]
