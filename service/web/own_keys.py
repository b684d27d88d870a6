"""Somebody's own keys: a preset, and chords of their own on top of it."""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.auth.addresses import safe_next
from service.auth.guard import actor, allow, db
from service.desk import people
from service.errors import status_of
from service.web import acts
from service.web.fields import choice, line
from service.web.languages import LANGUAGES
from service.web.pages import KeysPage
from service.web.rendering import render
from tm.errors import InputError

bp = Blueprint("own_keys", __name__)
CHORD = re.compile(
    r"(?=.)(ctrl\+)?(alt\+)?(shift\+)?"
    r"(?:[^\s+]|f\d\d?|digit|enter|tab|space|up|down|left|right|insert|delete|home|end|pageup|pagedown)"
)
PLAIN = re.compile(r"(?:shift\+)?[^\s+]")  # would be typed, not done


@bp.get("/me/keys")
@allow("keys.see")
def show() -> str:
    """The presets, and every act with its keys."""
    keys = people.keys_of(db(), actor())
    return render(_page(keys, acts.bindings_of(keys), saved="saved" in request.args))


@bp.post("/me/keys")
@allow("keys.change")
def change() -> Response:
    """Keep what was chosen; another preset puts all chords back to its own."""
    preset = choice("preset", acts.PRESETS) or "passerelle"
    before = people.keys_of(db(), actor())
    typed = {act.name: line(f"keys-{act.name}", 200) for act in acts.ACTS}
    try:
        own = {} if preset != before.get("preset", "passerelle") else _own(typed, preset)
    except InputError as error:
        chords = {name: text.split() for name, text in typed.items()}
        response = make_response(render(_page(before, chords, error=error)))
        response.status_code = status_of(error)
        return response
    people.set_keys(db(), actor(), {"preset": preset, "own": own})
    return make_response(redirect(url_for(".show", saved=1), 303))


@bp.post("/me/language")
@allow("language.change")
def speak() -> Response:
    """Have the screens in another language, and go back to where one was."""
    people.set_language(db(), actor(), choice("language", LANGUAGES) or "en")
    return make_response(redirect(safe_next(request.form.get("next", ""), url_for("releases.index")), 303))


def _page(
    keys: dict, bindings: dict[str, list[str]], *, saved: bool = False, error: InputError | None = None
) -> KeysPage:
    presets = [(name, word) for name, (word, _) in acts.PRESETS.items()]
    groups: dict[str, list[tuple[acts.Act, str]]] = {}
    for act in acts.ACTS:
        groups.setdefault(act.group, []).append((act, " ".join(bindings[act.name])))
    return KeysPage(keys.get("preset", "passerelle"), presets, groups, saved, error)


def _own(typed: dict[str, str], preset: str) -> dict[str, list[str]]:
    """What differs from the preset. Raises InputError for a chord that is none, or that two acts would have."""
    usual = acts.bindings_of({"preset": preset})
    taken: dict[str, str] = {}
    own = {}
    for name, text in typed.items():
        chords = text.lower().split()
        for chord in chords:
            _check(chord, name)
            if taken.setdefault(chord, name) != name:
                both = f"{acts.BY_NAME[taken[chord]].words}, and {acts.BY_NAME[name].words}"
                raise _refused(f"“{acts.shown(chord)}” would mean two things: {both}.", name)
        if chords != usual[name]:
            own[name] = chords
    return own


def _check(chord: str, name: str) -> None:
    if not CHORD.fullmatch(chord):
        raise _refused(f"“{chord}” is no key. They are written as ctrl+shift+enter, alt+k or f3.", name)
    if chord in acts.RESERVED:
        raise _refused(f"“{acts.shown(chord)}” belongs to the browser: no page ever hears it.", name)
    if PLAIN.fullmatch(chord) and chord != "?":
        raise _refused(f"“{acts.shown(chord)}” alone is typed into the text: add ctrl or alt.", name)
    if ("digit" in chord) != any("digit" in key for key in _all_keys(name)):
        raise _refused(f"“{acts.shown(chord)}” does not fit here: digits choose one of several.", name)


def _all_keys(name: str) -> list[str]:
    return [*acts.BY_NAME[name].keys, *(chord for _, keys in acts.PRESETS.values() for chord in keys.get(name, ()))]


def _refused(message: str, name: str) -> InputError:
    return InputError(message, code="KEYS_REFUSED", where=acts.BY_NAME[name].words, todo="Choose another key for it.")
