"""What the pages of the memory need, declared."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from service.desk.units import Growth
from service.storage.runs import Refresh, Run
from service.web.languages import say
from service.web.pages import View
from service.web.plots import Plot
from service.web.words import plural
from tm.errors import PasserelleError
from tm.store.answers import Hits
from tm.store.units import Generation
from tm.types import Language


@dataclass(frozen=True)
class Search:
    """What is looked for in the memory; "" and None stand for any. `before` asks for the page after an earlier one."""

    phrase: str = ""
    language: Language = "fr"
    inflected: bool = False
    status: str = ""
    scope: int | None = None
    document: str = ""
    before: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether something is left out that holds the phrase."""
        return bool(self.status or self.scope is not None or self.document)

    def values(self, **others: Any) -> dict[str, Any]:
        """The search as the values of an address, without what says nothing; some of them others."""
        values = asdict(self) | {"inflected": 1 if self.inflected else None} | others
        return {name: value for name, value in values.items() if value not in ("", None)}


@dataclass(frozen=True)
class HitList(View):
    """Where a phrase stands: a page of units. `projects` names the scopes that the reader may see, `said` says how many
    there are (`said_of`)."""

    template = "partials/hits.html"
    search: Search
    hits: Hits
    projects: dict[int, str]
    said: str = ""


@dataclass(frozen=True)
class MemoryPage(View):
    """The concordance: where a phrase stands in the memory."""

    template = "pages/memory.html"
    search: Search
    found: HitList
    projects: dict[int, str]
    error: PasserelleError | None = None


@dataclass(frozen=True)
class GenerationsPage(View):
    """What the memory stands on. `standing_on` is the generation that answers in this process, 0 for none; `last_build`
    the latest job that made or makes one; `warning` says why answers are slower than they should be, or ""."""

    template = "pages/generations.html"
    generations: list[Generation]
    standing_on: int
    last_build: Run | None
    refreshes: list[Refresh]
    statistics: dict[str, int]
    growth: list[Growth]
    plot: Plot | None
    warning: str = ""


def said_of(search: Search, hits: Hits) -> str:
    """How many units there are, in words; the memory is not read to its end for it, so it may be "more than"."""
    found, more = len(hits.passages), hits.before is not None
    if not search.phrase:
        return ""
    if not found and not more:
        if search.before:
            return say("The memory has no more “{0}”.", search.phrase)
        if search.narrowed:
            return say("The memory has no “{0}”, narrowed down like this.", search.phrase)
        english = search.language == "en"
        return say(
            "The memory has no “{0}” in English." if english else "The memory has no “{0}” in French.", search.phrase
        )
    units = plural(found, "unit")
    return say("More than {0} with “{1}”" if more else "{0} with “{1}”", units, search.phrase)
