"""Share of judged hard cases that are wholly right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tm.text.segment import split
from tm.types import Language

GOLD = Path(__file__).resolve().parents[3] / "shared" / "gold"
pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not GOLD.is_dir(), reason="the judged cases are not part of the project"),
]


@pytest.mark.parametrize(("language", "floor"), [("fr", 97.0), ("en", 97.0)])
def test_judged_hard_cases_are_wholly_right(language: Language, floor: float) -> None:
    lines = (GOLD / f"segmentation.{language}.jsonl").read_text(encoding="utf-8").rstrip().split("\n")
    cases = [json.loads(line) for line in lines]
    right = sum(_sentences(case["text"], language) == case["segments"] for case in cases)
    share = 100 * right / len(cases)
    print(f"segmentation {language}: {right} of {len(cases)} wholly right, {share:.1f} %")
    assert share >= floor


def _sentences(text: str, language: Language) -> list[str]:
    """Each line stands alone, as a reader of documents hands it in."""
    return [line[span.start : span.end] for line in text.split("\n") for span in split(line, language)]
