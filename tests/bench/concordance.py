"""Concordance at scale, beside SQLite FTS5 and a plain scan, in one run.

    python -m tests.bench.concordance [--units 1000000] [--queries 100] [--data FILE]

A page is the newest 50 units in which `passages` finds the phrase; a list of texts stands for the database. Times are
processor time of one thread.
"""

from __future__ import annotations

import argparse
import lzma
import random
import re
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from tests.bench.concordance_others import PAGE, Asked, FullText, Scan, Texts
from tm.match.concordance import passages
from tm.match.wordlists.build import WordsBuilder
from tm.match.wordlists.following import FollowingWords
from tm.match.wordlists.mapped import MappedWords, prepare
from tm.match.wordlists.reading import folded, words
from tm.types import Language

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = CHECKOUT.parent / "shared" / "data" / "europarl-1m.tsv.xz"
BATCH = 10_000
SLOW = 5  # phrases of a kind that are looked for by scanning
RANDOM = 200  # phrases all of whose hits are compared
CHANGED = 5000  # units that changed since, in the run with changes


def read(data: Path, size: int) -> Texts:
    """The texts of the first lines."""
    texts: Texts = {"fr": [], "en": []}
    with lzma.open(data, "rt", encoding="utf-8") as file:
        for line in islice(file, size):
            _, french, english = line.rstrip("\n").split("\t")
            texts["fr"].append(french)
            texts["en"].append(english)
    return texts


def private() -> float:
    """Megabytes of this process's own memory: what is not mapped from a file."""
    status = Path("/proc/self/status")
    found = re.search(r"RssAnon:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


class Peak:
    """The most private memory while the context lasts, beyond what there was before."""

    def __enter__(self) -> Peak:
        self._before, self.megabytes, self._done = private(), 0.0, threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def _look(self) -> None:
        while not self._done.wait(0.02):
            self.megabytes = max(self.megabytes, private() - self._before)

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()


def built(folder: Path, texts: Texts) -> MappedWords:
    """The lists of all texts; says what they cost."""
    count = len(texts["fr"])
    started, used = time.perf_counter(), time.process_time()
    with Peak() as peak, WordsBuilder(folder) as builder:
        for start in range(0, count, BATCH):
            several = slice(start, start + BATCH)
            builder.add(list(zip(range(start, count), texts["fr"][several], texts["en"][several], strict=False)))
        builder.finish(1)
    wall, used = time.perf_counter() - started, time.process_time() - used
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(f"\n{count:,} pairs: built in {used:.1f} s of processor ({wall:.1f} s by the clock), {size:.0f} MB", end="")
    print(f" ({size / count * 1e6:.0f} MB a million), {peak.megabytes:.0f} MB of own memory at most")
    started = time.perf_counter()
    index = MappedWords(folder)
    opened = time.perf_counter() - started
    started = time.perf_counter()
    index.verify()
    print(
        f"{1000 * opened:.1f} ms to open, {1000 * (time.perf_counter() - started):.0f} ms to read and check all of it"
    )
    return index


def page(index: MappedWords | FollowingWords, texts: Texts, asked: Asked) -> list[int]:
    """The newest verified hits of the index."""
    return list(islice(verified(index, texts, asked), PAGE))


def verified(index: MappedWords | FollowingWords, texts: Texts, asked: Asked) -> Iterator[int]:
    """All verified hits of the index."""
    phrase, language, inflected = asked
    held = texts[language]
    for unit_id in index.search(phrase, language, inflected=inflected):
        if passages(phrase, held[unit_id], language, inflected=inflected):
            yield unit_id


def scanned(texts: Texts, asked: Asked) -> Iterator[int]:
    """All hits, the newest first, by looking at every text."""
    phrase, language, inflected = asked
    held = texts[language]
    for unit_id in range(len(held) - 1, -1, -1):
        if passages(phrase, held[unit_id], language, inflected=inflected):
            yield unit_id


def phrases(texts: Texts, count: int, dice: random.Random) -> dict[str, list[Asked]]:
    """What is asked for, by kind: words by how often they come, phrases out of texts, and what is seen while typing."""
    sample = dice.sample(range(len(texts["fr"])), min(20_000, len(texts["fr"])))
    held = {language: [words(folded(texts[language][at]), language) for at in sample] for language in texts}
    counts = {language: Counter(word for each in held[language] for word in set(each)) for language in held}
    kinds: dict[str, list[Asked]] = {}

    def several(kind: str, make: Callable[[Language], str], inflected: bool = False) -> None:
        kinds[kind] = [
            (make(language), language, inflected)
            for language in dice.choices(["fr", "en"], k=count)  # type: ignore[arg-type,misc]
        ]

    def word(least: int, most: int) -> Callable[[Language], str]:
        fitting = {
            language: [each for each, times in counts[language].items() if least <= times <= most and len(each) > 1]
            for language in counts
        }
        return lambda language: dice.choice(fitting[language])

    def phrase(length: int) -> Callable[[Language], str]:
        def made(language: Language) -> str:
            while True:
                several = dice.choice(held[language])
                if len(several) >= length:
                    start = dice.randrange(len(several) - length + 1)
                    return " ".join(several[start : start + length])

        return made

    def common(language: Language) -> str:
        return " ".join(each for each, _ in dice.choices(counts[language].most_common(40), k=3))

    often = len(sample) // 50
    several("a frequent word", word(often, len(sample)))
    several("a rare word", word(1, 2))
    for length in (2, 3, 4):
        several(f"a phrase of {length} words", phrase(length))
    several("common words, any order", common)
    several("a word in any form", word(20, often), inflected=True)
    several("3 words in any form", phrase(3), inflected=True)
    typed = [phrase(2)("fr") for _ in range(max(1, count // 12))]
    kinds["while typing (each letter)"] = [
        (each[:end], "fr", False) for each in typed for end in range(1, len(each) + 1)
    ]
    return kinds


def timed(ask: Callable[[Asked], object], asked: Sequence[Asked]) -> list[float]:
    """Processor milliseconds of each question, after a few to warm up."""
    for each in asked[:3]:
        ask(each)
    taken = []
    for each in asked:
        started = time.thread_time()
        ask(each)
        taken.append((time.thread_time() - started) * 1000)
    return taken


def at(share: float, times: Sequence[float]) -> float:
    """A quantile."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def measure(data: Path, size: int, count: int) -> None:
    """Build, search, compare; print the tables."""
    dice = random.Random(7)
    texts = read(data, size)
    with tempfile.TemporaryDirectory() as place:
        lists = Path(place) / "lists"
        lists.mkdir()
        index = built(lists, texts)
        index.warm()
        other = FullText(Path(place) / "fts5.sqlite", texts)
        kinds = phrases(texts, count, dice)
        _compared(index, other, texts, kinds)
        _complete(index, texts, dice)
        _changed(index, texts, kinds, dice)


def _compared(index: MappedWords, other: FullText, texts: Texts, kinds: dict[str, list[Asked]]) -> None:
    head = ("first page of 50", "median ms", "p95 ms", "p99 ms", "looked at", "FTS5 / this", "scan / this")
    print("| {:<26} | {:>9} | {:>8} | {:>8} | {:>9} | {:>11} | {:>11} |".format(*head))
    print(f"|{'-' * 28}|{'-' * 11}|{'-' * 10}|{'-' * 10}|{'-' * 11}|{'-' * 13}|{'-' * 13}|")
    everything: list[float] = []
    for kind, asked in kinds.items():
        times = timed(lambda each: page(index, texts, each), asked)
        everything += times
        median = statistics.median(times)
        theirs = "" if asked[0][2] else f"{statistics.median(timed(other.page, asked)) / median:.1f}"
        some = asked[: 1 if asked[0][2] else SLOW]
        scan = statistics.median(timed(lambda each: list(islice(scanned(texts, each), PAGE)), some))
        looked = statistics.mean(_looked_at(index, texts, each) for each in some)
        print(
            f"| {kind:<26} | {median:9.3f} | {at(0.95, times):8.3f} | {at(0.99, times):8.3f} | {looked:9.0f} "
            f"| {theirs:>11} | {scan / statistics.median(times[: len(some)]):11.1f} |",
            flush=True,
        )
    print(f"all: p99 {at(0.99, everything):.2f} ms, longest {max(everything):.2f} ms")


def _looked_at(index: MappedWords, texts: Texts, asked: Asked) -> int:
    """How many texts are verified for one page."""
    phrase, language, inflected = asked
    found = number = 0
    for number, unit_id in enumerate(index.search(phrase, language, inflected=inflected), 1):  # noqa: B007
        found += bool(passages(phrase, texts[language][unit_id], language, inflected=inflected))
        if found == PAGE:
            break
    return number


def _complete(index: MappedWords, texts: Texts, dice: random.Random) -> None:
    """All hits of random phrases, against a scan of everything."""
    scan, hits = Scan(texts), 0
    pool = [each for several in phrases(texts, RANDOM, dice).values() for each in several]
    for asked in dice.sample(pool, RANDOM):
        found, expected = list(verified(index, texts, asked)), scan.hits(asked)
        if found != expected:
            raise SystemExit(f"{asked}: {len(expected)} hits by scanning, {len(found)} by the index")
        hits += len(found)
    print(f"{RANDOM} random phrases: {hits:,} hits, none missed, none found wrongly")


def _changed(index: MappedWords, texts: Texts, kinds: dict[str, list[Asked]], dice: random.Random) -> None:
    """The same questions when some units changed since."""
    following = FollowingWords(index)
    chosen = dice.sample(range(len(texts["fr"])), min(CHANGED, len(texts["fr"]) // 2))
    started = time.process_time()
    following.update((number, (texts["fr"][number], texts["en"][number])) for number in chosen)
    together = time.process_time() - started
    started = time.process_time()
    for number in chosen[:100]:
        following.update([(number, (texts["fr"][number], texts["en"][number]))])
    one = (time.process_time() - started) / 100
    print(f"{len(chosen)} units changed at once in {1000 * together:.0f} ms, then 100 in {1000 * one:.1f} ms each")
    every = [each for several in kinds.values() for each in several]
    times = timed(lambda each: page(following, texts, each), every)
    alone = timed(lambda each: page(index, texts, each), every)
    print(f"all questions with changes: median {statistics.median(times):.3f} ms, p99 {at(0.99, times):.2f} ms;")
    print(f"without: median {statistics.median(alone):.3f} ms, p99 {at(0.99, alone):.2f} ms")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--data", type=Path, default=DATA)
    arguments = parser.parse_args()
    if not arguments.data.is_file():
        raise SystemExit(
            f"SKIP: {arguments.data.name} is not there: it is not part of the project; name it with --data"
        )
    prepare()
    for size in arguments.units:
        measure(arguments.data, size, arguments.queries)


if __name__ == "__main__":
    main()
