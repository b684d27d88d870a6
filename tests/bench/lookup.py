"""The memory of an installation at scale: filled, its generation built from the database, asked from the command line.

    scripts/bench lookup [--units 1000000] [--queries 1000] [--data FILE]

Half of the queries come from documents that the memory lacks, half are units with 1 to 4 planted edits. What the
command answers is compared with the index alone, in the same run: what lies between is the database, the rating and the
start.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from service.settings import Settings, load
from service.storage.migrate import ensure
from service.storage.session import make_sessions
from tests.bench.memory import DATA, edited, memory_and_rest
from tm.match.generation.folders import newest
from tm.match.generation.index import GenerationIndex
from tm.store.memory import Memory, Query, Wanted
from tm.store.reading import clock
from tm.store.writing import add_pairs
from tm.types import Pair, Provenance


def filled(settings: Settings, data: Path, size: int) -> tuple[list[str], list[str]]:
    """Put units into a fresh database; returns their sources, and texts that it lacks."""
    import lzma

    texts, rest = memory_and_rest(data, size)
    wanted = set(texts)
    ensure(settings.database)
    sessions = make_sessions(settings)
    started = time.perf_counter()
    with lzma.open(data, "rt", encoding="utf-8") as file, sessions.write() as session:
        lines = (line.rstrip("\n").split("\t") for line in file)
        pairs = (
            Pair(french, english, Provenance(document, at))
            for at, (document, french, english) in enumerate(lines)
            if french in wanted
        )
        counts = add_pairs(session, pairs, kind="tsv", label="bench", document_key="bench")
        session.commit()
    took = time.perf_counter() - started
    print(f"{counts.added:,} units written in {took:.0f} s ({counts.added / took:,.0f} a second)", flush=True)
    sessions.close()
    return texts, rest


def command(settings: Settings, *words: str, text: str = "") -> tuple[str, float]:
    """What a command prints, and the seconds that it took."""
    program = Path(sys.executable).with_name("passerelle")
    env = {**os.environ, **settings.environment()}
    started = time.perf_counter()
    done = subprocess.run([str(program), *words], input=text, capture_output=True, text=True, env=env, check=True)
    return done.stdout, time.perf_counter() - started


def measure(settings: Settings, data: Path, size: int, count: int) -> None:
    """Fill, build, ask; print the figures."""
    dice = random.Random(7)
    texts, rest = filled(settings, data, size)
    built = json.loads(command(settings, "memory", "rebuild", "--json")[0])
    seconds = built["milliseconds"] / 1000
    print(f"generation from the database: {built['units'] / seconds:,.0f} units a second ({seconds:.1f} s),")
    print(f"{built['bytes'] / 1e6:.0f} MB with the words of both languages and the lexicon,")
    print(f"lexicon of {built['lexicon_pairs']:,} pairs in {built['lexicon_milliseconds'] / 1000:.0f} s")
    words = " ".join(dice.sample(texts, min(2000, len(texts)))).split()
    queries = dice.sample(rest, count // 2) + [edited(text, words, dice) for text in dice.sample(texts, count // 2)]
    dice.shuffle(queries)
    _asked(settings, queries)
    _beside_the_index(settings, queries)


def _asked(settings: Settings, queries: list[str]) -> None:
    nothing = command(settings, "memory", "lookup", "--json", text="")[1]
    out, took = command(settings, "memory", "lookup", "--json", "--threshold", "70", text="\n".join(queries) + "\n")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["query"] for answer in answers] == queries
    matched = [answer for answer in answers if answer["matches"]]
    print(f"the command, {len(queries)} queries: {took:.2f} s, of which {nothing:.2f} s without any;")
    print(f"{(took - nothing) / len(queries) * 1000:.2f} ms a query, {len(matched)} with a match")


def _beside_the_index(settings: Settings, queries: list[str]) -> None:
    sessions = make_sessions(settings)
    memory = Memory(settings.index_folder)
    with sessions.read() as session:
        path = newest(settings.index_folder / clock(session)[1])
        assert path is not None
        index = GenerationIndex(path)
        memory.lookup(session, [Query(queries[0])], Wanted())
        alone, whole = [], []
        for query in queries:
            started = time.perf_counter()
            hits = index.search([query], 70, 96)[0]
            middle = time.perf_counter()
            (matches,) = memory.lookup(session, [Query(query)], Wanted(70, 5))
            whole.append(time.perf_counter() - middle)
            alone.append(middle - started)
            assert bool(hits) >= bool(matches)
    sessions.close()
    for name, times in (("the index alone", alone), ("with units, rates, hints and repairs", whole)):
        ordered = sorted(times)
        middle, p95 = statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000
        print(f"{name}: median {middle:.3f} ms, p95 {p95:.3f} ms")
    print(f"ratio of medians: {statistics.median(whole) / statistics.median(alone):.0f}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--data", type=Path, default=DATA)
    arguments = parser.parse_args()
    if not arguments.data.is_file():
        raise SystemExit(f"{arguments.data.name} is not there: it is not part of the project; name it with --data")
    with tempfile.TemporaryDirectory() as place:
        measure(load(data_dir=Path(place)), arguments.data, arguments.units, arguments.queries)


if __name__ == "__main__":
    main()
