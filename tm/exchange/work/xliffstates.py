"""Our states in the words of XLIFF, and back.

Beside the word of the standard a file says which state of ours it stands for. While the two agree, nobody has changed
the state; once they do not, another tool has, and its word counts.
"""

from __future__ import annotations

from tm.exchange.work.values import APPROVED, DRAFT, PRETRANSLATED, REJECTED, TRANSLATED, UNTRANSLATED, settled

_OLD = {
    UNTRANSLATED: "new",
    PRETRANSLATED: "needs-review-translation",
    DRAFT: "needs-translation",
    TRANSLATED: "translated",
    REJECTED: "needs-review-translation",
    APPROVED: "signed-off",
}
_NEW = {
    UNTRANSLATED: ("initial", ""),
    PRETRANSLATED: ("initial", "passerelle:pretranslated"),
    DRAFT: ("initial", "passerelle:draft"),
    TRANSLATED: ("translated", ""),
    REJECTED: ("translated", "passerelle:rejected"),
    APPROVED: ("reviewed", "passerelle:approved"),
}
_BACK = {words: state for state, words in _NEW.items()}
_DONE = ("translated", "reviewed", "signed-off", "final")
_MATCHES = ("exact-match", "fuzzy-match", "id-match", "leveraged-", "mt-", "tm-")


def old(state: str, rate: int | None) -> tuple[str, str]:
    """`state` and `state-qualifier` of XLIFF 1.2, the second may be empty."""
    qualifier = "x-rejected" if state == REJECTED else ""
    if state == PRETRANSLATED:
        qualifier = "leveraged-tm" if rate is None else "exact-match" if rate >= 100 else "fuzzy-match"
    return _OLD.get(state, "new"), qualifier


def from_old(words: tuple[str, str], approved: str | None, sent: tuple[str, int | None], target: str) -> str | None:
    """Our state from `state`, `state-qualifier` and `approved` of XLIFF 1.2 and from what was sent: our state and the
    match rate."""
    if sent[0] in _OLD and words == old(*sent) and (approved == "yes") == (sent[0] == APPROVED):
        return settled(sent[0], sent[0], target)
    return settled(_meant(*words, approved, sent[0]), sent[0], target)


def _meant(state: str, qualifier: str, approved: str | None, sent: str) -> str | None:
    if state in _DONE or (approved == "yes" and (not state or sent != APPROVED)):
        return TRANSLATED
    if qualifier.startswith(("rejected-", "x-rejected")):
        return REJECTED
    if state.startswith("needs-review") and qualifier.startswith(_MATCHES):
        return PRETRANSLATED
    if state == "new":
        return UNTRANSLATED
    return DRAFT if state.startswith("needs-") else None


def new(state: str) -> tuple[str, str]:
    """`state` and `subState` of XLIFF 2, the second may be empty."""
    return _NEW.get(state, _NEW[UNTRANSLATED])


def from_new(words: tuple[str, str], target: str) -> str | None:
    """Our state from `state` and `subState` of XLIFF 2: who changes the first has to take the second away."""
    state, sub = words
    said = _BACK.get((state, sub if sub.startswith("passerelle:") else ""))
    if said is None:
        said = TRANSLATED if state in _DONE else UNTRANSLATED if state == "initial" else None
    return settled(said, said, target)
