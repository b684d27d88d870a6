"""The acts of the editor and their keys: the one table that the page, the list of keys and everybody's own keys are
made from.

A chord is written as `ctrl+shift+enter`: modifiers in the order ctrl, alt, shift, then the key by its name in lower
case; `digit` stands for any of 1 to 9, and the act is told which. On a Mac ⌘ works in place of Ctrl.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MODIFIERS = ("ctrl", "alt", "shift")
RESERVED = frozenset(f"{held}+{key}" for held in ("ctrl", "ctrl+shift") for key in "ntw")  # browsers keep them
NAMES = {"down": "↓", "up": "↑", "digit": "1 … 9", "space": "Space", "escape": "Esc", "insert": "Insert"}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a key does in the editor: `words` say what, `keys` are its chords in our own preset."""

    name: str
    words: str
    keys: tuple[str, ...]
    group: str


ACTS: tuple[Act, ...] = (
    Act("confirm", "confirm, go to the next segment", ("ctrl+enter",), "Moving on"),
    Act("confirm-todo", "confirm, go to the next that is not translated", ("ctrl+shift+enter",), "Moving on"),
    Act("confirm-alone", "confirm here alone, not in repetitions", ("ctrl+alt+enter",), "Moving on"),
    Act("next", "next segment", ("ctrl+down",), "Moving on"),
    Act("previous", "previous segment", ("ctrl+up",), "Moving on"),
    Act("next-todo", "next segment that is not translated", ("alt+u",), "Moving on"),
    Act("go-to", "go to a segment by its number", ("alt+j",), "Moving on"),
    Act("find-text", "narrow the list to a text", ("alt+q",), "Moving on"),
    Act("side", "to what stands beside the segment; Esc comes back", ("alt+e",), "Moving on"),
    Act("next-twin", "next segment with the same source", ("alt+p",), "Moving on"),
    Act("copy-link", "copy the lasting address of the segment", ("alt+shift+l",), "Moving on"),
    Act("insert", "insert that match; where there is none, that part at the cursor", ("ctrl+digit",), "Matches"),
    Act("insert-repaired", "insert that match as it was repaired, if it was", ("ctrl+shift+digit",), "Matches"),
    Act("copy", "copy the source", ("ctrl+i", "ctrl+insert"), "Matches"),
    Act("look-up", "look the marked words up in the memory", ("f3", "alt+k"), "Matches"),
    Act("match-down", "choose the next match", ("alt+down",), "Matches"),
    Act("match-up", "choose the match before", ("alt+up",), "Matches"),
    Act("select-match", "choose that match", (), "Matches"),
    Act("insert-chosen", "insert the chosen match", ("alt+enter",), "Matches"),
    Act("insert-at-cursor", "insert the chosen match at the cursor", ("alt+shift+enter",), "Matches"),
    Act("insert-term", "insert that term at the cursor", ("alt+digit",), "Terms"),
    Act("add-term", "add the marked words to the glossary", ("alt+g",), "Terms"),
    Act("save", "save without confirming", ("alt+s",), "Text"),
    Act("clear", "empty the text", ("alt+delete",), "Text"),
    Act("case", "change case: small, Capitals First, ALL CAPITALS", ("shift+f3",), "Text"),
    Act("insert-code", "put in the next code, around the marked words if it is a pair", ("alt+t",), "Text"),
    Act("no-break-space", "put a no-break space", ("ctrl+shift+space",), "Text"),
    Act("older", "the text before, also before the last save", ("alt+z",), "Text"),
    Act("newer", "back to the later text", ("alt+shift+z",), "Text"),
    Act("mend", "mend the first finding that one key can mend", ("alt+m",), "Text"),
    Act("split", "split the segment: arrows choose the place, Enter splits", ("alt+shift+t",), "Text"),
    Act("merge", "merge the segment with the next", ("alt+shift+j",), "Text"),
    Act("never-after", "make the last merge a lasting rule", ("alt+shift+r",), "Text"),
    Act("replace", "find and replace in the whole release", ("alt+f",), "Text"),
    Act("take-back", "take back what the last act put into several segments", ("alt+shift+p",), "Text"),
    Act("intend", "say why the first finding is meant", ("alt+i",), "Text"),
    Act("next-finding", "show the next finding in the text", ("alt+n",), "Text"),
    Act("approve", "approve, go to the next to review", ("alt+a",), "Review"),
    Act("send-back", "send back: type why, Enter sends", ("alt+r",), "Review"),
    Act("next-changed", "next segment that others have changed since you looked", ("alt+l",), "Review"),
    Act("bulk", "one act on all segments that are shown", ("alt+b",), "Review"),
    Act("comment", "comment on the segment: @ names somebody", ("alt+c",), "Review"),
    Act("help", "this list", ("?", "alt+h"), "This page"),
)
BY_NAME = {act.name: act for act in ACTS}

# what the list of segments can be narrowed to: (name, word); what each one means stands in static/js/filters.js
FILTERS = (
    ("all", "All"),
    ("todo", "To translate"),
    ("fuzzy", "Fuzzy"),
    ("review", "To review"),
    ("rejected", "Sent back"),
    ("edited", "Match edited"),
    ("unedited", "Fuzzy, unedited"),
    ("found", "Findings"),
    ("since", "Changed since I looked"),
    ("talked", "Commented"),
)


# What differs from our own keys for hands that have learned elsewhere. Where a chord of the other tool belongs to the
# browser (Ctrl+T, Ctrl+N), its letter goes with Alt. A chord that is given here is taken from the act that had it.
PRESETS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "passerelle": ("Passerelle", {}),
    "omegat": (
        "OmegaT",
        {
            "confirm": ("enter", "tab", "ctrl+enter"),
            "previous": ("shift+tab", "ctrl+p"),
            "next-todo": ("ctrl+u",),
            "go-to": ("ctrl+j",),
            "select-match": ("ctrl+digit",),
            "insert": (),
            "match-down": ("ctrl+down",),
            "match-up": ("ctrl+up",),
            "next": ("alt+down",),
            "insert-chosen": ("ctrl+r",),
            "insert-at-cursor": ("ctrl+i",),
            "copy": ("ctrl+shift+r", "ctrl+shift+i"),
            "look-up": ("ctrl+f",),
            "next-finding": ("ctrl+shift+v",),
            "add-term": ("ctrl+shift+g",),
            "insert-code": ("alt+t",),
            "help": ("f1", "?", "alt+h"),
        },
    ),
    "memoq": (
        "memoQ",
        {
            "next": ("alt+down",),
            "previous": ("alt+up",),
            "next-todo": ("ctrl+g",),
            "match-down": ("ctrl+down",),
            "match-up": ("ctrl+up",),
            "insert-chosen": ("ctrl+space",),
            "copy": ("ctrl+shift+s",),
            "look-up": ("ctrl+k",),
            "comment": ("ctrl+m",),
            "split": ("alt+t",),
            "insert-code": ("f9",),
            "merge": ("ctrl+j",),
            "add-term": ("ctrl+e",),
        },
    ),
    "trados": (
        "Trados",
        {
            "go-to": ("ctrl+g",),
            "insert-chosen": ("alt+t",),
            "insert-code": ("ctrl+,",),
            "copy": ("ctrl+insert",),
            "look-up": ("f3",),
            "next-finding": ("f8",),
            "add-term": ("ctrl+f2",),
            "save": ("ctrl+s",),
        },
    ),
    "matecat": (
        "MateCat",
        {
            "copy": ("ctrl+i",),
            "look-up": ("alt+k",),
            "find-text": ("ctrl+f",),
            "comment": ("ctrl+shift+c",),
            "split": ("ctrl+s",),
            "next-finding": ("ctrl+shift+a",),
        },
    ),
}


def shown(chord: str) -> str:
    """A chord as it is written on the screen: `ctrl+shift+enter` is `Ctrl Shift Enter`."""
    return " ".join(NAMES.get(part, part.capitalize()) for part in chord.split("+"))


def grouped(bindings: dict[str, list[str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """`(group, [(chords as shown, what they do)])` of every act that has a key."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for act in ACTS:
        if chords := bindings.get(act.name):
            groups.setdefault(act.group, []).append(("  ·  ".join(map(shown, chords)), act.words))
    return list(groups.items())


def bindings_of(keys: dict[str, Any]) -> dict[str, list[str]]:
    """The chords of every act for somebody's keys: `{"preset": name, "own": {act: [chord, …]}}`, both may be missing.

    What is their own goes before the preset, and the preset before our keys: a chord stands for one act alone.
    """
    _, differing = PRESETS.get(keys.get("preset", ""), PRESETS["passerelle"])
    layers: tuple[dict[str, Any], ...] = (keys.get("own", {}), differing, {act.name: act.keys for act in ACTS})
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for layer in layers:
        for name, chords in layer.items():
            if name in BY_NAME and name not in found:
                found[name] = [chord for chord in chords if chord not in taken]
                taken.update(found[name])
    return {act.name: found[act.name] for act in ACTS}
