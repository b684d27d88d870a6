"""Share of hard cases that are wholly right, and a million texts of which nothing is lost."""

from __future__ import annotations

import itertools
import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tm.text.segment import split
from tm.types import Language

SHARED = Path(__file__).resolve().parents[3] / "shared"
GOLD = SHARED / "gold"
CORPUS = SHARED / "data" / "europarl-1m.tsv.xz"
OWN = Path(__file__).parent / "data"
TEXTS = 1_000_000
pytestmark = pytest.mark.quality


def _cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").rstrip().split("\n")]


def _sentences(text: str, language: Language) -> list[str]:
    """Each line stands alone, as a reader of documents hands it in."""
    return [line[span.start : span.end] for line in text.split("\n") for span in split(line, language)]


def _share(name: str, path: Path, language: Language) -> float:
    cases = _cases(path)
    wrong = [case["tag"] for case in cases if _sentences(case["text"], language) != case["segments"]]
    share = 100 - 100 * len(wrong) / len(cases)
    print(f"segmentation {name}: {len(cases) - len(wrong)} of {len(cases)} wholly right, {share:.1f} % {wrong or ''}")
    return share


@pytest.mark.skipif(not GOLD.is_dir(), reason="the judged cases are not part of the project")
@pytest.mark.parametrize(("language", "floor"), [("fr", 97.0), ("en", 97.0)])
def test_judged_hard_cases_are_wholly_right(language: Language, floor: float) -> None:
    assert _share(f"judged {language}", GOLD / f"segmentation.{language}.jsonl", language) >= floor


# Three sets of our own were committed before these rules had been run on them. At that first run, whole cases right:
#   first set:  116 of 120 French, 98 of 104 English (the segmenter before these rules: 102 and 82)
#   second set:  91 of 97 French, 114 of 118 English
#   third set, passages of several sentences:  28 of 30 French, 23 of 28 English
#   fourth set, written later:  96 of 103 French, 93 of 96 English; four of these ten were judged wrongly and corrected
# together 659 of 696, 94.7 %. Cases and rules have the same author, so this flatters. Afterwards rules were mended, in
# general terms, and one French case of the first set that contradicted others was corrected (web-typo). Of the cases
# named drawn-on the rules were mended without a first run being kept. What is still wrong is printed by its tag.
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("which", "floor"),
    [
        ("segmentation", 97.0),
        ("segmentation.second", 97.0),
        ("segmentation.third", 95.0),
        ("segmentation.fourth", 95.0),
        ("segmentation.drawn-on", 95.0),
    ],
)
def test_our_own_hard_cases_are_wholly_right(which: str, floor: float, language: Language) -> None:
    assert _share(f"{which} {language}", OWN / f"{which}.{language}.jsonl", language) >= floor


def test_there_are_enough_cases_of_our_own() -> None:
    assert sum(len(_cases(path)) for path in OWN.glob("segmentation.*jsonl")) >= 150


SIGNS = list(" .!?…:;,-–—«»“”\"'’()[]\n\t\u00a0\u202f1aéMI•\u0301\U0001f600")


def _derived(line: str, dice: random.Random) -> str:
    """A text with signs put in, taken away or doubled where segmentation looks."""
    signs = list(line[: dice.randint(1, 200)])
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(signs) + 1)
        signs[at : at + dice.randint(0, 2)] = dice.choices(SIGNS, k=dice.randint(0, 4))
    return "".join(signs)


def _texts() -> Iterator[tuple[str, Language]]:
    """Lines of the corpus in both languages, each also as a derived text, and now and then signs at random."""
    dice = random.Random(20)
    with lzma.open(CORPUS, "rt", encoding="utf-8") as stream:
        for line in stream:
            _, french, english = line.rstrip("\n").split("\t")
            yield french, "fr"
            yield english, "en"
            yield _derived(french, dice), "fr"
            yield _derived(english, dice), "en"
            yield "".join(dice.choices(SIGNS, k=dice.randint(0, 60))), dice.choice(("fr", "en"))


@pytest.mark.timeout(1800)
@pytest.mark.skipif(not CORPUS.is_file(), reason="the parallel corpus is not part of the project")
def test_nothing_is_lost_of_a_million_texts() -> None:
    texts = sentences = 0
    for text, language in itertools.islice(_texts(), TEXTS):
        position = 0
        for span in split(text, language):
            assert position <= span.start < span.end, repr(text)
            assert not text[position : span.start].strip(), repr(text)
            assert not text[span.start].isspace(), repr(text)
            assert not text[span.end - 1].isspace(), repr(text)
            position, sentences = span.end, sentences + 1
        assert not text[position:].strip(), repr(text)
        texts += 1
    print(f"segmentation: {texts:,} texts, {sentences:,} sentences, nothing lost")
    assert texts == TEXTS
