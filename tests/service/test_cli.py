"""The command line as scripts use it: in its own process, from another folder, on each database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.settings import ROOT

RELEASES = ROOT / "samples" / "releases"
FRENCH, ENGLISH = RELEASES / "conseil-ministeriel.fr.txt", RELEASES / "conseil-ministeriel.en.txt"
pytestmark = pytest.mark.backends("sqlite")  # what differs between databases is tested below the doors
REAL = ROOT.parent / "shared" / "releases"


def answer(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_segments_rebuild_their_blocks(passerelle):
    blocks = answer(passerelle("segment", FRENCH, "--json"))["blocks"]
    assert blocks[0]["role"] == "title"
    for block in blocks:
        for segment in block["segments"]:
            assert block["text"][segment["start"] : segment["end"]] == segment["text"]


def test_beads_are_indices_into_segments_with_a_confidence(passerelle):
    beads = answer(passerelle("align", FRENCH, ENGLISH, "--json"))["beads"]
    assert [index for bead in beads for index in bead["fr"]] == list(range(31))
    assert all(0 <= bead["confidence"] <= 1 for bead in beads)


def test_findings_of_two_texts_with_their_places_and_mends(passerelle):
    source, target = "Réunion du 12 mars 2019.", "Meeting of 13 March 2019."
    (finding,) = answer(passerelle("check", source, target, "--json"))["findings"]
    assert (finding["code"], finding["severity"]) == ("DATE", "error")
    assert target[finding["target"]["start"] : finding["target"]["end"]] == "13 March 2019"
    assert finding["mend"]["text"] == "12 March 2019"
    assert answer(passerelle("check", source, "Meeting of 12 March 2019.", "--json")) == {"findings": []}


def test_a_pair_added_and_its_release_match_throughout(passerelle):
    answer(passerelle("memory", "add-pair", FRENCH, ENGLISH, "--json"))
    added = answer(passerelle("release", "add", FRENCH, "--wait", "--json"))
    shown = answer(passerelle("release", "show", added["id"], "--json"))
    assert (added["state"], shown["state"]) == ("proposed", "proposed")
    rates = [
        segment["proposals"][0]["rate"]
        for block in shown["blocks"]
        for segment in block["segments"]
        if segment["language"] != "en"
    ]
    assert len(rates) == 30
    assert min(rates) >= 100


def test_approve_publish_and_export(passerelle, tmp_path):
    answer(passerelle("memory", "add-pair", FRENCH, ENGLISH, "--json"))
    release = answer(passerelle("release", "add", FRENCH, "--wait", "--json"))["id"]
    refused = passerelle("release", "publish", release)
    assert refused.returncode == 1
    assert "NOT_APPROVED" in refused.stderr
    assert answer(passerelle("release", "approve", release, "--all", "--json"))["state"] == "approved"
    published = answer(passerelle("release", "publish", release, "--json"))
    assert len(published["hash"]) == 64
    for form, start in (("html", "<!DOCTYPE html>"), ("tmx", "<?xml"), ("po", "#"), ("txt", "Defence ministers")):
        file = tmp_path / form
        assert passerelle("release", "export", release, "--format", form, "--output", file).returncode == 0
        assert file.read_text().lstrip("\ufeff").startswith(start) or form == "po"


def test_approval_obeys_roles_and_says_what_is_left(passerelle):
    answer(passerelle("user", "add", "t@example.org", "--role", "translator", "--json"))
    release = answer(passerelle("release", "add", FRENCH, "--wait", "--json"))["id"]
    refused = passerelle("release", "approve", release, "--all", "--as", "t@example.org")
    assert (refused.returncode, "FORBIDDEN" in refused.stderr) == (1, True)
    left = passerelle("release", "approve", release, "--all", "--json")
    assert left.returncode == 1
    assert len(left.stderr.strip().splitlines()) == 1
    assert json.loads(left.stdout)["left"]


def test_lookup_answers_each_line_of_standard_input(passerelle, tmp_path):
    memory = tmp_path / "m.tsv"
    memory.write_text("Le Conseil s’est réuni.\tThe Council met.\nIls sont partis.\tThey left.\n")
    assert answer(passerelle("memory", "import", memory, "--json"))["added"] == 2
    done = passerelle("memory", "lookup", "--json", input="Le Conseil s'est réuni.\nRien de tel ici.\n")
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    match = first["matches"][0]
    assert (match["target"], match["rate"], match["base_rate"], match["penalties"]) == (
        "The Council met.",
        100,
        100,
        [],
    )
    assert second == {"query": "Rien de tel ici.", "matches": []}


def test_the_memory_goes_out_as_tmx_and_comes_in_again(passerelle, tmp_path):
    answer(passerelle("memory", "add-pair", FRENCH, ENGLISH, "--json"))
    out = tmp_path / "out.tmx"
    assert passerelle("memory", "export", "--format", "tmx", "--output", out).returncode == 0
    again = answer(passerelle("memory", "import", out, "--json"))
    assert (again["added"], again["left_out"]) == (0, 0)
    assert answer(passerelle("memory", "stats", "--json"))["units"] > 20
    built = answer(passerelle("memory", "rebuild", "--json", within=300))
    assert (built["rebuilt"], built["generation"]) == (0, 1)
    assert built["units"] == answer(passerelle("memory", "stats", "--json"))["units"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.txt", b"", "EMPTY_FILE"),
        ("english.txt", b"The Council met in Brussels on Tuesday and took three decisions.\n" * 3, "LANGUAGE_DOUBT"),
        ("binary.txt", b"%PDF-1.4\n\x00\x01\x02", "TYPE_MISMATCH"),
        ("nul.txt", "Le Conseil\0 s’est réuni.".encode(), "CONTROL_CHARACTER"),
        ("line.txt", b"mot " * 250_000, "SEGMENT_TOO_LONG"),
    ],
)
def test_bad_input_is_one_line_with_a_code_and_leaves_nothing(passerelle, tmp_path, name, data, code):
    file = tmp_path / name
    file.write_bytes(data)
    refused = passerelle("release", "add", file, "--json")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert len(refused.stderr.strip().splitlines()) == 1
    assert code in refused.stderr


def test_a_file_that_is_not_there_and_wrong_usage(passerelle):
    missing = passerelle("segment", "nowhere.txt", "--json")
    assert (missing.returncode, "FILE_UNREADABLE" in missing.stderr) == (1, True)
    assert passerelle("segment").returncode == 2
    assert passerelle("memory", "lookup", "x", "--threshold", "20").returncode == 2
    assert passerelle("--help").returncode == 0


def test_the_database_is_checked_and_migrated(passerelle):
    assert passerelle("db", "upgrade").returncode == 0
    assert passerelle("db", "check").returncode == 0


def test_the_real_release_has_its_roles_and_full_matches(passerelle):
    if not REAL.is_dir():
        pytest.skip("needs the real release beside the checkout, in ../shared/releases")
    french, english = REAL / "cor-2009-12-04.fr.txt", REAL / "cor-2009-12-04.en.txt"
    answer(passerelle("memory", "add-pair", french, english, "--json"))
    release = answer(passerelle("release", "add", french, "--wait", "--json"))["id"]
    shown = answer(passerelle("release", "show", release, "--json"))
    paragraphs = ["paragraph"] * 4
    assert [block["role"] for block in shown["blocks"]] == [
        "title", "dateline", "paragraph", "caption", "quotation", *paragraphs, "heading", "paragraph", "paragraph",
    ]  # fmt: skip
    whole = "".join(block["before"] + block["text"] for block in shown["blocks"]) + shown["after"]
    assert whole.encode() == Path(french).read_bytes()
    every = [segment for block in shown["blocks"] for segment in block["segments"]]
    assert [segment["language"] for segment in every if segment["origin"] == "carried-over"] == ["en"]
    assert min(segment["proposals"][0]["rate"] for segment in every if segment["language"] != "en") >= 100
