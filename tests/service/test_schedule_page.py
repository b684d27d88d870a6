"""The page of the schedule: what it tells, to whom, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.storage.projects import Project
from service.storage.runs import Refresh, Run
from service.storage.session import Sessions
from service.storage.sources import Source
from tests.service.conftest import Place, Visitor
from tm.store.base import now

SignedIn = Callable[[str], Visitor]
PAGE = "/memory/schedule"


def ended(kind: str, state: str = "done", minutes: int = 5, subject: str = "memory", **outcome: object) -> Run:
    """A run that ended some minutes ago and took three seconds."""
    at = now() - timedelta(minutes=minutes)
    made = Run(kind=kind, subject=subject, state=state, outcome=outcome, created_at=at, started_at=at)
    made.finished_at = at + timedelta(seconds=3)
    if state == "failed":
        made.reason_code, made.reason = "GAVE_UP", "The disk is full."
    return made


def add(sessions: Sessions, *rows: object) -> None:
    with sessions.write() as session:
        session.add_all(rows)
        session.commit()


def test_every_task_is_told_with_what_it_changed_in_plain_words(signed_in: SignedIn, sessions: Sessions) -> None:
    add(
        sessions,
        ended("refresh", added=12, superseded=3),
        ended("prune", runs=7),
        ended("generation", "failed"),
        ended("source", subject="gone", added=2, errors={"HTTP_404": 2}),
    )
    page = signed_in("editor").get(PAGE).text
    for words in (
        "12 units added, 3 superseded by later translations; nothing else changed.",
        "Removed: 7 runs.",
        "The disk is full.",
        "the server answers with status 404: 2×",
        "took 3.0 s",
        "Every day at 02:30 UTC",
        "by the clock",
    ):
        assert words in page, words
    assert page.count('<tr>\n    <th scope="row" class="title-cell">') == 6


def test_records_of_one_task(signed_in: SignedIn, sessions: Sessions) -> None:
    add(sessions, ended("refresh", added=12), ended("prune", runs=7))
    visitor = signed_in("editor")
    page = visitor.get(f"{PAGE}?task=pruning").text.partition("What was done")[2]
    assert "Removed: 7 runs." in page
    assert "12 units" not in page
    assert visitor.get(f"{PAGE}?task=nothing").status_code == 422


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_a_task_is_started_stopped_and_tried_again(signed_in: SignedIn, sessions: Sessions, who: str) -> None:
    visitor = signed_in(who)
    assert visitor.post(f"{PAGE}/refresh/start").headers["Location"] == PAGE
    page = visitor.get(PAGE).text
    assert 'data-module="live"' in page
    assert "Stop<span" in page
    assert visitor.post(f"{PAGE}/refresh/stop").status_code == 303
    with sessions.read() as session:
        run = session.scalars(select(Run).where(Run.kind == "refresh")).one()
        assert run.state == "cancelled"
    page = visitor.get(PAGE).text
    assert f'action="/runs/{run.id}/retry"' in page
    assert 'data-module="live"' not in page
    assert visitor.post(f"/runs/{run.id}/retry", data={"next": PAGE}).headers["Location"] == PAGE
    with sessions.read() as session:
        again = session.scalars(select(Run).where(Run.kind == "refresh", Run.state == "queued")).one()
    assert visitor.post(f"/runs/{again.id}/stop", data={"next": PAGE}).headers["Location"] == PAGE
    assert visitor.post(f"/runs/{again.id}/stop").status_code == 409
    assert visitor.post(f"{PAGE}/nothing/start").status_code == 404


@pytest.mark.parametrize("who", ["translator", "reviewer"])
def test_who_may_not_start_anything_sees_no_buttons(signed_in: SignedIn, sessions: Sessions, who: str) -> None:
    add(sessions, ended("refresh", "failed"), Run(kind="generation", subject="memory"), ended("source", subject="s"))
    visitor = signed_in(who)
    page = visitor.get(PAGE).text
    assert "<button" not in page.partition("<main")[2]
    assert "Visits to sources" not in page
    assert "Visiting a source" not in page
    assert visitor.post(f"{PAGE}/refresh/start").status_code == 403
    assert visitor.post(f"{PAGE}/generation/stop").status_code == 403


def test_what_is_of_a_project_of_others_is_not_told(signed_in: SignedIn, sessions: Sessions, place: Place) -> None:
    project = Project(number=7, key="quiet", name="Quiet")
    hidden = Source(kind="list", name="Hidden source", address="https://h.example/", project=7)
    shown = Source(kind="list", name="Shown source", address="https://s.example/")
    add(sessions, project)
    add(sessions, hidden, shown)
    learned = [{"id": place.release, "title": "x", "added": 1}]
    add(sessions, ended("source", subject=hidden.id, added=41), ended("source", subject=shown.id, added=42))
    made = ended("refresh", added=1)
    add(sessions, made)
    add(
        sessions,
        Refresh(run_id=made.id, trigger="schedule", started_at=now(), finished_at=now(), releases=learned),
    )
    page = signed_in("editor").get(PAGE).text
    assert "Shown source" in page
    assert "42 units" in page
    assert "Hidden source" not in page
    assert "41 units" not in page
    assert f'href="/releases/{place.release}">Réunion du Conseil</a>' in page


def test_an_administrator_is_told_codes_and_no_reasons(signed_in: SignedIn, sessions: Sessions) -> None:
    add(sessions, ended("generation", "failed"))
    page = signed_in("admin").get(PAGE).text
    assert "GAVE_UP" in page
    assert "The disk is full." not in page


def test_the_part_that_changes_by_itself(signed_in: SignedIn, sessions: Sessions) -> None:
    add(sessions, Run(kind="prune", subject="memory"))
    part = signed_in("editor").get(f"{PAGE}/tasks").text
    assert part.lstrip().startswith("<section")
    assert "waiting" in part
