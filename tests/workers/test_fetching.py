"""A real worker fetches a release from an address, and refuses what is no French release."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from service.broker import make_sender
from service.desk import ingest, people, publish
from service.settings import Settings
from service.storage.blobs import Blobs
from service.storage.releases import get_release
from service.storage.runs import runs_about
from service.storage.session import Sessions, make_sessions
from tests.parts.process import wait_for
from tests.parts.service import Worker
from tests.parts.website import Answer, Website
from tm.text import codes

PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Le Conseil | Salle de presse</title>
<link rel="alternate" hreflang="en" href="/en/1"><link rel="canonical" href="/fr/1"></head><body>
<nav><ul><li><a href="/">Accueil</a></li><li><a href="/fr">Tous nos communiqués</a></li></ul></nav>
<main><h1>Le Conseil adopte son rapport</h1><p class="date">12 mars 2024</p>
<p>Le <strong>Conseil</strong> a adopté le <a href="/r">rapport annuel</a> lors de sa session tenue à Arvane, devant
les ministres de tous les pays membres.</p>
<p>Les ministres ont salué les progrès accomplis depuis la dernière session du Conseil, et fixé la date de
la suivante, qui se tiendra au printemps.</p></main>
<footer><p>Mentions légales. Nous utilisons des cookies pour améliorer votre visite.</p></footer>
</body></html>"""

ENGLISH = "<html><body><p>" + "The Council met in Arvane and adopted a report. " * 12 + "</p></body></html>"


@pytest.fixture
def site() -> Iterator[Website]:
    """A website on this machine."""
    with Website() as site:
        yield site


@pytest.fixture
def house(
    make_settings: Callable[..., Settings], database_url: str, broker_url: str, site: Website
) -> Iterator[tuple[Settings, Sessions]]:
    """Settings that open the website, sessions with a sender, and a running worker."""
    settings = make_settings(
        database_url=database_url, redis_url=broker_url, fetch_allow=site.entry, fetch_seconds=2, source_delay_ms=20
    )
    sessions = make_sessions(settings, make_sender(settings))
    worker = Worker(settings).start()
    yield settings, sessions
    worker.kill()
    sessions.close()


def asked_for(sessions: Sessions, settings: Settings, url: str) -> str:
    with sessions.write() as session:
        release = ingest.submit_address(session, people.operator(session), url, settings=settings)
        session.commit()
        return release.id


def settled(sessions: Sessions, release_id: str) -> bool:
    with sessions.read() as session:
        runs = runs_about(session, release_id)
        return bool(runs) and all(run.state in ("done", "failed") for run in runs)


def test_the_main_part_of_a_page_becomes_a_release(house: tuple[Settings, Sessions], site: Website) -> None:
    settings, sessions = house
    site.pages["/fr/1"] = Answer(PAGE.encode())
    release_id = asked_for(sessions, settings, f"{site.url}/fr/1")
    wait_for(lambda: settled(sessions, release_id), 60, "the release")
    with sessions.read() as session:
        release = get_release(session, release_id)
        assert release.title == "Le Conseil adopte son rapport"
        said = release.provenance
        assert (said["canonical"], said["date"]) == (f"{site.url}/fr/1", "2024-03-12")
        assert said["versions"] == [{"language": "en", "url": f"{site.url}/en/1"}]
        texts = [codes.written(block.text) for block in release.blocks]
        assert texts[2].startswith("Le <1>Conseil</1> a adopté le <2>rapport annuel</2> lors de")
        assert not any("cookies" in text or "Accueil" in text for text in texts)
        assert Blobs(settings.blob_folder).get(release.blob).startswith(b"<!DOCTYPE html>")
        operator = people.operator(session)
        made = publish.export(session, operator, release.id, "document", settings=settings)
        assert b'<html lang="en">' in made.data
        assert f'href="{site.url}/r"'.encode() in made.data


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"%PDF-1.7 and so on", "TYPE_MISMATCH"),
        (ENGLISH.encode(), "LANGUAGE_DOUBT"),
    ],
)
def test_what_is_no_french_release_is_refused_and_nothing_kept(
    house: tuple[Settings, Sessions], site: Website, body: bytes, code: str
) -> None:
    settings, sessions = house
    site.pages["/x"] = Answer(body)
    release_id = asked_for(sessions, settings, f"{site.url}/x")
    wait_for(lambda: settled(sessions, release_id), 60, "the release")
    with sessions.read() as session:
        release = get_release(session, release_id)
        run = runs_about(session, release_id)[0]
        assert (release.state, release.blob, run.reason_code) == ("failed", "", code)
