"""The acts of the editor and their keys: the one table that the page, the list of keys and everybody's own keys are
made from.

A chord is written as `ctrl+shift+enter`: modifiers in the order ctrl, alt, shift, then the key by its name in lower
case; `digit` stands for any of 1 to 9, and the act is told which. On a Mac ⌘ works in place of Ctrl. Browsers keep
Ctrl+N, Ctrl+T and Ctrl+W to themselves: no chord may be one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

MODIFIERS = ("ctrl", "alt", "shift")
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
    Act("next", "next segment", ("ctrl+down",), "Moving on"),
    Act("previous", "previous segment", ("ctrl+up",), "Moving on"),
    Act("next-todo", "next segment that is not translated", ("alt+u",), "Moving on"),
    Act("go-to", "go to a segment by its number", ("alt+j",), "Moving on"),
    Act("find-text", "narrow the list to a text", ("alt+q",), "Moving on"),
    Act("side", "to what stands beside the segment; Esc comes back", ("alt+e",), "Moving on"),
    Act("insert", "insert that match; where there is none, that part at the cursor", ("ctrl+digit",), "Matches"),
    Act("insert-repaired", "insert that match as it was repaired, if it was", ("ctrl+shift+digit",), "Matches"),
    Act("copy", "copy the source", ("ctrl+i", "ctrl+insert"), "Matches"),
    Act("look-up", "look the marked words up in the memory", ("f3", "alt+k"), "Matches"),
    Act("save", "save without confirming", ("alt+s",), "Text"),
    Act("mend", "mend the first finding that one key can mend", ("alt+m",), "Text"),
    Act("approve", "approve, go to the next to review", ("alt+a",), "Review"),
    Act("send-back", "send back: type why, Enter sends", ("alt+r",), "Review"),
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
)


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


def default_bindings() -> dict[str, list[str]]:
    """Our own preset: the chords of every act."""
    return {act.name: list(act.keys) for act in ACTS}
