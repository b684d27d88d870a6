"""Large files by the command line: streamed, killed, carried on, told, undone."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from service.storage.session import make_sessions
from tests.importing import as_tmx, pair, some, state
from tests.parts.process import wait_for
from tm.exchange import tmx
from tm.store.units import Import


def answers(done):
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _killed_after_some_work(line, env, sessions):
    """Start the command and kill it once it has written more than before; whether it came to that."""

    def read():
        with sessions.read() as session:
            return next(iter(session.scalars(select(Import.counts))), {}).get("read", 0)

    before = read()
    process = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: read() > before or process.poll() is not None, 60, "the import")
    at_work = process.poll() is None
    process.kill()
    process.wait()
    return at_work


@pytest.mark.faults
def test_an_import_that_is_killed_goes_on_to_the_state_of_an_undisturbed_one(settings, sessions, passerelle, tmp_path):
    file = tmp_path / "memory.tmx"
    file.write_bytes(as_tmx(some(10_000)))
    program = Path(sys.executable).with_name("passerelle")
    line, env = [program, "memory", "import", file], {**os.environ, **settings.environment()}

    kills = 0
    while kills < 3 and _killed_after_some_work(line, env, sessions):
        kills += 1
    assert kills > 0
    (told,) = answers(passerelle("memory", "import", file, "--json"))
    assert (told["added"], told["seen_again"], told["superseded"]) == (10_000, 0, 0)
    with sessions.read() as session:
        (act,) = session.scalars(select(Import))
        assert (act.state, act.counts["read"], act.counts["total"]) == ("done", 10_000, 10_000)
        assert sorted(each[2] for each in state(session).values()) == sorted(each.source for each in some(10_000))


@pytest.mark.backends("sqlite")
def test_others_write_while_an_import_is_under_way(settings, sessions, passerelle, tmp_path):
    file = tmp_path / "memory.tmx"
    file.write_bytes(as_tmx(some(10_000)))
    program = Path(sys.executable).with_name("passerelle")
    env = {**os.environ, **settings.environment()}
    process = subprocess.Popen([program, "memory", "import", file], env=env, stderr=subprocess.DEVNULL)
    path, written = settings.database.removeprefix("sqlite:///"), 0
    while process.poll() is None:
        connection = sqlite3.connect(path, timeout=5, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")  # raises when nobody lets it in for five seconds
        connection.execute("COMMIT")
        connection.close()
        written += 1
        time.sleep(0.05)
    assert process.returncode == 0
    assert written > 5


@pytest.mark.backends("sqlite")
def test_imports_are_listed_undone_and_brought_back(passerelle, tmp_path):
    file = tmp_path / "memory.tmx"
    file.write_bytes(as_tmx(some(30)))
    (added,) = answers(passerelle("memory", "import", file, "--json"))
    (listed,) = answers(passerelle("memory", "imports", "--json"))
    assert (listed["id"], listed["state"], listed["counts"]["added"]) == (added["import"], "done", 30)
    assert passerelle("memory", "undo-import", added["import"]).returncode == 2
    (undone,) = answers(passerelle("memory", "undo-import", added["import"], "--reason", "The wrong file.", "--json"))
    assert (undone["state"], undone["counts"]["undo"]["withdrawn"]) == ("undone", 30)
    exported = passerelle("memory", "export")
    assert "<tu " not in exported.stdout
    (again,) = answers(passerelle("memory", "import", file, "--json"))
    assert (again["added"], again["seen_again"]) == (0, 30)
    assert passerelle("memory", "export").stdout.count("<tu ") == 30
    refused = passerelle("memory", "undo-import", "nothing", "--reason", "So.")
    assert (refused.returncode, "NOT_FOUND" in refused.stderr) == (1, True)


@pytest.mark.backends("sqlite")
def test_a_bad_file_is_one_line_with_its_place_and_leaves_nothing(passerelle, tmp_path):
    file = tmp_path / "memory.tmx"
    file.write_bytes(as_tmx(some(3000)).replace(b'xml:lang="en"><seg>Sentence 2999.', b'xml:lang="de"><seg>Satz.'))
    refused = passerelle("memory", "import", file, "--json")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "unit 3000" in refused.stderr
    assert "TMX_UNIT" in refused.stderr
    (stats,) = answers(passerelle("memory", "stats", "--json"))
    assert stats["units"] == 0
    for name, data, code in (("x.xls", b"x", "TYPE_UNKNOWN"), ("x.tmx", b"", "EMPTY_FILE")):
        (tmp_path / name).write_bytes(data)
        assert code in passerelle("memory", "import", tmp_path / name).stderr
    assert "FILE_UNREADABLE" in passerelle("memory", "import", tmp_path / "nowhere.tmx").stderr


@pytest.mark.backends("sqlite")
def test_contradictions_are_told(passerelle, tmp_path):
    file = tmp_path / "memory.tmx"
    file.write_bytes(as_tmx([pair("Oui.", "Yes.", 1), pair("Oui.", "Yea.", 2), pair("Non.", "No.", 3)]))
    answers(passerelle("memory", "import", file, "--json"))
    (found,) = answers(passerelle("memory", "contradictions", "--json"))
    assert sorted(unit["target"] for unit in found["units"]) == ["Yea.", "Yes."]
    assert "Oui." in passerelle("memory", "contradictions").stdout


@pytest.mark.backends("sqlite")
def test_a_project_keeps_its_units_to_itself(settings, passerelle, tmp_path):
    from service.storage.projects import Project

    answers(passerelle("memory", "stats", "--json"))
    sessions = make_sessions(settings)
    with sessions.write() as session:
        session.add(Project(number=1, key="cyber", name="Cyber"))
        session.commit()
    sessions.close()
    file, out = tmp_path / "memory.tmx", tmp_path / "out.tmx"
    file.write_bytes(as_tmx(some(3)))
    (added,) = answers(passerelle("memory", "import", file, "--project", "cyber", "--json"))
    assert added["added"] == 3
    assert "<tu " not in passerelle("memory", "export").stdout
    assert passerelle("memory", "export", "--project", "cyber", "--output", out).returncode == 0
    with out.open("rb") as stream:
        assert len(list(tmx.read(stream))) == 3
    assert "PROJECT_UNKNOWN" in passerelle("memory", "export", "--project", "space").stderr
