"""A generation on disk: it finds what comparing with everything finds, or says that it is damaged."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tm.match.generation import build as building
from tm.match.generation.build import build
from tm.match.generation.files import ARRAYS, CHECKED, MANIFEST, GenerationDamaged
from tm.match.generation.folders import newest, remove_older
from tm.match.generation.index import GenerationIndex
from tm.match.index import BruteForceIndex
from tm.types import Hit

WORDS = "de la le les et l'Alliance Conseil sécurité paix pays 12 2024 alliés réunion mission".split()


def text(dice: random.Random, most: int = 14) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randrange(1, most)))


def zipfian(dice: random.Random) -> str:
    """Many different words, few of them often, so that fragments of all lengths have postings."""
    return " ".join(f"m{int(dice.paretovariate(0.6)) % 3000}x" for _ in range(dice.randrange(3, 25)))


@pytest.fixture(scope="module")
def units() -> list[tuple[int, str]]:
    dice = random.Random(4)
    return [(number * 3, text(dice)) for number in range(3000)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, units: list[tuple[int, str]]) -> Path:
    return build(tmp_path_factory.mktemp("generations"), units, tick=17)


@pytest.mark.parametrize("threshold", [50, 60, 70, 80, 90, 100])
@pytest.mark.parametrize("make", [text, zipfian])
def test_it_finds_what_comparing_with_everything_finds(tmp_path: Path, make, threshold: int) -> None:  # type: ignore[no-untyped-def]
    dice = random.Random(threshold)
    units = [(number, make(dice)) for number in range(4000)]
    oracle = BruteForceIndex()
    oracle.update(units)
    index = GenerationIndex(build(tmp_path, units, tick=1))
    queries = [make(dice) for _ in range(6)] + [" ".join([*source.split()[1:], "autre"]) for _, source in units[:6]]
    queries += [source for _, source in units[6:9]]
    expected = oracle.search(queries, threshold)
    assert index.search(queries, threshold) == expected
    assert [index.search([query], threshold, 4)[0] for query in queries] == [hits[:4] for hits in expected]
    assert any(expected)


def test_a_long_list_of_queries_is_answered_as_each_alone(made: Path, units: list[tuple[int, str]]) -> None:
    index = GenerationIndex(made)
    queries = [source for _, source in units[:200]]
    assert index.search(queries, 70, 5) == [index.search([query], 70, 5)[0] for query in queries]


def test_threads_search_one_index_at_once(made: Path, units: list[tuple[int, str]]) -> None:
    index = GenerationIndex(made)
    queries = [source for _, source in units[:60]]
    expected = [index.search([query], 60)[0] for query in queries]
    wrong: list[str] = []

    def ask() -> None:
        wrong.extend(
            query for query, hits in zip(queries, expected, strict=True) if index.search([query], 60)[0] != hits
        )

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_it_knows_its_tick_and_size_and_leaves_out_texts_without_words(tmp_path: Path) -> None:
    index = GenerationIndex(build(tmp_path, [(1, "Oui"), (2, ""), (3, "•")], tick=9))
    assert (index.tick, len(index)) == (9, 2)
    assert index.search(["•", "oui", ""], 50) == [[Hit(3, 100)], [Hit(1, 100)], []]


def test_a_generation_of_nothing_finds_nothing(tmp_path: Path) -> None:
    index = GenerationIndex(build(tmp_path, [], tick=0))
    assert index.search(["Oui"], 50) == [[]]
    assert len(index) == 0


@pytest.mark.parametrize("units", [[(1, "Oui"), (1, "Non")], [(-1, "Oui")], [(1 << 55, "Oui")]])
def test_ids_that_cannot_be_told_apart_are_refused_and_nothing_is_left(
    tmp_path: Path, units: list[tuple[int, str]]
) -> None:
    with pytest.raises(ValueError, match="unit"):
        build(tmp_path, units, tick=1)
    assert list(tmp_path.iterdir()) == []


def test_a_builder_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def broken():  # type: ignore[no-untyped-def]
        yield 1, "Oui"
        raise OSError("the database is gone")

    with pytest.raises(OSError, match="gone"):
        build(tmp_path, broken(), tick=1)
    assert list(tmp_path.iterdir()) == []


def test_batches_do_not_show(
    made: Path, tmp_path: Path, units: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "BATCH", 7)
    small = GenerationIndex(build(tmp_path, units, tick=17))
    queries = [source for _, source in units[:30]]
    assert small.search(queries, 60) == GenerationIndex(made).search(queries, 60)


def test_generations_are_numbered_and_old_ones_removed_under_their_readers(tmp_path: Path) -> None:
    paths = [build(tmp_path, [(1, f"version {'abcd'[number]}")], tick=number) for number in range(4)]
    assert [path.name for path in paths] == [f"generation-{number}" for number in range(1, 5)]
    reader = GenerationIndex(paths[0])
    assert newest(tmp_path) == paths[3]
    assert remove_older(tmp_path, keep=1) == paths[:3]
    assert reader.search(["version a"], 100) == [[Hit(1, 100)]]
    assert [path.name for path in tmp_path.iterdir()] == ["generation-4"]


def test_builders_at_the_same_time_make_a_generation_each(tmp_path: Path) -> None:
    threads = [threading.Thread(target=build, args=(tmp_path, [(1, "Oui")], 1)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"generation-{number}" for number in range(1, 6)]


def test_it_is_found_right_once_and_opened_fast_after(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / made.name
    shutil.copytree(made, copy)
    read: list[str] = []
    whole = GenerationIndex.verify
    monkeypatch.setattr(GenerationIndex, "verify", lambda self: (read.append(self.path.name), whole(self)))
    for _ in range(3):
        GenerationIndex(copy)
    assert read == [made.name]  # a copy is another file: its mark does not count


@pytest.mark.parametrize("gone", [ARRAYS, MANIFEST])
def test_a_generation_with_a_file_missing_is_damaged(made: Path, tmp_path: Path, gone: str) -> None:
    shutil.copytree(made, tmp_path / "generation-1")
    (tmp_path / "generation-1" / gone).unlink()
    with pytest.raises(GenerationDamaged):
        GenerationIndex(tmp_path / "generation-1")
    with pytest.raises(GenerationDamaged):
        GenerationIndex(tmp_path / "generation-2")


def test_the_mark_is_a_help_and_no_condition(made: Path, tmp_path: Path, units: list[tuple[int, str]]) -> None:
    shutil.copytree(made, tmp_path / "generation-1")
    for content in (b"", b"{}", b"\xff", b'{"manifest": 1}'):
        (tmp_path / "generation-1" / CHECKED).write_bytes(content)
        assert GenerationIndex(tmp_path / "generation-1").search([units[0][1]], 100, 1) == [[Hit(0, 100)]]


def test_another_version_is_refused(made: Path, tmp_path: Path) -> None:
    import hashlib

    shutil.copytree(made, tmp_path / "generation-1")
    manifest = tmp_path / "generation-1" / MANIFEST
    body = json.dumps(json.loads(json.loads(manifest.read_text())["content"]) | {"version": 99})
    manifest.write_text(json.dumps({"sha256": hashlib.sha256(body.encode()).hexdigest(), "content": body}))
    with pytest.raises(GenerationDamaged, match="version 99"):
        GenerationIndex(tmp_path / "generation-1")


def test_damage_of_any_kind_is_noticed_before_any_answer(made: Path, tmp_path: Path) -> None:
    dice = random.Random(300)
    for number in range(300):
        folder = tmp_path / f"generation-{number}"
        shutil.copytree(made, folder)
        path = folder / (ARRAYS if dice.random() < 0.8 else MANIFEST)
        data = bytearray(path.read_bytes())
        if dice.random() < 0.3:
            del data[dice.randrange(len(data)) :]
        else:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        used = path.name == MANIFEST or _matters(folder, bytes(data))
        path.write_bytes(bytes(data))
        if used:
            with pytest.raises(GenerationDamaged):
                GenerationIndex(folder)
        else:
            GenerationIndex(folder)  # the bit lies in the space between two arrays
        shutil.rmtree(folder)


def _matters(folder: Path, data: bytes) -> bool:
    arrays = json.loads(json.loads((folder / MANIFEST).read_text())["content"])["arrays"].values()
    before = (folder / ARRAYS).read_bytes()
    return any(
        data[start : start + count * int(kind[2:])] != before[start : start + count * int(kind[2:])]
        for kind, start, count, _ in arrays
    )


def test_a_file_that_is_written_to_while_open_answers_no_more(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "generation-1")
    index = GenerationIndex(tmp_path / "generation-1")
    with (tmp_path / "generation-1" / ARRAYS).open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff")
    with pytest.raises(GenerationDamaged, match="while it was open"):
        index.search(["Oui"], 70)


def test_hard_queries_stay_bounded(tmp_path: Path) -> None:
    dice = random.Random(1)
    units = [(number, zipfian(dice)) for number in range(20_000)] + [(90_000, "de " * 10_000), (90_001, "de la " * 300)]
    long = " ".join(f"mot{number}y" for number in range(1000))
    index = GenerationIndex(build(tmp_path, [*units, (90_002, long)], tick=1))
    queries = ["m1x", "m1x m2x " * 20, long + " de", "de " * 9_999, "de la " * 299, "m1x " * 1000]
    index.search(queries[:1], 70)
    started = time.process_time()
    found = index.search(queries, 50, 3)
    assert time.process_time() - started < 1
    assert [hits[:1] for hits in found[2:5]] == [[Hit(90_002, 99)], [Hit(90_000, 99)], [Hit(90_001, 99)]]


def test_another_process_opens_it_and_finds_the_same(made: Path, units: list[tuple[int, str]]) -> None:
    query = units[5][1]
    script = (
        "import sys; from pathlib import Path; from tm.match.generation.index import GenerationIndex\n"
        "print([(h.unit_id, h.similarity) for h in GenerationIndex(Path(sys.argv[1])).search([sys.argv[2]], 60, 5)[0]])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, str(made), query], capture_output=True, text=True, check=True
    )
    expected = [(hit.unit_id, hit.similarity) for hit in GenerationIndex(made).search([query], 60, 5)[0]]
    assert answer.stdout.strip() == str(expected)
