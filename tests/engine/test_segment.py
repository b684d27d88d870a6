"""Sentences are found where readers find them, nothing is lost, and hostile text costs no more than its length."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tm.text.segment import split
from tm.types import Language

DATA = Path(__file__).parent / "data" / "segmentation.jsonl"
CASES = [json.loads(line) for line in DATA.read_text(encoding="utf-8").rstrip().split("\n")]
PROSE = st.text(alphabet=st.sampled_from(list("aàÉM1. \t\n\u00a0\u202f«»“”\"'’.,:;!?…()[]–•")), max_size=80)


def sentences(text: str, language: Language = "fr") -> list[str]:
    return [text[span.start : span.end] for span in split(text, language)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['language']}-{case['tag']}")
def test_hard_cases_of_the_register_are_wholly_right(case: dict[str, Any]) -> None:
    assert sentences(case["text"], case["language"]) == case["segments"]


def test_there_are_at_least_forty_hard_cases() -> None:
    assert len(CASES) >= 40


@settings(max_examples=1500, deadline=None)
@given(st.one_of(st.text(max_size=200), PROSE), st.sampled_from(["fr", "en"]))
def test_everything_outside_the_sentences_is_white_space(text: str, language: Language) -> None:
    position = 0
    for span in split(text, language):
        assert not text[position : span.start].strip()
        assert position <= span.start < span.end
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        position = span.end
    assert not text[position:].strip()


def test_a_line_break_inside_a_sentence_is_white_space() -> None:
    assert sentences("Le Conseil s’est\nréuni hier. Il\r\na décidé.") == [
        "Le Conseil s’est\nréuni hier.",
        "Il\r\na décidé.",
    ]


def test_quoted_speech_of_several_sentences_is_split_inside_its_guillemets() -> None:
    quotation = "« Notre but est la paix. Ce ne sera pas pour demain. » Il est sorti."
    assert sentences(quotation) == [
        "« Notre but est la paix.",
        "Ce ne sera pas pour demain. »",
        "Il est sorti.",
    ]


def test_the_colon_never_ends_a_sentence() -> None:
    assert len(sentences("Le délai est connu : Trente jours : Pas un de plus.")) == 1


def test_blank_text_has_no_sentence() -> None:
    assert split("") == []
    assert split(" \t\n\u00a0\u202f") == []


HOSTILE = {
    "dots": ".",
    "dots and spaces": ". ",
    "question marks and spaces": "? ",
    "straight quotes": '"',
    "guillemets": "« »",
    "open guillemets": "a «A",
    "spaces": " ",
    "letters": "a",
    "brackets": "a (",
    "initials": "A.",
    "initials with spaces": "A. ",
    "closing quotes": ".”",
    "labels": "1. ",
    "elisions": "l’",
    "digits": "1",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_megabyte_of_hostile_text_takes_seconds(unit: str) -> None:
    text = unit * (1_000_000 // len(unit)) + "x"
    start = time.process_time()
    split(text)
    assert time.process_time() - start < 20  # what is not linear takes hours
