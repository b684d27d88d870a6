"""The panel beside a segment in a real browser: what is marked, what a repair changed, what goes in with which key."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Page, expect

from service.desk import review
from service.storage.projects import Project
from service.storage.proposals import Proposal, ProposalSet
from service.storage.releases import get_segment
from service.storage.session import Sessions
from tests.factories import operation
from tests.service.conftest import Place
from tests.service.editor_pages import Open, field, open_as, saved
from tm.store.units import Unit

__all__ = ["open_as"]
pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(60)]
RAW = "The ordinary Council met on 4 December 2009."
REPAIRED = "The special Council met on 4 December 2009."
HOSTILE = "</p></ol><img src=x onerror=document.title='owned'><script>document.title='owned'</script>"


@pytest.fixture
def repaired(sessions: Sessions, place: Place) -> Place:
    """The first proposal of the second segment has words to look at, and a repair of them."""
    with sessions.write() as session:
        first = session.query(Proposal).filter_by(segment_id=place.segments[1], rank=1).one()
        first.target, first.hints = RAW, [{"start": 4, "end": 12}]
        exchange = {"unit": "ordinaire", "query": "extraordinaire", "old": "ordinary", "new": "special"}
        exchange |= {"span": {"start": 4, "end": 11}, "origin": "lexicon", "evidence": 14}
        first.repair = {"target": REPAIRED, "replacements": [exchange], "complete": True}
        first.alternatives = 3
        session.commit()
    return place


def opened(open_as: Open, position: int, who: str = "translator") -> Page:
    page = open_as(who)
    field(page, position)
    expect(page.locator(f".panel-of small:text('segment {position}')")).to_be_visible()
    return page


def test_words_that_stand_for_other_words_are_marked_for_eyes_and_ears(open_as: Open, repaired: Place) -> None:
    page = opened(open_as, 2)
    first = page.locator(".proposal[data-rank='1']")
    expect(first.locator("mark.hinted")).to_have_text("[for other words: ordinary]")
    expect(page.locator(".key-to-marks")).to_contain_text("what this segment says differently")
    # the value of the other proposal is marked as before, and both are told apart
    expect(page.locator(".proposal[data-rank='2'] mark.stale")).to_contain_text("12 March 2009")


def test_a_repair_stands_beside_the_raw_text_and_says_why(open_as: Open, repaired: Place) -> None:
    first = opened(open_as, 2).locator(".proposal[data-rank='1']")
    expect(first.locator("> .from-target")).to_contain_text("ordinary")
    repair = first.locator(".repair")
    expect(repair.locator(".rate")).to_have_text("98!")
    expect(repair.locator("mark.new")).to_contain_text("special")
    said = "The memory has “ordinaire”, this text has “extraordinaire”: seen 14 times"
    expect(repair.locator("mark.new")).to_have_attribute("title", said)
    expect(repair.locator(".exchanges")).to_have_text("ordinary → special, seen 14 times")


def test_a_repair_goes_in_with_a_key_and_is_remembered_as_one(
    open_as: Open, repaired: Place, sessions: Sessions
) -> None:
    page = opened(open_as, 2)
    page.keyboard.press("Control+Shift+1")
    expect(page.locator("#field-2")).to_have_value(REPAIRED)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#s2")).to_have_attribute("data-state", "translated")
    with sessions.write() as session:
        segment = get_segment(session, repaired.segments[1])
        assert (segment.origin, segment.match_rate, segment.distance) == ("tm-repaired", 98, 0)
        actor = repaired.actors["translator"]
        text = REPAIRED.replace("4 December", "5 December")
        review.save(session, actor, segment.id, text, seen=segment.version, operation=operation())
        assert (segment.origin, segment.match_rate, segment.distance) == ("tm-repaired", 98, 1)
        session.commit()


def test_both_texts_of_a_match_go_in_by_click_and_undo_takes_them_out(open_as: Open, repaired: Place) -> None:
    page = opened(open_as, 2)
    page.click("[data-act=insert-repaired]")
    expect(page.locator("#field-2")).to_have_value(REPAIRED)
    page.click(".proposal[data-rank='1'] > .proposal-head [data-act=insert]")
    expect(page.locator("#field-2")).to_have_value(RAW)
    page.keyboard.press("Control+z")
    expect(page.locator("#field-2")).to_have_value(REPAIRED)


def test_the_key_for_a_repair_inserts_the_match_where_there_is_none(
    open_as: Open, repaired: Place, sessions: Sessions
) -> None:
    page = opened(open_as, 2)
    page.keyboard.press("Control+Shift+2")
    expect(page.locator("#field-2")).to_have_value("The Council met on 12 March 2009.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#s2")).to_have_attribute("data-state", "translated")
    with sessions.read() as session:
        assert get_segment(session, repaired.segments[1]).origin == "tm"


def test_other_translations_of_the_same_source_are_counted(open_as: Open, repaired: Place) -> None:
    page = opened(open_as, 2)
    expect(page.locator(".rivals")).to_have_text(
        "One of 4 translations of this source in the memory; 2 of them are shown here."
    )


def test_a_known_part_goes_in_at_the_cursor_and_never_runs_into_a_word(open_as: Open, place: Place) -> None:
    page = opened(open_as, 3)
    page.keyboard.type("The of ministers")
    for _ in range(len("of ministers") + 1):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+1")
    expect(page.locator("#field-3")).to_have_value("The Council of ministers")
    page.keyboard.press("Control+z")
    expect(page.locator("#field-3")).to_have_value("The of ministers")
    page.keyboard.press("End")
    page.click("[data-act=insert-fragment]")
    expect(page.locator("#field-3")).to_have_value("The of ministers Council")
    saved(page)


def test_a_known_part_says_how_often_and_where(open_as: Open, place: Place) -> None:
    part = opened(open_as, 3).locator(".fragment")
    part.locator("summary", has_text="So in 3 of 4 places").click()
    expect(part.locator("details [lang=fr] mark")).to_have_text("Conseil")
    expect(part.locator("details [lang=en] mark")).to_have_text("Council")


def test_a_known_part_without_clear_english_offers_nothing_to_insert(
    open_as: Open, place: Place, sessions: Sessions
) -> None:
    with sessions.write() as session:
        made = session.get_one(ProposalSet, place.segments[2])
        made.fragments = [made.fragments[0] | {"target": "", "count": 0}]
        session.commit()
    page = opened(open_as, 3)
    expect(page.locator(".fragment summary")).to_have_text("In 4 places, its English is not clear")
    expect(page.locator("[data-act=insert-fragment]")).to_have_count(0)
    page.keyboard.press("Control+1")
    expect(page.locator("[data-slot=saved]")).to_have_text("There is no match 1 here.")


def test_a_unit_of_a_project_names_it(open_as: Open, sessions: Sessions, place: Place) -> None:
    with sessions.write() as session:
        session.add(Project(number=7, key="archives", name="Archives"))
        session.query(Unit).one().scope = 7
        session.commit()
    expect(opened(open_as, 2).locator(".proposal .provenance").first).to_contain_text("project Archives")


def test_marked_words_are_looked_up_beside_the_segment(open_as: Open, place: Place) -> None:
    page = opened(open_as, 2)
    page.locator("#s2 .source").evaluate(
        "source => getSelection().setBaseAndExtent(source.firstChild, 3, source.firstChild, 10)"
    )
    page.keyboard.press("F3")
    concordance = page.locator("[data-slot=concordance]")
    expect(concordance.locator("[name=phrase]")).to_have_value("Conseil")
    expect(concordance.locator("[name=language]")).to_have_value("fr")
    hits = page.locator("[data-slot=concordance-hits]")
    expect(hits).to_contain_text("The Council met on 12 March 2009.")
    page.keyboard.press("Escape")
    expect(page.locator("#field-2")).to_be_focused()
    page.fill("#field-2", "The Council")
    page.locator("#field-2").evaluate("field => field.setSelectionRange(4, 11)")
    page.keyboard.press("Alt+k")
    expect(concordance.locator("[name=phrase]")).to_have_value("Council")
    expect(concordance.locator("[name=language]")).to_have_value("en")
    expect(page.locator("[data-slot=concordance-said]")).to_have_text("1 unit with “Council”")
    link = page.locator("[data-slot=concordance-page]")
    expect(link).to_have_attribute("href", "/memory?phrase=Council&language=en")
    page.keyboard.press("Escape")
    expect(page.locator("#field-2")).to_have_value("The Council")


def test_the_key_sheet_names_the_new_keys(open_as: Open) -> None:
    page = open_as("translator")
    page.keyboard.press("Alt+h")
    expect(page.locator("[data-slot=help]")).to_contain_text(re.compile("Ctrl Shift 1 … 9.*repaired"))


def test_hostile_text_stays_text_in_every_part_of_the_panel(open_as: Open, sessions: Sessions, repaired: Place) -> None:
    with sessions.write() as session:
        first = session.query(Proposal).filter_by(segment_id=repaired.segments[1], rank=1).one()
        exchange = {"unit": HOSTILE, "query": HOSTILE, "old": HOSTILE, "new": HOSTILE}
        exchange |= {"span": {"start": 0, "end": 20}, "origin": "glossary", "evidence": 0}
        first.repair = {"target": HOSTILE, "replacements": [exchange], "complete": False}
        first.target, first.hints = HOSTILE, [{"start": 0, "end": 30}]
        first.difference = [{"kind": "replace", "unit": HOSTILE, "query": HOSTILE}]
        first.provenance = {"document": HOSTILE, "person": HOSTILE, "date": HOSTILE, "position": 1}
        session.add(Project(number=7, key="archives", name=HOSTILE))
        session.query(Unit).one().scope = 7
        made = session.get_one(ProposalSet, repaired.segments[2])
        passage = made.fragments[0]["passage"] | {"source": HOSTILE, "target": HOSTILE, "document": HOSTILE}
        made.fragments = [made.fragments[0] | {"fragment": HOSTILE, "target": HOSTILE, "passage": passage}]
        session.commit()
    page = opened(open_as, 2)
    expect(page.locator(".proposal[data-rank='1'] .provenance")).to_contain_text(HOSTILE)
    page.keyboard.press("Control+Shift+1")
    expect(page.locator("#field-2")).to_have_value(HOSTILE)
    field(page, 3)
    expect(page.locator(".fragment h3")).to_have_text(HOSTILE)
    page.keyboard.press("Control+1")
    expect(page.locator("#field-3")).to_have_value(HOSTILE)
    assert page.locator("main img, main script").count() == 0
    assert "owned" not in page.title()
