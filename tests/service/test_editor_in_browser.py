"""The editor in a real browser, worked with keys as a translator works."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from service.desk import people, review
from service.storage.releases import drafts_of, get_segment
from service.storage.session import Sessions
from tests.factories import operation
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as, saved

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(60)]


def test_typing_is_back_after_a_reload(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    page.keyboard.type("A sentence that I have not confirmed")
    expect(page.locator("[data-slot=saved]")).to_have_text(re.compile("^draft saved"))
    page.reload()
    expect(page.locator("li.segment.active")).to_have_count(1)
    field(page, 3)
    expect(page.locator("#field-3")).to_have_value("A sentence that I have not confirmed")
    expect(page.locator("#s3 .note")).to_contain_text(re.compile(r"Your draft of \d\d:\d\d:\d\d"))


def test_a_draft_is_on_the_server_within_two_seconds_even_while_typing_goes_on(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    page = open_as("translator")
    field(page, 3)
    page.evaluate("addEventListener('input', () => { window.first ??= performance.now(); })")
    page.keyboard.type("one word after the other " * 2, delay=60)
    saved(page)
    waited = page.evaluate(
        "performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/draft')).startTime - window.first"
    )
    assert 0 < waited < 2500  # by the page's own clock: what the driver is slow at does not count
    with sessions.read() as session:
        drafts = drafts_of(session, place.actors["translator"].id, place.release)
        assert drafts[place.segments[2]].text.startswith("one")


def test_a_draft_is_seen_by_nobody_else(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    page.keyboard.type("Mine alone")
    saved(page)
    assert "Mine alone" not in open_as("second").content()


def test_keys_insert_a_match_and_confirm_and_move_on(open_as: Open, sessions: Sessions, place: Place) -> None:
    page = open_as("translator")
    field(page, 2)
    expect(page.locator(".proposal")).to_have_count(2)
    page.keyboard.press("Control+1")
    expect(page.locator("#field-2")).to_have_value("The Council met on 4 December 2009.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#field-3")).to_be_focused()
    expect(page.locator("#s2")).to_have_attribute("data-state", "translated")
    expect(page.locator("#s2 .rate")).to_have_text("98!")
    with sessions.read() as session:
        segment = get_segment(session, place.segments[1])
        assert (segment.state, segment.origin, segment.match_rate) == ("translated", "tm-localised", 98)


def test_undo_brings_back_what_a_match_replaced(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 2)
    page.keyboard.type("My own words")
    expect(page.locator(".proposal")).to_have_count(2)
    page.keyboard.press("Control+2")
    expect(page.locator("#field-2")).to_have_value("The Council met on 12 March 2009.")
    page.keyboard.press("Control+z")
    expect(page.locator("#field-2")).to_have_value("My own words")


def test_copying_the_source_and_moving_with_arrows(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    page.keyboard.press("Control+i")
    expect(page.locator("#field-3")).to_have_value("Une phrase que la mémoire ne connaît pas.")
    page.keyboard.press("Control+ArrowUp")
    expect(page.locator("#field-2")).to_be_focused()
    page.keyboard.press("Control+ArrowDown")
    expect(page.locator("#field-3")).to_have_value("Une phrase que la mémoire ne connaît pas.")


def test_the_panel_shows_difference_stale_values_and_penalties(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 2)
    second = page.locator(".proposal[data-rank='2']")
    expect(second.locator("del")).to_contain_text("12 mars 2009")
    expect(second.locator("ins")).to_contain_text("4 décembre 2009")
    expect(second.locator("mark.stale")).to_contain_text("12 March 2009")
    expect(second.locator(".sum")).to_have_text("96 −3")
    expect(second.locator(".rate")).to_have_text("93")


def test_a_segment_without_a_match_says_so_and_shows_what_is_known_of_its_parts(open_as: Open) -> None:
    page = open_as("translator")
    field(page, 3)
    expect(page.locator(".no-match")).to_contain_text("No match.")
    expect(page.locator(".fragment h3")).to_have_text("Conseil")
    expect(page.locator(".fragment .from-target")).to_have_text("Council")
    expect(page.locator("#s3 .match")).to_have_text("no match")


def test_a_reviewer_approves_and_sends_back_with_keys(open_as: Open, sessions: Sessions, place: Place) -> None:
    page = open_as("reviewer")
    field(page, 4)
    page.keyboard.press("Alt+r")
    page.keyboard.type("House style says “adopted”")
    page.keyboard.press("Enter")
    expect(page.locator("#s4")).to_have_attribute("data-state", "rejected")
    expect(page.locator("#s4 .marks")).to_contain_text("House style says “adopted”")
    with sessions.write() as session:
        actor, text = place.actors["translator"], "Ministers adopted a decision."
        review.save(session, actor, place.segments[3], text, seen=2, operation=operation(), confirm=True)
        session.commit()
    page.reload()
    expect(page.locator("li.segment.active")).to_have_count(1)
    field(page, 4)
    page.keyboard.press("Alt+a")
    expect(page.locator("#s4")).to_have_attribute("data-state", "approved")


def test_nobody_is_offered_to_approve_their_own_text(open_as: Open) -> None:
    page = open_as("reviewer")
    field(page, 3)
    page.keyboard.type("My own")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#s3")).to_have_attribute("data-state", "translated")
    page.click("#s3 .number")
    expect(page.locator("#s3 [data-act=approve]")).to_be_disabled()
    expect(page.locator("#s3 .why")).to_have_text("Your own text: somebody else must approve it.")


def test_confirming_what_a_colleague_has_confirmed_does_not_make_it_ones_own(
    open_as: Open, sessions: Sessions, place: Place
) -> None:
    page = open_as("reviewer")
    field(page, 4)
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    with sessions.read() as session:
        assert get_segment(session, place.segments[3]).translated_by == place.actors["translator"].id


def test_filters_and_go_to(open_as: Open) -> None:
    page = open_as("translator")
    page.click("[data-filter=review]")
    expect(page.locator("li.segment:visible")).to_have_count(1)
    expect(page.locator("#s4")).to_be_visible()
    page.fill("[name=position]", "2")
    page.keyboard.press("Enter")
    expect(page.locator("#field-2")).to_be_focused()
    expect(page.locator("li.segment:visible")).to_have_count(4)


def test_the_help_sheet_opens_with_a_key(open_as: Open) -> None:
    page = open_as("translator")
    page.keyboard.press("Alt+h")
    expect(page.locator("[data-slot=help]")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.locator("#main").focus()
    page.keyboard.press("?")
    expect(page.locator("[data-slot=help]")).to_be_visible()


def test_proposals_arrive_while_the_page_is_open(open_as: Open, sessions: Sessions, place: Place) -> None:
    from service.storage.proposals import Proposal, ProposalSet
    from service.storage.runs import Run, get_run

    with sessions.write() as session:
        session.delete(session.get_one(ProposalSet, place.segments[2]))
        run = Run(kind="propose", subject=place.release)
        session.add(run)
        session.commit()
        run_id = run.id
    page = open_as("translator")
    expect(page.locator("[data-slot=worker]")).to_have_text("The worker is still proposing: 3 of 4.")
    field(page, 3)
    page.keyboard.type("Typed meanwhile")
    with sessions.write() as session:
        made = ProposalSet(segment_id=place.segments[2], run_id=run_id, attempt=1)
        known = session.query(Proposal).filter_by(rank=1).one()
        texts = {"source": "x", "target": "y", "raw_target": "y"}
        made.proposals = [Proposal(rank=1, unit_id=known.unit_id, origin="tm", base_rate=77, rate=77, **texts)]
        session.add(made)
        get_run(session, run_id).state = "done"
        session.commit()
    expect(page.locator("#s3 .rate").first).to_have_text("77")
    expect(page.locator("#field-3")).to_have_value("Typed meanwhile")
    expect(page.locator(".proposal")).to_have_count(1)
    expect(page.locator("[data-slot=worker]")).to_be_empty()


def test_what_a_colleague_saves_comes_to_the_page_by_itself(open_as: Open, sessions: Sessions, place: Place) -> None:
    page = open_as("translator")
    with sessions.write() as session:
        actor = place.actors["second"]
        review.save(session, actor, place.segments[2], "From Tom", seen=0, operation=operation(), confirm=True)
        session.commit()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#s3 .text")).to_have_text("From Tom")


def test_someone_put_to_rest_cannot_go_on(open_as: Open, sessions: Sessions, place: Place) -> None:
    page = open_as("translator")
    field(page, 3)
    with sessions.write() as session:
        people.set_active(session, place.actors["admin"], place.actors["translator"].id, False)
        session.commit()
    page.keyboard.type("Too late")
    expect(page.locator("[data-slot=sign-in]")).to_be_visible()
    with sessions.read() as session:
        assert place.segments[2] not in drafts_of(session, place.actors["translator"].id, place.release)


def test_hostile_text_stays_text_in_every_part_of_the_editor(open_as: Open, sessions: Sessions, place: Place) -> None:
    from service.storage.people import Person
    from service.storage.releases import Release

    hostile = "</textarea></template><img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    with sessions.write() as session:
        actor = place.actors["second"]
        session.get_one(Person, actor.id).name = session.get_one(Release, place.release).title = hostile
        get_segment(session, place.segments[2]).source = hostile
        review.save(session, actor, place.segments[2], hostile, seen=0, operation=operation(), confirm=True)
        review.send_back(
            session, place.actors["reviewer"], place.segments[2], seen=1, operation=operation(), reason=hostile
        )
        session.commit()
    page = open_as("translator")
    field(page, 3)
    page.keyboard.press("Control+i")
    expect(page.locator("#field-3")).to_have_value(hostile)
    page.keyboard.type(" and more")
    with sessions.write() as session:
        text = hostile + " of Tom"
        review.save(session, actor, place.segments[2], text, seen=2, operation=operation(), confirm=True)
        session.commit()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-slot=conflict]")).to_contain_text("</textarea></template><img")
    page.click("[data-choice=mine]")
    expect(page.locator("#s3 .text")).to_have_text(hostile + " and more")
    assert page.locator("main img, main script, main bdi *").count() == 0
    assert "owned" not in page.title().replace(hostile, "")
