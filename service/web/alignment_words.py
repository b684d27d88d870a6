"""How pairs, beads and what is done to them are called on the screen, and what to do about a pair that was refused."""

from __future__ import annotations

PAIR_STATES = {
    "received": "on its way",
    "aligned": "beads wait",
    "done": "settled",
    "quarantined": "kept apart",
    "failed": "not readable",
}
PAIR_SOURCES = {"upload": "handed in", "cli": "command line", "folder": "watched folder", "source": "watched source"}
BEAD_STATES = {"accepted": "accepted", "waiting": "doubtful", "held": "held back", "rejected": "rejected"}
SIGNS = {"accepted": "✓", "waiting": "?", "held": "–", "rejected": "✕"}
ACTS = {
    "accept": "accepting",
    "reject": "rejecting",
    "edit": "editing",
    "merge": "merging",
    "split": "splitting",
    "move": "moving a segment",
    "realign": "aligning again",
}
ADVICE = {
    "PAIR_SWAPPED": "Exchange the two columns in the file, then hand it in again.",
    "PAIR_LANGUAGE": "Both files seem to be in one language: look which of them is the wrong one.",
    "ALIGNMENT_POOR": "Look whether the two belong together. If they do, one of them may be shortened, or have much "
    "that the other has not: hand in the full texts.",
    "EMPTY": "One side has no text: hand in the other file.",
    "READ_TIMEOUT": "The file is too large or too tangled to be read in time: divide it.",
    "READ_FAILED": "Save the file again with another programme, and hand that in.",
    "TYPE_MISMATCH": "The file is not what its name says: look at it, and give it its right name.",
}


def sure(confidence: float) -> str:
    """The band of a confidence, as the stylesheet has it."""
    return "high" if confidence >= 0.8 else "middle" if confidence >= 0.5 else "low"


def percent(confidence: float) -> int:
    """A confidence as people read it; what is not quite certain is never 100."""
    return 100 if confidence >= 1 else min(99, round(100 * confidence))


def advice(code: str | None) -> str:
    """What to do about a pair that was refused with this code."""
    return ADVICE.get(code or "", "Look at the two files, mend what the reason names, and hand them in again.")
