"""The moves of segments and releases: two tables, and the question whether a move exists."""

from __future__ import annotations

from service.errors import WrongState

SEGMENT_MOVES: dict[tuple[str, str], str] = {
    ("untranslated", "pretranslate"): "pretranslated",
    ("untranslated", "save"): "draft",
    ("untranslated", "confirm"): "translated",
    ("pretranslated", "save"): "draft",
    ("pretranslated", "confirm"): "translated",
    ("pretranslated", "approve"): "approved",
    ("draft", "save"): "draft",
    ("draft", "confirm"): "translated",
    ("translated", "save"): "draft",
    ("translated", "confirm"): "translated",
    ("translated", "approve"): "approved",
    ("translated", "send-back"): "rejected",
    ("rejected", "save"): "draft",
    ("rejected", "confirm"): "translated",
    ("approved", "reopen"): "draft",
    ("untranslated", "carry"): "approved",
    ("untranslated", "propagate"): "translated",
    ("pretranslated", "propagate"): "translated",
    ("draft", "propagate"): "translated",
    ("translated", "propagate"): "translated",
    ("pretranslated", "replace"): "draft",
    ("draft", "replace"): "draft",
    ("translated", "replace"): "draft",
    ("rejected", "replace"): "draft",
    ("untranslated", "split"): "untranslated",
    ("pretranslated", "split"): "draft",
    ("draft", "split"): "draft",
    ("translated", "split"): "draft",
    ("rejected", "split"): "draft",
    ("untranslated", "merge"): "untranslated",
    ("untranslated", "merge-text"): "draft",  # the text of what is merged into it
    ("pretranslated", "merge"): "draft",
    ("draft", "merge"): "draft",
    ("translated", "merge"): "draft",
    ("rejected", "merge"): "draft",
    ("untranslated", "give-way"): "untranslated",
    ("pretranslated", "give-way"): "pretranslated",
    ("draft", "give-way"): "draft",
    ("translated", "give-way"): "translated",
    ("rejected", "give-way"): "rejected",
}
# where an act that takes back what was put into a segment may lead
SEGMENT_BACK = {
    "translated": frozenset({"untranslated", "pretranslated", "draft", "translated"}),
    "draft": frozenset({"pretranslated", "draft", "translated", "rejected"}),
}

RELEASE_MOVES: dict[tuple[str, str], str] = {
    ("received", "ingest"): "ingested",
    ("received", "fail"): "failed",
    ("failed", "retry"): "received",
    ("ingested", "propose"): "proposed",
    ("ingested", "work"): "in_review",
    ("proposed", "work"): "in_review",
    ("in_review", "approve"): "approved",
    ("ingested", "approve"): "approved",
    ("proposed", "approve"): "approved",
    ("approved", "reopen"): "in_review",
    ("approved", "publish"): "published",
    ("published", "withdraw"): "withdrawn",
}

SEGMENT_WORDS = {
    "save": "edited",
    "confirm": "confirmed",
    "approve": "approved",
    "send-back": "sent back",
    "reopen": "reopened",
    "pretranslate": "filled in",
    "propagate": "filled in with the text of a repetition",
    "replace": "changed",
    "split": "split",
    "merge": "merged",
    "merge-text": "merged",
    "give-way": "merged",
    "carry": "carried over",
}


def segment_after(state: str, act: str) -> str:
    """The state of a segment after an act. Raises WrongState where there is no such move."""
    try:
        return SEGMENT_MOVES[state, act]
    except KeyError:
        raise WrongState(
            f"A segment that is {state} cannot be {SEGMENT_WORDS[act]}.",
            todo="Reopen it first." if state == "approved" else "Load the page again to see how it stands.",
        ) from None


def segment_back(state: str, before: str) -> str:
    """The state that a segment goes back to. Raises WrongState where it cannot."""
    if before not in SEGMENT_BACK.get(state, ()):
        raise WrongState(f"A segment that is {state} does not go back to {before}.")
    return before


def release_after(state: str, act: str) -> str:
    """The state of a release after an act. Raises WrongState where there is no such move."""
    try:
        return RELEASE_MOVES[state, act]
    except KeyError:
        raise WrongState(f"A release that is {state.replace('_', ' ')} has no step “{act}”.") from None


def release_moves(state: str, act: str) -> bool:
    """Whether the act moves a release in this state."""
    return (state, act) in RELEASE_MOVES
