"""Sources of every kind, visited in this process: what is found, how hosts are treated, what is interrupted."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.desk import people, watching
from service.desk.policy import Actor
from service.desk.visits import counts_of
from service.errors import NotFound
from service.settings import Settings
from service.storage.alignments import FilePair
from service.storage.projects import Member, Project
from service.storage.runs import Run
from service.storage.session import Sessions
from service.storage.sources import Source, SourceVisit, pages_of
from tests.factories import make_person
from tests.parts.visitor import Visitor
from tests.parts.website import Answer, Website, page, story, text
from tm.errors import InputError
from tm.store.base import now
from tm.store.units import Unit


@pytest.fixture
def site() -> Iterator[Website]:
    """A website on this machine."""
    with Website() as site:
        yield site


@pytest.fixture
def settings(
    database_url: str, broker_url: str, make_settings: Callable[..., Settings], site: Website, tmp_path: Path
) -> Settings:
    """Settings that open the website and a folder, and wait for nothing."""
    (tmp_path / "watched").mkdir()
    return make_settings(
        database_url=database_url,
        redis_url=broker_url,
        fetch_allow=site.entry,
        fetch_seconds=3,
        source_delay_ms=0,
        sources_folder=str(tmp_path / "watched"),
    )


Add = Callable[..., str]


@pytest.fixture
def add(sessions: Sessions, settings: Settings) -> Add:
    """Add a source as the operator; its id."""

    def add(kind: str, address: str, **values: object) -> str:
        with sessions.write() as session:
            actor = people.operator(session)
            source = watching.add(
                session, actor, kind=kind, name="", address=address, settings=settings, **values  # type: ignore[arg-type]
            )  # fmt: skip
            session.commit()
            return source.id

    return add


def found(sessions: Sessions, source_id: str) -> set[tuple[str, str, str | None]]:
    """The pairs of a source: paths or names, and the evidence."""
    with sessions.read() as session:
        pages = {page.id: page for page in pages_of(session, source_id)}
        return {
            (_path(page.url), _path(pages[page.partner_id].url), page.how)
            for page in pages.values()
            if page.partner_id and page.pair_code is None
        }


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3] if url.startswith("http") else url


def serve(site: Website, number: int, french: str, english: str) -> None:
    """Two pages that do not know each other."""
    for path, language in ((french, "fr"), (english, "en")):
        site.pages[path] = text(page(story(number, language), language))


# kinds


@pytest.mark.backends("sqlite")
def test_a_list_names_pages_and_pairs(site: Website, add: Add, sessions: Sessions, settings: Settings) -> None:
    serve(site, 1, "/x/1", "/y/2")
    serve(site, 2, "/fr/2", "/en/2")
    lines = f"{site.url}/x/1 {site.url}/y/2\n\n  {site.url}/fr/2#top\n{site.url}/missing\n"
    source_id = add("list", lines)
    visit = Visitor(sessions, settings, source_id).visit()
    assert found(sessions, source_id) == {("/x/1", "/y/2", "list"), ("/fr/2", "/en/2", "address")}
    assert visit.errors == [{"url": f"{site.url}/missing", "code": "HTTP_404"}]
    with sessions.read() as session:
        assert {unit.scope for unit in session.scalars(select(Unit))} == {0}


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>
<item><title>Un</title><link>{0}/fr/1</link></item>
<item><title>Deux</title><guid isPermaLink="true">{0}/fr/2</guid></item>
<item><title>Ailleurs</title><link>https://other.example/fr/9</link></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>
<entry><title>Un</title><link rel="self" href="{0}/api/1"/><link href="/n/1"/>
<link rel="alternate" hreflang="en" href="/m/1"/></entry>
<entry><title>Deux</title><link rel="alternate" href="{0}/fr/2"/></entry></feed>"""


@pytest.mark.backends("sqlite")
def test_feeds_of_both_kinds(site: Website, add: Add, sessions: Sessions, settings: Settings) -> None:
    serve(site, 1, "/fr/1", "/en/1")
    serve(site, 2, "/fr/2", "/en/2")
    serve(site, 1, "/n/1", "/m/1")
    site.pages["/rss"] = Answer(RSS.format(site.url).encode(), media="application/rss+xml")
    site.pages["/atom"] = Answer(ATOM.format(site.url).encode(), media="application/atom+xml")
    rss, atom = add("feed", f"{site.url}/rss"), add("feed", f"{site.url}/atom")
    visit = Visitor(sessions, settings, rss).visit()
    assert found(sessions, rss) == {("/fr/1", "/en/1", "address"), ("/fr/2", "/en/2", "address")}
    assert visit.errors == [{"url": "https://other.example/fr/9", "code": "OTHER_SITE"}]
    Visitor(sessions, settings, atom).visit()
    assert found(sessions, atom) == {("/n/1", "/m/1", "hreflang"), ("/fr/2", "/en/2", "address")}


@pytest.mark.backends("sqlite")
def test_an_index_of_sitemaps_one_of_them_packed_and_one_broken(
    site: Website, add: Add, sessions: Sessions, settings: Settings
) -> None:
    import gzip

    serve(site, 1, "/fr/1", "/en/1")
    urls = f"<urlset><url><loc>{site.url}/fr/1</loc></url></urlset>"
    maps = "".join(f"<sitemap><loc>{site.url}/{name}</loc></sitemap>" for name in ("a.xml.gz", "b.xml", "c.xml"))
    site.pages |= {
        "/index.xml": Answer(f"<sitemapindex>{maps}</sitemapindex>".encode(), media="text/xml"),
        "/a.xml.gz": Answer(gzip.compress(urls.encode()), media="application/gzip"),
        "/b.xml": Answer(b'<!DOCTYPE x [<!ENTITY a "b">]><urlset>&a;</urlset>', media="text/xml"),
    }
    source_id = add("sitemap", f"{site.url}/index.xml")
    visit = Visitor(sessions, settings, source_id).visit()
    assert found(sessions, source_id) == {("/fr/1", "/en/1", "address")}
    errors = {_path(error["url"]): error["code"] for error in visit.errors}
    assert errors == {"/b.xml": "LISTING_DTD", "/c.xml": "HTTP_404"}


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(b"", 500), "HTTP_500"),
        (Answer(b"<html><p>nothing here</p></html>", media="text/xml"), "LISTING_INVALID"),
        (Answer(b"not xml at all", media="text/xml"), "LISTING_INVALID"),
        (text("<rss></rss>"), "URL_TYPE"),
    ],
)
def test_a_list_that_cannot_be_read_is_said_and_is_no_failure_of_the_job(
    site: Website, add: Add, sessions: Sessions, settings: Settings, answer: Answer, code: str
) -> None:
    site.pages["/feed"] = answer
    visit = Visitor(sessions, settings, add("feed", f"{site.url}/feed")).visit()
    assert visit.finished_at is not None
    assert visit.code == code
    assert visit.reason


@pytest.mark.backends("sqlite")
def test_a_folder_pairs_names_and_links_lead_nowhere(
    add: Add, sessions: Sessions, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "watched" / "press"
    names = {1: ("a.fr.txt", "a.en.txt"), 2: ("fr/b.html", "en/b.html"), 3: ("c_FR.txt", "c_EN.txt")}
    for number, pair in names.items():
        for name, language in zip(pair, ("fr", "en"), strict=True):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            blocks = story(number, language)
            path.write_text(page(blocks, language) if "html" in name else "\n\n".join(text for _, text in blocks))
    (tmp_path / "outside.fr.txt").write_text("\n\n".join(text for _, text in story(9, "fr")))
    (folder / "d.fr.txt").symlink_to(tmp_path / "outside.fr.txt")
    (folder / "e").symlink_to(tmp_path)
    (folder / "f.fr.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    source_id = add("folder", "press")
    visit = Visitor(sessions, settings, source_id).visit()
    assert found(sessions, source_id) == {(*pair, "address") for pair in names.values()}
    assert [(error["url"], error["code"]) for error in visit.errors] == [("f.fr.txt", "TYPE_MISMATCH")]

    # nothing changed, then one file changed and one is gone
    assert counts_of(Visitor(sessions, settings, source_id).visit())["unchanged"] == 7
    for name, language in (("a.fr.txt", "fr"), ("a.en.txt", "en")):
        (folder / name).write_text("\n\n".join(text for _, text in story(1, language, cost=777)))
    os.unlink(folder / "c_EN.txt")
    counts = counts_of(Visitor(sessions, settings, source_id).visit())
    assert (counts["changed"], counts["vanished"], counts["paired_again"], counts["superseded"]) == (2, 1, 1, 2)


# manners


@pytest.mark.backends("sqlite")
def test_a_host_that_is_busy_is_left_alone(site: Website, add: Add, sessions: Sessions, settings: Settings) -> None:
    serve(site, 1, "/fr/1", "/en/1")
    serve(site, 2, "/fr/2", "/en/2")
    site.pages["/busy"] = Answer(b"", 503, headers={"Retry-After": "600"})
    source_id = add("list", "\n".join(f"{site.url}/{path}" for path in ("fr/1", "en/1", "busy", "fr/2", "en/2")))
    visit = Visitor(sessions, settings, source_id).visit()
    assert found(sessions, source_id) == {("/fr/1", "/en/1", "address")}
    assert {_path(error["url"]): error["code"] for error in visit.errors} == {
        "/busy": "HTTP_503", "/fr/2": "HOST_BUSY", "/en/2": "HOST_BUSY"}  # fmt: skip
    assert site.asked["/fr/2"] == site.asked["/en/2"] == 0


@pytest.mark.backends("sqlite")
def test_crawl_delay_is_obeyed(site: Website, add: Add, sessions: Sessions, settings: Settings) -> None:
    serve(site, 1, "/fr/1", "/en/1")
    site.pages["/robots.txt"] = Answer(b"User-agent: Passerelle\nCrawl-delay: 0.7\n", media="text/plain")
    Visitor(sessions, settings, add("list", f"{site.url}/fr/1\n{site.url}/en/1")).visit()
    times = site.times[1:]
    assert len(times) == 2
    assert times[1] - times[0] >= 0.65


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(("answer", "asked"), [(Answer(b"", 404), 1), (Answer(b"", 500), 0), (text("<p>hello"), 1)])
def test_robots_that_cannot_be_read(
    site: Website, add: Add, sessions: Sessions, settings: Settings, answer: Answer, asked: int
) -> None:
    serve(site, 1, "/fr/1", "/en/1")
    site.pages["/robots.txt"] = answer
    visit = Visitor(sessions, settings, add("list", f"{site.url}/fr/1 {site.url}/en/1")).visit()
    assert site.asked["/fr/1"] == asked
    assert {error["code"] for error in visit.errors} == (set() if asked else {"ROBOTS_UNREACHABLE"})


def test_two_visits_at_once_take_turns_at_one_host(
    site: Website, add: Add, sessions: Sessions, settings: Settings
) -> None:
    patient = settings.model_copy(update={"source_delay_ms": 100})
    for number in range(4):
        serve(site, number, f"/fr/{number}", f"/en/{number}")
    ids = [add("list", f"{site.url}/fr/{n}\n{site.url}/fr/{n + 1}") for n in (0, 2)]
    visitors = [Visitor(sessions, patient, source_id) for source_id in ids]
    threads = [threading.Thread(target=visitor.visit) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gaps = [later - earlier for earlier, later in zip(site.times, site.times[1:], strict=False)]
    assert len(site.times) >= 9
    assert min(gaps) > 0.09


# interruptions


def test_a_visit_that_was_broken_off_goes_on_where_it_was(
    site: Website, add: Add, sessions: Sessions, settings: Settings
) -> None:
    for number in range(3):
        serve(site, number, f"/fr/{number}", f"/en/{number}")
    source_id = add("list", "\n".join(f"{site.url}/fr/{number}" for number in range(3)))
    visit = Visitor(sessions, settings, source_id).visit(seconds=0)
    assert visit.left
    assert visit.finished_at is None
    with sessions.write() as session:
        again = watching.due(session, settings)
        assert [run.subject for run in again] == [source_id]
        session.commit()
    whole = Visitor(sessions, settings, source_id).visit()
    assert whole.id == visit.id
    assert not whole.left
    assert counts_of(whole)["paired"] == 3
    assert all(times == 1 for path, times in site.asked.items())
    with sessions.read() as session:
        assert len(list(session.scalars(select(SourceVisit)))) == 1


@pytest.mark.backends("sqlite")
def test_most_pages_of_a_source(site: Website, add: Add, sessions: Sessions, settings: Settings) -> None:
    for number in range(4):
        serve(site, number, f"/fr/{number}", f"/en/{number}")
    source_id = add("list", "\n".join(f"{site.url}/fr/{number}" for number in range(4)))
    Visitor(sessions, settings.model_copy(update={"source_pages": 3}), source_id).visit()
    with sessions.read() as session:
        assert len(pages_of(session, source_id)) == 3


# people


def test_a_source_of_a_project_is_its_members_alone(
    session: Session, sessions: Sessions, settings: Settings, editor: Actor, site: Website
) -> None:
    session.add(Project(number=7, key="p7", name="Seven"))
    session.flush()
    session.add(Member(project=7, person_id=editor.id))
    other = make_person(session, "editor", "Other")
    serve(site, 1, "/fr/1", "/en/1")
    address = f"{site.url}/fr/1"
    source = watching.add(session, editor, kind="list", name="Secret", address=address, settings=settings, project="p7")
    with pytest.raises(NotFound):
        watching.visible(session, other, source.id)
    with pytest.raises(InputError) as refusal:
        watching.add(session, other, kind="list", name="", address=address, settings=settings, project="p7")
    assert refusal.value.code == "PROJECT_UNKNOWN"
    assert watching.listing(session, other) == []
    assert watching.listing(session, editor) == [source]
    session.execute(update(Run).values(state="done"))
    session.commit()
    Visitor(sessions, settings, source.id).visit()
    with sessions.read() as reading:
        assert {unit.scope for unit in reading.scalars(select(Unit))} == {7}
        assert [pair.project for pair in reading.scalars(select(FilePair))] == [7]


def test_a_source_rests_changes_and_is_forgotten_and_the_memory_keeps_what_it_learned(
    site: Website, add: Add, sessions: Sessions, settings: Settings
) -> None:
    serve(site, 1, "/fr/1", "/en/1")
    source_id = add("list", f"{site.url}/fr/1")
    Visitor(sessions, settings, source_id).visit()
    with sessions.write() as session:
        actor = people.operator(session)
        watching.set_active(session, actor, source_id, False)
        source = watching.edit(
            session, actor, source_id, name="New", address=f"{site.url}/en/1", hours=6, settings=settings
        )
        assert (source.name, source.hours, source.active) == ("New", 6, False)
        session.execute(update(Source).values(created_at=now() - timedelta(days=9)))
        session.execute(update(SourceVisit).values(started_at=now() - timedelta(days=9)))
        assert watching.due(session, settings) == []
        watching.set_active(session, actor, source_id, True)
        assert len(watching.due(session, settings)) == 1
        session.execute(update(Run).values(state="done"))
        watching.remove(session, actor, source_id)
        session.commit()
    with sessions.read() as session:
        assert session.scalar(select(Source)) is None
        assert len(list(session.scalars(select(Unit)))) == 8
