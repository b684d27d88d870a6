"""Terms found in inflected forms, in releases and their translations, by the glossary of the samples.

The first half of the cases was written before the finder had been run on any text.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tm.exchange import termtable
from tm.terms import Glossary

pytestmark = pytest.mark.quality
CASES = Path(__file__).parent / "data" / "terms.jsonl"
SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    """The one that comes with the product."""
    return Glossary(termtable.read((SAMPLES / "glossary.csv").read_bytes()))


def _cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def _figures(side: str, wanted: list[list[str]], found: list[list[str]]) -> tuple[float, float]:
    """Precision and recall over all cases, and a line that says them."""
    right = sum(len(set(one) & set(other)) for one, other in zip(wanted, found, strict=True))
    precision, recall = right / sum(map(len, found)), right / sum(map(len, wanted))
    print(f"terms, {side}: precision {precision:.3f}, recall {recall:.3f} on {sum(map(len, wanted))} terms")
    for case, one, other in zip(_cases(), wanted, found, strict=True):
        if set(one) != set(other):
            print(f"  {case['french']} | {case['english']}\n    wanted {one}, found {other}")
    return precision, recall


def test_there_are_enough_cases_and_some_without_a_term() -> None:
    cases = _cases()
    assert len(cases) >= 120
    assert sum(not case["found"] for case in cases) >= 12


def test_french_terms_are_found(glossary: Glossary) -> None:
    cases = _cases()
    found = [[case["french"][one.span.start : one.span.end] for one in glossary.find(case["french"])] for case in cases]
    precision, recall = _figures("French", [case["found"] for case in cases], found)
    assert precision >= 0.97
    assert recall >= 0.97


def test_english_terms_are_found_and_judged(glossary: Glossary) -> None:
    cases = _cases()
    wanted: dict[str, list[list[str]]] = {"used": [], "forbidden": [], "missing": []}
    found: dict[str, list[list[str]]] = {"used": [], "forbidden": [], "missing": []}
    for case in cases:
        said = glossary.judge(case["french"], case["english"])
        uses = {(case["english"][use.span.start : use.span.end], use.term.status) for one in said for use in one.used}
        missing = [
            case["french"][one.found.span.start : one.found.span.end] for one in said if one.standing == "missing"
        ]
        found["used"].append([text for text, status in uses if status != "forbidden"])
        found["forbidden"].append([text for text, status in uses if status == "forbidden"])
        found["missing"].append(missing)
        for name, every in wanted.items():
            every.append(case[name])
    for name, floor in (("used", 0.97), ("forbidden", 0.97), ("missing", 0.95)):
        precision, recall = _figures(f"English, {name}", wanted[name], found[name])
        assert precision >= floor, name
        assert recall >= floor, name
