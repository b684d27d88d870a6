"""The dependency rule holds, and the check that guards it would see it broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.settings import ROOT

PACKAGES = ("tm", "service", "workers")


def _lint_imports(checkout: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    line = [program, "--config", checkout / "pyproject.toml", "--cache-dir", checkout / ".imports"]
    # the report is cut to the width of the terminal
    env = {**os.environ, "COLUMNS": "250"}
    return subprocess.run(line, cwd=checkout, capture_output=True, text=True, env=env)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code in which imports may be planted."""
    folder = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_all_contracts_are_kept(copy: Path) -> None:
    result = _lint_imports(copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("tm/types.py", "import flask", "the memory knows neither Flask nor Celery"),
        ("tm/text/normalise.py", "def late() -> None:\n    import celery", "the memory knows neither Flask nor Celery"),
        ("tm/match/score.py", "import sqlalchemy", "the engine is values in, values out"),
        ("tm/text/normalise.py", "from tm.store import units", "rings of the memory"),
        ("tm/planted.py", "", "rings of the memory"),
        ("service/web/releases.py", "import workers.tasks", "no part of the service imports the workers"),
        ("service/web/releases.py", "def late() -> None:\n    import workers", "doors stand on the desk"),
        ("service/web/releases.py", "from service.cli import main", "doors stand on the desk"),
        ("service/web/releases.py", "import service.fetch", "the web process fetches nothing"),
        ("service/desk/watching.py", "import service.desk.visiting", "the web process fetches nothing"),
        ("service/web/releases.py", "import sqlalchemy", "a view asks and a task calls"),
        ("service/desk/review.py", "import service.web", "doors stand on the desk"),
        ("service/storage/releases.py", "from service.desk import review", "doors stand on the desk"),
        ("service/desk/review.py", "import kombu", "desk, storage and renderers can be called by any process"),
        ("workers/tasks.py", "import service.web", "doors stand on the desk"),
        ("workers/tasks.py", "import werkzeug", "workers know no web"),
    ],
)
def test_planted_import_is_seen(copy: Path, module: str, planted: str, contract: str) -> None:
    path = copy / module
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{planted}\n")
    try:
        result = _lint_imports(copy)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
    assert result.returncode == 1
    broken = [line for line in result.stdout.splitlines() if "BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), result.stdout


@pytest.mark.parametrize(
    ("imported", "unwanted"),
    [
        ("tm", ("flask", "celery", "sqlalchemy", "lxml", "numpy", "sacrebleu", "rapidfuzz", "py3langid")),
        ("tm.types, tm.errors, tm.text, tm.match, tm.align", ("flask", "celery", "sqlalchemy", "lxml", "sacrebleu")),
        ("service", ("flask", "celery", "sqlalchemy", "pydantic")),
        ("workers.tasks", ("flask", "werkzeug", "gunicorn", "sacrebleu")),
        ("service.app", ("celery", "sacrebleu", "numpy", "lxml", "py3langid")),
        ("service.cli", ("flask", "werkzeug", "celery", "sacrebleu", "numpy", "lxml", "py3langid")),
    ],
)
def test_importing_a_part_brings_nothing_that_it_does_not_need(imported: str, unwanted: tuple[str, ...]) -> None:
    script = f"import sys, {imported}; print(*sorted(set({unwanted!r}) & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == []


def test_the_memory_can_be_imported_without_any_installed_package() -> None:
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tm, tm.types, tm.errors, tm.text.normalise"
    result = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
