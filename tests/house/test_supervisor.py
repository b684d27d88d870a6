"""`passerelle run` underneath: three processes that come, are kept alive, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from service.supervisor import CannotStart, commands, running, serve
from tests.parts.process import Process, wait_for

SERVE = """
import sys
from service.settings import load
from service.supervisor import serve
sys.exit(serve(load(), lambda address: print("READY", address, flush=True)))
"""

MakeSettings = Callable[..., Settings]


class Supervisor(Process):
    """A supervisor on an installation of its own."""

    def __init__(self, settings: Settings) -> None:
        super().__init__([sys.executable, "-c", SERVE], settings.data_dir / "out.log", env=settings.environment())
        self.settings = settings

    @property
    def children(self) -> dict[str, int]:
        """Name and process id of each child that runs."""
        state = running(self.settings)
        return {name: pid for name, pid in (state or {}).get("children", {}).items() if pid}


def _members(groups: set[int]) -> list[str]:
    """The processes of some process groups that still run."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [row[2] for row in rows if len(row) == 3 and int(row[0]) in groups and not row[1].startswith("Z")]


@pytest.fixture
def supervisor(settings: Settings) -> Iterator[Supervisor]:
    """A supervisor whose web process answers."""
    supervisor = Supervisor(settings).start()
    supervisor.wait_for_text("READY", within=60)
    yield supervisor
    groups = set(supervisor.children.values())
    supervisor.stop()
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_three_processes_run_and_all_end_on_sigterm(supervisor: Supervisor) -> None:
    children = supervisor.children
    assert set(children) == {"web", "worker", "beat"}
    assert f"READY {supervisor.settings.address}" in supervisor.text()
    begin = time.monotonic()
    assert supervisor.stop() == 0
    assert time.monotonic() - begin < 10
    assert _members(set(children.values())) == []
    assert running(supervisor.settings) is None


@pytest.mark.faults
@pytest.mark.backends("sqlite")
def test_killed_child_is_started_again_and_the_others_go_on(supervisor: Supervisor) -> None:
    before = supervisor.children
    os.killpg(before["worker"], signal.SIGKILL)
    wait_for(lambda: supervisor.children.get("worker", before["worker"]) != before["worker"], 30, "a new worker")
    assert {name: supervisor.children[name] for name in ("web", "beat")} == {n: before[n] for n in ("web", "beat")}
    assert "worker ended (SIGKILL)" in supervisor.text()
    os.killpg(before["web"], signal.SIGKILL)
    # the socket is the supervisor's: who comes in the meantime waits, and is not refused
    with urllib.request.urlopen(f"{supervisor.settings.address}/healthz", timeout=30) as answer:
        assert answer.status == 200


@pytest.mark.faults
@pytest.mark.backends("sqlite")
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells children of a parent's death on Linux only")
def test_killed_supervisor_leaves_no_orphans(supervisor: Supervisor) -> None:
    groups = set(supervisor.children.values())
    supervisor.kill()
    wait_for(lambda: not _members(groups), 30, "the end of all children")


@pytest.mark.backends("sqlite")
def test_second_start_on_the_same_data_folder_is_refused_with_the_address_of_the_first(supervisor: Supervisor) -> None:
    with pytest.raises(CannotStart, match="runs on this data folder already") as refusal:
        serve(supervisor.settings)
    assert supervisor.settings.address in str(refusal.value)
    assert supervisor.alive


def test_taken_port_is_named(make_settings: MakeSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=f"port {port}: Address already in use"):
            serve(make_settings(port=port))


def test_web_process_that_cannot_start_ends_everything_and_shows_its_log(
    make_settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings()
    for name in ("gunicorn", "celery"):  # programs that end at once, in the place of the installed ones
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
        (tmp_path / name / "__main__.py").write_text("raise SystemExit('no app to be found')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(CannotStart, match="no app to be found"):
        serve(settings)
    assert running(settings) is None


def test_children_get_the_same_settings_through_their_environment(
    make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(trusted_hosts=("a.example", "b.example"), database_url="postgresql://somewhere/db")
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None) == settings


def test_command_lines_follow_the_settings(make_settings: MakeSettings) -> None:
    lines = commands(make_settings(host="::1", port=8123, web_threads=7, worker_concurrency=3, log_level="WARNING"))
    assert lines["web"][lines["web"].index("--bind") + 1] == "[::1]:8123"
    assert lines["web"][lines["web"].index("--threads") + 1] == "7"
    assert lines["worker"][lines["worker"].index("--concurrency") + 1] == "3"
    assert lines["beat"][lines["beat"].index("--loglevel") + 1] == "WARNING"
