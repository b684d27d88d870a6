"""Fifty segments are typed while something goes wrong: afterwards fifty of fifty are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from sqlalchemy import delete

from service.settings import Settings
from service.storage.people import SignIn
from service.storage.releases import drafts_of
from service.storage.session import Sessions
from tests.factories import make_release
from tests.parts.process import wait_for
from tests.parts.service import Web
from tests.service.conftest import PASSWORD, Place

pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(180)]
COUNT = 50
KEPT = """async () => {
  const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const store = (await asked(indexedDB.open('passerelle', 1))).transaction('kept').objectStore('kept');
  const values = await asked(store.getAll());
  return values.map(({ data }) => String.fromCharCode(...new Uint8Array(data)));
}"""


class Desk:
    """A translator with a release of fifty segments, in a browser of their own."""

    def __init__(self, context: BrowserContext, sessions: Sessions, place: Place) -> None:
        self.context, self.sessions, self.place = context, sessions, place
        with sessions.write() as session:
            sources = [f"Le point {number} de l’ordre du jour a été adopté." for number in range(1, COUNT + 1)]
            self.release = make_release(session, place.actors["editor"], sources).id
            session.commit()

    def sign_in(self) -> None:
        page = self.context.new_page()
        page.goto("/sign-in")
        page.fill("[name=email]", self.place.email("translator"))
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/releases")
        page.close()

    def open(self, first: int = 1) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(20_000)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"/releases/{self.release}/edit#s{first}")
        expect(page.locator(f"#field-{first}")).to_be_focused()
        return page

    def type(self, page: Page, first: int, last: int) -> None:
        for number in range(first, last + 1):
            page.keyboard.type(self.text(number))
            if number < COUNT:
                page.keyboard.press("Control+ArrowDown")
                expect(page.locator(f"#field-{number + 1}")).to_be_focused()

    @staticmethod
    def text(number: int) -> str:
        return f"Item {number} was adopted"

    def there(self) -> int:
        """How many of the fifty the server has, each as it was typed."""
        with self.sessions.read() as session:
            release = drafts_of(session, self.place.actors["translator"].id, self.release)
            texts = [draft.text for draft in release.values()]
        return sum(self.text(number) in texts for number in range(1, COUNT + 1))

    def all_there(self) -> None:
        wait_for(lambda: self.there() == COUNT, 60, f"all {COUNT} drafts")


def killed(page: Page) -> None:
    """The process behind a tab ends, a moment after the last key: nothing in the page is asked or told."""
    page.wait_for_timeout(300)
    page.evaluate(
        "(async () => { for (let i = 0; i < 9; i += 1) await crypto.subtle.digest('SHA-256', new Uint8Array(9)); })()"
    )
    page.evaluate(f"({KEPT})()")  # comes after what is being written
    with suppress(Error):
        page.goto("chrome://crash", timeout=3000)
    page.close()


@pytest.fixture
def seat(chromium: Browser, settings: Settings, sessions: Sessions, place: Place) -> Iterator[Callable[[], Desk]]:
    """Make a desk whose translator is signed in; the server must be there."""
    context = chromium.new_context(base_url=settings.address, viewport={"width": 1440, "height": 900})

    def make() -> Desk:
        desk = Desk(context, sessions, place)
        desk.sign_in()
        return desk

    yield make
    context.close()


def test_the_network_is_cut_for_ten_minutes(seat: Callable[[], Desk], address: str) -> None:
    desk = seat()
    page = desk.context.new_page()
    page.clock.install()
    page.goto(f"/releases/{desk.release}/edit#s1")
    expect(page.locator("#field-1")).to_be_focused()
    desk.type(page, 1, 10)
    desk.context.set_offline(True)
    desk.type(page, 11, COUNT)
    page.clock.fast_forward("10:00")
    expect(page.locator("[data-slot=saved]")).to_contain_text("kept in this browser")
    assert desk.there() < COUNT
    desk.context.set_offline(False)
    page.clock.resume()
    desk.all_there()


def test_the_tab_is_killed(seat: Callable[[], Desk], address: str) -> None:
    desk = seat()
    page = desk.open()
    desk.type(page, 1, 25)
    desk.context.set_offline(True)
    desk.type(page, 26, COUNT)
    killed(page)
    assert desk.there() < COUNT
    desk.context.set_offline(False)
    page = desk.open(50)
    expect(page.locator("#field-50")).to_have_value(desk.text(50))
    desk.all_there()


def test_the_server_is_killed_and_started(seat: Callable[[], Desk], settings: Settings) -> None:
    web = Web(settings).start()
    try:
        desk = seat()
        page = desk.open()
        desk.type(page, 1, 20)
        web.kill()
        desk.type(page, 21, 40)
        web.start()
        desk.type(page, 41, COUNT)
        desk.all_there()
        page.close()
    finally:
        web.kill()


def test_the_sign_in_ends(seat: Callable[[], Desk], address: str) -> None:
    desk = seat()
    page = desk.open()
    desk.type(page, 1, 5)
    with desk.sessions.write() as session:
        session.execute(delete(SignIn))
        session.commit()
    page.evaluate("document.querySelector('[data-slot=sign-in]').showModal = function () { window.asked = this; }")
    desk.type(page, 6, COUNT)  # who is quick types on before the dialog comes
    page.wait_for_function("window.asked")
    page.evaluate("HTMLDialogElement.prototype.showModal.call(window.asked)")
    page.fill("[data-slot=sign-in] [name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[data-slot=sign-in]")).to_be_hidden()
    desk.all_there()


def test_a_second_tab_is_open(seat: Callable[[], Desk], address: str) -> None:
    desk = seat()
    first, second = desk.open(), desk.open()
    desk.type(first, 1, 20)
    expect(second.locator("#field-1")).to_have_value(desk.text(1))  # at once, whichever tab one looks at
    second.bring_to_front()
    second.keyboard.press("Alt+j")
    second.keyboard.type("21")
    second.keyboard.press("Enter")
    desk.type(second, 21, COUNT)
    first.close()
    desk.all_there()


def test_acts_begun_before_the_tab_was_killed_are_done_once(
    seat: Callable[[], Desk], address: str, sessions: Sessions, place: Place
) -> None:
    from sqlalchemy import select

    from service.storage.releases import History, Segment

    desk = seat()
    page = desk.open()
    desk.context.set_offline(True)
    for number in range(1, 6):
        page.keyboard.type(desk.text(number))
        page.keyboard.press("Control+Enter")
        expect(page.locator(f"#field-{number + 1}")).to_be_focused()
    killed(page)
    desk.context.set_offline(False)
    page = desk.open(6)
    expect(page.locator('li.segment[data-state="translated"]')).to_have_count(5)
    with sessions.read() as session:
        query = select(History.target).join(Segment, Segment.id == History.segment_id)
        texts = session.scalars(query.where(Segment.release_id == desk.release).order_by(Segment.position)).all()
    assert texts == [desk.text(number) for number in range(1, 6)]


def test_what_is_kept_in_the_browser_cannot_be_read_there(seat: Callable[[], Desk], address: str) -> None:
    desk = seat()
    page = desk.open()
    desk.context.set_offline(True)
    page.keyboard.type("Under embargo until noon")
    page.wait_for_function(f"({KEPT})().then((kept) => kept.length > 0)")
    assert all("embargo" not in kept for kept in page.evaluate(KEPT))
    assert page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })") == "{}"
