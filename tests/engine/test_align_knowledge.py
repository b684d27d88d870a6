"""What a memory, or the pairs at hand, teach the aligner."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.test_align import ENGLISH, FRENCH, shapes
from tests.engine.test_align_guard import NAMES, sample
from tm.align import align_segments, teach
from tm.align.knowledge import Learned
from tm.align.learning import Taught
from tm.match.lexicon.training import train

# nothing but words says which English sentence is which: no figure, no name, no cognate, lengths that mislead
FRENCH_WORDS = ["Le chat dort.", "La maison est très grande et belle.", "Un chien mange."]
ENGLISH_WORDS = ["The cat sleeps.", "A dog eats."]


def texts(name: str) -> tuple[list[str], list[str]]:
    french, english = (
        [segment.text for block in sample(name, language).blocks for segment in block.segments]
        for language in ("fr", "en")
    )
    return french, english


def word_pairs() -> list[tuple[list[str], list[str]]]:
    french = ["chat", "dort", "maison", "grande", "chien", "mange"]
    english = ["cat", "sleeps", "house", "big", "dog", "eats"]
    pairs = [([french[a], french[b]], [english[a], english[b]]) for a in range(6) for b in range(6) if a != b]
    return pairs


def test_words_are_learned_from_pairs_that_hold_them() -> None:
    taught = Taught(word_pairs())
    cat = taught.known("chat", "fr")
    assert cat is not None
    assert max(cat.translations, key=lambda word: cat.translations[word]) == "cat"
    assert cat.translations["cat"] > 0.8
    assert cat.rate == pytest.approx(10 / 30)
    back = taught.known("cat", "en")
    assert back is not None
    assert back.translations["chat"] > 0.8
    assert taught.known("oiseau", "fr") is None


def test_what_was_learned_decides_where_nothing_else_can() -> None:
    beads = align_segments(FRENCH_WORDS, ENGLISH_WORDS, knowledge=Taught(word_pairs()))
    assert shapes(beads) == [((0,), (0,)), ((1,), ()), ((2,), (1,))]


def test_nothing_is_learned_from_nothing() -> None:
    assert Taught([]).known("chat", "fr") is None
    assert shapes(align_segments(FRENCH, ENGLISH, knowledge=Taught([]))) == [((at,), (at,)) for at in range(8)]


def test_the_lexicon_of_a_memory_is_knowledge() -> None:
    pairs = [pair for name in NAMES for pair in zip(*texts(name), strict=False)]
    learned = Learned(train(pairs))
    known = learned.known("ministres", "fr")
    assert known is not None
    assert "ministers" in known.translations
    assert 0 < known.share <= 1
    assert learned.known("anticonstitutionnellement", "fr") is None
    beads = align_segments(FRENCH, ENGLISH, knowledge=learned)
    assert shapes(beads) == [((at,), (at,)) for at in range(8)]


def test_pairs_at_hand_teach_each_other_and_always_the_same() -> None:
    first, second = (teach([texts(name) for name in NAMES[:6]]) for _ in range(2))
    source, target = texts(NAMES[7])
    assert align_segments(source, target, knowledge=first) == align_segments(source, target, knowledge=second)
    known = first.known("alliance", "fr")
    assert known is not None
    assert "alliance" in known.translations


def test_importing_the_aligner_loads_no_arrays() -> None:
    script = "import sys, tm.align; print('numpy' in sys.modules, 'numba' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True)
    assert result.stdout.split() == ["False", "False"]
