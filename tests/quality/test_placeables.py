"""Placeables put into targets: judged cases of every class, in all the spaces of French typography."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tm.match.localise import localise

pytestmark = pytest.mark.quality
CASES = Path(__file__).parent / "data" / "placeables.jsonl"
PRECISION, RECALL = 1.0, 0.95


def _cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def test_every_class_is_judged_in_all_the_spaces_of_french() -> None:
    cases = _cases()
    assert len(cases) >= 250
    assert {case["kind"] for case in cases} >= {
        "date", "date-range", "time", "integer", "decimal", "percent", "money", "measure", "ordinal", "century",
        "reference", "url", "email", "several",
    }  # fmt: skip
    assert {sign for case in cases for sign in case["query"] if sign.isspace()} >= set(" \u00a0\u202f\u2009\u2007")


def test_what_is_substituted_is_right_and_nearly_all_that_can_be_is() -> None:
    made = right = due = 0
    missed: Counter[str] = Counter()
    wrong = []
    for case in _cases():
        result = localise(case["query"], case["source"], case["target"]).target
        due += case["expected"] is not None
        if result == case["target"]:
            missed[case["kind"]] += case["expected"] is not None
            continue
        made += 1
        right += result == case["expected"]
        wrong += [] if result == case["expected"] else [(case, result)]
    print(f"placeables: precision {right / made:.3f} of {made} made, recall {right / due:.3f} of {due} due; {+missed}")
    assert not wrong
    assert right / made >= PRECISION
    assert right / due >= RECALL
