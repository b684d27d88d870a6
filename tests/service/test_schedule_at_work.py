"""A visit that hangs is stopped on the page while a real worker is at it, and tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from service.broker import make_sender
from service.settings import Settings
from service.storage.runs import Run
from service.storage.session import Sessions, make_sessions
from service.storage.sources import Source, SourceVisit
from tests.parts.process import wait_for
from tests.parts.service import Worker
from tests.parts.website import Answer, Website, silent, story, text
from tests.parts.website import page as page_of
from tests.service.conftest import Visitor

PAGE = "/memory/schedule"


@pytest.fixture
def site() -> Iterator[Website]:
    """A website that says nothing about its first page."""
    with Website() as site:
        site.pages["/fr/1"] = Answer(act=silent)
        yield site


@pytest.fixture
def settings(database_url: str, broker_url: str, make_settings: Callable[..., Settings], site: Website) -> Settings:
    """Settings with one process to work, which waits ten seconds for an answer."""
    return make_settings(
        database_url=database_url,
        redis_url=broker_url,
        fetch_allow=site.entry,
        fetch_seconds=10,
        source_delay_ms=0,
        lease_seconds=3,
        worker_concurrency=1,
    )


@pytest.fixture
def sessions(settings: Settings) -> Iterator[Sessions]:
    """Sessions whose messages reach the worker."""
    sessions = make_sessions(settings, make_sender(settings))
    yield sessions
    sessions.close()


def runs(sessions: Sessions, kind: str) -> list[str]:
    """The states of the runs of a kind, the first one first."""
    with sessions.read() as session:
        return list(session.scalars(select(Run.state).where(Run.kind == kind).order_by(Run.created_at)))


@pytest.mark.backends("postgresql")
@pytest.mark.timeout(180)
def test_a_visit_that_hangs_is_stopped_and_the_worker_is_free_again(
    signed_in: Callable[[str], Visitor], sessions: Sessions, settings: Settings, site: Website, worker: Worker
) -> None:
    with sessions.write() as session:
        address = f"{site.url}/fr/1 {site.url}/en/1"
        session.add(Source(kind="list", name="The slow one", address=address, hours=24))
        session.commit()
    editor = signed_in("editor")
    assert editor.post(f"{PAGE}/sources/start").status_code == 303
    wait_for(lambda: site.asked["/fr/1"], 60, "the visit to hang")
    assert "running" in editor.get(PAGE).text
    assert editor.post(f"{PAGE}/sources/stop").status_code == 303
    assert runs(sessions, "source") == ["cancelled"]
    # the only process is given back, though the server still says nothing
    assert editor.post(f"{PAGE}/pruning/start").status_code == 303
    wait_for(lambda: runs(sessions, "prune") == ["done"], 60, "the worker to do something else")
    assert "was stopped, or taken over by another worker" in worker.text()
    assert "Nothing was old enough to go." in editor.get(PAGE).text
    for language in ("fr", "en"):
        site.pages[f"/{language}/1"] = text(page_of(story(1, language), language))
    with sessions.read() as session:
        stopped = session.scalars(select(Run).where(Run.kind == "source")).one()
        assert (stopped.outcome, stopped.reason_code) == ({}, None)
    assert editor.post(f"/runs/{stopped.id}/retry", data={"next": PAGE}).status_code == 303
    # the host is left alone for as long as the fetch that was broken off might have taken
    wait_for(lambda: runs(sessions, "source") == ["cancelled", "done"], 90, "the second visit")
    with sessions.read() as session:
        visit = session.scalars(select(SourceVisit)).one()  # it went on with the one that was broken off
        assert visit.finished_at is not None
        assert visit.counts["paired"] == 1
    page = editor.get(PAGE).text
    assert "units added" in page
    assert "1 pair aligned." in page
