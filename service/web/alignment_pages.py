"""What the pages of the alignment desk need, declared."""

from __future__ import annotations

from dataclasses import dataclass

from service.desk.alignments import Doubt
from service.desk.bead_sheet import Last, Line
from service.desk.handing_in import Received
from service.storage.alignments import FilePair
from service.storage.projects import Project
from service.storage.runs import Run
from service.web.pages import View
from tm.errors import PasserelleError


@dataclass(frozen=True)
class PairList(View):
    """The latest pairs, with the forms to hand some in, and what became of those just handed in. `projects` are the
    reader's own, `names` what they are called, by number; `chosen` is the key of the one that a refused form named."""

    template = "pages/alignments.html"
    pairs: list[FilePair]
    projects: list[Project]
    names: dict[int, str]
    waiting: int
    limit_mb: int
    received: Received | None = None
    error: PasserelleError | None = None
    chosen: str = ""


@dataclass(frozen=True)
class PairLine(View):
    """One pair in the list; it asks for itself anew until it is aligned or refused."""

    template = "partials/pair_line.html"
    pair: FilePair
    names: dict[int, str]


@dataclass(frozen=True)
class Queue(View):
    """Beads that wait, those first whose source is met most often."""

    template = "pages/alignment_queue.html"
    doubts: list[Doubt]
    most: int


@dataclass(frozen=True)
class PairStatus(View):
    """How a pair without beads stands: on its way, or refused."""

    template = "partials/pair_status.html"
    pair: FilePair
    run: Run | None
    live: bool


@dataclass(frozen=True)
class PairPage(View):
    """A pair without beads, with what can be done about it."""

    template = "pages/pair.html"
    status: PairStatus
    project: str
    error: PasserelleError | None = None


@dataclass(frozen=True)
class Beads(View):
    """All beads of a pair. `buttons`: each has its own, for a page without scripts."""

    template = "partials/beads.html"
    pair: FilePair
    lines: list[Line]
    last: Last | None
    closed: bool
    buttons: bool


@dataclass(frozen=True)
class BeadRows(View):
    """Rows as they stand after an act."""

    template = "partials/bead_rows.html"
    lines: list[Line]
    buttons: bool = False


@dataclass(frozen=True)
class Review(View):
    """The review page: two columns with every bead of a pair."""

    template = "pages/review.html"
    beads: Beads
    project: str
    error: PasserelleError | None = None
