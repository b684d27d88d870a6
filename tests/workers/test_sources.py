"""A real worker visits a real website with everything on it that can go wrong, and learns exactly the right pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from service.broker import make_sender
from service.desk import people, watching
from service.desk.visits import counts_of
from service.settings import Settings
from service.storage.runs import Run
from service.storage.session import Sessions, make_sessions
from service.storage.sources import SourcePage, SourceVisit, pages_of, visits_of
from tests.parts.newsroom import Newsroom
from tests.parts.process import wait_for
from tests.parts.service import Worker
from tests.parts.website import Answer, Listener, Website, story
from tm.store.units import Unit

PAUSE = 0.02  # seconds between two requests


@pytest.fixture
def site() -> Iterator[Website]:
    """A website on this machine."""
    with Website() as site:
        yield site


@pytest.fixture
def inside() -> Iterator[Listener]:
    """Somebody inside, on another address of this machine; after each test nobody has called."""
    with Listener() as listener:
        yield listener
        assert listener.connections == 0


@pytest.fixture
def house(
    make_settings: Callable[..., Settings], database_url: str, broker_url: str, site: Website
) -> Iterator[tuple[Settings, Sessions]]:
    """Settings that open the website, sessions with a sender, and a running worker."""
    settings = make_settings(
        database_url=database_url,
        redis_url=broker_url,
        fetch_allow=site.entry,
        fetch_seconds=2,
        fetch_limit_mb=1,
        source_delay_ms=int(PAUSE * 1000),
    )
    sessions = make_sessions(settings, make_sender(settings))
    worker = Worker(settings).start()
    yield settings, sessions
    worker.kill()
    sessions.close()


def visited(sessions: Sessions, source_id: str) -> SourceVisit:
    """Wait for the end of the visit that was asked for last, and return it."""

    def run() -> Run | None:
        with sessions.read() as session:
            return session.scalar(select(Run).where(Run.subject == source_id).order_by(Run.created_at.desc()).limit(1))

    wait_for(lambda: (found := run()) is not None and found.state in ("done", "failed"), 150, "the end of the visit")
    found = run()
    assert found is not None
    assert found.state == "done", (found.reason_code, found.reason)
    with sessions.read() as session:
        return visits_of(session, source_id)[0]


def again(sessions: Sessions, source_id: str) -> SourceVisit:
    """Visit the source once more."""
    with sessions.write() as session:
        watching.start(session, people.operator(session), source_id)
        session.commit()
    return visited(sessions, source_id)


def pairs_of(sessions: Sessions, source_id: str) -> set[tuple[str, str, str | None]]:
    with sessions.read() as session:
        pages = {page.id: page for page in pages_of(session, source_id)}
        return {
            (page.url, pages[page.partner_id].url, page.how)
            for page in pages.values()
            if page.partner_id and page.pair_code is None
        }


def units(sessions: Sessions, status: str = "active") -> dict[int, tuple[str, str]]:
    with sessions.read() as session:
        return {unit.id: (unit.source, unit.target) for unit in session.scalars(select(Unit).filter_by(status=status))}


def texts(number: int, **cost: Any) -> set[tuple[str, str]]:
    french, english = story(number, "fr", **cost), story(number, "en", **cost)
    return {(ours[1], theirs[1]) for ours, theirs in zip(french, english, strict=True)}


@pytest.mark.timeout(400)
def test_a_newsroom_is_visited_again_and_again(
    house: tuple[Settings, Sessions], site: Website, inside: Listener
) -> None:
    settings, sessions = house
    room = Newsroom(site, inside)
    with sessions.write() as session:
        actor = people.operator(session)
        address = f"{site.url}/sitemap.xml"
        source = watching.add(session, actor, kind="sitemap", name="Newsroom", address=address, settings=settings)
        session.commit()
        source_id = source.id

    # the first visit finds the right pairs, and says of everything else what was wrong with it
    first = visited(sessions, source_id)
    assert pairs_of(sessions, source_id) == room.expected
    expected = set[tuple[str, str]]().union(*map(texts, room.texts))
    assert set(units(sessions).values()) == expected
    assert {error["url"]: error["code"] for error in first.errors} == room.codes
    counts = counts_of(first)
    assert counts["paired"] == len(room.expected) == 21
    assert counts["added"] == len(expected)
    assert counts["superseded"] == counts["changed"] == 0

    # robots.txt was asked for once, and each request waited for its turn
    assert site.asked["/robots.txt"] == 1
    assert site.asked["/private/41.html"] == 0
    gaps = [later - earlier for earlier, later in zip(site.times, site.times[1:], strict=False)]
    assert min(gaps) > PAUSE * 0.9

    # the second changes nothing, and no page is sent twice but those that never came whole
    site.forget()
    before = units(sessions)
    second = counts_of(again(sessions, source_id))
    assert units(sessions) == before
    assert pairs_of(sessions, source_id) == room.expected
    changing = ("new", "changed", "paired", "paired_again", "unpaired", "added", "superseded", "vanished", "unreadable")
    assert {name: second[name] for name in changing if second[name]} == {}
    assert second["unchanged"] == counts["new"] + counts["unreadable"]
    sent_again = {path for path in site.sent if site.pages[path].versioned and site.pages[path].status == 200}
    assert sent_again <= {"/sitemap.xml", "/bad/half", "/bad/picture"}
    assert site.asked["/robots.txt"] == 0

    # a pair changes one figure, one page vanishes, one comes back to health
    for path, language in (("/fr/10", "fr"), ("/en/10", "en")):
        room.put(path, 10, language, cost=999)
    site.pages["/n/204"] = Answer(b"", 410)
    room.put("/bad/500", 42, "fr")
    third = again(sessions, source_id)
    counts = counts_of(third)
    assert (counts["changed"], counts["vanished"], counts["new"]) == (2, 1, 1)
    assert (counts["paired"], counts["paired_again"], counts["superseded"], counts["added"]) == (0, 1, 2, 2)
    assert set(units(sessions).values()) == expected - (texts(10) - texts(10, cost=999)) | texts(10, cost=999)
    assert set(units(sessions, "superseded").values()) == texts(10) - texts(10, cost=999)
    with sessions.read() as session:
        gone = session.scalars(select(SourcePage).filter_by(url=room.url("/n/204"))).one()
        assert (gone.state, gone.code) == ("vanished", "HTTP_410")
    fourth = counts_of(again(sessions, source_id))
    assert {name: fourth[name] for name in changing if fourth[name]} == {}
