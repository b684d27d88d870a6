"""The pages of units without a browser: what they show, whom, and what may be changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from service.desk import units
from service.storage.session import Sessions
from tests.factories import make_unit
from tests.service.conftest import Place, Visitor
from tests.service.memory_places import HOSTILE, fill, make_project
from tm.store.units import Unit

pytestmark = pytest.mark.backends("sqlite")
SignedIn = Callable[[str], Visitor]
FRENCH, ENGLISH = "Le port est ouvert.", "The port is open."


@pytest.fixture
def unit(sessions: Sessions, place: Place) -> int:
    """The id of a unit that is aligned, beside one with another translation of the same source."""
    with sessions.write() as session:
        make_unit(session, FRENCH, ENGLISH, origin="aligned", document="Communiqué 12")
        make_unit(session, FRENCH, "The harbour is open.", document="Communiqué 13")
        found = session.scalars(select(Unit).where(Unit.target == ENGLISH)).one().id
        session.commit()
    return found


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_unit_shows_where_it_was_seen_and_what_else_is_said_for_its_source(signed_in: SignedIn, unit: int) -> None:
    page = signed_in("translator").get(f"/memory/units/{unit}").text
    for words in (FRENCH, ENGLISH, "Communiqué 12", "aligned pair", "The harbour is open.", "Nothing has happened"):
        assert words in page
    assert "Change it" not in page


def test_units_are_looked_through_page_by_page(signed_in: SignedIn, place: Place, sessions: Sessions) -> None:
    with sessions.write() as session:
        fill(session)
        session.commit()
    visitor = signed_in("translator")
    first = visitor.get("/memory/units?text=plan").text
    assert "60 units, the newest first" in first
    assert first.count('data-label="French"') == 50
    address = re.search(r'href="(/memory/units\?after[^"]+)"', first)
    assert address
    second = visitor.get(address[1].replace("&amp;", "&")).text
    assert second.count('data-label="French"') == 10
    assert "Older units" not in second
    superseded = visitor.get("/memory/units?status=superseded").text
    assert superseded.count('data-label="French"') == 1
    assert "numéro 1 du" in superseded
    assert "No unit is like that." in visitor.get("/memory/units?origin=imported").text


@pytest.mark.parametrize("query", ["status=x", "origin=x", "scope=x", "import=x", "after=-1", "text=" + "x" * 501])
def test_an_address_that_makes_no_sense_is_refused_on_the_page(signed_in: SignedIn, unit: int, query: str) -> None:
    page = signed_in("translator").get(f"/memory/units?{query}")
    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_a_reviewer_changes_a_unit_and_the_history_says_how(signed_in: SignedIn, unit: int) -> None:
    reviewer = signed_in("reviewer")
    form = {"source": FRENCH, "target": "The port is now open.", "reason": "house style"}
    form["seen"] = _seen(reviewer.get(f"/memory/units/{unit}").text)
    answer = reviewer.post(f"/memory/units/{unit}/edit", data=form)
    assert (answer.status_code, answer.location) == (303, f"/memory/units/{unit}")
    page = reviewer.get(answer.location).text
    assert "“house style”" in page
    assert '<ins><span class="vh">[after: </span>now' in page.replace("> now", ">now")
    assert "Rémi" in page


def test_what_was_typed_stays_when_it_is_refused(signed_in: SignedIn, unit: int) -> None:
    reviewer = signed_in("reviewer")
    seen = _seen(reviewer.get(f"/memory/units/{unit}").text)
    for form, code in (
        ({"target": "The port is now open.", "reason": " "}, "REASON_MISSING"),
        ({"target": " ", "reason": "none"}, "EMPTY_TEXT"),
        ({"target": ENGLISH, "reason": "none"}, "UNCHANGED"),
        ({"target": "a\x00b", "reason": "none"}, "CONTROL_CHARACTER"),
        ({"target": "x" * 20_001, "reason": "none"}, "FIELD_TOO_LONG"),
    ):
        answer = reviewer.post(f"/memory/units/{unit}/edit", data={"source": FRENCH, "seen": seen, **form})
        assert (answer.status_code, code in answer.text) == (422, True), code
    assert 'value="none"' in answer.text


def test_two_people_on_one_unit_both_see_both_texts(signed_in: SignedIn, unit: int, sessions: Sessions) -> None:
    reviewer, editor = signed_in("reviewer"), signed_in("editor")
    seen = _seen(reviewer.get(f"/memory/units/{unit}").text)
    common = {"source": FRENCH, "seen": seen, "reason": "better"}
    theirs = editor.post(f"/memory/units/{unit}/edit", data={"target": "The port stands open.", **common})
    assert theirs.status_code == 303
    mine = reviewer.post(f"/memory/units/{unit}/edit", data={"target": "The port lies open.", **common})
    assert mine.status_code == 409
    assert "Édith has changed this unit meanwhile." in mine.text
    assert "The port stands open." in mine.text
    assert ">\nThe port lies open.</textarea>" in mine.text
    assert _seen(mine.text) != seen
    again = {"target": "The port lies open.", **common, "seen": _seen(mine.text)}
    assert reviewer.post(f"/memory/units/{unit}/edit", data=again).status_code == 303
    with sessions.read() as session:
        assert session.get_one(Unit, unit).target == "The port lies open."


def test_a_change_into_what_another_unit_says_leads_to_that_one(signed_in: SignedIn, unit: int) -> None:
    reviewer = signed_in("reviewer")
    seen = _seen(reviewer.get(f"/memory/units/{unit}").text)
    form = {"source": FRENCH, "target": "The harbour is open.", "reason": "one word for it", "seen": seen}
    answer = reviewer.post(f"/memory/units/{unit}/edit", data=form)
    assert answer.location != f"/memory/units/{unit}"
    assert f'In its place stands <a href="{answer.location}">' in reviewer.get(f"/memory/units/{unit}").text


def test_a_unit_goes_out_of_use_and_comes_back_each_with_a_reason(signed_in: SignedIn, unit: int) -> None:
    editor = signed_in("editor")
    assert editor.post(f"/memory/units/{unit}/supersede", data={"reason": ""}).status_code == 422
    assert editor.post(f"/memory/units/{unit}/supersede", data={"reason": "wrong port"}).status_code == 303
    gone = editor.get(f"/memory/units/{unit}").text
    assert "“wrong port”" in gone
    assert "Bring it back into use" in gone
    assert 'name="target"' not in gone
    assert editor.post(f"/memory/units/{unit}/supersede", data={"reason": "again"}).status_code == 409
    assert editor.post(f"/memory/units/{unit}/reactivate", data={"reason": "right after all"}).status_code == 303
    assert 'name="target"' in editor.get(f"/memory/units/{unit}").text


def test_units_of_a_project_are_for_its_members(
    signed_in: SignedIn, unit: int, place: Place, sessions: Sessions
) -> None:
    with sessions.write() as session:
        number = make_project(session, "Archives", place.actors["reviewer"].id)
        session.get_one(Unit, unit).scope = number
        session.commit()
    member, stranger = signed_in("reviewer"), signed_in("editor")
    assert "project <bdi>Archives</bdi>" in member.get(f"/memory/units/{unit}").text
    assert ENGLISH in member.get(f"/memory/units?scope={number}").text
    assert stranger.get(f"/memory/units/{unit}").status_code == 404
    assert stranger.get(f"/memory/units/{unit}").text == stranger.get("/memory/units/99999").text.replace(
        "99999", str(unit)
    )
    form = {"source": FRENCH, "target": "The port is now open.", "reason": "why", "seen": "1"}
    for act in ("edit", "supersede", "reactivate"):
        assert stranger.post(f"/memory/units/{unit}/{act}", data=form).status_code == 404
    for address in (
        "/memory/units",
        f"/memory/units?scope={number}",
        "/memory/units?text=port",
        "/memory/contradictions",
    ):
        assert ENGLISH not in stranger.get(address).text


def test_contradictions_are_told_with_the_way_to_each_unit(signed_in: SignedIn, unit: int) -> None:
    page = signed_in("translator").get("/memory/contradictions").text
    assert page.count(FRENCH) == 1
    assert ENGLISH in page
    assert "The harbour is open." in page
    assert f'href="/memory/units/{unit}"' in page
    assert signed_in("translator").get("/memory/contradictions?after=nonsense").status_code == 422


def test_growth_is_drawn_and_written(signed_in: SignedIn, unit: int) -> None:
    page = signed_in("admin").get("/memory/generations").text
    assert "<h2>Growth" in page
    assert '<td class="number">3</td><td class="number">0</td><td class="number">3</td>' in page


def test_hostile_units_come_out_as_text(signed_in: SignedIn, place: Place, sessions: Sessions) -> None:
    with sessions.write() as session:
        make_unit(session, HOSTILE, "One " + HOSTILE, document=HOSTILE)
        make_unit(session, HOSTILE, "Two " + HOSTILE, document=HOSTILE)
        one = session.scalars(select(Unit).where(Unit.target == "One " + HOSTILE)).one()
        number = make_project(session, HOSTILE, place.actors["editor"].id)
        for found in session.scalars(select(Unit).where(Unit.source == HOSTILE)):
            found.scope = number
            for seen in found.occurrences:
                seen.person = seen.dated = HOSTILE[:32]
        session.flush()
        actor = replace(place.actors["editor"], name=HOSTILE)
        units.edit(session, actor, one.id, target="Three " + HOSTILE, reason=HOSTILE, seen=one.changed)
        session.commit()
        ids = [one.id]
    editor = signed_in("editor")
    form = {"source": HOSTILE, "target": HOSTILE, "reason": HOSTILE, "seen": "1"}
    pages = [
        editor.get(f"/memory/units/{ids[0]}"),
        editor.get("/memory/units", query_string={"text": HOSTILE}),
        editor.get("/memory/contradictions"),
        editor.get("/memory/units", query_string={"document": HOSTILE[:64]}),
        editor.post(f"/memory/units/{ids[0]}/edit", data=form),
    ]
    for page in pages:
        assert page.status_code in (200, 409)
        assert "<img" not in page.text
        assert page.text.count("<script") == 1
