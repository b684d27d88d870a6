"""The table of the editor's acts: every act exists, no chord means two things, and none is the browser's own."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

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
