"""A walk through a source on the web: its list, the pages on it, and those that they name as their translations."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from service.desk.apart import Apart
from service.desk.keeping import OTHER, keep, key_of
from service.desk.looking import Before, look
from service.desk.manners import Manners
from service.desk.visits import Plan, Work, note
from service.errors import UrlFailed, UrlRefused
from service.fetch import FEEDS
from service.storage.blobs import Blobs
from service.storage.sources import SourcePage, page_at
from service.urls.targets import target
from tm.documents.languageswitch import counterparts
from tm.errors import PasserelleError

MOST_LISTS = 50  # sitemaps of one index
MOST_GUESSES = 2
_SISTERS = frozenset({"www", "fr", "en", "m"})


class ListUnreadable(Exception):
    """The list of a source could not be read; carries code and reason."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Walk:
    """One walk, resumable: pages that this visit has seen already are not asked for again."""

    def __init__(self, work: Work, plan: Plan, apart: Apart, until: float) -> None:
        self._work, self._plan, self._apart, self._until = work, plan, apart, until
        self._manners = Manners(work)
        self._blobs = Blobs(work.settings.blob_folder)
        self._sites: set[str] = set()
        self._listed: dict[str, dict[str, Any]] = {}

    def run(self) -> bool:
        """Walk until every page was seen, or the time is up: then True, and the visit goes on another time.

        Raises ListUnreadable.
        """
        for url, said in self._list():
            self._add(url, said)
        queue, guesses = dict.fromkeys(self._listed, ""), dict[str, str]()  # a guess has the page that it is made for
        seen, served = set[str](), set[str]()
        while queue or guesses:
            if time.monotonic() > self._until:
                return True
            turn = queue or guesses  # what is only guessed comes last: it may be found by better means
            url = next(iter(turn))
            made_for = turn.pop(url)
            if url in seen or made_for in served or len(seen) >= self._work.settings.source_pages:
                continue
            seen.add(url)
            page = self._visit(url, guess=bool(made_for))
            if page is not None and page.text_hash and made_for:
                served.add(made_for)
            named, guessed = self._next(page, seen | queue.keys())
            queue |= dict.fromkeys(named, "")
            guesses |= {other: url for other in guessed if other not in guesses}
            self._work.done, self._work.total = len(seen), len(seen) + len(queue)
        return False

    # the list

    def _list(self) -> Iterator[tuple[str, dict[str, Any]]]:
        if self._plan.kind == "list":
            yield from self._lines()
            return
        start = self._normal(self._plan.address)
        if start is None:
            raise ListUnreadable("URL_INVALID", "The address of this source is not one that is fetched.")
        lists, read = [start], 0
        while lists and read < MOST_LISTS:
            found = self._one_list(lists.pop(0), first=read == 0)
            read += 1
            lists += [url for place in found["more"] if (url := self._normal(place)) and self._ours(url)]
            for entry in found["entries"]:
                yield entry["url"], {"listed": entry["versions"]}

    def _one_list(self, url: str, *, first: bool) -> dict[str, Any]:
        try:
            fetched = self._manners.fetch(url, accept=FEEDS)
            return self._apart.listing(fetched.body, fetched.url)
        except PasserelleError as error:
            code = f"HTTP_{error.status}" if isinstance(error, UrlFailed) and error.status else error.code
            if first:
                raise ListUnreadable(code, error.message) from error
            self._error(url, code)
            return {"entries": [], "more": []}

    def _lines(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """One address to a line; two on a line are each other's translation."""
        for line in self._plan.address.splitlines():
            urls = [url for word in line.split() if (url := self._normal(word))]
            self._sites.update(map(_family, urls))
            for url in urls:
                yield url, {"list": [other for other in urls if other != url]} if len(urls) == 2 else {}

    def _add(self, place: str, said: dict[str, Any]) -> None:
        url = self._normal(place)
        if url is not None and self._may(url):
            self._listed.setdefault(url, {}).update(said)

    # pages

    def _visit(self, url: str, guess: bool) -> SourcePage | None:
        with self._work.read() as session:
            page = page_at(session, self._plan.source_id, key_of(url))
            if page is not None and (page.seen_at >= self._plan.started_at or self._not_now(page, guess)):
                return page
            before = Before.of(page)
        found = look(url, before, self._manners, self._apart)
        with self._work.write() as session:
            return keep(session, self._plan, url, found, self._blobs, listed=self._listed.get(url, {}), guess=guess)

    def _not_now(self, page: SourcePage, guess: bool) -> bool:
        """What a guess did not find is not looked for again."""
        return guess and page.state == "absent"

    def _next(self, page: SourcePage | None, known: set[str]) -> tuple[list[str], list[str]]:
        """Where a page's translation may stand: addresses that were named, and addresses that are guessed."""
        if page is None or page.language not in OTHER or not page.text_hash:
            return [], []
        there = OTHER[page.language]
        claims = [*page.facts.get("versions", []), *page.facts.get("listed", []), *page.facts.get("switches", [])]
        named = [claim["url"] for claim in claims if claim["language"] == there]
        urls = [url for place in named if (url := self._normal(place)) and self._may(url)]
        likely = [url for place in counterparts(page.url, there) if (url := self._normal(place))]
        if urls or page.facts.get("list") or known & set(likely):
            return urls, []
        return [], [url for url in likely[:MOST_GUESSES] if self._ours(url)]

    # addresses

    def _normal(self, place: str) -> str | None:
        """An address in its one spelling, or None with the reason in the record."""
        try:
            return target(place, self._manners.rules).url
        except UrlRefused as error:
            self._error(place[:500], error.code)
            return None

    def _may(self, url: str) -> bool:
        if self._ours(url):
            return True
        self._error(url, "OTHER_SITE")
        return False

    def _ours(self, url: str) -> bool:
        """Whether the address lies where the source lies: other sites are not visited on the word of a page."""
        if not self._sites and self._plan.kind != "list":
            self._sites.add(_family(target(self._plan.address, self._manners.rules).url))
        return _family(url) in self._sites

    def _error(self, url: str, code: str) -> None:
        with self._work.write() as session:
            note(session, self._plan, url=url, code=code)


def _family(url: str) -> str:
    """The host without what tells languages apart: `fr.press.example` and `www.press.example` are one site."""
    site = url.split("/", 3)[2]
    first, dot, rest = site.partition(".")
    return rest if dot and first in _SISTERS and "." in rest else site
