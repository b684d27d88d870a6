"""The memory's pages and the full panel in a real browser: nothing sticks out, and axe finds nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from playwright.sync_api import Browser, expect

from service.desk import units
from service.storage.runs import Refresh, Run
from service.storage.session import Sessions
from tests.factories import make_unit
from tests.service.conftest import PASSWORD, Place
from tests.service.memory_places import fill, make_project, unit_of
from tests.service.test_pages_look import Theme, faults_of, listen
from tests.service.test_panel_in_browser import repaired
from tests.service.test_schedule_page import ended
from tm.store.base import now
from tm.store.units import Generation, Import

__all__ = ["repaired"]
PAGES = [
    "/releases/{release}/edit#s2",
    "/releases/{release}/edit#s3",
    "/memory",
    "/memory?phrase=Conseil&status=active",
    "/memory?phrase=introuvable",
    "/memory/units",
    "/memory/units?status=x",
    "/memory/units/{unit}",
    "/memory/units/{gone}",
    "/memory/contradictions",
    "/memory/imports",
    "/memory/imports/{done}",
    "/memory/imports/{running}",
    "/memory/imports/{failed}",
    "/memory/imports/{undone}",
    "/memory/generations",
    "/memory/schedule",
    "/memory/schedule?task=sources",
]


@pytest.fixture
def shown(repaired: Place, sessions: Sessions) -> dict[str, str]:
    """Something of every kind; returns the ids that go into the addresses."""
    editor = repaired.actors["editor"]
    with sessions.write() as session:
        fill(session)
        make_project(session, "Archives", editor.id)
        make_unit(session, "Le port est ouvert.", "The port is open.", origin="aligned", document="Port 1")
        make_unit(session, "Le port est ouvert.", "The harbour is open.", document="Port 2")
        unit = unit_of(session, "Le Conseil examine le plan numéro 9 du port.")
        units.edit(session, editor, unit.id, target="Plan 9 is examined.", reason="shorter", seen=unit.changed)
        gone = unit_of(session, "Le Conseil examine le plan numéro 8 du port.")
        units.supersede(session, editor, gone.id, "nobody says so")
        acts = {state: _import(state) for state in ("done", "running", "failed", "undone")}
        session.add_all(acts.values())
        session.flush()
        session.add(Run(kind="import", subject=acts["running"].id))
        session.add(Generation(number=1, tick=1, state="damaged", units=10, bytes=900, milliseconds=40))
        session.add_all(
            [
                Run(kind="generation", subject="memory", done=3, total=9),
                ended("prune", runs=120, files=3, bytes=4_000_000),
                ended("evaluate-memory", "failed"),
                ended("source", subject="s", added=12, waiting=4, errors={"HTTP_404": 2, "URL_TIMEOUT": 1}),
                ended("refresh", "cancelled"),
            ]
        )
        session.add(Refresh(trigger="schedule", added=41, units=777, started_at=now(), finished_at=now()))
        session.commit()
        ids = {state: act.id for state, act in acts.items()}
        return {"release": repaired.release, "unit": str(unit.id), "gone": str(gone.id), **ids}


def _import(state: str) -> Import:
    act = Import(kind="tmx", label=f"{state}.tmx", person="Édith", state=state)
    act.at = now() - timedelta(days=len(state))  # so that growth is a line
    act.counts = {"added": 12_345, "seen_again": 17, "read": 2000, "total": 50_000}
    if state == "failed":
        act.counts = {"error": "The file ends in the middle of a unit.", "code": "TMX_BROKEN"}
    if state == "undone":
        act.undone_by, act.undone_at = "Édith", now()
        act.counts = {**act.counts, "reason": "the wrong file", "undo": {"places": 40, "withdrawn": 38}}
    return act


@pytest.mark.backends("sqlite")
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(1440, "light", "en"), (400, "dark", "en"), (1440, "dark", "fr"), (400, "light", "fr")],
)
def test_nothing_of_the_memory_sticks_out_and_axe_finds_nothing(
    chromium: Browser, address: str, repaired: Place, shown: dict[str, str], width: int, theme: Theme, language: str
) -> None:
    found: list[str] = []
    context = chromium.new_context(
        base_url=address,
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        reduced_motion="reduce",
        locale=language,
    )
    page = context.new_page()
    listen(page, found)
    page.goto("/sign-in")
    page.fill("[name=email]", repaired.email("editor"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/releases")
    for path in PAGES:
        page.goto("about:blank")  # an address that differs after # alone would load nothing
        page.goto(path.format(**shown))
        if "/edit" in path:
            expect(page.locator(".panel-of")).to_be_attached()
            if width < 900:  # on a phone it is a sheet that is pulled up
                page.click("[data-act=sheet]")
            expect(page.locator(".panel-of")).to_be_visible()
        found += faults_of(page, path, width)
    context.close()
    assert found == []
