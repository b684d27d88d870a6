"""The page of evaluations: figures, lines, and a button for who may press it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from service.storage.evaluations import MemoryEvaluation
from service.storage.runs import Run
from service.storage.session import Sessions
from tests.service.conftest import Visitor
from tm.match.evaluation.proposals import Outcome
from tm.match.evaluation.table import table
from tm.store.base import now

SignedIn = Callable[[str], Visitor]


def make_evaluation(
    days_ago: int = 0, target: str = "The annual report of 2024.", **values: object
) -> MemoryEvaluation:
    """An evaluation of two segments, one of which had a match whose target was `target`."""
    reference = "The joint report of 2026."
    localised = target.replace("2024", "2026")
    one = Outcome("s", reference, 5, 80, target, localised, localised.replace("annual", "joint"))
    rows = [band.as_dict() for band in table([one, Outcome("s", "Nothing of this.", 3)])]
    given = {"tick": 1, "since": "2024-05-01", "documents": 3, "segments": 2, "units": 1234, "milliseconds": 65_000}
    return MemoryEvaluation(bands=rows, at=now() - timedelta(days=days_ago), **given | values)


def test_a_memory_that_was_never_measured_says_so(signed_in: SignedIn) -> None:
    page = signed_in("translator").get("/memory/evaluations").text
    assert "has not been measured yet" in page
    assert "<polyline" not in page


def test_the_last_evaluation_is_told_by_band_and_all_are_plotted(signed_in: SignedIn, sessions: Sessions) -> None:
    with sessions.write() as session:
        session.add_all(
            [make_evaluation(30, "An annual report 2024"), make_evaluation(10), make_evaluation(note="2 of 9 drawn.")]
        )
        session.commit()
    page = signed_in("admin").get("/memory/evaluations").text
    for words in (
        "75–84",
        "no match",
        "1,234 units",
        "2 of 9 drawn.",
        "65.0 s",
        "2024-05-01",
        "localisation",
        "repair",
    ):
        assert words in page
    lines = re.findall(r'<polyline points="([\d., ]+)"', page)
    assert [len(line.split()) for line in lines if len(line.split()) > 2] == [3] * 6  # three steps in two plots
    assert 'aria-label="TER of 3 evaluations; the last: raw 40.0, localised 20.0, repaired 0.0"' in page
    assert page.count("<tr>") == 1 + 3 + 1 + 4 + 1 + 2


def test_an_evaluation_without_any_match_is_no_reason_to_fail(signed_in: SignedIn, sessions: Sessions) -> None:
    bands = [band.as_dict() for band in table([Outcome("s", "Nothing of this.", 3)])]
    with sessions.write() as session:
        for days in (3, 0):
            row = make_evaluation(days)
            row.bands = bands
            session.add(row)
        session.commit()
    page = signed_in("translator").get("/memory/evaluations")
    assert page.status_code == 200
    assert "<polyline" not in page.text


def test_an_evaluation_is_started_once_and_shown_while_it_runs(signed_in: SignedIn, sessions: Sessions) -> None:
    editor = signed_in("editor")
    assert "Measure now" in editor.get("/memory/evaluations").text
    for _ in range(2):
        assert editor.post("/memory/evaluations").status_code == 303
    assert "Measuring …" in editor.get("/memory/evaluations").text
    with sessions.write() as session:
        run = session.query(Run).filter_by(kind="evaluate-memory").one()
        run.state, run.reason_code, run.reason = "failed", "NOTHING_HELD_OUT", "It has no documents."
        session.commit()
    assert "It has no documents." in editor.get("/memory/evaluations").text
    assert "Measure now" not in signed_in("translator").get("/memory/evaluations").text
