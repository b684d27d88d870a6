"""The alignment desk in a real browser: wide and narrow, light and dark, nothing sticks out and axe finds nothing; and
what its pages are without scripts, and when files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from playwright.sync_api import Browser, Page, expect

from service.storage.alignments import FilePair
from service.storage.session import Sessions
from tests.desk.aligned import ENGLISH, FRENCH
from tests.service.alignment_places import SENTENCES, Make, apart, doubting, make_pair, port, standing
from tests.service.conftest import PASSWORD, Place
from tests.service.test_pages_look import Theme, faults_of, listen

__all__ = ["apart", "doubting", "make_pair", "port"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(240)]
HOME = "/memory/alignments"
WAIT = 30_000


def _visit(page: Page, place: Place, path: str, who: str = "editor") -> Page:
    page.set_default_timeout(WAIT)
    page.goto(f"/sign-in?next={path}")
    page.fill("[name=email]", place.email(who))
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"**{path}")
    return page


@pytest.fixture
def others(sessions: Sessions, make_pair: Make) -> list[str]:
    """Pairs of the other kinds: refused, on its way, and one that is in the memory."""
    make_pair(FRENCH, ENGLISH, name="sure", sure=True)
    with sessions.write() as session:
        pairs = [FilePair(label=label, document_key=label[:1] * 64) for label in ("swapped.txt", "waiting.txt")]
        for pair in pairs:
            pair.french_name, pair.english_name, pair.source = "a_very_long_name_of_a_file_" * 3, "en.txt", "upload"
            pair.french_blob = pair.english_blob = "0" * 64
        pairs[0].state, pairs[0].code, pairs[0].reason = (
            "quarantined",
            "PAIR_SWAPPED",
            "The first document is English and the second French.",
        )
        session.add_all(pairs)
        session.commit()
        return [pair.id for pair in pairs]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (400, "dark"), (1440, "dark"), (400, "light")])
def test_nothing_of_the_desk_sticks_out_and_axe_finds_nothing(
    chromium: Browser, address: str, place: Place, port: str, others: list[str], width: int, theme: Theme
) -> None:
    found: list[str] = []
    context = chromium.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    listen(page, found)
    _visit(page, place, HOME)
    for path in ("", "/queue", *(f"/{one}" for one in others), f"/{port}"):
        page.goto(HOME + path)
        found += faults_of(page, path, width)
    expect(page.locator(".bead.active")).to_be_focused(timeout=WAIT)
    for keys in (["a", "x", "m"], ["s"], ["Escape", "e"], ["Escape", "?"]):
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator("[data-slot=saved]")).not_to_have_text("saving …", timeout=WAIT)
        found += faults_of(page, f"after {keys}", width)
    context.close()
    assert found == []


def test_without_scripts_beads_are_settled_with_buttons(
    chromium: Browser, address: str, place: Place, port: str, sessions: Sessions
) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = _visit(context.new_page(), place, f"{HOME}/{port}", "reviewer")
    page.get_by_role("link", name="Show buttons in each bead").click()
    page.locator(".bead").nth(1).get_by_role("button", name="Accept").click()
    expect(page.locator(".bead").nth(1)).to_contain_text("by Rémi")
    page.locator(".bead").nth(1).get_by_role("button", name="Reject").click()
    expect(page.locator(".bead").nth(1)).to_contain_text("rejected")
    page.locator("[data-act=undo]").click()
    expect(page.locator(".bead").nth(1)).to_contain_text("accepted")
    context.close()
    assert standing(sessions, port) == [SENTENCES[1]]


def test_files_that_are_refused_stay_chosen_and_a_folder_comes_in_whole(
    chromium: Browser, address: str, place: Place, sessions: Sessions, tmp_path: Path
) -> None:
    for name, text in (("fr/a.txt", FRENCH), ("en/a.txt", ENGLISH), ("fr/b.txt", "Seul.")):
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_text(text)
    (tmp_path / "empty.txt").write_text("")
    context = chromium.new_context(base_url=address)
    page = _visit(context.new_page(), place, HOME)
    page.set_input_files("[name=french]", tmp_path / "folder" / "fr" / "a.txt")
    page.set_input_files("[name=english]", tmp_path / "empty.txt")
    page.get_by_role("button", name="Align", exact=True).click()
    expect(page.locator("[data-slot=outcome]")).to_contain_text("EMPTY_FILE")
    assert page.evaluate("document.querySelector('[name=french]').files[0].name") == "a.txt"
    page.set_input_files("[webkitdirectory]", tmp_path / "folder")
    page.get_by_role("button", name="Align all").click()
    expect(page.locator("[data-slot=outcome]")).to_contain_text("1 pair taken in")
    expect(page.locator("[data-slot=outcome]")).to_contain_text("fr/b.txt")
    expect(page.locator("[data-slot=pairs] tbody tr")).to_have_count(1)
    page.set_input_files("[name=english]", tmp_path / "folder" / "en" / "a.txt")
    page.get_by_role("button", name="Align", exact=True).click()
    page.wait_for_url("**/alignments/*-*")
    context.close()
    with sessions.read() as session:
        assert session.query(FilePair).count() == 1  # the same two files are one pair
