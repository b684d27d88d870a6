"""What the pages of the glossary need, declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from service.desk.glossary import Page
from service.desk.glossary_files import Report
from service.storage.audit import AuditEntry
from service.storage.glossary import GlossaryEntry, Wanted
from service.storage.projects import Project
from service.web.pages import View
from tm.errors import PasserelleError


@dataclass(frozen=True)
class TermList(View):
    """Entries that fit a filter, a page of them. `further` asks for the next page, None at the end; `address` is the
    filter as the values of an address; `projects` names the scopes that the reader may see."""

    template = "pages/terms.html"
    wanted: Wanted
    found: Page
    further: int | None
    address: dict[str, Any]
    projects: dict[int, str]
    error: PasserelleError | None = None


@dataclass(frozen=True)
class TypedEntry:
    """An entry as it stands in a form: terms one to a line."""

    french: str = ""
    preferred: str = ""
    allowed: str = ""
    forbidden: str = ""
    domain: str = ""
    note: str = ""
    agreed: bool = True
    project: str = ""

    @classmethod
    def of(cls, entry: GlossaryEntry) -> TypedEntry:
        """An entry that is kept."""
        concept = entry.concept
        lines = {status: "\n".join(concept.called(status)) for status in ("preferred", "allowed", "forbidden")}
        return cls("\n".join(concept.french), **lines, domain=concept.domain, note=concept.note, agreed=concept.agreed)


@dataclass(frozen=True)
class NewTerm(View):
    """The form for a new entry, with what was typed before and what was wrong with it."""

    template = "pages/new_term.html"
    typed: TypedEntry
    domains: list[str]
    projects: list[Project]
    error: PasserelleError | None = None


@dataclass(frozen=True)
class TermPage(View):
    """One entry, as it stands and as somebody is changing it, and what happened to it."""

    template = "pages/term.html"
    entry: GlossaryEntry
    typed: TypedEntry
    seen: int
    domains: list[str]
    project: str
    history: list[AuditEntry]
    error: PasserelleError | None = None


@dataclass(frozen=True)
class TermImport(View):
    """The form for a file, and what the last one brought or why it was refused."""

    template = "pages/term_import.html"
    projects: list[Project]
    limit_mb: int
    filename: str = ""
    report: Report | None = None
    error: PasserelleError | None = None
    columns: tuple[str, ...] = field(default=())
