"""The pages of the memory in a real browser, worked with keys as a translator works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from service.storage.session import Sessions
from tests.factories import make_unit
from tests.parts.browser import intercept
from tests.service.conftest import PASSWORD, Place
from tests.service.memory_places import HOSTILE, fill, make_project, unit_of, work

__all__ = ["work"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(60)]
Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, address: str, place: Place) -> Iterator[Visit]:
    """Open an address as somebody, with scripts or without; a fault of a script fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(path: str, who: str = "translator", scripts: bool = True) -> Page:
        context = chromium.new_context(base_url=address, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(f"a dialog: {dialog.message}"))
        page.goto(f"/sign-in?next={path}")
        page.fill("[name=email]", place.email(who))
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url(f"**{path}")
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def filled(sessions: Sessions, place: Place) -> Place:
    """Sixty units beside the one of `place`."""
    with sessions.write() as session:
        fill(session)
        session.commit()
    return place


def test_hits_come_while_somebody_types_and_the_address_follows(visit: Visit, filled: Place) -> None:
    page = visit("/memory")
    expect(page.locator("[name=phrase]")).to_be_focused()
    page.keyboard.type("plan numéro 7", delay=20)
    expect(page.locator(".hits tbody tr")).to_have_count(1)
    expect(page.locator(".hits mark").first).to_have_text("plan numéro 7")
    expect(page.locator("[data-slot=said]")).to_have_text("1 unit with “plan numéro 7”")
    expect(page.locator("[data-slot=how]")).to_have_count(0)
    page.reload()
    expect(page.locator("[name=phrase]")).to_have_value("plan numéro 7")
    expect(page.locator(".hits tbody tr")).to_have_count(1)
    page.fill("[name=phrase]", "")
    expect(page.locator(".hits tbody tr")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/memory$"))


def test_what_was_typed_before_the_scripts_came_is_looked_up_too(visit: Visit, filled: Place) -> None:
    page = visit("/memory/units")
    held: list[Route] = []
    page.route("**/concordance*.js", lambda route: held.append(route))
    page.goto("/memory", wait_until="commit")
    expect(page.locator("[name=phrase]")).to_be_focused()
    page.keyboard.type("plan numéro 7")
    for _ in range(100):
        page.wait_for_timeout(50)
        if held:
            break
    held[0].continue_()
    expect(page.locator(".hits tbody tr")).to_have_count(1)


def test_only_the_last_of_quick_questions_is_shown(visit: Visit, filled: Place) -> None:
    page = visit("/memory")
    held: list[Route] = []
    first = re.compile(r"/memory/hits\?phrase=plan\+num%C3%A9ro\+2&")
    intercept(page, first, lambda route: held.append(route))
    with page.expect_request(first):
        page.fill("[name=phrase]", "plan numéro 2")
    page.fill("[name=phrase]", "plan numéro 59")
    expect(page.locator(".hits mark").first).to_have_text("plan numéro 59")
    with page.expect_response(first):
        held[0].continue_()
    page.wait_for_timeout(300)
    expect(page.locator(".hits tbody tr")).to_have_count(1)
    expect(page.locator("[data-slot=said]")).to_have_text("1 unit with “plan numéro 59”")


def test_filters_count_at_once(visit: Visit, filled: Place) -> None:
    page = visit("/memory?phrase=plan")
    page.click("summary")
    page.select_option("[name=status]", "superseded")
    expect(page.locator(".hits tbody tr")).to_have_count(1)
    expect(page.locator(".hits .from")).to_contain_text("superseded")
    page.select_option("[name=status]", "")
    expect(page.locator(".hits tbody tr")).to_have_count(50)
    page.fill("[name=phrase]", "plans")
    expect(page.locator("[data-slot=said]")).to_have_text("The memory has no “plans” in French.")
    page.check("[name=inflected]")
    expect(page.locator(".hits tbody tr")).to_have_count(50)
    expect(page).to_have_url(re.compile(r"phrase=plans&language=fr&inflected=1"))


def test_more_is_added_below_and_counted(visit: Visit, filled: Place) -> None:
    page = visit("/memory?phrase=plan")
    expect(page.locator("[data-slot=said]")).to_have_text("More than 50 units with “plan”")
    page.click("[data-act=more]")
    expect(page.locator(".hits tbody tr")).to_have_count(60)
    expect(page.locator("[data-slot=said]")).to_have_text("60 units with “plan”")
    expect(page.locator("[data-act=more]")).to_have_count(0)


def test_everything_works_by_the_form_alone(visit: Visit, filled: Place) -> None:
    page = visit("/memory", scripts=False)
    page.fill("[name=phrase]", "plan")
    page.click("main form .main")
    expect(page.locator(".hits tbody tr")).to_have_count(50)
    page.click("[data-act=more]")
    expect(page.locator(".hits tbody tr")).to_have_count(10)


def test_who_was_signed_out_meanwhile_comes_back_to_the_same_question(visit: Visit, filled: Place) -> None:
    page = visit("/memory")
    page.context.clear_cookies()
    page.keyboard.type("plan numéro 7")
    page.wait_for_url(re.compile("/sign-in"))
    page.fill("[name=email]", filled.email("translator"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    expect(page.locator(".hits tbody tr")).to_have_count(1)
    expect(page.locator("[name=phrase]")).to_have_value("plan numéro 7")


def test_arrow_keys_lead_to_a_unit_and_it_is_changed(visit: Visit, filled: Place) -> None:
    page = visit("/memory", who="reviewer")
    page.keyboard.type("plan numéro 5", delay=20)
    expect(page.locator(".hits tbody tr")).to_have_count(11)
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.locator("[name=phrase]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/memory/units/\d+$"))
    page.fill("[name=target]", "The Council examines plan number 59 of the port.")
    page.fill("form[action$=edit] [name=reason]", "examines, not considers")
    page.keyboard.press("Enter")
    expect(page.locator(".history ins")).to_contain_text("examines")
    expect(page.locator(".unit-text[lang=en]")).to_have_text("The Council examines plan number 59 of the port.")


def test_two_people_on_one_unit_see_both_texts(visit: Visit, filled: Place, sessions: Sessions) -> None:
    with sessions.read() as session:
        address = f"/memory/units/{unit_of(session, 'Le Conseil examine le plan numéro 7 du port.').id}"
    mine, theirs = visit(address, who="reviewer"), visit(address, who="editor")
    for page, text in ((theirs, "The plan of Édith."), (mine, HOSTILE)):
        page.fill("[name=target]", text)
        page.fill("form[action$=edit] [name=reason]", "mine is better")
        page.keyboard.press("Enter")
    expect(mine.locator("[role=alert]")).to_contain_text("Édith has changed this unit meanwhile.")
    expect(mine.locator(".unit-text[lang=en]")).to_have_text("The plan of Édith.")
    expect(mine.locator("[name=target]")).to_have_value(HOSTILE)
    mine.click("form[action$=edit] .main")
    expect(mine.locator(".unit-text[lang=en]")).to_have_text(HOSTILE)
    assert mine.locator("main img, main script").count() == 0


def test_a_file_goes_in_is_watched_and_comes_out_again(visit: Visit, place: Place, work: Callable[[str], None]) -> None:
    page = visit("/memory/imports", who="editor")
    text = b"Le port est ouvert.\tThe port is open.\n"
    page.set_input_files("[name=file]", {"name": "port.tsv", "mimeType": "text/plain", "buffer": text})
    page.click("main form .main")
    page.wait_for_url(re.compile(r"/memory/imports/[0-9a-f-]{36}$"))
    expect(page.locator(".busy")).to_be_visible()
    work(page.url.rsplit("/", 1)[1])
    expect(page.locator(".state")).to_have_text("done")  # by itself
    page.reload()
    expect(page.locator("main")).to_contain_text("1 unit that stands nowhere else goes out of use")
    page.fill("[name=reason]", "the wrong file")
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_have_text("undone")
    expect(page.locator("main")).to_contain_text("“the wrong file”")


def test_hostile_units_stay_text(visit: Visit, place: Place, sessions: Sessions) -> None:
    with sessions.write() as session:
        number = make_project(session, HOSTILE, place.actors["translator"].id)
        make_unit(session, "Attaque " + HOSTILE, "Attack " + HOSTILE, document=HOSTILE)
        unit_of(session, "Attaque " + HOSTILE).scope = number
        session.commit()
    page = visit("/memory")
    page.fill("[name=phrase]", "attaque")
    expect(page.locator(".hits tbody tr")).to_have_count(1)
    expect(page.locator(".hits td[lang=en]")).to_have_text("Attack " + HOSTILE)
    page.fill("[name=phrase]", "attaque " + HOSTILE)
    expect(page.locator("[data-slot=said]")).to_contain_text(HOSTILE)
    assert page.locator("main img, main script").count() == 0
    assert page.title() == "Memory · Passerelle"
