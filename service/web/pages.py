"""What each page and fragment needs, declared: one frozen dataclass for each template."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from service.errors import Version
from service.storage.audit import AuditEntry
from service.storage.people import Person
from service.storage.projects import Project
from service.storage.publications import Evaluation, Publication
from service.storage.releases import Block, Release
from service.storage.runs import Run
from service.storage.work import Waiting
from service.web.acts import Act
from service.web.modules import modules_of
from service.web.outline import Section
from tm.errors import PasserelleError


@dataclass(frozen=True)
class View:
    """A page or a fragment; `template` is its file."""

    template: ClassVar[str]


@dataclass(frozen=True)
class Problem(View):
    """Something went wrong. `number` names the entry in the log, where there is one."""

    template = "errors/error.html"
    status: int
    code: str
    message: str
    where: str = ""
    todo: str = ""
    number: str = ""


@dataclass(frozen=True)
class SignIn(View):
    """The form to sign in with."""

    template = "pages/sign_in.html"
    email: str = ""
    next: str = ""
    error: PasserelleError | None = None


@dataclass(frozen=True)
class Progress:
    """How far a release is: segments by state."""

    counts: dict[str, int]

    ORDER: ClassVar = ("approved", "translated", "rejected", "draft", "pretranslated", "untranslated")

    @property
    def total(self) -> int:
        """All segments."""
        return sum(self.counts.values())

    @property
    def parts(self) -> list[tuple[str, int, float, float]]:
        """`(state, segments, from %, width %)` of each state that occurs, the furthest first."""
        found, start = [], 0.0
        for state in self.ORDER:
            if number := self.counts.get(state, 0):
                width = 100 * number / self.total
                found.append((state, number, round(start, 3), round(width, 3)))
                start += width
        return found

    @property
    def percent(self) -> int:
        """How much is approved, in percent, rounded down: 100 means all of it."""
        return 100 * self.counts.get("approved", 0) // self.total if self.total else 0


@dataclass(frozen=True)
class ReleaseLine(View):
    """One release in the list; `live` while a job about it waits or runs."""

    template = "partials/release_line.html"
    release: Release
    progress: Progress
    live: bool


@dataclass(frozen=True)
class ReleaseList(View):
    """All releases, and what waits for the reader."""

    template = "pages/releases.html"
    lines: list[ReleaseLine]
    waiting: list[Waiting]
    doubtful: int = 0
    failed: int = 0


@dataclass(frozen=True)
class NewRelease(View):
    """The form for a new release, with what was typed before and what was wrong with it."""

    template = "pages/new_release.html"
    limit_mb: int
    projects: list[Project]
    project: str = ""
    text: str = ""
    media: str = ""
    url: str = ""
    error: PasserelleError | None = None
    here_already: str = ""


@dataclass(frozen=True)
class ReleaseStatus(View):
    """State, progress and jobs of a release: the part of its page that changes by itself."""

    template = "partials/release_status.html"
    release: Release
    progress: Progress
    bands: list[tuple[str, str, int]]
    runs: list[Run]
    live: bool
    waiting: list[int]


@dataclass(frozen=True)
class ReleasePage(View):
    """All about one release."""

    template = "pages/release.html"
    status: ReleaseStatus
    evaluation: Evaluation | None
    publications: list[Publication]
    translators: list[Person]
    reviewers: list[Person]
    said: str = ""
    left: list[tuple[int, str]] = field(default_factory=list)
    error: PasserelleError | None = None
    asked: dict[str, str] | None = None


@dataclass(frozen=True)
class OwnDraft:
    """What the reader typed into a segment and has not confirmed."""

    text: str
    version: int
    at: datetime


@dataclass(frozen=True)
class SegmentRow:
    """One segment in the editor. `rate` and `origin` are the best proposal's; `proposed` is false until
    somebody looked for one. `own` says that the reader set the target last and so may not approve it.
    `key` is that of its source, which stands `repeats` times in the release; `comments` are
    the open threads on it. `changed`: others have worked on it since the reader was last in the release.
    """

    id: str
    position: int
    source: str
    target: str
    state: str
    version: int
    carried_over: bool
    proposed: bool
    rate: int | None
    origin: str | None
    inserted_rate: int | None
    inserted_origin: str | None
    distance: int | None
    reason: str | None
    category: str
    translator: str
    approver: str
    own: bool
    key: str
    repeats: int
    comments: int
    changed: bool
    draft: OwnDraft | None = None


@dataclass(frozen=True)
class Rows(View):
    """Some segments of the editor, to take the place of those on the page."""

    template = "partials/rows.html"
    rows: list[SegmentRow]


@dataclass(frozen=True)
class Editor(View):
    """The editor: every block with its segments.

    `bindings` are the reader's keys, chords by act, and `keys` the same in words (see `service.web.acts`); `filters`
    are what the list can be narrowed to, `roles` the kinds of blocks that occur, `sections` the outline.
    `store_key` is what the page encrypts with what it keeps (see `service.auth.kept`), `modules` its scripts.
    """

    template = "pages/editor.html"
    release: Release
    blocks: list[tuple[Block, list[SegmentRow]]]
    rights: list[str]
    live: bool
    bindings: dict[str, list[str]]
    keys: list[tuple[str, list[tuple[str, str]]]]
    filters: tuple[tuple[str, str], ...]
    sections: list[Section]
    roles: list[str]
    store_key: str
    modules: tuple[str, ...] = field(default_factory=lambda: modules_of("editor"))


@dataclass(frozen=True)
class KeysPage(View):
    """The reader's own keys: the preset, and by group each act with its chords, as they are typed."""

    template = "pages/keys.html"
    preset: str
    presets: list[tuple[str, str]]
    groups: dict[str, list[tuple[Act, str]]]
    saved: bool
    error: PasserelleError | None = None


@dataclass(frozen=True)
class RunPage(View):
    """Background jobs; `titles` by subject is empty for who may not see what they are about."""

    template = "pages/runs.html"
    runs: list[Run]
    titles: dict[str, str]
    mine_only: bool


@dataclass(frozen=True)
class PeoplePage(View):
    """Everybody; after adding somebody, their password, which is shown this once."""

    template = "pages/people.html"
    people: list[Person]
    typed: dict[str, str] = field(default_factory=dict)
    error: PasserelleError | None = None
    added: Person | None = None
    password: str = ""


@dataclass(frozen=True)
class AuditPage(View):
    """Who did what."""

    template = "pages/audit.html"
    entries: list[AuditEntry]
    mine_only: bool


def version_values(version: Version) -> dict[str, Any]:
    """A text in a conflict, as JSON has it."""
    return {
        "text": version.text,
        "version": version.version,
        "person": version.person,
        "at": version.at,
        "state": version.state,
    }
