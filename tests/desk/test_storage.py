"""The ground: migrations both ways, sessions that keep their word, blobs that show damage."""

import threading

import pytest
from sqlalchemy import inspect, select, text, update

from service.errors import NotFound
from service.storage import migrate
from service.storage.blobs import Blobs
from service.storage.people import Person
from service.storage.releases import Release, Segment
from service.storage.session import make_engine
from tests.factories import make_person, make_release


def test_migrations_go_up_down_and_up_again(empty_database_url):
    migrate.upgrade(empty_database_url)
    migrate.downgrade(empty_database_url, "base")
    engine = make_engine(empty_database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    migrate.upgrade(empty_database_url)
    found, newest = migrate.current(empty_database_url)
    assert found == newest


def test_migrations_and_tables_agree(database_url):
    assert migrate.differences(database_url) == []


def test_two_that_start_at_once_migrate_once(empty_database_url):
    faults = []

    def start():
        try:
            migrate.ensure(empty_database_url)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_reading_session_cannot_write(sessions):
    with sessions.read() as session:
        session.add(Person(email="a@b.c", name="A", role="editor"))
        with pytest.raises(RuntimeError, match="asked to write"):
            session.commit()


def test_counting_up_from_many_threads_loses_nothing(sessions):
    with sessions.write() as session:
        release = make_release(session, make_person(session))
        segment_id = release.segments[0].id
        session.commit()

    def count_up():
        for _ in range(25):
            with sessions.write() as session:
                session.execute(update(Segment).where(Segment.id == segment_id).values(version=Segment.version + 1))
                session.commit()

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions.read() as session:
        assert session.scalar(select(Segment.version).where(Segment.id == segment_id)) == 200


def test_moments_come_back_in_utc(session, translator):
    release = make_release(session, translator)
    session.flush()
    session.expire_all()
    assert session.get(Release, release.id).created_at.utcoffset().total_seconds() == 0


def test_foreign_keys_are_kept(session):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        session.execute(
            text(
                "INSERT INTO draft (person_id, segment_id, text, version, saved_at) VALUES ('x','y','',0,'2026-01-01')"
            )
        )


def test_the_same_bytes_are_one_blob(tmp_path):
    blobs = Blobs(tmp_path)
    assert blobs.put(b"text") == blobs.put(b"text")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_flipped_byte_is_noticed(tmp_path):
    blobs = Blobs(tmp_path)
    name = blobs.put(b"text")
    (tmp_path / name[:2] / name).write_bytes(b"tex7")
    with pytest.raises(NotFound, match="undamaged"):
        blobs.get(name)


def test_a_blob_that_is_gone_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        Blobs(tmp_path).get("0" * 64)
