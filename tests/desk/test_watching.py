"""Who may do what with sources, where they may lie, and when they are due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.broker import HARD_LIMIT
from service.desk import visiting, watching
from service.desk.policy import Actor
from service.errors import Forbidden, UrlRefused, WrongState
from service.settings import Settings
from service.storage.runs import Run, Slot
from service.storage.sources import Source
from tm.errors import InputError
from tm.store.base import now


@pytest.fixture
def settings(database_url: str, broker_url: str, make_settings: Callable[..., Settings], tmp_path: Path) -> Settings:
    """Settings that open one folder."""
    (tmp_path / "watched").mkdir()
    return make_settings(database_url=database_url, redis_url=broker_url, sources_folder=str(tmp_path / "watched"))


def test_who_may_do_what(session: Session, settings: Settings, editor: Actor, admin: Actor, translator: Actor) -> None:
    source = watching.add(
        session, editor, kind="list", name="Ours", address="https://press.example/fr", settings=settings
    )
    assert [found.name for found in watching.listing(session, admin)] == ["Ours"]
    watching.start(session, admin, source.id)
    with pytest.raises(Forbidden):
        watching.listing(session, translator)
    for act in (
        lambda: watching.set_active(session, admin, source.id, False),
        lambda: watching.remove(session, translator, source.id),
        lambda: watching.start(session, translator, source.id),
    ):
        with pytest.raises(Forbidden):
            act()


REFUSED = [
    ("feed", "ftp://press.example/", "URL_SCHEME"),
    ("feed", "http://127.0.0.1/", "URL_PRIVATE"),
    ("sitemap", "http://me@press.example/", "URL_CREDENTIALS"),
    ("list", "https://press.example/\nhttp://10.0.0.1/", "URL_PRIVATE"),
    ("list", "https://a.example/ https://b.example/ https://c.example/", "URL_INVALID"),
    ("list", " \n ", "SOURCE_EMPTY"),
    ("folder", "../", "FOLDER_OUTSIDE"),
    ("folder", "/etc", "FOLDER_OUTSIDE"),
    ("folder", "nowhere", "FOLDER_MISSING"),
    ("pigeon", "https://press.example/", "SOURCE_KIND"),
]


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(("kind", "address", "code"), REFUSED)
def test_places_that_are_refused(
    session: Session, settings: Settings, editor: Actor, kind: str, address: str, code: str
) -> None:
    with pytest.raises(InputError) as refusal:
        watching.add(session, editor, kind=kind, name="", address=address, settings=settings)
    assert refusal.value.code == code
    assert session.scalar(select(Source)) is None
    if isinstance(refusal.value, UrlRefused) and kind == "list":
        assert refusal.value.where.startswith("line ")


def test_folders_are_off_unless_one_is_opened(session: Session, settings: Settings, editor: Actor) -> None:
    closed = settings.model_copy(update={"sources_folder": ""})
    with pytest.raises(WrongState, match="SOURCES_FOLDER"):
        watching.add(session, editor, kind="folder", name="", address="", settings=closed)


def test_a_source_is_due_once_in_each_slot(session: Session, settings: Settings, editor: Actor) -> None:
    source = watching.add(
        session, editor, kind="list", name="", address="https://press.example/", settings=settings, hours=1
    )
    session.execute(update(Run).values(state="done"))
    assert watching.due(session, settings) == []  # it was visited when it was added
    source.created_at = now() - timedelta(hours=2)
    session.flush()
    assert [run.subject for run in watching.due(session, settings)] == [source.id]
    session.execute(update(Run).values(state="done"))
    assert watching.due(session, settings) == []
    assert session.scalars(select(Slot)).one().task == f"source:{source.id}"


def test_slots_follow_the_hour_of_the_refresh(settings: Settings) -> None:
    nightly = settings.model_copy(update={"refresh_at": "02:30"})
    moment = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    assert watching.slot_of(24, moment, nightly) == datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
    assert watching.slot_of(6, moment, nightly) == datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
    assert watching.slot_of(24, datetime(2026, 3, 5, 2, 30, tzinfo=UTC), nightly).day == 5


def test_time_that_a_visit_may_take_ends_before_the_task_is_stopped() -> None:
    assert visiting.SECONDS < HARD_LIMIT - 200
