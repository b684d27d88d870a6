"""What lies in the tree: nothing of the machine it was written on, and no module that has grown too long."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

from service.settings import ROOT

LONGEST = 350
PERSONAL_FOLDER = re.compile(r"(?<![\w./$}-])(/home/\w+|/Users/\w+|/root)\b/?")
ADDRESS = re.compile(r"\b[a-z+]+://([\w.\[\]:-]+)")
OUR_OWN = re.compile(r"^(localhost|127\.0\.0\.1|\[::1?\]|(?:[\w-]+\.)*example(?:\.(?:org|com|net))?)(:\d+)?$")


@cache
def _files() -> list[Path]:
    """The files of the project, as git would take them; without git, whatever is no product of a run."""
    try:
        line = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
        paths = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        made = {".git", ".venv", ".tools", "var", "__pycache__"}
        paths = [path for path in ROOT.rglob("*") if not made & set(path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def _texts() -> list[tuple[str, str]]:
    pairs = []
    for path in _files():
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            pairs.append((str(path.relative_to(ROOT)), data.decode("utf-8", errors="replace")))
    return pairs


def test_no_file_names_a_folder_of_one_machine() -> None:
    own = [str(folder) for folder in (ROOT, ROOT.parent, Path.home()) if len(folder.parts) > 2]
    found = [
        f"{name}: {line.strip()}"
        for name, text in _texts()
        if name != "tests/house/test_tree.py"
        for line in text.splitlines()
        if PERSONAL_FOLDER.search(line) or any(folder in line for folder in own)
    ]
    assert found == []


def test_locks_and_scripts_name_no_host() -> None:
    scripts = {"scripts", ".ci"}
    found = [
        f"{name}: {match[0]}"
        for name, text in _texts()
        if name.endswith(".lock") or name == "pyproject.toml" or Path(name).parts[0] in scripts
        for match in ADDRESS.finditer(text)
        if not OUR_OWN.match(match[1])
    ]
    assert found == []


def test_no_module_is_long_without_a_reason() -> None:
    found = [
        f"{name}: {count} lines; cut it, or begin its docstring's last paragraph with 'Long because'"
        for name, text in _texts()
        if name.endswith(".py") and "/versions/" not in name and (count := text.count("\n")) > LONGEST
        if "Long because" not in (ast.get_docstring(ast.parse(text)) or "")
    ]
    assert found == []


def test_every_module_says_what_it_is() -> None:
    found = [
        name
        for name, text in _texts()
        if name.endswith(".py") and text.strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert found == []


def test_every_public_function_of_the_library_and_the_service_says_what_a_caller_must_know() -> None:
    found = []
    for name, text in _texts():
        if Path(name).parts[0] in ("tm", "service", "workers") and name.endswith(".py") and "/versions/" not in name:
            for node in ast.parse(text).body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                    found += [f"{name}: {node.name}"] if not ast.get_docstring(node) else []
    assert found == []


def test_nothing_generated_is_kept() -> None:
    unwanted = ("uv.lock", ".env", ".sqlite", ".pyc", ".log")
    assert [name for name, _ in _texts() if name.endswith(unwanted)] == []
