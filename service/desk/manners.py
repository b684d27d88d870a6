"""How a visit behaves towards hosts: robots.txt is obeyed, and each host is asked by one visit at a time, with a pause.

The pause holds across workers: whose turn it is stands in the database.
"""

from __future__ import annotations

import time
from datetime import timedelta

from protego import Protego

from service.desk.visits import Work
from service.errors import UrlFailed, UrlRefused
from service.fetch import PAGES, TEXTS, Fetched, Known, fetch
from service.storage.sources import SourceHost, give_turn, take_turn
from service.urls.rules import Rules
from service.urls.targets import Target
from tm.store.base import now

AGENT = "Passerelle"
LONGEST_PAUSE = 30.0  # seconds of Crawl-delay that are obeyed; a site that wants more is asked for less often
LEFT_ALONE = 30.0  # a host that asks for a longer rest than this is not asked again in this visit
ROBOTS_SIZE = 512_000  # characters that are read; RFC 9309 asks for 500 KiB at least
KEPT = {"rules": timedelta(hours=24), "none": timedelta(hours=24), "closed": timedelta(hours=1)}


class Manners:
    """Fetches for one visit."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._rules = Rules.of(work.settings)
        self._pause = work.settings.source_delay_ms / 1000
        self._robots: dict[str, Protego | None] = {}  # None: closed
        self._held: str | None = None
        self._resting: set[str] = set()

    @property
    def rules(self) -> Rules:
        """The rules that every fetch keeps."""
        return self._rules

    def fetch(self, url: str, *, accept: frozenset[str] = PAGES, known: Known = Known()) -> Fetched:  # noqa: B008
        """As `service.fetch.fetch`, when the host lets us. Raises also UrlRefused ROBOTS_REFUSED, UrlFailed
        ROBOTS_UNREACHABLE, HOST_BUSY."""
        try:
            return fetch(url, self._rules, accept=accept, known=known, before=self._ask_host)
        except UrlFailed as error:
            self._rest(error)
            raise
        finally:
            self._leave()

    def _ask_host(self, target: Target) -> None:
        if target.site in self._resting:
            raise UrlFailed("The host asks to be left alone for now.", code="HOST_BUSY")
        robots = self._robots_of(target)
        if robots is None:
            raise UrlFailed(
                "The host's robots.txt cannot be read, so nothing is asked of it.", code="ROBOTS_UNREACHABLE"
            )
        if not robots.can_fetch(target.url, AGENT):
            raise UrlRefused("The host does not want this page to be fetched.", code="ROBOTS_REFUSED")
        self._take(target.site)

    def _robots_of(self, target: Target) -> Protego | None:
        if target.site not in self._robots:
            with self._work.read() as session:
                host = session.get(SourceHost, target.site)
                fresh = host is not None and host.robots_state and host.robots_until > now()
                state, text = (host.robots_state, host.robots) if fresh and host is not None else ("", "")
            if not state:
                state, text = self._asked_robots(target)
            self._robots[target.site] = None if state == "closed" else Protego.parse(text)
        return self._robots[target.site]

    def _asked_robots(self, target: Target) -> tuple[str, str]:
        """Ask for robots.txt as RFC 9309 says: not there means open, an error of the server means closed."""
        try:
            answer = fetch(
                f"{target.origin}/robots.txt", self._rules, accept=TEXTS, before=lambda at: self._take(at.site)
            )
            state, text = "rules", answer.body.decode("utf-8", "replace")[:ROBOTS_SIZE].replace("\0", "")
        except UrlRefused:
            state, text = "none", ""
        except UrlFailed as error:
            gone = error.status is not None and 400 <= error.status < 500 and error.status != 429
            state, text = "none" if gone else "closed", ""
        with self._work.write() as session:
            host = session.get(SourceHost, target.site) or SourceHost(site=target.site)
            host.robots_state, host.robots, host.robots_until = state, text, now() + KEPT[state]
            session.add(host)
        self._leave()
        return state, text

    def _pause_of(self, site: str) -> float:
        robots = self._robots.get(site)
        wanted = robots.crawl_delay(AGENT) if robots is not None else None
        return max(self._pause, min(float(wanted or 0), LONGEST_PAUSE))

    def _take(self, site: str) -> None:
        """Wait until it is our turn at the host. A redirect on the host that we hold waits for the pause alone."""
        if self._held == site:
            time.sleep(self._pause_of(site))
            return
        self._leave()
        while True:
            moment = now()
            with self._work.write() as session:
                free = take_turn(session, site, moment, moment + timedelta(seconds=self._rules.seconds + 5))
            if free is None:
                self._held = site
                return
            time.sleep(min(max((free - moment).total_seconds(), 0.01), 5))

    def _leave(self) -> None:
        site, self._held = self._held, None
        if site is not None:
            with self._work.write() as session:
                give_turn(session, site, now() + timedelta(seconds=self._pause_of(site)))

    def _rest(self, error: UrlFailed) -> None:
        """A host that says it is busy (429, 503) gets the rest that it asks for."""
        site, wait = self._held, error.wait
        if site is None or wait is None:
            return
        self._leave()
        with self._work.write() as session:
            give_turn(session, site, now() + timedelta(seconds=min(wait, 3600)))
        if wait > LEFT_ALONE:
            self._resting.add(site)
