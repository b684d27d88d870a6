"""The segmentation rules of a project on the screen and on the command line."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service.desk import projects
from service.storage.segmentation import rules_of
from service.storage.session import Sessions
from tests.service.conftest import PASSWORD, Place, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.backends("sqlite")
SignedIn = Callable[[str], Visitor]
SRX = b"""<srx xmlns="http://www.lisa.org/srx20" version="2.0"><header segmentsubflows="yes" cascade="yes"/><body>
<languagerules><languagerule languagerulename="all"><rule break="no"><beforebreak>Conseil\\.</beforebreak>
<afterbreak>\\s</afterbreak></rule></languagerule></languagerules>
<maprules><languagemap languagepattern="fr.*" languagerulename="all"/></maprules></body></srx>"""
TRIAL = "Il salue le Conseil. Puis il part."


@pytest.fixture
def rules_at(place: Place, sessions: Sessions) -> str:
    """Where the French rules of a project of an editor and a translator are."""
    with sessions.write() as session:
        made = projects.add_project(session, place.actors["editor"], "alpha", "Alpha")
        projects.add_member(session, place.actors["editor"], made.number, place.email("translator"))
        session.commit()
        return f"/projects/{made.number}/segmentation/fr"


def _never(sessions: Sessions, rules_at: str) -> list[str]:
    with sessions.read() as session:
        row = rules_of(session, int(rules_at.split("/")[2])).get("fr")
        return list(row.never) if row else []


def test_rules_are_tried_then_saved_and_shown(signed_in: SignedIn, sessions: Sessions, rules_at: str) -> None:
    editor = signed_in("editor")
    form = {"never": "Conseil.\r\n", "cascade": "1", "seen": "0", "rules": "0", "trial": TRIAL}
    tried = editor.post(rules_at + "/try", data=form).text
    assert f"<li><bdi>{TRIAL}</bdi></li>" in tried
    assert ">Conseil.</textarea>" in tried
    assert _never(sessions, rules_at) == []
    assert editor.post(rules_at, data=form).status_code == 303
    assert _never(sessions, rules_at) == ["Conseil."]
    assert ">Conseil.</textarea>" in signed_in("translator").get(rules_at).text


def test_what_was_written_stays_beside_a_refusal(signed_in: SignedIn, sessions: Sessions, rules_at: str) -> None:
    editor = signed_in("editor")
    broken = editor.post(rules_at, data={"never": "S.E.", "before-new": "(", "ends-new": "no", "name-new": "mine"})
    assert broken.status_code == 422
    for shown in ("RULE_PATTERN", ">S.E.</textarea>", 'value="("', 'value="mine"'):
        assert shown in broken.text
    editor.post(rules_at, data={"never": "Brig.", "seen": "0", "cascade": "1"})
    late = editor.post(rules_at, data={"never": "S.E.", "seen": "0", "cascade": "1"})
    assert late.status_code == 409
    assert ">S.E.</textarea>" in late.text
    assert "<dd>Brig.</dd>" in late.text
    assert _never(sessions, rules_at) == ["Brig."]


def test_a_pattern_is_added_kept_and_dropped(signed_in: SignedIn, rules_at: str) -> None:
    editor = signed_in("editor")
    new = {"before-new": "Conseil\\.", "after-new": "\\s", "ends-new": "no", "name-new": "council", "cascade": "1"}
    editor.post(rules_at, data={**new, "seen": "0", "rules": "0"})
    kept = {"before-0": "Conseil\\.", "after-0": "\\s", "ends-0": "no", "name-0": "council", "rules": "1"}
    assert 'value="council"' in editor.get(rules_at).text
    editor.post(rules_at, data={**kept, "keep-0": "1", "seen": "1", "cascade": "1"})
    assert 'value="council"' in editor.get(rules_at).text
    editor.post(rules_at, data={**kept, "seen": "2", "cascade": "1"})
    assert 'value="council"' not in editor.get(rules_at).text


def test_a_file_comes_in_and_goes_out(signed_in: SignedIn, rules_at: str) -> None:
    editor = signed_in("editor")
    sent = {"file": (io.BytesIO(SRX), "rules.srx"), "on-top": "1"}
    assert editor.post(rules_at + "/import", data=sent).status_code == 303
    assert 'value="Conseil\\."' in editor.get(rules_at).text
    answer = editor.get(rules_at.removesuffix("fr") + "rules.srx")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert b"Conseil\\." in answer.data
    refused = editor.post(rules_at + "/import", data={"file": (io.BytesIO(b"<a/>"), "a.srx")})
    assert (refused.status_code, "not SRX" in refused.text) == (415, True)


def test_who_is_no_member_finds_nothing_and_a_translator_cannot_change(signed_in: SignedIn, rules_at: str) -> None:
    assert signed_in("second").get(rules_at).status_code == 404
    translator = signed_in("translator")
    assert translator.post(rules_at, data={"never": "S.E."}).status_code == 403
    assert "<button" not in translator.get(rules_at).text.split("<main")[1]


@pytest.mark.timeout(60)
def test_the_list_follows_what_is_written(chromium: Browser, address: str, rules_at: str, place: Place) -> None:
    from playwright.sync_api import expect

    page = chromium.new_context(base_url=address).new_page()
    page.goto(f"/sign-in?next={rules_at}")
    page.fill("[name=email]", place.email("editor"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.fill("[name=trial]", TRIAL)
    expect(page.locator(".trial li")).to_have_count(2)
    page.fill("[name=never]", "Conseil.")
    expect(page.locator(".trial li")).to_have_text([TRIAL])
    page.locator("summary").click()
    page.fill("[name=before-new]", "(")
    expect(page.locator(".trial")).to_contain_text("RULE_PATTERN")
    page.fill("[name=before-new]", "")
    page.keyboard.press("Enter")
    expect(page.locator("[name=seen]")).to_have_value("1")
    expect(page.locator("[name=never]")).to_have_value("Conseil.")


def test_on_the_command_line(
    passerelle: Callable[..., subprocess.CompletedProcess[str]], place: Place, rules_at: str, tmp_path: Path
) -> None:
    file = tmp_path / "rules.srx"
    for words in (("never-after", "alpha", "fr", "S.E."), ("export-rules", "alpha", str(file)), ("add", "beta")):
        assert passerelle("project", *words).returncode == 0
    assert b"S\\.E\\." in file.read_bytes()
    read = passerelle("project", "import-rules", "beta", str(file), "--json")
    assert set(json.loads(read.stdout)["rules"]) == {"fr", "en"}
    file.write_bytes(b"<a/>")
    refused = passerelle("project", "import-rules", "beta", str(file))
    assert (refused.returncode, "TYPE_MISMATCH" in refused.stderr) == (1, True)
