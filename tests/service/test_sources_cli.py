"""`passerelle source`, as a shell sees it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator

import pytest

from service.settings import Settings
from tests.parts.website import Website, page, story, text


@pytest.fixture
def site() -> Iterator[Website]:
    """A website with one page."""
    with Website() as site:
        site.pages["/fr/1"] = text(page(story(1, "fr"), "fr", links='<li><a href="/en/1">English</a></li>'))
        yield site


@pytest.fixture
def settings(database_url: str, broker_url: str, make_settings: Callable[..., Settings], site: Website) -> Settings:
    """Settings that open the website."""
    return make_settings(database_url=database_url, redis_url=broker_url, fetch_allow=site.entry)


@pytest.mark.backends("sqlite")
def test_sources_from_the_shell(passerelle: Callable[..., subprocess.CompletedProcess[str]], site: Website) -> None:
    done = passerelle("source", "add", f"{site.url}/fr/1", "--kind", "list", "--name", "One", "--json")
    assert done.returncode == 0, done.stderr
    source_id = json.loads(done.stdout)["id"]
    listed = json.loads(passerelle("source", "list", "--json").stdout)
    assert (listed["name"], listed["active"], listed["visit"]) == ("One", True, None)
    assert json.loads(passerelle("source", "start", source_id, "--json").stdout)["state"] == "queued"
    assert passerelle("source", "pages", source_id).stdout == ""
    assert passerelle("source", "pause", source_id).returncode == 0
    assert "(resting) One: not visited yet" in passerelle("source", "list").stdout
    assert passerelle("source", "resume", source_id).returncode == 0
    assert passerelle("source", "remove", source_id).returncode == 0
    assert passerelle("source", "list").stdout == ""
    assert site.asked == {}  # the shell leaves visits to a worker


@pytest.mark.backends("sqlite")
def test_a_look_at_one_page_and_refusals(
    passerelle: Callable[..., subprocess.CompletedProcess[str]], site: Website
) -> None:
    seen = json.loads(passerelle("source", "look", f"{site.url}/fr/1", "--json", within=200).stdout)
    assert seen["title"] == story(1, "fr")[0][1]
    assert (seen["language"], seen["date"]) == ("fr", "2024-03-02")
    assert seen["switches"] == [{"language": "en", "url": f"{site.url}/en/1"}]
    for words, code in (
        (("look", "http://169.254.169.254/"), "URL_PRIVATE"),
        (("look", f"{site.url}/nowhere"), "URL_STATUS"),
        (("add", "ftp://press.example/", "--kind", "feed"), "URL_SCHEME"),
        (("add", "press", "--kind", "folder"), "FOLDERS_OFF"),
        (("start", "00000000-0000-4000-8000-000000000000"), "NOT_FOUND"),
    ):
        done = passerelle("source", *words)
        assert done.returncode == 1, words
        assert code in done.stderr
        assert done.stderr.count("\n") == 1
