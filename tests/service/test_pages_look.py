"""Every page in a real browser: wide and narrow, light and dark, nothing sticks out and axe finds nothing."""

from __future__ import annotations

from typing import Any, Literal

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from service.desk import review
from service.settings import Settings
from service.storage.publications import Evaluation
from service.storage.runs import Refresh, Run
from service.storage.session import Sessions
from tests.factories import make_release, operation
from tests.service.conftest import PASSWORD, Place
from tests.service.test_evaluation_page import make_evaluation
from tm.store.base import now

Theme = Literal["light", "dark"]
PAGES = {
    "editor": [
        "/releases",
        "/releases/new",
        "/releases/{release}",
        "/releases/{release}/edit",
        "/terms",
        "/terms?text=nothing-like-it",
        "/terms/new",
        "/terms/import",
        "/terms/{entry}",
        "/memory",
        "/memory?phrase=Conseil",
        "/publications",
        "/publications/{publication}",
        "/house",
        "/releases/{release}/analysis",
        "/releases/{published}/elsewhere",
        "/releases/{published}",
        "/releases/{published}/edit",
        "/memory/evaluations",
        "/runs",
        "/projects",
        "/projects/{project}/segmentation/fr",
        "/audit",
        "/me/keys",
        "/me/notices",
        "/nowhere",
    ],
    "admin": ["/releases", "/projects", "/people", "/runs", "/audit"],
}


@pytest.fixture
def things(place: Place, sessions: Sessions, settings: Settings) -> dict[str, str]:
    """Something to show on every page; returns the ids that go into the addresses."""
    from service.desk import glossary, glossary_files, projects, publish, segmentation
    from service.desk.samples import GLOSSARY
    from tm.text.rules import Rule
    from tm.text.rules.own import OwnRules

    translator, reviewer, editor = (place.actors[role] for role in ("translator", "reviewer", "editor"))
    with sessions.write() as session:
        release = make_release(session, editor, ["Réunion du Conseil"], title="Réunion du Conseil")
        project = projects.add_project(session, editor, "summit", "Summit of the heads of state and government")
        projects.add_member(session, editor, project.number, translator.email)
        own = OwnRules(("S.E.", "Brig."), ("***",), (Rule(False, r"\bart\.", r"\s\d", "the number of an article"),))
        segmentation.change(session, editor, project.number, "fr", own, seen=0)
        segment = release.segments[0].id
        text = "Council meeting"
        review.save(session, translator, segment, text, seen=0, operation=operation(), confirm=True)
        review.approve(session, reviewer, segment, seen=1, operation=operation())
        published = publish.publish(session, editor, release.id, settings=settings)
        bands: list[dict[str, Any]] = [
            {"band": "95–99", "segments": 2, "bleu": 81.2, "chrf": 90.4, "ter": 11.0},
            {"band": "no match", "segments": 1, "bleu": None, "chrf": None, "ter": None},
        ]
        session.add(Evaluation(release_id=release.id, bands=bands))
        session.add_all([make_evaluation(40, "An annual report 2024"), make_evaluation(10), make_evaluation()])
        session.add(Run(kind="ingest", subject=place.release, requested_by=editor.id))
        learned = [{"id": release.id, "title": release.title, "added": 1}]
        times = {"started_at": now(), "finished_at": now()}
        session.add(Refresh(trigger="schedule", added=1, units=7, releases=learned, **times))
        session.commit()
        glossary_files.bring_in(session, editor, GLOSSARY.name, GLOSSARY.read_bytes())
        entry = glossary.browse(session, editor, glossary.Wanted(text="cessez")).entries[0]
        ids = {"entry": entry.id, "published": release.id, "publication": published.id, "project": str(project.number)}
        return {"release": place.release, **ids}


@pytest.mark.backends("sqlite")
@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(1440, "light", "en"), (400, "dark", "en"), (1440, "dark", "fr"), (400, "light", "fr")],
)
def test_nothing_sticks_out_and_axe_finds_nothing(
    chromium: Browser, address: str, place: Place, things: dict[str, str], width: int, theme: Theme, language: str
) -> None:
    found: list[str] = []
    for who, pages in PAGES.items():
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
        found += faults_of(page, "/sign-in", width)
        page.fill("[name=email]", place.email(who))
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/releases")
        for path in pages:
            page.goto(path.format(**things))
            if path.endswith("/edit"):
                expect(page.locator(".panel-of")).to_be_attached()
                found += faults_of(page, path, width)
                if width < 900:
                    page.click("[data-act=sheet]")
                expect(page.locator(".panel-of")).to_be_visible()
            found += faults_of(page, path, width)
        context.close()
    assert found == []


def listen(page: Page, found: list[str]) -> None:
    """Add to `found` what the page says to its console in distress."""
    page.on("console", lambda said: found.append(said.text) if _is_fault(said.text, said.type) else None)
    page.on("pageerror", lambda error: found.append(str(error)))


def _is_fault(text: str, kind: str) -> bool:
    # Chromium reports what is asked for on purpose and refused
    return kind in ("error", "warning") and "404" not in text and "422" not in text


def faults_of(page: Page, path: str, width: int) -> list[str]:
    """What sticks out of the page, and what axe finds on it."""
    found = []
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"{path}: {wide} px wide on {width}")
    for fault in Axe().run(page).response["violations"]:
        places = [node["html"][:120] for node in fault["nodes"][:3]]
        found.append(f"{path}: {fault['id']} {places}")
    return found


@pytest.mark.backends("sqlite")
def test_the_list_keeps_itself_up_to_date(chromium: Browser, address: str, place: Place, sessions: Sessions) -> None:
    with sessions.write() as session:
        run = Run(kind="propose", subject=place.release)
        session.add(run)
        session.commit()
        run_id = run.id
    page = chromium.new_context(base_url=address).new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", place.email("translator"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    expect(page.locator(".busy")).to_be_visible()
    with sessions.write() as session:
        session.get_one(Run, run_id).state = "done"
        session.commit()
    expect(page.locator(".busy")).to_be_hidden()
    page.context.close()


@pytest.mark.backends("sqlite")
def test_a_refused_file_is_told_beside_the_form_and_everything_typed_stays(
    chromium: Browser, address: str, place: Place
) -> None:
    page = chromium.new_context(base_url=address).new_page()
    page.goto("/sign-in?next=/releases/new")
    page.fill("[name=email]", place.email("translator"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    english = "This text is in English, so it is of no use here, none whatsoever."
    page.fill("[name=text]", english)
    page.click("form .main")
    expect(page.locator(".trouble .code")).not_to_be_empty()
    expect(page.locator("[name=text]")).to_have_value(english)
    page.fill("[name=text]", "Le Conseil s’est réuni hier à Bruxelles pour la première fois depuis un an.")
    page.click("form .main")
    page.wait_for_url("**/releases/*-*")
    expect(page.locator(".state").first).to_have_text("received")
    page.context.close()
