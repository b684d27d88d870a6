"""An evaluation of the memory that was asked for runs in a real worker, and on the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from service.broker import make_sender
from service.desk import evaluate_memory
from service.storage.evaluations import MemoryEvaluation
from service.storage.runs import Run
from service.storage.session import Sessions, make_sessions
from tests.engine.pairs import pairs
from tests.factories import make_person
from tests.parts.process import wait_for
from tests.parts.service import Worker
from tm.store.writing import add_pairs
from tm.types import Pair, Provenance


def fill(sessions: Sessions) -> None:
    """A memory of ten documents, one for each month."""
    with sessions.write() as session:
        for month in range(1, 11):
            name, texts = f"month {month}", pairs()[50 * month - 50 : 50 * month]
            found = [Pair(*text, Provenance(name, at, date=f"2024-{month:02}-01")) for at, text in enumerate(texts)]
            add_pairs(session, found, kind="tmx", label=name, document_key=name)
        session.commit()


@pytest.mark.timeout(180)
def test_a_worker_measures_the_memory_and_writes_down_what_it_found(make_settings, database_url, broker_url):
    settings = make_settings(database_url=database_url, redis_url=broker_url)
    sessions = make_sessions(settings, make_sender(settings))
    fill(sessions)
    worker = Worker(settings).start(wait=False)
    try:
        with sessions.write() as session:
            run_id = evaluate_memory.start(session, make_person(session, "editor")).id
            session.commit()
        wait_for(lambda: _state(sessions, run_id) not in ("queued", "running"), 120, "the evaluation")
        assert _state(sessions, run_id) == "done"
        with sessions.read() as session:
            row = session.scalars(select(MemoryEvaluation)).one()
        assert (row.run_id, row.since, row.documents, row.segments, row.units) == (run_id, "2024-10-01", 1, 50, 450)
        assert row.bands
    finally:
        worker.kill()
        sessions.close()


def _state(sessions: Sessions, run_id: str) -> str:
    with sessions.read() as session:
        return session.get_one(Run, run_id).state


@pytest.mark.backends("sqlite")
@pytest.mark.timeout(240)
def test_the_command_prints_a_table_or_json_and_refuses_what_cannot_be_parted(passerelle, sessions):
    fill(sessions)
    told = passerelle("memory", "evaluate", "--since", "2024-09", within=120)
    assert told.returncode == 0, told.stderr
    assert "Held out: 2 documents since 2024-09-01; looked at 100 segments, proposed from 400 units." in told.stdout
    assert "all with a match" in told.stdout
    assert "repair in" in told.stdout
    found: dict[str, Any] = json.loads(passerelle("memory", "evaluate", "--limit", "20", "--json", within=120).stdout)
    assert (found["documents"], found["segments"], found["since"]) == (1, 20, "2024-10-01")
    assert {"band", "segments", "words", "raw", "localised", "repaired"} <= found["bands"][0].keys()
    with sessions.read() as session:
        assert len(session.scalars(select(MemoryEvaluation)).all()) == 2
    refused = passerelle("memory", "evaluate", "--since", "2031")
    assert refused.returncode == 1
    assert "NOTHING_HELD_OUT" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert passerelle("memory", "evaluate", "--share", "100").returncode == 2
