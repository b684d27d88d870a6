"""The pages of the memory without a browser: what they find, whom they show it, what they refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.desk import generations
from service.settings import Settings
from service.storage.runs import Refresh, Run
from service.storage.session import Sessions
from tests.factories import make_unit
from tests.service.conftest import Place, Visitor
from tests.service.memory_places import HOSTILE, fill, make_project, unit_of
from tm.store.base import now
from tm.store.units import Generation

pytestmark = pytest.mark.backends("sqlite")
SignedIn = Callable[[str], Visitor]


@pytest.fixture
def filled(sessions: Sessions, place: Place) -> Place:
    """Sixty units beside the one of `place`."""
    with sessions.write() as session:
        fill(session)
        session.commit()
    return place


def test_both_sides_of_a_hit_are_shown_and_the_searched_words_marked(signed_in: SignedIn, filled: Place) -> None:
    page = signed_in("translator").get("/memory?phrase=plan+numéro+7").text
    assert "Le Conseil examine le <mark>plan numéro 7</mark> du port." in page
    assert "The Council considers plan number 7 of the port." in page.replace('<mark class="counterpart">', "").replace(
        "</mark>", ""
    )
    assert "1 unit with “plan numéro 7”" in page


def test_english_is_searched_as_well(signed_in: SignedIn, filled: Place) -> None:
    page = signed_in("translator").get("/memory?phrase=plan+number+7&language=en").text
    assert "The Council considers <mark>plan number 7</mark> of the port." in page


def test_spaces_of_french_typography_are_spaces(signed_in: SignedIn, filled: Place) -> None:
    page = signed_in("translator").get("/memory", query_string={"phrase": "plan\u00a0numéro\u202f7"})
    assert page.status_code == 200
    assert "<mark>plan numéro 7</mark>" in page.text


def test_an_inflected_word_is_found_when_that_is_asked_for(signed_in: SignedIn, filled: Place) -> None:
    visitor = signed_in("translator")
    assert "has no “plans”" in visitor.get("/memory?phrase=plans").text
    assert "<mark>plan</mark>" in visitor.get("/memory?phrase=plans&inflected=1").text


def test_what_is_shown_goes_on_where_it_ended(signed_in: SignedIn, filled: Place) -> None:
    visitor = signed_in("translator")
    first = visitor.get("/memory?phrase=plan").text
    assert "More than 50 units with “plan”" in first
    assert first.count('data-label="French"') == 50
    address = first.split('data-act="more" href="')[1].split('"')[0].replace("&amp;", "&")
    second = visitor.get(address).text
    assert second.count('data-label="French"') == 10
    assert 'data-act="more"' not in second
    assert not set(_documents(first)) & set(_documents(second))


def _documents(page: str) -> list[str]:
    return [part.split("<")[0] for part in page.split('<bdi lang="fr">')[1:]]


def test_filters_narrow_the_hits_and_stay_in_the_form(signed_in: SignedIn, filled: Place) -> None:
    visitor = signed_in("translator")
    superseded = visitor.get("/memory?phrase=plan&status=superseded").text
    assert _documents(superseded) == ["Communiqué 1"]
    assert 'value="superseded" selected' in superseded
    assert "<details open>" in superseded.replace(' class="narrow-it"', "")
    one = visitor.get("/memory", query_string={"phrase": "plan", "document": "Communiqué 8"}).text
    assert _documents(one) == ["Communiqué 8"]


def test_units_of_a_project_are_for_its_members(signed_in: SignedIn, filled: Place, sessions: Sessions) -> None:
    with sessions.write() as session:
        number = make_project(session, "Archives", filled.actors["translator"].id)
        make_unit(session, "Une phrase du projet secret.", "A sentence of the secret project.")
        unit_of(session, "Une phrase du projet secret.").scope = number
        session.commit()
    member, stranger = signed_in("translator"), signed_in("second")
    assert "project <bdi>Archives</bdi>" in member.get("/memory?phrase=secret").text
    assert "Archives</option>" in member.get("/memory").text
    for address in ("/memory?phrase=secret", f"/memory?phrase=secret&scope={number}", "/memory/hits?phrase=secret"):
        page = stranger.get(address).text
        assert "secret project" not in page
        assert "Archives" not in page
    assert "has no “plan”, narrowed" in member.get(f"/memory?phrase=plan&scope={number}").text


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "gone"},
        {"language": "de"},
        {"before": "-1"},
        {"before": "99999999999"},
        {"before": "x"},
        {"scope": "1.5"},
        {"phrase": "a\x00b"},
        {"phrase": "a" * 501},
    ],
)
def test_an_address_that_makes_no_sense_is_refused_on_the_page(signed_in: SignedIn, asked: dict[str, str]) -> None:
    visitor = signed_in("translator")
    page = visitor.get("/memory", query_string={"phrase": "plan", **asked})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert 'name="phrase"' in page.text
    assert visitor.get("/memory/hits", query_string={"phrase": "plan", **asked}).status_code == 422


def test_the_fragment_is_what_the_page_shows(signed_in: SignedIn, filled: Place) -> None:
    visitor = signed_in("translator")
    page = visitor.get("/memory?phrase=plan+numéro+7").text
    fragment = visitor.get("/memory/hits?phrase=plan+numéro+7").text
    assert fragment.strip() in page
    assert "<html" not in fragment


def test_hostile_units_come_out_as_text(signed_in: SignedIn, place: Place, sessions: Sessions) -> None:
    with sessions.write() as session:
        number = make_project(session, HOSTILE, place.actors["translator"].id)
        make_unit(session, "Attaque " + HOSTILE, "Attack " + HOSTILE, document=HOSTILE)
        unit_of(session, "Attaque " + HOSTILE).scope = number
        session.commit()
    page = signed_in("translator").get("/memory?phrase=attaque").text
    assert "&lt;img src=x" in page
    assert "<img" not in page
    assert page.count("<script") == 1


# --- the index --------------------------------------------------------------------------------------------------------


def test_generations_are_listed_with_what_they_hold_and_cost(
    signed_in: SignedIn, place: Place, sessions: Sessions
) -> None:
    with sessions.write() as session:
        session.add(Generation(number=1, tick=1, state="removed", units=10, bytes=900, milliseconds=40))
        values = {"units": 1_234_567, "bytes": 98_765_432, "milliseconds": 61_500}
        session.add(Generation(number=2, tick=9, lexicon_pairs=200_000, lexicon_milliseconds=23_000, **values))
        times = {"started_at": now(), "finished_at": now()}
        session.add(Refresh(trigger="schedule", added=41, units=777, **times))
        session.commit()
    page = signed_in("admin").get("/memory/generations").text
    for words in ("1,234,567", "98.8 MB", "61.5 s", "200,000 pairs", "23.0 s", "ready", "removed", "41", "777"):
        assert words in page
    assert "answers without" not in page


def test_a_build_is_started_once_and_shown_while_it_runs(signed_in: SignedIn, sessions: Sessions) -> None:
    editor = signed_in("editor")
    assert "Build now" in editor.get("/memory/generations").text
    for _ in range(2):
        assert editor.post("/memory/generations").status_code == 303
    assert "Building …" in editor.get("/memory/generations").text
    with sessions.write() as session:
        run = session.query(Run).filter_by(kind="generation").one()
        run.state, run.reason_code, run.reason = "failed", "GAVE_UP", "The disk is full."
        session.commit()
    assert "The last build failed: The disk is full." in editor.get("/memory/generations").text
    assert "Build now" not in signed_in("translator").get("/memory/generations").text


def test_a_memory_that_answers_without_its_index_says_so(
    signed_in: SignedIn, filled: Place, sessions: Sessions
) -> None:
    visitor = signed_in("translator")
    page = visitor.get("/memory/generations").text
    assert "No generation has been built yet" in page
    assert "answers without an index" not in page
    for state, said in (("ready", False), ("damaged", True)):
        with sessions.write() as session:
            session.merge(Generation(number=1, tick=1, units=10, bytes=900, milliseconds=40, state=state))
            session.commit()
        assert ("answers without an index" in visitor.get("/memory/generations").text) is said


@pytest.mark.timeout(400)  # what a generation is made with is compiled at first use
def test_with_a_lexicon_the_other_side_is_marked_as_well(
    signed_in: SignedIn, filled: Place, sessions: Sessions, settings: Settings
) -> None:
    with sessions.read() as session:
        built = generations.make(session, settings)
    with sessions.write() as session:
        generations.keep(session, settings, built)
        session.commit()
    visitor = signed_in("translator")
    page = visitor.get("/memory?phrase=Conseil").text
    assert "<mark>Conseil</mark>" in page
    assert 'The <mark class="counterpart">Council</mark> considers' in page
    turned = visitor.get("/memory?phrase=Council&language=en").text
    assert 'Le <mark class="counterpart">Conseil</mark> examine' in turned
    assert '<td data-label="Units" class="number">61</td>' in visitor.get("/memory/generations").text
    assert "answered from generation" in visitor.get("/memory/generations").text
