"""Everybody's own keys: kept, checked, and shown on the page that they are for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import pytest

from service.web import acts
from tests.service.conftest import Place, Visitor

SignedIn = Callable[[str], Visitor]


def sent(**changed: str) -> dict[str, str]:
    """The form as the page has it, with some of it changed: `preset`, or an act with _ for -."""
    preset = changed.pop("preset", "passerelle")
    form = {f"keys-{name}": " ".join(chords) for name, chords in acts.bindings_of({"preset": preset}).items()}
    return form | {"preset": preset} | {f"keys-{name.replace('_', '-')}": text for name, text in changed.items()}


def bindings(visitor: Visitor, place: Place) -> dict[str, list[str]]:
    page = visitor.get(f"/releases/{place.release}/edit").text
    return json.loads(unescape(re.search(r'data-keys="([^"]+)"', page)[1]))


def test_a_preset_and_a_key_of_ones_own_are_kept_for_oneself_alone(signed_in: SignedIn, place: Place) -> None:
    visitor = signed_in("translator")
    visitor.get("/me/keys")
    assert visitor.post("/me/keys", data=sent(preset="memoq")).status_code == 303
    assert bindings(visitor, place)["look-up"] == ["ctrl+k"]
    assert visitor.post("/me/keys", data=sent(preset="memoq", approve="F7 alt+x")).status_code == 303
    found = bindings(visitor, place)
    assert (found["approve"], found["look-up"]) == (["f7", "alt+x"], ["ctrl+k"])
    assert 'value="f7 alt+x"' in visitor.get("/me/keys?saved=1").text
    assert bindings(signed_in("second"), place) == acts.bindings_of({})


def test_another_preset_puts_all_keys_back_to_its_own(signed_in: SignedIn, place: Place) -> None:
    visitor = signed_in("translator")
    visitor.post("/me/keys", data=sent(approve="alt+x"))
    visitor.post("/me/keys", data=sent(approve="alt+x") | {"preset": "trados"})
    assert bindings(visitor, place) == acts.bindings_of({"preset": "trados"})


@pytest.mark.parametrize(
    ("act", "text", "told"),
    [
        ("approve", "alt+k", "would mean two things"),
        ("approve", "ctrl+shift", "is no key"),
        ("approve", "a", "is typed into the text"),
        ("approve", "ctrl+t", "belongs to the browser"),
        ("approve", "ctrl+digit", "digits choose one of several"),
        ("insert", "alt+x", "digits choose one of several"),
        ("approve", "alt+shift+ctrl+x", "is no key"),
    ],
)
def test_keys_that_cannot_be_are_refused_with_what_and_where_and_nothing_is_lost(
    signed_in: SignedIn, place: Place, act: str, text: str, told: str
) -> None:
    visitor = signed_in("translator")
    answer = visitor.post("/me/keys", data=sent(**{act: text}, confirm="f10"))
    assert answer.status_code == 422
    assert told in unescape(answer.text)
    assert 'value="f10"' in answer.text  # what was typed stands in the form
    assert bindings(visitor, place) == acts.bindings_of({})
