"""What has been kept long enough goes, and nothing else does."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.desk import jobs, prune
from service.settings import Settings
from service.storage import audit, pruning
from service.storage.blobs import Blobs
from service.storage.people import SignIn
from service.storage.proposals import ProposalSet
from service.storage.runs import Refresh, Run, Slot
from service.storage.session import Sessions
from service.storage.sources import Source, SourceVisit
from tests.factories import make_person, make_release, make_unit
from tests.parts.visitor import Visitor
from tm.store.base import now
from tm.store.units import Unit

OLD = timedelta(days=100)
WEEK = 7 * 24 * 3600


def pruned(sessions: Sessions, settings: Settings) -> dict[str, int]:
    """Prune in this process; what it says of itself."""
    found = prune.prune(work := Visitor(sessions, settings, jobs.MEMORY, "prune"))
    with sessions.write() as session:
        jobs.finish(session, work.claim)
        session.commit()
    return found


def run(session: Session, kind: str, age: timedelta, subject: str = "memory", state: str = "done") -> Run:
    made = Run(kind=kind, subject=subject, state=state, created_at=now() - age)
    made.finished_at = now() - age if state in ("done", "failed", "cancelled") else None
    made.reason_code = "X" if state == "failed" else None
    session.add(made)
    session.flush()
    return made


def test_old_records_go_and_the_last_of_each_stays(sessions, settings):
    with sessions.write() as session:
        person = make_person(session, "editor")
        gone = [run(session, "refresh", OLD + timedelta(days=day)) for day in (1, 2)]
        kept = [run(session, "refresh", OLD), run(session, "refresh", OLD, "a", "queued"), run(session, "learn", OLD)]
        named, proposed, young = (run(session, "propose", OLD + timedelta(days=3), "b") for _ in range(3))
        young.finished_at = now()
        kept += [named, proposed, young, run(session, "propose", timedelta(0), "b")]
        audit.record(session, person.id, "retried run", "run", named.id)
        release = make_release(session, person)
        session.add(ProposalSet(segment_id=release.segments[0].id, run_id=proposed.id, attempt=1))
        session.add(Refresh(run_id=gone[0].id, trigger="schedule", started_at=now(), finished_at=now()))
        session.add_all(
            Slot(task="refresh", start=now() - OLD + timedelta(days=day), run_id=gone[0].id) for day in (0, 1)
        )
        session.add(Slot(task="pruning", start=now()))
        session.add_all(
            SignIn(token_hash=str(at), person_id=person.id, expires_at=now() + timedelta(hours=at)) for at in (-1, 1)
        )
        source = Source(kind="list", name="a", address="https://a.example/")
        session.add(source)
        session.flush()
        for age in (OLD, OLD + timedelta(days=1), timedelta(days=1)):
            visit = SourceVisit(source_id=source.id, trigger="schedule", started_at=now() - age)
            visit.finished_at, visit.errors = now() - age, [{"url": "https://a.example/", "code": "HTTP_404"}]
            session.add(visit)
        ids = {each.id for each in kept}
        session.commit()
    assert pruned(sessions, settings) == {"runs": 2, "slots": 1, "visits": 2, "sign_ins": 1}
    with sessions.read() as session:
        left = set(session.scalars(select(Run.id).where(Run.kind != "prune")))
        assert left == ids
        assert session.scalars(select(Refresh.run_id)).one() is None  # the record of the refresh stays
        assert sorted(session.scalars(select(Slot.task))) == ["pruning", "refresh"]
        assert session.scalar(select(func.count()).select_from(SourceVisit)) == 1
    assert pruned(sessions, settings) == {}


def test_units_history_and_audit_are_never_touched(sessions, settings):
    with sessions.write() as session:
        make_unit(session, "Oui.", "Yes.")
        session.scalars(select(Unit)).one().created_at = now() - 10 * OLD
        audit.record(session, None, "started refresh", "memory", "memory")
        session.commit()
    pruned(sessions, settings)
    with sessions.read() as session:
        assert session.scalar(select(func.count()).select_from(Unit)) == 1
        assert len(audit.latest(session)) == 1


def aged(folder: Path, name: str, seconds: float = 2 * WEEK) -> Path:
    path = folder / name[:2] / name
    os.utime(path, (time.time() - seconds,) * 2)
    return path


@pytest.mark.backends("sqlite")
def test_files_that_nothing_names_go_after_a_week(sessions, settings):
    blobs = Blobs(settings.blob_folder)
    used, unused, young = (blobs.put(data) for data in (b"used", b"unused", b"young"))
    with sessions.write() as session:
        make_release(session, make_person(session)).blob = used
        session.commit()
    draft = settings.blob_folder / unused[:2] / "tmpabc"
    draft.write_bytes(b"half")
    for name in (used, unused):
        aged(settings.blob_folder, name)
    os.utime(draft, (time.time() - 2 * WEEK,) * 2)
    assert pruned(sessions, settings) == {"files": 2, "bytes": 10}
    assert (blobs.get(used), blobs.get(young)) == (b"used", b"young")
    assert not any(unused in path.name for path in settings.blob_folder.rglob("*"))
    assert blobs.put(b"unused") == unused
    assert blobs.get(unused) == b"unused"


@pytest.mark.backends("sqlite")
def test_a_file_that_is_put_again_becomes_young(settings):
    blobs = Blobs(settings.blob_folder)
    name = blobs.put(b"again")
    aged(settings.blob_folder, name)
    blobs.put(b"again")
    assert blobs.prune(frozenset(), WEEK) == (0, 0)
    aged(settings.blob_folder, name)
    assert blobs.prune(frozenset(), WEEK) == (1, 5)


def test_every_column_that_names_a_file_is_asked():
    found = {f"{column.table.name}.{column.name}" for column in pruning.columns_of_blobs()}
    assert found >= {
        "release.blob",
        "publication_file.blob",
        "source_page.blob",
        "pair.french_blob",
        "pair.english_blob",
    }
