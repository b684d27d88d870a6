"""Docker: the files are sound, name only what exists, and their command lines work on a real PostgreSQL and Redis."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from service.settings import ROOT, Settings
from service.supervisor import commands
from tests.parts.process import Process, free_port, wait_for

PROGRAMS = Path(sys.executable).parent
OURS = ("migrate", "web", "worker", "beat")
MakeSettings = Callable[..., Settings]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """docker-compose.yml, with its anchors resolved."""
    with (ROOT / "docker-compose.yml").open() as file:
        return dict(YAML(typ="safe").load(file))


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    """The instructions of the Dockerfile, one a line."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [re.sub(r"\s+", " ", line) for line in text.splitlines() if line and not line.startswith("#")]


def test_compose_file_is_valid() -> None:
    line = [PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"]
    result = subprocess.run(line, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_dockerfile_has_no_findings() -> None:
    result = subprocess.run([PROGRAMS / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout == ""


def test_every_variable_of_our_containers_is_a_setting(compose: dict[str, Any]) -> None:
    known = {name.upper() for name in Settings.model_fields}
    for name in OURS:
        assert set(compose["services"][name]["environment"]) <= known


def test_every_variable_that_the_file_asks_for_is_a_setting_or_a_password(compose: dict[str, Any]) -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert asked - {name.upper() for name in Settings.model_fields} == {"POSTGRES_PASSWORD"}


def test_production_has_no_built_in_secrets(compose: dict[str, Any]) -> None:
    environment = compose["services"]["web"]["environment"]
    assert re.fullmatch(r"\$\{SECRET_KEY:\?[^}]+\}", environment["SECRET_KEY"])
    assert "${POSTGRES_PASSWORD:?" in environment["DATABASE_URL"]
    assert "${POSTGRES_PASSWORD:?" in compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]


def test_every_command_exists(compose: dict[str, Any], make_settings: MakeSettings) -> None:
    from service.cli.main import passerelle

    processes = commands(make_settings())
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["command"] == ["python", "-m", "service.supervisor", name]
        assert name in processes
    assert compose["services"]["migrate"]["command"] == ["passerelle", "db", "upgrade"]
    assert "upgrade" in passerelle.commands["db"].commands  # type: ignore[attr-defined]


def test_port_is_the_same_inside_and_out(compose: dict[str, Any], dockerfile: list[str]) -> None:
    web = compose["services"]["web"]
    inside = web["environment"]["PORT"]
    assert web["ports"] == [f"127.0.0.1:8000:{inside}"]
    assert f"EXPOSE {inside}" in dockerfile
    assert any(f"127.0.0.1:{inside}/healthz" in line for line in dockerfile if line.startswith("HEALTHCHECK"))


def test_nobody_is_root_and_every_container_that_stays_has_a_health_check(
    compose: dict[str, Any], dockerfile: list[str]
) -> None:
    users = [line.split()[1] for line in dockerfile if line.startswith("USER ")]
    assert users
    assert users[-1] not in ("0", "root")
    assert any(line.startswith("HEALTHCHECK") for line in dockerfile)  # web uses this one
    for name in ("postgres", "redis", "worker", "beat"):
        assert compose["services"][name]["healthcheck"]["test"]


def test_redis_keeps_what_it_takes(compose: dict[str, Any]) -> None:
    line = " ".join(compose["services"]["redis"]["command"])
    assert "--appendonly yes" in line
    assert "--maxmemory-policy noeviction" in line


def test_containers_wait_for_what_they_need(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["depends_on"]["redis"]["condition"] == "service_healthy"


def test_volumes_that_are_mounted_are_declared(compose: dict[str, Any]) -> None:
    mounted = {mount.split(":")[0] for one in compose["services"].values() for mount in one.get("volumes", [])}
    assert mounted == set(compose["volumes"])


def test_everything_the_image_needs_is_let_in_and_the_rest_is_kept_out() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    assert rules[0] == "*"
    assert all((ROOT / name).exists() for name in let_in)
    needed = {"pyproject.toml", "requirements.lock", "requirements-tools.lock", "tm", "service", "workers", "templates"}
    assert needed <= let_in
    assert not any(fnmatch(name, rule) for name in (".env", "var", ".venv", "tests", ".git") for rule in let_in)


@pytest.fixture
def place(
    compose: dict[str, Any], empty_database_url: str, redis_url: str, make_settings: MakeSettings
) -> tuple[Settings, dict[str, str]]:
    """The environment of our containers, with the addresses of this machine's PostgreSQL and Redis."""
    settings = make_settings(port=free_port())
    own = {
        "DATABASE_URL": empty_database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "only for this test, and long enough for it",
        "PUBLIC_URL": f"http://localhost:{settings.port}",
        "TRUSTED_HOSTS": "",
        "HOST": "127.0.0.1",
        "PORT": str(settings.port),
        "DATA_DIR": str(settings.data_dir),
    }
    assert set(own) == set(compose["services"]["web"]["environment"])
    return settings, {**os.environ, **own, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}


@pytest.mark.backends("postgresql")
def test_command_lines_of_the_containers_work_together(
    compose: dict[str, Any], dockerfile: list[str], place: tuple[Settings, dict[str, str]], tmp_path: Path
) -> None:
    settings, env = place
    services = compose["services"]
    subprocess.run(services["migrate"]["command"], env=env, cwd=ROOT, check=True, capture_output=True, timeout=60)
    health = next(line for line in dockerfile if line.startswith("HEALTHCHECK")).split("CMD ")[1]
    web_health = [word.replace("8000", str(settings.port)) for word in YAML(typ="safe").load(health)]
    alive = services["worker"]["healthcheck"]["test"][1:]
    assert subprocess.run(alive, env=env, cwd=ROOT).returncode == 1, "nothing runs yet"

    def well(line: list[str]) -> bool:
        return subprocess.run(line, env=env, cwd=ROOT, capture_output=True, timeout=30).returncode == 0

    with ExitStack() as stack:
        for name in ("web", "worker", "beat"):
            process = Process(services[name]["command"], tmp_path / f"{name}.log", env=env).start()
            stack.callback(process.kill)
        wait_for(lambda: well(web_health), 60, "the health of the web container")
        wait_for(lambda: well(alive), 60, "the health of worker and scheduler")
