"""The glossary by the command line."""

from __future__ import annotations

import json
from pathlib import Path

from service.desk.samples import GLOSSARY
from tm.exchange import tbx, termtable


def test_a_glossary_goes_in_is_looked_through_and_comes_out(passerelle, tmp_path):  # type: ignore[no-untyped-def]
    told = passerelle("terms", "import", GLOSSARY, "--json")
    assert told.returncode == 0, told.stderr
    report = json.loads(told.stdout)
    assert (report["added"], report["changed"]) == (report["entries"], 0)

    listed = passerelle("terms", "list", "cease-fire", "--json")
    (entry,) = [json.loads(line) for line in listed.stdout.splitlines()]
    assert entry["french"] == ["cessez-le-feu"]
    assert {"text": "cease-fire", "status": "forbidden"} in entry["english"]
    assert "ceasefire, cease-fire (forbidden)" in passerelle("terms", "list", "cease-fire").stdout

    out = Path(tmp_path / "out.tbx")
    assert passerelle("terms", "export", "--output", out).returncode == 0
    assert sorted(tbx.read(out.read_bytes()), key=repr) == sorted(termtable.read(GLOSSARY.read_bytes()), key=repr)

    told = passerelle("check", "Le cessez-le-feu.", "The cease-fire.", "--terms", GLOSSARY, "--json")
    assert [one["code"] for one in json.loads(told.stdout)["findings"]] == ["TERM_FORBIDDEN"]

    bad = tmp_path / "bad.csv"
    bad.write_text("French,English\nmot,word\n,nothing\n", encoding="utf-8")
    refused = passerelle("terms", "import", bad)
    assert refused.returncode == 1
    assert "row 3" in refused.stderr
    assert "TERM_MISSING" in refused.stderr
