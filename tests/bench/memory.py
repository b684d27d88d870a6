"""The memory index at scale, beside RapidFuzz brute force and Tantivy, in one run.

    python -m tests.bench.memory [--units 100000 1000000] [--queries 400] [--data FILE]

Half of the queries come from documents that the memory lacks, half are units with 1 to 4 planted edits. Times of single
queries are processor time of one thread; throughput is by the clock, on all cores.
"""

from __future__ import annotations

import argparse
import lzma
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from tm.match.generation.build import build
from tm.match.generation.encoding import Encoder
from tm.match.generation.index import GenerationIndex, prepare
from tm.match.score import percentage
from tm.text.tokens import measured, signature, tokens

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = CHECKOUT.parent / "shared" / "data" / "europarl-1m.tsv.xz"
THRESHOLDS = (60, 70, 80)
SLOW = 40  # queries that are timed on engines that need a tenth of a second for one
HELD_OUT = 200  # one document of so many is kept from the memory

Hits = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table; times in milliseconds."""

    engine: str
    times: Sequence[float]
    per_second: float
    found: str = ""

    def text(self) -> str:
        """The row."""
        ordered = sorted(self.times)
        p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.95, 0.99))
        return (
            f"| {self.engine:<34} | {statistics.median(ordered):9.3f} | {p95:9.3f} | {p99:9.3f} "
            f"| {self.per_second:9.1f} | {len(ordered):5} | {self.found:<21} |"
        )


HEAD = (
    f"| {'engine':<34} | {'median ms':>9} | {'p95 ms':>9} | {'p99 ms':>9} "
    f"| {'q/s':>9} | {'n':>5} | best unit; best five |\n"
    f"|{'-' * 36}|{'-' * 11}|{'-' * 11}|{'-' * 11}|{'-' * 11}|{'-' * 7}|{'-' * 23}|"
)


def lines(data: Path) -> Iterator[tuple[str, str]]:
    """Document and French text of each line."""
    with lzma.open(data, "rt", encoding="utf-8") as file:
        for line in file:
            document, french, _ = line.split("\t")
            yield document, french


def memory_and_rest(data: Path, size: int) -> tuple[list[str], list[str]]:
    """At most `size` texts of the memory, and texts of documents that are kept from it."""
    kept: list[str] = []
    rest: list[str] = []
    number, last = 0, ""
    for document, text in lines(data):
        number, last = number + (document != last), document
        (rest if number % HELD_OUT == 7 else kept).append(text)
        if len(kept) == size and len(rest) > 2000:
            break
    return kept[:size], [text for text in rest if 20 <= len(text) <= 300]


def edited(text: str, words: Sequence[str], dice: random.Random) -> str:
    """`text` with 1 to 4 words changed, put in or taken away."""
    pieces = text.split()
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(pieces))
        kind = dice.choice(["change", "insert", "delete"])
        if kind == "delete" and len(pieces) > 1:
            del pieces[at]
        else:
            pieces[at : at + (kind == "change")] = [dice.choice(words)]
    return " ".join(pieces)


class BruteForce:
    """RapidFuzz on texts whose words are coded as single characters."""

    def __init__(self, texts: Sequence[str]) -> None:
        encoder = Encoder("fr")
        numbers, lengths = encoder.encode(texts)
        letters, ends, _ = encoder.frozen()
        words = [letters[ends[at] : ends[at + 1]].tobytes().decode("utf-16-le") for at in range(encoder.known)]
        self._signs = {word: _sign(number) for number, word in enumerate(words)}
        self.units: list[str] = []
        start = 0
        for length in lengths.tolist():
            self.units.append("".join(map(_sign, numbers[start : start + length].tolist())))
            start += length

    def coded(self, query: str) -> str:
        """A query as the units are; words that no unit has are signs that no unit has."""
        words = [signature(token) for token in measured(tokens(query))]
        return "".join(self._signs.get(word, chr(0x10FF00 + at % 0xF0)) for at, word in enumerate(words))

    def best(self, query: str, threshold: int) -> list[tuple[str, float, int]]:
        """The five best, as RapidFuzz ranks them."""
        return self._near(query, threshold, 5)

    def hits(self, query: str, threshold: int) -> Hits:
        """All units at or above the threshold with their similarity."""
        coded = self.coded(query)
        return {(at, self.similarity(coded, at)) for _, _, at in self._near(query, threshold, None)}

    def _near(self, query: str, threshold: int, limit: int | None) -> list[tuple[str, float, int]]:
        # by distance: asked for a similarity of 0.6, RapidFuzz leaves out some that have exactly that
        farthest = (100 - threshold) / 100 + 1e-9
        return process.extract(
            self.coded(query), self.units, scorer=Levenshtein.normalized_distance, score_cutoff=farthest, limit=limit
        )

    def similarity(self, coded: str, at: int) -> int:
        """The similarity of a coded query and a unit, from 0 to 100."""
        unit = self.units[at]
        return percentage(Levenshtein.distance(coded, unit), max(len(coded), len(unit)))


def _sign(number: int) -> str:
    return chr(number + 1 if number + 1 < 0xD800 else number + 0x801)


class Tantivy:
    """Tantivy on fragments of three words: its best 100 of an OR, compared word by word."""

    def __init__(self, folder: Path, brute: BruteForce) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("grams", stored=False, tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("at", stored=True)
        self._index = tantivy.Index(builder.build(), path=str(folder))
        self._brute = brute
        writer = self._index.writer(300_000_000, 2)
        for at, unit in enumerate(brute.units):
            writer.add_document(tantivy.Document(grams=[self._grams(unit)], at=at))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    @staticmethod
    def _grams(coded: str) -> str:
        padded = "\1" + coded + "\1"
        return " ".join("x".join(f"{ord(sign):x}" for sign in padded[at : at + 3]) for at in range(len(padded) - 2))

    def best(self, query: str, threshold: int) -> list[tuple[int, int]]:
        """The five best among the hundred that share the most, as (similarity, unit)."""
        coded = self._brute.coded(query)
        if not coded:
            return []
        found = self._searcher.search(self._index.parse_query(self._grams(coded), ["grams"]), 100).hits
        places = [self._searcher.doc(address)["at"][0] for _, address in found]
        rated = [(self._brute.similarity(coded, at), at) for at in places]
        return sorted((each for each in rated if each[0] >= threshold), key=lambda each: (-each[0], each[1]))[:5]


def timed(ask: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """Processor milliseconds of each query, after a few to warm up."""
    for query in queries[:5]:
        ask(query)
    taken = []
    for query in queries:
        started = time.thread_time()
        ask(query)
        taken.append((time.thread_time() - started) * 1000)
    return taken


def by_two(ask: Callable[[str], object], queries: Sequence[str]) -> float:
    """Queries a second of two threads."""
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, queries))
    return len(queries) / (time.perf_counter() - started)


def together(index: GenerationIndex, queries: Sequence[str], threshold: int) -> float:
    """Queries a second when many are asked at once."""
    many = list(queries) * 5
    started = time.perf_counter()
    index.search(many, threshold, 5)
    return len(many) / (time.perf_counter() - started)


def measure(data: Path, size: int, count: int) -> dict[str, float]:
    """Build, open, search, compare; print the table. Returns the figures that the aims are about."""
    dice = random.Random(7)
    texts, rest = memory_and_rest(data, size)
    words = " ".join(dice.sample(texts, min(2000, len(texts)))).split()
    queries = dice.sample(rest, count // 2)
    queries += [edited(text, words, dice) for text in dice.sample(texts, count - count // 2)]
    dice.shuffle(queries)
    with tempfile.TemporaryDirectory() as place:
        started, used = time.perf_counter(), time.process_time()
        path = build(Path(place), enumerate(texts), tick=1)
        wall, used = time.perf_counter() - started, time.process_time() - used
        megabytes = sum(file.stat().st_size for file in path.iterdir()) / 1e6
        print(f"\n{len(texts):,} units: built in {wall:.1f} s ({len(texts) / wall:,.0f} units a second;")
        print(f"{used:.1f} s of processor), {megabytes:.0f} MB ({megabytes / len(texts) * 1e6:.0f} MB a million)")
        opened = _opened(path, queries[0])
        index = GenerationIndex(path)
        started = time.perf_counter()
        index.warm()
        print(f"{(time.perf_counter() - started) * 1000:.0f} ms to have all of it mapped")
        figures = _alone(index, queries)
        figures |= _compared(index, BruteForce(texts), Path(place) / "tantivy", queries)
        return figures | {"units": len(texts), "a second": len(texts) / wall, "size": megabytes, "open": opened}


def _opened(path: Path, query: str) -> float:
    script = (
        "import sys, time; from pathlib import Path; a = time.perf_counter()\n"
        "from tm.match.generation.index import GenerationIndex; b = time.perf_counter()\n"
        "index = GenerationIndex(Path(sys.argv[1])); c = time.perf_counter()\n"
        "index.search([sys.argv[2]], 70, 5); d = time.perf_counter(); index.verify(); e = time.perf_counter()\n"
        "print(*(f'{1000 * each:.1f}' for each in (b - a, c - b, d - c, e - d)))"
    )
    line = [sys.executable, "-c", script, str(path), query]
    out = subprocess.run(line, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    loaded, opened, first, verified = (float(part) for part in out.split())
    print(f"a new process: {loaded:.0f} ms to import, {opened:.1f} ms to open, {first:.0f} ms for the first query;")
    print(f"{verified:.0f} ms to read and check everything")
    return opened


def _alone(index: GenerationIndex, queries: Sequence[str]) -> dict[str, float]:
    print(HEAD)
    figures: dict[str, float] = {}
    for threshold in (90, 80, 70, 60, 50):
        times = timed(lambda query, at=threshold: index.search([query], at, 5), queries)  # type: ignore[misc]
        print(Line(f"this index, {threshold} %", times, together(index, queries, threshold)).text(), flush=True)
        if threshold == 70:
            figures = {"median": statistics.median(times), "p99": sorted(times)[int(len(times) * 0.99)]}
    return figures


def _compared(index: GenerationIndex, brute: BruteForce, folder: Path, queries: Sequence[str]) -> dict[str, float]:
    some = queries[:SLOW]
    times = timed(lambda query: brute.best(query, 70), some)
    rate = by_two(lambda query: brute.best(query, 70), some[:8])
    print(Line("RapidFuzz, all units, 70 %", times, rate).text(), flush=True)
    truth = {query: brute.hits(query, min(THRESHOLDS)) for query in queries}
    _tantivy(folder, brute, queries, truth)
    _complete(index, queries, truth)
    return {"brute": statistics.median(times)}


def _tantivy(folder: Path, brute: BruteForce, queries: Sequence[str], truth: dict[str, Hits]) -> None:
    folder.mkdir()
    started = time.perf_counter()
    try:
        engine = Tantivy(folder, brute)
    except ModuleNotFoundError:
        print("Tantivy is not installed: pip install tantivy")
        return
    built = time.perf_counter() - started
    times = timed(lambda query: engine.best(query, 70), queries)
    found = _found(engine, truth)
    rate = by_two(lambda query: engine.best(query, 70), queries)
    print(Line("Tantivy, trigrams, 100 rescored", times, rate, found).text())
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    print(f"Tantivy: built in {built:.1f} s on two cores (words coded already), {size:.0f} MB without the texts")


def _found(engine: Tantivy, truth: dict[str, Hits]) -> str:
    """How much of what lies at 70 % and above Tantivy finds, each query's five best only."""
    best = pairs = right = first = 0
    for query, hits in truth.items():
        wanted = sorted(((rate, at) for at, rate in hits if rate >= 70), key=lambda each: (-each[0], each[1]))[:5]
        if wanted:
            found = engine.best(query, 70)
            best, right = best + 1, right + (bool(found) and found[0][0] == wanted[0][0])
            pairs, first = pairs + len(wanted), first + len({at for _, at in wanted} & {at for _, at in found})
    return f"{right} of {best}; {first} of {pairs}"


def _complete(index: GenerationIndex, queries: Sequence[str], truth: dict[str, Hits]) -> None:
    for threshold in THRESHOLDS:
        missed = extra = pairs = 0
        for query, hits in zip(queries, index.search(queries, threshold), strict=True):
            found = {(hit.unit_id, hit.similarity) for hit in hits}
            expected = {each for each in truth[query] if each[1] >= threshold}
            missed, extra, pairs = missed + len(expected - found), extra + len(found - expected), pairs + len(expected)
        print(f"at {threshold} %: {pairs} matches of {len(queries)} queries, {missed} missed, {extra} found wrongly")
        if missed or extra:
            raise SystemExit("the index does not find what comparing with everything finds")


def _aims(runs: Sequence[dict[str, float]]) -> None:
    last = runs[-1]
    print(f"\nat {last['units']:,.0f} units:")
    for name, value, aim in (
        ("times faster than RapidFuzz (median, 70 %)", last["brute"] / last["median"], "2500 or more"),
        ("p99 as a multiple of the median", last["p99"] / last["median"], "6 or less"),
        ("median as a multiple of the one of the first size", last["median"] / runs[0]["median"], "3 or less"),
        ("MB a million units", last["size"] / last["units"] * 1e6, "400 or less"),
        ("units a second built", last["a second"], "20000 or more"),
        ("ms to open", last["open"], "50 or less"),
    ):
        print(f"  {value:10.1f}  {name} (aim: {aim})")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {most:10.0f}  MB at most in this process, with all texts and the other engines")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--data", type=Path, default=DATA)
    arguments = parser.parse_args()
    if not arguments.data.is_file():
        raise SystemExit(f"{arguments.data.name} is not there: it is not part of the project; name it with --data")
    prepare()
    _aims([measure(arguments.data, size, arguments.queries) for size in arguments.units])


if __name__ == "__main__":
    main()
