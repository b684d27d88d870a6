"""The review page by keys alone in a real browser: doubtful beads are settled, and the memory is right afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from service.desk import bead_review
from service.storage.alignments import beads_of
from service.storage.session import Sessions
from tests.desk.aligned import ENGLISH, FRENCH
from tests.parts.browser import intercept
from tests.parts.service import Web, Worker
from tests.service.alignment_places import SENTENCES, apart, doubting, make_pair, port, standing, states
from tests.service.conftest import PASSWORD, Place

__all__ = ["apart", "doubting", "make_pair", "port"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(180)]
Open = Callable[..., Page]
WAIT = 30_000  # milliseconds: machines are busy now and then


@pytest.fixture
def open_pair(chromium: Browser, address: str, place: Place) -> Iterator[Open]:
    """Open the review page of a pair, each in a browser of its own; a fault of a script fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(pair_id: str, who: str = "reviewer") -> Page:
        context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"/sign-in?next=/memory/alignments/{pair_id}")
        page.fill("[name=email]", place.email(who))
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".bead.active")).to_be_focused(timeout=WAIT)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults


def press(page: Page, *keys: str) -> None:
    """Press keys, as fast as can be."""
    for key in keys:
        page.keyboard.press(key)


def told(page: Page, words: str) -> None:
    """Wait until the page says this; once it says that something is saved, the server has it."""
    expect(page.locator("[data-slot=saved]")).to_contain_text(words)


def active(page: Page, french: str) -> None:
    """Wait until the bead with this French text has the focus."""
    expect(page.locator(".bead.active .french")).to_contain_text(french)
    expect(page.locator(".bead.active")).to_be_focused()


def test_twenty_doubtful_beads_are_settled_by_keys_alone_with_the_browser_closed_half_way(
    open_pair: Open, port: str, sessions: Sessions
) -> None:
    assert states(sessions, port) == ["waiting"] * 20
    french, english = ([pair[side] for pair in SENTENCES] for side in (0, 1))
    page = open_pair(port)
    active(page, french[0])
    press(page, "a", "x")  # quicker than any answer
    active(page, french[2])
    told(page, "Bead 2 rejected. 18 doubtful left.")
    press(page, "e", "Control+a")
    page.keyboard.type("The town hall paid 12 million euros.")
    press(page, "Control+Enter")
    told(page, "Bead 3 saved and accepted. 17 doubtful left.")
    active(page, french[3])
    press(page, "m")
    told(page, "Bead 4 merged with the next. 16 doubtful left.")
    press(page, "Enter")
    active(page, french[5])
    press(page, "m")
    told(page, "Bead 5 merged with the next.")
    press(page, "s", "ArrowUp", "ArrowDown", "Enter")
    told(page, "Bead 5 split. 15 doubtful left.")
    press(page, "a", "a")
    active(page, french[7])
    told(page, "Bead 6 accepted. 13 doubtful left.")
    press(page, "f")  # the French goes down to the next bead, and its English after it: the bead is gone
    told(page, "Bead 7 segment moved.")
    press(page, "g")
    told(page, "12 doubtful left.")
    active(page, french[8])
    press(page, "a")
    active(page, french[9])
    press(page, "Shift+F")  # a mistake: the bead before has two French segments now
    told(page, "segment moved")
    press(page, "u")
    told(page, "Undone: moving a segment. 11 doubtful left.")
    press(page, "n", "Enter")
    told(page, "10 doubtful left.")
    page.context.close()

    first = [
        (french[0], english[0]),
        (french[2], "The town hall paid 12 million euros."),
        (f"{french[3]} {french[4]}", f"{english[3]} {english[4]}"),
        *((french[at], english[at]) for at in (5, 6)),
        (f"{french[7]} {french[8]}", f"{english[7]} {english[8]}"),
    ]
    assert standing(sessions, port)[:6] == first
    page = open_pair(port, "editor")
    expect(page.locator("[data-act=undo]")).to_contain_text("Undo accepting, by Rémi")
    expect(page.locator("[data-slot=counts]")).to_have_text("10 doubtful · 7 accepted · 1 rejected")
    settled = states(sessions, port).index("waiting")
    active(page, page.locator(".bead").nth(settled).locator(".french").inner_text())
    press(page, *"aaaaaaaaa")
    told(page, "1 doubtful left.")
    press(page, "x")
    told(page, "No doubtful bead is left.")
    expect(page.locator("[data-act=undo]")).to_contain_text("Undo rejecting")
    press(page, "u")
    told(page, "Undone: rejecting. 1 doubtful left.")
    press(page, "a")
    told(page, "No doubtful bead is left.")
    rest = [(french[at], english[at]) for at in range(9, 20)]
    assert standing(sessions, port) == [*first, *rest]
    assert sorted(set(states(sessions, port))) == ["accepted", "rejected"]


def test_what_somebody_else_has_changed_is_shown_and_nothing_typed_is_lost(
    open_pair: Open, port: str, sessions: Sessions, place: Place
) -> None:
    page = open_pair(port)
    press(page, "e", "Control+a")
    page.keyboard.type("My own words.")
    with sessions.write() as session:
        first, second = beads_of(session, port)[:2]
        seen = {first.id: first.version, second.id: second.version}
        bead_review.reject(session, place.actors["editor"], port, first.id, seen=seen)
        session.commit()
    press(page, "Control+Enter")
    expect(page.locator(".bead").first).to_contain_text("rejected")
    expect(page.locator(".bead.changed, .bead.active").first).to_contain_text("Édith")
    expect(page.locator("[data-field=target]")).to_have_value("My own words.")
    expect(page.locator("[data-slot=note]")).to_contain_text("Somebody has changed these beads meanwhile.")
    press(page, "Control+Enter")
    told(page, "Bead 1 saved and accepted.")
    assert standing(sessions, port) == [(SENTENCES[0][0], "My own words.")]


def test_what_was_typed_into_a_bead_that_is_gone_is_shown(
    open_pair: Open, port: str, sessions: Sessions, place: Place
) -> None:
    page = open_pair(port)
    press(page, "j", "e", "Control+a")
    page.keyboard.type("Words without a bead.")
    with sessions.write() as session:
        first, second = beads_of(session, port)[:2]
        seen = {first.id: first.version, second.id: second.version}
        bead_review.merge(session, place.actors["editor"], port, first.id, seen=seen)
        session.commit()
    press(page, "Control+Enter")
    expect(page.locator("[data-slot=orphan]")).to_contain_text("Words without a bead.")
    expect(page.locator(".bead")).to_have_count(19)
    assert standing(sessions, port) == []


def test_an_act_is_sent_until_the_server_answers_and_never_done_twice(
    open_pair: Open, port: str, sessions: Sessions
) -> None:
    page = open_pair(port)
    falls = iter(("before", "after"))

    def fall(route: Route) -> None:
        """The line breaks: once before the server has the act, once after it."""
        when = next(falls, "")
        if when == "after":
            route.fetch()
        if when:
            route.abort()
        else:
            route.continue_()

    intercept(page, "**/acts", fall)
    press(page, "m")
    told(page, "It may have been saved before the line broke.")
    expect(page.locator(".bead")).to_have_count(19)
    press(page, "a")
    told(page, "Bead 1 accepted. 18 doubtful left.")
    joined = tuple(" ".join(texts) for texts in zip(*SENTENCES[:2], strict=True))
    assert standing(sessions, port) == [joined]


def test_who_comes_back_to_the_page_sees_what_colleagues_have_done(
    open_pair: Open, port: str, sessions: Sessions, place: Place
) -> None:
    page = open_pair(port)
    press(page, "j", "j")
    with sessions.write() as session:
        last = beads_of(session, port)[-1]
        bead_review.accept(session, place.actors["editor"], port, last.id, seen={last.id: last.version})
        session.commit()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    told(page, "Somebody has changed beads meanwhile: they are marked.")
    expect(page.locator(".bead.changed")).to_have_count(1)
    expect(page.locator(".bead.changed")).to_contain_text("by Édith")
    active(page, SENTENCES[2][0])
    press(page, "a")
    told(page, "Bead 3 accepted. 18 doubtful left.")


def test_typing_is_left_and_taken_up_again_and_a_sign_in_that_ended_comes_back(
    open_pair: Open, port: str, sessions: Sessions
) -> None:
    page = open_pair(port)
    press(page, "e")
    page.keyboard.type("jxmsu")  # letters are letters in a field
    press(page, "Escape")
    told(page, "What you typed is kept")
    press(page, "j", "k", "e")
    expect(page.locator("[data-field=target]")).to_have_value(re.compile("jxmsu"))
    press(page, "Escape")
    page.context.clear_cookies()
    press(page, "j", "a")
    expect(page.locator("dialog[open] [name=password]")).to_be_visible()
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    told(page, "Bead 2 accepted.")
    assert standing(sessions, port) == [SENTENCES[1]]


def test_aligning_again_keeps_what_is_accepted_and_keys_say_when_they_cannot(
    open_pair: Open, port: str, sessions: Sessions
) -> None:
    page = open_pair(port)
    press(page, "r")
    told(page, "Nothing lies differently between the accepted beads.")
    press(page, "Shift+F")
    told(page, "There is no segment to move that way.")
    press(page, "a", "m", "m")
    told(page, "17 doubtful left.")
    expect(page.locator(".bead")).to_have_count(18)
    press(page, "r")
    told(page, "Aligned again between the accepted beads.")
    expect(page.locator(".bead")).to_have_count(20)
    assert states(sessions, port)[0] == "accepted"
    press(page, "u")
    told(page, "Undone: aligning again.")
    expect(page.locator(".bead")).to_have_count(18)
    press(page, "?")
    expect(page.locator("[data-slot=help]")).to_be_visible()
    press(page, "Escape", "b")
    page.wait_for_url("**/memory/alignments")


def test_two_files_are_aligned_by_a_worker_while_one_watches_and_their_beads_are_settled(
    chromium: Browser, web: Web, worker: Worker, place: Place, sessions: Sessions, tmp_path: Path
) -> None:
    context = chromium.new_context(base_url=web.url)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto("/sign-in?next=/memory/alignments")
    page.fill("[name=email]", place.email("editor"))
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/memory/alignments")
    for side, text in (("french", FRENCH), ("english", ENGLISH)):
        (tmp_path / f"{side}.txt").write_text(text)
        page.set_input_files(f"[name={side}]", tmp_path / f"{side}.txt")
    page.get_by_role("button", name="Align", exact=True).click()
    page.wait_for_url("**/alignments/*-*")
    expect(page.get_by_role("link", name="Look at the beads")).to_be_visible(timeout=60_000)  # it compiles at first
    page.get_by_role("link", name="Look at the beads").click()
    expect(page.locator(".bead.active")).to_be_focused(timeout=WAIT)
    page.keyboard.press("a")
    expect(page.locator("[data-slot=saved]")).to_contain_text("Bead 1 accepted.", timeout=WAIT)
    expect(page.locator(".bead")).to_have_count(5)
    pair = page.url.rsplit("/", 1)[1].split("#")[0]
    context.close()
    assert ("Réunion du Conseil à Bruxelles", "Council meeting in Brussels") in standing(sessions, pair)
