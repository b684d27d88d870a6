"""The table of the editor's acts: every act exists, no chord means two things, and none is the browser's own."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from service.web import acts

STATIC = Path(acts.__file__).parents[1] / "static/js"
CHORD = re.compile(
    r"(ctrl\+)?(alt\+)?(shift\+)?([a-z0-9?]|f\d+|digit|enter|tab|up|down|left|right|space|insert|delete)"
)


def test_no_chord_means_two_things() -> None:
    chords = Counter(chord for act in acts.ACTS for chord in act.keys)
    assert [chord for chord, count in chords.items() if count > 1] == []


def test_every_chord_is_written_in_the_one_form_and_left_to_us_by_browsers() -> None:
    for act in acts.ACTS:
        for chord in act.keys:
            assert CHORD.fullmatch(chord), chord
            assert chord not in ("ctrl+n", "ctrl+t", "ctrl+w", "ctrl+shift+n", "ctrl+shift+t", "ctrl+shift+w"), chord


def test_every_act_of_the_table_is_done_by_a_script() -> None:
    scripts = "\n".join(path.read_text() for path in STATIC.glob("*.js"))
    missing = [act.name for act in acts.ACTS if not re.search(rf'"?\b{re.escape(act.name)}"?: \(', scripts)]
    assert missing == []


def test_every_filter_of_the_page_is_known_to_the_script() -> None:
    script = (STATIC / "filters.js").read_text()
    assert [name for name, _ in acts.FILTERS if not re.search(rf'^  "?{name}"?: \(', script, re.M)] == []


@pytest.mark.parametrize("preset", acts.PRESETS)
def test_in_every_preset_a_chord_means_one_thing_and_nothing_is_the_browsers(preset: str) -> None:
    bindings = acts.bindings_of({"preset": preset})
    chords = Counter(chord for found in bindings.values() for chord in found)
    assert [chord for chord, count in chords.items() if count > 1] == []
    assert acts.RESERVED.isdisjoint(chords)
    assert bindings["confirm"]
    assert bindings["help"]


def test_presets_name_acts_that_there_are() -> None:
    unknown = [name for _, keys in acts.PRESETS.values() for name in keys if name not in acts.BY_NAME]
    assert unknown == []


def test_own_keys_go_before_the_preset_and_take_a_chord_away_from_another_act() -> None:
    bindings = acts.bindings_of({"preset": "omegat", "own": {"approve": ["ctrl+u"], "unknown": ["f9"]}})
    assert bindings["approve"] == ["ctrl+u"]
    assert "ctrl+u" not in bindings["next-todo"]
    assert bindings["confirm"][0] == "enter"
