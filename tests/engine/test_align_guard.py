"""Texts that are no pair are refused, and pairs are not."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path

import pytest

from tm.align import AlignmentRefused, align, align_segments, likeness
from tm.documents.registry import read
from tm.types import Document

PAIRS = Path(__file__).resolve().parents[2] / "samples" / "pairs"
NAMES = sorted(path.name.removesuffix(".fr.txt") for path in PAIRS.glob("*.fr.txt"))


@cache
def sample(name: str, language: str) -> Document:
    return read((PAIRS / f"{name}.{language}.txt").read_bytes(), filename="release.txt")


@pytest.mark.parametrize("name", NAMES)
def test_releases_and_their_translations_are_pairs_and_sure(name: str) -> None:
    french, english = sample(name, "fr"), sample(name, "en")
    beads = align(french, english)
    assert likeness(french, english, beads) > 0.75
    # the samples follow each other sentence by sentence but for one or two that were joined or parted
    assert sum(len(bead.source) == len(bead.target) == 1 for bead in beads) >= len(beads) - 2
    assert all(bead.source and bead.target for bead in beads)


def test_every_release_with_the_translation_of_another_is_refused() -> None:
    for one, other in itertools.permutations(NAMES, 2):
        with pytest.raises(AlignmentRefused) as caught:
            align(sample(one, "fr"), sample(other, "en"))
        assert caught.value.code == "ALIGNMENT_POOR", (one, other)


def test_every_swapped_pair_and_every_pair_in_one_language_is_refused() -> None:
    for name in NAMES:
        for first, second, code in (("en", "fr", "PAIR_SWAPPED"), ("fr", "fr", "PAIR_LANGUAGE"),
                                    ("en", "en", "PAIR_LANGUAGE")):  # fmt: skip
            with pytest.raises(AlignmentRefused) as caught:
                align(sample(name, first), sample(name, second))
            assert caught.value.code == code


def test_half_a_translation_is_less_like_than_a_whole_one_and_still_a_pair() -> None:
    french, english = sample(NAMES[0], "fr"), sample(NAMES[0], "en")
    half = Document("txt", english.title, english.blocks[: len(english.blocks) * 2 // 3])
    beads = align(french, half)
    assert 0.5 < likeness(french, half, beads) < likeness(french, english, align(french, english))
    assert any(not bead.target for bead in beads)


def test_beads_of_texts_that_are_no_pair_are_not_sure() -> None:
    texts = [
        [segment.text for block in sample(name, language).blocks for segment in block.segments]
        for name, language in ((NAMES[0], "fr"), (NAMES[5], "en"))
    ]
    beads = align_segments(*texts)
    sure = [bead for bead in beads if bead.source and bead.target and bead.confidence > 0.9]
    assert len(sure) <= len(texts[0]) // 4
