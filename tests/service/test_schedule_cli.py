"""`passerelle schedule` on a real installation."""

from __future__ import annotations

import json
from collections.abc import Callable
from subprocess import CompletedProcess
from typing import Any

import pytest

from service.storage.session import Sessions
from tests.factories import make_person

pytestmark = pytest.mark.backends("sqlite")
Command = Callable[..., CompletedProcess[str]]


def lines(answer: CompletedProcess[str]) -> list[dict[str, Any]]:
    """The objects of an answer in JSON."""
    assert answer.returncode == 0, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_tasks_are_listed_started_stopped_and_tried_again(passerelle: Command, sessions: Sessions) -> None:
    listed = lines(passerelle("schedule", "list", "--json"))
    assert [each["task"] for each in listed] == [
        "refresh", "sources", "generation", "evaluation", "pruning", "sweep",
    ]  # fmt: skip
    assert listed[0]["next"].endswith("02:30:00+00:00")
    [run] = lines(passerelle("schedule", "start", "pruning", "--json"))
    assert (run["kind"], run["state"]) == ("prune", "queued")
    assert "1 under way" in passerelle("schedule", "list").stdout
    [stopped] = lines(passerelle("schedule", "stop", "pruning", "--json"))
    assert (stopped["id"], stopped["state"]) == (run["id"], "cancelled")
    [again] = lines(passerelle("schedule", "retry", run["id"], "--json"))
    assert again["state"] == "queued"
    assert passerelle("schedule", "stop", again["id"]).stdout == f"{again['id']} is stopped.\n"
    assert [each["state"] for each in lines(passerelle("schedule", "records", "--json"))] == ["cancelled"] * 2


def test_refusals_are_one_line(passerelle: Command, sessions: Sessions) -> None:
    with sessions.write() as session:
        email = make_person(session, "translator").email
        session.commit()
    for words, code in (
        (("stop", "refresh"), "NOTHING_RUNS"),
        (("stop", "nothing"), "NOT_FOUND"),
        (("start", "refresh", "--as", email), "FORBIDDEN"),
        (("start", "sources"), "NO_SOURCE"),
    ):
        answer = passerelle("schedule", *words)
        assert (answer.returncode, len(answer.stderr.strip().splitlines())) == (1, 1)
        assert code in answer.stderr
    assert passerelle("schedule", "start", "nothing").returncode == 2
