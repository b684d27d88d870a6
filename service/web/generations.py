"""What the memory stands on: the generations of its index, its refreshes, and how it has grown."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, redirect, url_for

from service.auth.guard import actor, allow, db
from service.auth.house import house
from service.desk import generations, jobs, memory, units
from service.storage import overview, runs
from service.web.languages import say, sentence
from service.web.memory_pages import GenerationsPage
from service.web.plots import plot
from service.web.rendering import render

bp = Blueprint("generations", __name__, url_prefix="/memory/generations")
REFRESHES = 10  # shown beside the generations; all of them have a page of their own


@bp.get("")
@allow("refresh.see")
def index() -> str:
    """Generations with what each holds and cost, and the refreshes next to them."""
    listed = generations.listing(db())
    statistics = memory.statistics(db())
    growth = units.growth(db(), actor())
    return render(
        GenerationsPage(
            generations=listed,
            standing_on=house().memory.standing_on,
            last_build=overview.latest_run(db(), "generation", jobs.MEMORY),
            refreshes=runs.refreshes(db(), REFRESHES),
            statistics=statistics,
            growth=growth,
            plot=plot([(day.day, day.units) for day in growth]),
            warning=_warning([one.state for one in listed]),
        )
    )


def _warning(states: Sequence[str]) -> str:
    """Why answers are slower than they should be, or "". What this process has met counts before what is written; that
    none has been built yet is no fault."""
    if said := house().memory.warning:
        return sentence(said)
    if not states or "ready" in states:
        return ""
    return say("The memory answers without an index: the last one is damaged, and is being built anew.")


@bp.post("")
@allow("memory.rebuild")
def build() -> Response:
    """Have a new generation built in the background; one that is under way is not doubled."""
    generations.start(db(), actor())
    return make_response(redirect(url_for(".index"), 303))
