"""What translates what: learned, asked, kept, and refused when it is damaged."""

from __future__ import annotations

import functools
import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.engine.pairs import HOW, WHAT, WHO, pairs, sentence
from tm.match.lexicon import files
from tm.match.lexicon.files import LexiconDamaged
from tm.match.lexicon.model import Lexicon
from tm.match.lexicon.training import train
from tm.text.tokens import measured, tokens


@functools.cache
def lexicon() -> Lexicon:
    return train(pairs())


def linked(source: str, target: str) -> set[tuple[str, str]]:
    ours, theirs = measured(tokens(source)), measured(tokens(target, "en"))
    return {(ours[link.source].text, theirs[link.target].text) for link in lexicon().align(source, target)}


def test_words_are_linked_with_their_translations_whatever_the_order() -> None:
    source, target = sentence("ministre", "rejette", "accord", "annuel", "à Bruxelles")
    assert linked(source, target) >= {
        ("ministre", "minister"), ("rejette", "rejects"), ("accord", "agreement"), ("annuel", "annual"),
        ("Bruxelles", "Brussels"),
    }  # fmt: skip
    assert not linked(source, target) & {("accord", "annual"), ("annuel", "agreement")}


@pytest.mark.parametrize("words", [WHO, WHAT, HOW])
def test_the_first_translation_is_the_right_one_in_both_directions(words: dict[str, str]) -> None:
    for french, english in words.items():
        assert lexicon().translations(french)[0].word == english
        assert lexicon().translations(english, "en")[0].word == french


def test_evidence_is_about_how_often_the_words_were_met_together() -> None:
    met = sum("rapport" in source for source, _ in pairs())
    best = lexicon().translations("rapport")[0]
    assert 0.7 * met <= best.evidence <= met
    assert lexicon().count("rapport") == met


def test_a_word_that_was_never_met_has_no_translations() -> None:
    assert lexicon().translations("zébu") == ()
    assert lexicon().count("zébu") == 0


def test_capitals_are_those_inside_sentences() -> None:
    assert lexicon().spelling("council") == ("Council", 1.0)
    assert lexicon().spelling("the")[0] == "the"
    assert lexicon().spelling("zebu") == ("", 0.0)


def test_words_side_by_side_are_counted_and_edges_are_neighbours() -> None:
    assert lexicon().together("the", "council") == sum("the Council" in target for _, target in pairs())
    assert lexicon().together(None, "the") == 700
    assert lexicon().together("council", "the") == 0


def test_equal_values_are_linked_and_different_ones_are_not() -> None:
    assert ("12 mars", "12 March") in linked("le 12 mars et le 3 avril", "on 12 March and 3 April")
    assert ("12 mars", "3 April") not in linked("le 12 mars et le 3 avril", "on 12 March and 3 April")


def test_names_unknown_to_the_memory_are_linked_by_their_spelling() -> None:
    assert ("Tbilissi", "Tbilissi") in linked("le plan de Tbilissi", "the Tbilissi plan")


def test_the_order_of_the_pairs_and_repetitions_change_nothing(tmp_path: Path) -> None:
    shuffled = pairs() + pairs()[:50]
    random.Random(1).shuffle(shuffled)
    lexicon().save(tmp_path / "one")
    train(shuffled).save(tmp_path / "other")
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "other").iterdir())
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes() for name in files)


def test_of_too_many_pairs_no_more_are_used_than_were_asked_for() -> None:
    assert train(iter(pairs()), most=100).pairs == 100


def test_no_pairs_give_a_lexicon_that_knows_nothing(tmp_path: Path) -> None:
    train([]).save(tmp_path)
    empty = Lexicon.open(tmp_path)
    assert (len(empty), empty.pairs, empty.translations("accord")) == (0, 0, ())
    assert empty.align("un accord", "an agreement") == ()
    assert empty.together("the", "plan") == 0


def test_a_saved_lexicon_answers_the_same_from_mapped_files(tmp_path: Path) -> None:
    lexicon().save(tmp_path)
    opened = Lexicon.open(tmp_path)
    for source, target in pairs()[:20]:
        assert opened.align(source, target) == lexicon().align(source, target)
    assert opened.translations("accord") == lexicon().translations("accord")
    assert opened.translations("agreement", "en") == lexicon().translations("agreement", "en")
    assert all(isinstance(array, np.memmap) for array in opened._arrays.values())


def test_every_flipped_bit_and_every_cut_is_noticed(tmp_path: Path) -> None:
    lexicon().save(tmp_path / "whole")
    chance = random.Random(3)
    for number in range(120):
        shutil.copytree(tmp_path / "whole", tmp_path / "bad")
        path = chance.choice(sorted((tmp_path / "bad").iterdir()))
        data = bytearray(path.read_bytes())
        if number % 3 == 0:
            del data[chance.randrange(len(data)) :]
        else:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            # a flip in the white space or the letters' case of the manifest may leave all it says as it was
            assert Lexicon.open(tmp_path / "bad").translations("accord") == lexicon().translations("accord")
            assert path.name == "lexicon.json"
        except LexiconDamaged:
            pass
        shutil.rmtree(tmp_path / "bad")


def test_what_was_checked_once_is_not_read_again_unless_it_was_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    digest = files._digest
    monkeypatch.setattr(files, "_digest", lambda path: read.append(path.name) or digest(path))
    lexicon().save(tmp_path / "one")
    read.clear()
    arrays = {path.name for path in (tmp_path / "one").glob("*.npy")}
    Lexicon.open(tmp_path / "one")
    assert set(read) == arrays
    read.clear()
    assert Lexicon.open(tmp_path / "one").translations("accord") == lexicon().translations("accord")
    assert read == []
    # other files, and the same ones written to: the mark is about neither
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    Lexicon.open(tmp_path / "other")
    assert set(read) == arrays
    keys = tmp_path / "one" / "keys.npy"
    before = keys.stat()
    data = bytearray(keys.read_bytes())
    data[-1] ^= 1
    keys.write_bytes(data)
    os.utime(keys, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(LexiconDamaged):
        Lexicon.open(tmp_path / "one")


def test_a_lexicon_saved_in_place_of_another_is_checked_anew(tmp_path: Path) -> None:
    lexicon().save(tmp_path)
    Lexicon.open(tmp_path)
    train(pairs()[:100]).save(tmp_path)
    assert Lexicon.open(tmp_path).pairs == 100
    (tmp_path / files.CHECKED).write_text("not JSON")
    assert Lexicon.open(tmp_path).pairs == 100


def test_a_missing_file_is_noticed(tmp_path: Path) -> None:
    lexicon().save(tmp_path)
    (tmp_path / "keys.npy").unlink()
    with pytest.raises(LexiconDamaged, match="Rebuild"):
        Lexicon.open(tmp_path)


@hypothesis_settings(max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_aligned(source: str, target: str) -> None:
    ours, theirs = measured(tokens(source)), measured(tokens(target, "en"))
    found = lexicon().posteriors(ours, theirs)
    assert found.shape == (len(ours), len(theirs))
    assert ((found >= 0) & (found <= 1)).all()
    for link in lexicon().align(source, target):
        assert 0 < link.posterior <= 1
