"""Who works on a release, in the browser's forms: chosen, refused with what was chosen, shown where people look."""

from __future__ import annotations

from collections.abc import Callable

from tests.service.conftest import Place, Visitor

SignedIn = Callable[[str], Visitor]


def test_people_and_a_day_are_chosen_and_shown(signed_in: SignedIn, place: Place) -> None:
    editor, translator = signed_in("editor"), signed_in("translator")
    sent = {"translator": place.actors["translator"].id, "reviewer": place.actors["reviewer"].id, "due": "2026-11-20"}
    assert editor.post(f"/releases/{place.release}/assign", data=sent).status_code == 303
    page = editor.get(f"/releases/{place.release}").text
    assert "translator <bdi>Tania</bdi>" in page
    assert "overdue" in page
    waits = translator.get("/releases").text
    assert "was due 20 Nov 2026" in waits
    assert "3 to translate" in waits
    told = translator.get("/me/notices").text
    assert "has asked you to work on a release" in told
    assert "has asked you to work on a release" not in editor.get("/me/notices").text


def test_a_refusal_keeps_what_was_chosen(signed_in: SignedIn, place: Place) -> None:
    editor = signed_in("editor")
    both = place.actors["reviewer"].id
    answer = editor.post(
        f"/releases/{place.release}/assign", data={"translator": both, "reviewer": both, "due": "2026-12-24"}
    )
    assert answer.status_code == 422
    assert "Nobody reviews their own text." in answer.text
    assert answer.text.count(f'value="{both}" selected') == 2
    assert 'value="2026-12-24"' in answer.text
    assert editor.post(f"/releases/{place.release}/assign", data={"due": "soon"}).status_code == 422
    assert "Who works on it" not in signed_in("translator").get(f"/releases/{place.release}").text
