"""The scripts: plain sh, and a clear word where something is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from service.settings import ROOT

SCRIPTS = ("scripts/setup", "scripts/run", "scripts/test", "scripts/lint", "scripts/quality", "scripts/bench")
ALL = (*SCRIPTS, "scripts/lock", ".ci/run")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a fresh clone has, as far as the scripts are concerned."""
    folder = tmp_path / "a clone"
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for path in [ROOT / "pyproject.toml", *ROOT.glob("requirements*.lock")]:
        shutil.copy(path, folder)
    return folder


def _program(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def _run(clone: Path, script: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    line = [str(clone / script), *words]
    return subprocess.run(line, cwd="/", capture_output=True, text=True, timeout=30, env={**os.environ, **env})


@pytest.mark.parametrize("script", ALL)
def test_script_is_executable_plain_sh(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", path], check=True)


@pytest.mark.parametrize("script", SCRIPTS)
def test_python_that_is_too_old_is_named(clone: Path, tmp_path: Path, script: str) -> None:
    old = _program(tmp_path, "old-python", 'if [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi')
    result = _run(clone, script, PYTHON=old)
    assert result.returncode == 1
    assert "Python 3.9.2 is too old; Python 3.11 or newer is needed" in result.stderr
    assert not (clone / ".tools" / "lock").exists()


def test_missing_python_is_named(clone: Path) -> None:
    result = _run(clone, "scripts/setup", PYTHON="python-of-tomorrow")
    assert result.returncode == 1
    assert "there is no python-of-tomorrow here" in result.stderr


def test_python_without_pip_says_how_to_get_it(clone: Path, tmp_path: Path) -> None:
    bare = _program(tmp_path, "bare-python", 'case "$*" in *pip*) exit 1;; *version_info*) exit 0;; esac')
    tools = tmp_path / "bin"  # a PATH without uv
    tools.mkdir()
    for name in ("sh", "dirname", "mkdir", "cat", "cksum", "rm", "grep", "sleep", "env"):
        (tools / name).symlink_to(shutil.which(name) or name)
    result = _run(clone, "scripts/setup", PYTHON=bare, PATH=str(tools))
    assert result.returncode == 1
    assert "apt-get install python3-pip" in result.stderr


def test_unreachable_network_is_said_and_the_next_start_tries_again(clone: Path, tmp_path: Path) -> None:
    offline = _program(
        tmp_path,
        "offline-python",
        'case "$*" in *"pip install"*) echo "no route to the index" >&2; exit 1;; *) exit 0;; esac',
    )
    for _ in range(2):
        result = _run(clone, "scripts/setup", PYTHON=offline)
        assert result.returncode == 1
        assert "no route to the index" in result.stderr
        assert "could not fetch uv" in result.stderr
    assert not (clone / ".venv").exists()


def test_lock_of_a_killed_script_is_taken_over(clone: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    (clone / ".tools" / "lock").mkdir(parents=True)
    (clone / ".tools" / "lock" / "pid").write_text(f"{gone.pid}\n")
    result = _run(clone, "scripts/setup", PYTHON="false")
    assert "too old" in result.stderr, "it went on to look at Python"


def test_lock_of_a_running_script_is_waited_for(clone: Path) -> None:
    holder = subprocess.Popen(["sleep", "60"])
    try:
        (clone / ".tools" / "lock").mkdir(parents=True)
        (clone / ".tools" / "lock" / "pid").write_text(f"{holder.pid}\n")
        with pytest.raises(subprocess.TimeoutExpired) as waiting:
            subprocess.run([clone / "scripts/setup"], capture_output=True, timeout=2)
        assert f"Waiting for another set-up in this checkout (process {holder.pid})." in str(waiting.value.stderr)
    finally:
        holder.kill()
        holder.wait()


def test_unknown_word_is_a_usage_error(clone: Path) -> None:
    for script in ("scripts/setup", "scripts/lock"):
        result = _run(clone, script, "--everything")
        assert (result.returncode, result.stderr.split()[0]) == (2, "usage:")


def test_finished_environment_is_not_touched_again() -> None:
    fresh = ". scripts/lib.sh; is_fresh dev requirements-dev.lock || is_fresh runtime requirements.lock"
    if subprocess.run(["sh", "-c", fresh], cwd=ROOT).returncode:
        pytest.skip("the environment is older than the lock, or not made by scripts/setup; scripts/test brings it up")
    stamp = next((ROOT / ".venv").glob(".stamp-*"))
    before = stamp.stat().st_mtime_ns
    assert _run(ROOT, "scripts/setup").stderr == ""
    assert stamp.stat().st_mtime_ns == before


def test_build_server_run_is_told_to_leave_nothing_out() -> None:
    text = (ROOT / ".ci" / "run").read_text()
    assert "export CI=true" in text
    assert "scripts/lint" in text
    assert 'scripts/test "$@"' in text
