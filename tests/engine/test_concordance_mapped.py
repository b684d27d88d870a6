"""Lists of words on disk: they find what they were built from, or say that they are damaged; and what changed since."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tm.match.concordance import passages
from tm.match.generation.build import build
from tm.match.generation.files import GenerationDamaged
from tm.match.generation.index import GenerationIndex
from tm.match.wordlists.build import WordsBuilder
from tm.match.wordlists.following import FollowingWords
from tm.match.wordlists.index import Texts, WordLists
from tm.match.wordlists.mapped import WORDS, MappedWords
from tm.types import Hit, Language

FRENCH = "de la le et l'Alliance Conseil conseils paix pays 12 2024 sécurité ß".split()
ENGLISH = "of the and Alliance Council's councils peace country 12 2024 security isn't".split()


def zipfian(dice: random.Random, words: list[str]) -> str:
    """Some words in most texts, many in few, so that there are bitmaps and lists of all lengths."""
    own = [f"m{int(dice.paretovariate(0.6)) % 3000}x" for _ in range(dice.randrange(8))]
    return " ".join([*dice.choices(words, k=dice.randrange(9)), *own])


def made(folder: Path, units: list[tuple[int, str, str]], tick: int = 1, batch: int = 1000) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with WordsBuilder(folder) as builder:
        for start in range(0, len(units), batch):
            builder.add(units[start : start + batch])
        builder.finish(tick)
    return folder


@pytest.fixture(scope="module")
def units() -> list[tuple[int, str, str]]:
    dice = random.Random(4)
    found = [(number * 3, zipfian(dice, FRENCH), zipfian(dice, ENGLISH)) for number in range(3000)]
    dice.shuffle(found)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, units: list[tuple[int, str, str]]) -> Path:
    return made(tmp_path_factory.mktemp("words"), units, tick=17)


def questions(units: list[tuple[int, str, str]], seed: int, count: int) -> list[tuple[str, Language]]:
    dice = random.Random(seed)
    asked: list[tuple[str, Language]] = []
    while len(asked) < count:
        language: Language = dice.choice(["fr", "en"])
        words = dice.choice(units)[1 if language == "fr" else 2].split()
        if words:
            start = dice.randrange(len(words))
            phrase = " ".join(words[start : start + dice.randint(1, 4)])
            asked.append((phrase[: len(phrase) - dice.randrange(2)], language))
    return [each for each in asked if each[0]]


def test_it_finds_what_a_scan_finds_and_little_else(folder: Path, units: list[tuple[int, str, str]]) -> None:
    index, texts = MappedWords(folder), {number: (french, english) for number, french, english in units}
    found = verified = 0
    for at, (phrase, language) in enumerate(questions(units, 1, 120)):
        inflected = at % 3 == 0
        side = 0 if language == "fr" else 1
        hits = list(index.search(phrase, language, inflected=inflected))
        right = [each for each in hits if passages(phrase, texts[each][side], language, inflected=inflected)]
        scanned = [each for each in texts if passages(phrase, texts[each][side], language, inflected=inflected)]
        assert right == sorted(scanned, reverse=True)
        found, verified = found + len(hits), verified + len(right)
    assert verified > 2_000
    assert found < 1.3 * verified


def test_it_knows_its_tick_and_size_and_is_opened_by_another_process(folder: Path) -> None:
    index = MappedWords(folder)
    assert (index.tick, len(index)) == (17, 3000)
    script = (
        "import sys; from pathlib import Path; from tm.match.wordlists.mapped import MappedWords\n"
        "print(list(MappedWords(Path(sys.argv[1])).search('la paix', 'fr'))[:20])"
    )
    answer = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == str(list(index.search("la paix", "fr"))[:20])


def test_lists_lie_beside_the_arrays_of_a_generation_and_neither_disturbs_the_other(tmp_path: Path) -> None:
    path = build(tmp_path, [(1, "le Conseil"), (2, "la paix")], tick=5)
    made(path, [(1, "le Conseil", "the Council"), (2, "la paix", "peace")], tick=5)
    assert GenerationIndex(path).search(["la paix"], 100) == [[Hit(2, 100)]]
    assert list(MappedWords(path).search("peace", "en")) == [2]
    (path / WORDS.arrays).unlink()
    assert GenerationIndex(path).search(["la paix"], 100) == [[Hit(2, 100)]]
    with pytest.raises(GenerationDamaged):
        MappedWords(path)


@pytest.mark.parametrize("bad", [[(1, "a", "b"), (1, "c", "d")], [(-1, "a", "b")], [(1 << 55, "a", "b")]])
def test_ids_that_cannot_be_told_apart_are_refused(tmp_path: Path, bad: list[tuple[int, str, str]]) -> None:
    with pytest.raises(ValueError, match="unit"):
        made(tmp_path, bad)
    with pytest.raises(GenerationDamaged):
        MappedWords(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.name not in (WORDS.arrays,)]


def test_lists_of_nothing_and_of_texts_without_words(tmp_path: Path) -> None:
    assert list(MappedWords(made(tmp_path / "nothing", [])).search("oui", "fr")) == []
    index = MappedWords(made(tmp_path / "little", [(3, "…", ""), (4, "", "yes")]))
    assert (list(index.search("oui", "fr")), list(index.search("y", "en")), len(index)) == ([], [4], 2)


def test_it_is_found_right_once_and_opened_fast_after(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tm.match.generation.opened import Opened

    shutil.copytree(folder, tmp_path / "copy")
    read: list[str] = []
    whole = Opened.verify
    monkeypatch.setattr(Opened, "verify", lambda self: (read.append(self.folder.name), whole(self)))
    for _ in range(3):
        MappedWords(tmp_path / "copy")
    assert read == ["copy"]  # a copy is another file: its mark does not count


def test_damage_of_any_kind_is_noticed_before_any_answer(
    folder: Path, tmp_path: Path, units: list[tuple[int, str, str]]
) -> None:
    dice = random.Random(100)
    whole = MappedWords(folder)
    asked = questions(units, 2, 3)
    expected = [list(whole.search(*each)) for each in asked]
    noticed = 0
    for number in range(100):
        copy = tmp_path / str(number)
        shutil.copytree(folder, copy)
        path = copy / (WORDS.arrays if dice.random() < 0.8 else WORDS.manifest)
        data = bytearray(path.read_bytes())
        if dice.random() < 0.4:
            del data[dice.randrange(len(data)) :]
        else:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        path.write_bytes(bytes(data))
        try:
            index = MappedWords(copy)
        except GenerationDamaged:
            noticed += 1
        else:  # the bit lies in the space between two arrays
            assert path.name == WORDS.arrays
            assert [list(index.search(*each)) for each in asked] == expected
        shutil.rmtree(copy)
    assert noticed > 80


def test_a_file_that_is_written_to_or_cut_while_open_answers_no_more(tmp_path: Path) -> None:
    folder = made(tmp_path / "whole", [(number, "de la paix", "of peace") for number in range(9000)])
    for number, act in enumerate((lambda file: file.write(b"\xff"), lambda file: file.truncate(5000))):
        copy = tmp_path / str(number)
        shutil.copytree(folder, copy)
        index = MappedWords(copy)
        following = FollowingWords(index)
        begun = index.search("de", "fr")
        next(begun)
        with (copy / WORDS.arrays).open("r+b") as file:
            file.seek(5000)
            act(file)
        for search in (index.search, following.search):
            with pytest.raises(GenerationDamaged, match="while it was open"):
                list(search("de la", "fr"))
        with pytest.raises(GenerationDamaged, match="while it was open"):
            list(begun)


def test_lists_built_by_other_rules_or_of_another_version_are_refused(folder: Path, tmp_path: Path) -> None:
    import hashlib

    for change, said in (({"version": 99}, "version 99"), ({"rules": "other"}, "other rules")):
        copy = tmp_path / said.replace(" ", "-")
        shutil.copytree(folder, copy)
        body = json.dumps(json.loads(json.loads((copy / WORDS.manifest).read_text())["content"]) | change)
        content = {"sha256": hashlib.sha256(body.encode()).hexdigest(), "content": body}
        (copy / WORDS.manifest).write_text(json.dumps(content))
        with pytest.raises(GenerationDamaged, match=said):
            MappedWords(copy)


pairs = st.tuples(
    st.lists(st.sampled_from(FRENCH), max_size=6).map(" ".join),
    st.lists(st.sampled_from(ENGLISH), max_size=6).map(" ".join),
)
changes = st.lists(st.tuples(st.integers(0, 25), st.none() | pairs), max_size=6)
# a list is an update; a number says how many of the last updates come after the tick of a new generation
histories = st.lists(changes | st.integers(0, 3), max_size=10)
asked = st.tuples(pairs, st.sampled_from([0, 1]), st.integers(0, 2), st.booleans())


@given(histories, asked)
@settings(max_examples=120, deadline=None)
def test_mapped_and_changed_equal_a_scan_in_any_order(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[list[tuple[int, Texts | None]] | int],
    asked: tuple[tuple[str, str], int, int, bool],
) -> None:
    (texts, side, cut, inflected), index = asked, FollowingWords()
    phrase = texts[side][: len(texts[side]) - cut]
    language: Language = "en" if side else "fr"
    held: dict[int, Texts] = {}
    done: list[list[tuple[int, Texts | None]]] = []
    for step in history:
        if isinstance(step, int):
            since = max(0, len(done) - step)
            below = {number: texts for update in done[:since] for number, texts in update}
            kept = [(number, *texts) for number, texts in below.items() if texts is not None]
            path = made(tmp_path_factory.mktemp("words"), kept, tick=since)
            index.switch(MappedWords(path), [change for update in done[since:] for change in update])
            assert index.tick == since
        else:
            done.append(step)
            index.update(step)
            for number, each in step:
                held.pop(number, None)
                if each is not None:
                    held[number] = each
        found = list(index.search(phrase, language, inflected=inflected))
        assert found == sorted(set(found) & set(held), reverse=True)
        right = [each for each in found if passages(phrase, held[each][side], language, inflected=inflected)]
        scanned = [each for each in held if passages(phrase, held[each][side], language, inflected=inflected)]
        assert right == sorted(scanned, reverse=True)
        assert len(index) == len(held)


def test_one_mapped_file_serves_two_indexes_with_their_own_changes(tmp_path: Path) -> None:
    mapped = MappedWords(made(tmp_path, [(1, "le Conseil", "the Council"), (2, "la paix", "peace")]))
    one, other = FollowingWords(mapped), FollowingWords(mapped)
    one.update([(1, None), (3, ("le conseil", "the council"))])
    assert [list(each.search("conseil", "fr")) for each in (one, other, mapped)] == [[3], [1], [1]]
    assert (one.changed, len(one), len(other)) == (1, 2, 2)


def test_changes_one_by_one_stay_in_few_parts() -> None:
    index, plain = FollowingWords(), WordLists()
    for number in range(400):
        for each in (index, plain):
            each.update([(number, (f"mot{number} autre le", f"word{number}"))])
    assert len(index._state.parts) < 10
    assert list(index.search("mot17 autre", "fr")) == [17]
    assert list(index.search("mot1", "fr")) == list(plain.search("mot1", "fr"))


def test_a_unit_out_of_range_is_refused_and_changes_nothing() -> None:
    index = FollowingWords()
    index.update([(1, ("Oui", "Yes"))])
    for bad in (-1, 1 << 55):
        with pytest.raises(ValueError, match="range"):
            index.update([(1, None), (bad, ("Non", "No"))])
    assert list(index.search("oui", "fr")) == [1]


def test_readers_see_a_whole_state_while_units_change_and_files_switch(tmp_path: Path) -> None:
    """A pair of units changes places in every update: each answer holds exactly one of them, whichever it is."""
    dice = random.Random(8)
    filler = [(number, zipfian(dice, FRENCH), zipfian(dice, ENGLISH)) for number in range(100, 3000)]
    mark = ("un texte à part", "a text apart")
    mapped = [MappedWords(made(tmp_path / str(step), [*filler, (step, *mark)], tick=step)) for step in (0, 1)]
    index = FollowingWords(mapped[0])
    wrong: list[list[int]] = []
    asked, stop = [0], threading.Event()

    def read() -> None:
        while not stop.is_set():
            found = list(index.search("texte à part", "fr"))
            asked[0] += 1
            if found not in ([0], [1]):
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for step in range(1, 60):
        update = [(step % 2, mark), (1 - step % 2, None)]
        if step % 20 == 19:
            index.switch(mapped[step // 20 % 2], update)
        else:
            index.update([*update, (5000 + step, ("la paix", "peace"))])
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert asked[0] > 20
