"""What the pages about publications need, and those of a release on its way there, declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from service.desk.verifying import Fault
from service.storage.analyses import Analysis
from service.storage.public_pages import PublicPage, Withdrawal
from service.storage.publications import Publication
from service.storage.releases import Release
from service.web.pages import View
from tm.errors import PasserelleError


@dataclass(frozen=True)
class PublicationList(View):
    """What was published; the ids of what was withdrawn, and of what a later publication corrects."""

    template = "pages/publications.html"
    publications: list[Publication]
    withdrawn: set[str]
    corrected: set[str]


@dataclass(frozen=True)
class PublicationFiles(View):
    """The files of a publication; `making` while a worker is at them."""

    template = "partials/publication_files.html"
    publication: Publication
    making: bool


@dataclass(frozen=True)
class PublicationPage(View):
    """One publication: who translated and approved each segment (for who works on texts), what it corrects and what
    corrects it, whether it was withdrawn or is open to all, and what a proof has found."""

    template = "pages/publication.html"
    publication: Publication
    files: PublicationFiles
    segments: list[dict[str, Any]]
    corrects: dict[str, Any]
    corrected: Publication | None
    corrected_by: Publication | None
    correction: Release | None
    withdrawal: Withdrawal | None
    page: PublicPage | None
    proved: bool = False
    faults: list[Fault] = field(default_factory=list)
    error: PasserelleError | None = None


@dataclass(frozen=True)
class AnalysisPage(View):
    """How much of a release the memory knows, and what each band has cost."""

    template = "pages/analysis.html"
    release: Release
    analysis: Analysis | None
    costs: list[dict[str, Any]]
    error: PasserelleError | None = None


@dataclass(frozen=True)
class ReturnPage(View):
    """What goes out to be worked on elsewhere, and what came of a file that came back: the numbers of the segments that
    changed, how many stand as they stood, how many remarks are new, and what was refused. `operation` is the id of the
    next act."""

    template = "pages/elsewhere.html"
    release: Release
    operation: str
    taken: bool = False
    changed: list[int] = field(default_factory=list)
    unchanged: int = 0
    remarks: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    error: PasserelleError | None = None


@dataclass(frozen=True)
class HousePage(View):
    """The style of the house, with what was typed and what was wrong with it."""

    template = "pages/house.html"
    style: dict[str, str]
    logo: bool
    saved: bool = False
    error: PasserelleError | None = None
