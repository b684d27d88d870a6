"""What a run changed, in plain words."""

from __future__ import annotations

import pytest

from service.desk.outcomes import tell

SAID = [
    ("refresh", {}, "Nothing changed."),
    (
        "refresh",
        {"added": 12, "superseded": 3, "releases": 2, "units": 900},
        "Learned from 2 releases: 12 units added, 3 superseded by later translations; nothing else changed.",
    ),
    ("learn", {"seen_again": 1}, "1 unit seen again; nothing else changed."),
    (
        "source",
        {"added": 1234, "waiting": 4, "fetched": 7, "pairs": 1, "errors": {"HTTP_404": 2, "URL_TIMEOUT": 1}},
        "1,234 units added, 4 beads wait for review; nothing else changed. 7 pages fetched, 1 pair aligned. "
        "3 addresses with trouble.",
    ),
    ("source", {"unchanged": 5, "goes_on": True}, "Nothing changed. The visit goes on."),
    (
        "generation",
        {"number": 4, "units": 1, "bytes": 2_100_000},
        "Generation 4 built from 1 unit, 2.1 MB; no unit changed.",
    ),
    (
        "evaluate-memory",
        {"segments": 500, "documents": 1, "ter": {"raw": 40.0, "repaired": 31.5}},
        "500 segments of 1 document measured, TER 40.0 as the memory has them, 31.5 repaired; no unit changed.",
    ),
    (
        "evaluate-memory",
        {"segments": 5, "documents": 2, "ter": {}},
        "5 segments of 2 documents measured, none matched; no unit changed.",
    ),
    ("align", {"accepted": 9, "held": 1}, "9 beads taken into the memory, 1 bead held back; nothing else changed."),
    ("propose", {}, ""),
    ("prune", {}, "Nothing was old enough to go."),
    (
        "prune",
        {"runs": 120, "files": 1, "bytes": 3_000_000},
        "Removed: 120 runs, 1 file without use (3.0 MB). No unit, no history and no publication was touched.",
    ),
    ("sweep", {"revived": 1, "sent": 2}, "1 job of a dead worker given back, 2 lost messages sent again."),
    ("sweep", {}, "Nothing was left behind."),
]


@pytest.mark.parametrize(("kind", "outcome", "said"), SAID)
def test_what_changed_is_said_in_plain_words(kind: str, outcome: dict[str, object], said: str) -> None:
    assert tell(kind, outcome) == said
