"""What the pages of imports need, declared."""

from __future__ import annotations

from dataclasses import dataclass

from service.desk.undo import Foreseen
from service.storage.projects import Project
from service.storage.runs import Run
from service.web.pages import View
from tm.errors import PasserelleError
from tm.store.units import Import


@dataclass(frozen=True)
class ImportLine:
    """An import and how it stands: its state, or that it is on its way out. `project` is its name, or ""."""

    act: Import
    state: str
    project: str


@dataclass(frozen=True)
class ImportList(View):
    """The latest imports, with the form to hand in a file and what was wrong with the last one."""

    template = "pages/imports.html"
    lines: list[ImportLine]
    projects: list[Project]
    limit_mb: int
    error: PasserelleError | None = None


@dataclass(frozen=True)
class ImportStatus(View):
    """How an import stands: the part of its page that changes by itself while a job is at work (`live`)."""

    template = "partials/import_status.html"
    line: ImportLine
    run: Run | None
    live: bool


@dataclass(frozen=True)
class ImportPage(View):
    """All about one import; `foreseen` is what undoing it would touch, None where there is nothing to undo. `reason`
    was typed before it was refused with `error`."""

    template = "pages/import.html"
    status: ImportStatus
    foreseen: Foreseen | None
    reason: str = ""
    error: PasserelleError | None = None
