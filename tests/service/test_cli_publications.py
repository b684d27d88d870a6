"""Publications, round trips and analysis from the command line, in its own process."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from openpyxl import load_workbook

from service.settings import Settings
from tests.parts.process import wait_for
from tests.parts.service import Worker
from tests.service.test_cli import ENGLISH, FRENCH, answer

pytestmark = pytest.mark.backends("sqlite")  # what differs between databases is tested below the doors
Passerelle = Callable[..., CompletedProcess[str]]


@pytest.fixture
def release(passerelle: Passerelle) -> str:
    """A release whose every segment has a full match."""
    answer(passerelle("memory", "add-pair", FRENCH, ENGLISH, "--json"))
    added: dict[str, Any] = answer(passerelle("release", "add", FRENCH, "--wait", "--json"))
    return str(added["id"])


def published(passerelle: Passerelle, release: str) -> str:
    answer(passerelle("release", "approve", release, "--all", "--json"))
    return str(answer(passerelle("release", "publish", release, "--json"))["id"])


def test_a_publication_is_listed_shown_proved_opened_corrected_and_withdrawn(
    passerelle: Passerelle, release: str, tmp_path: Path
) -> None:
    key = published(passerelle, release)
    listed = answer(passerelle("publication", "list", "--json"))
    assert (listed["id"], listed["number"], listed["withdrawn"]) == (key, 1, None)
    shown = answer(passerelle("publication", "show", key, "--json"))
    assert (shown["hash"], len(shown["record"]["segments"])) == (listed["hash"], 31)
    assert "approved by Operator" in passerelle("publication", "show", key).stdout
    assert answer(passerelle("publication", "verify", key, "--json")) == {"id": key, "sound": True, "faults": []}
    assert passerelle("publication", "verify", "--all").stdout == f"{key}\n  sound\n"
    opened = answer(passerelle("publication", "open", key, "--from", "2999-01-01T09:00+01:00", "--json"))
    assert re.fullmatch(r"http://[^/]+/p/\S+", opened["address"])
    assert opened["from"].startswith("2999-01-01T08:00:00")
    refused = passerelle("publication", "open", key, "--from", "2999-01-01T09:00")
    assert (refused.returncode, "MOMENT_INVALID" in refused.stderr) == (1, True)
    assert passerelle("publication", "close", key).returncode == 0
    newer = tmp_path / "newer.fr.txt"
    newer.write_text(FRENCH.read_text().replace("Dix-sept pays", "Dix-huit pays"))
    corrected = answer(passerelle("publication", "correct", key, newer, "--json"))
    assert corrected["corrects"] == key
    assert corrected["id"] != release
    assert passerelle("publication", "withdraw", key).returncode == 2  # it wants a reason
    gone = answer(passerelle("publication", "withdraw", key, "--reason", "Wrong figures.", "--json"))
    assert gone["withdrawn"] == "Wrong figures."


def test_a_flipped_byte_in_a_stored_file_is_found(
    worker: Worker, passerelle: Passerelle, release: str, settings: Settings, tmp_path: Path
) -> None:
    key, file = published(passerelle, release), tmp_path / "release.pdf"
    made = ("publication", "show", key, "--json")
    wait_for(lambda: len(answer(passerelle(*made))["files"]) == 11, 60, "the files of the publication")
    assert passerelle("release", "export", release, "--format", "pdf", "--output", file).returncode == 0
    name = hashlib.sha256(file.read_bytes()).hexdigest()
    stored = settings.blob_folder / name[:2] / name
    data = bytearray(stored.read_bytes())
    data[len(data) // 2] ^= 1
    stored.chmod(0o644)
    stored.write_bytes(bytes(data))
    done = passerelle("publication", "verify", key, "--json")
    assert (done.returncode, "NOT_SOUND" in done.stderr) == (1, True)
    assert [(fault["code"], fault["where"]) for fault in json.loads(done.stdout)["faults"]] == [("FILE_DAMAGED", "pdf")]


def test_a_release_goes_out_as_a_spreadsheet_and_comes_back(
    passerelle: Passerelle, release: str, tmp_path: Path
) -> None:
    file = tmp_path / "out.xlsx"
    out = ("release", "send-out", release, "--format", "table-xlsx", "--output", file)
    assert passerelle(*out).returncode == 0
    report = answer(passerelle("release", "take-in", release, file, "--json"))
    assert (report["changed"], report["unchanged"], report["refused"]) == ([], 30, [])
    book = load_workbook(file)
    sheet = book.active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    (date,) = [cell for cell in cells if cell.value == "11 mars 2020"]
    target = sheet.cell(date.row, date.column + 1)
    target.value = "11 March 2020, in the evening"
    book.save(file)
    report = answer(passerelle("release", "take-in", release, file, "--json"))
    assert (report["changed"], report["unchanged"], report["refused"]) == ([2], 29, [])
    passerelle(
        "release", "approve", release, "--all", "--warnings"
    )  # but for the date: what one wrote, another approves
    target = sheet.cell(date.row + 1, date.column + 1)
    target.value = f"{target.value}!"
    book.save(file)
    done = passerelle("release", "take-in", release, file, "--json")
    assert (done.returncode, "REFUSED" in done.stderr) == (1, True)
    (refused,) = json.loads(done.stdout)["refused"]
    assert "approved" in refused["reason"]


def test_the_analysis_as_a_table_csv_and_json(passerelle: Passerelle, release: str) -> None:
    found = answer(passerelle("release", "analyse", release, "--internal", "--json"))
    assert (found["internal"], found["rows"][-1]["band"], found["rows"][-1]["segments"]) == (True, "total", 30)
    lines = passerelle("release", "analyse", release, "--csv").stdout.splitlines()
    assert lines[0] == "band,segments,words,characters,placeables,weighted"
    assert lines[-1].startswith("total,30,")
    assert passerelle("release", "analyse", release).stdout.split()[:2] == ["band", "segments"]


def test_rules_of_a_project_go_out(passerelle: Passerelle, tmp_path: Path) -> None:
    answer(passerelle("project", "add", "gamma", "--name", "Gamma", "--json"))
    answer(passerelle("project", "never-after", "gamma", "fr", "S.E.", "--json"))
    file = tmp_path / "rules.srx"
    written = answer(passerelle("project", "export-rules", "gamma", file, "--json"))
    assert written["bytes"] == len(file.read_bytes())
    assert "S\\.E\\." in file.read_text()
