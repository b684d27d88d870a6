"""Speed of the aligner on one core, and what a long text takes.

    python -m tests.bench.alignment [--documents 100] [--teach 10000] [--long 10000] [--data FILE]

Segments of both texts are counted. The ratio is to reading the same segments as tokens, without which nothing can be
aligned.
"""

from __future__ import annotations

import argparse
import lzma
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import groupby, islice
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = CHECKOUT.parent / "shared" / "data" / "europarl-1m.tsv.xz"
LEAST, MOST = 20, 80  # segments of a document

Texts = tuple[list[str], list[str]]


def rows(data: Path) -> Iterator[tuple[str, str, str]]:
    """Document, French, English, in the order of the documents."""
    with lzma.open(data, "rt", encoding="utf-8") as stream:
        for line in stream:
            document, french, english = line.rstrip("\n").split("\t")
            yield document, french, english


def disturbed(texts: Texts) -> Texts:
    """Every seventh pair of neighbours joined in English, every eleventh French segment left out."""
    french, english = texts
    kept = [text for at, text in enumerate(french) if at % 11 != 5]
    joined = [" ".join(english[at : at + 2]) if at % 7 == 3 else text for at, text in enumerate(english) if at % 7 != 4]
    return kept, joined


def documents(data: Path, count: int, after: int) -> list[Texts]:
    """So many documents of press-release size from the lines after the first `after`."""
    found: list[Texts] = []
    for _, lines in groupby(islice(rows(data), after, None), key=lambda row: row[0]):
        part = list(islice(lines, MOST))
        if len(part) >= LEAST:
            found.append(disturbed(([row[1] for row in part], [row[2] for row in part])))
        if len(found) == count:
            break
    return found


def per_second(work: Callable[[], object], segments: int, times: int = 3) -> float:
    """Segments in a second of processor time, the best of some runs."""
    best = float("inf")
    for _ in range(times):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return segments / best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--teach", type=int, default=10_000, help="pairs that the lexicon is learned from")
    parser.add_argument("--long", type=int, default=10_000, help="segments of a long text")
    parser.add_argument("--data", type=Path, default=DATA)
    given = parser.parse_args()
    if not given.data.is_file():
        sys.exit(f"SKIP: the parallel corpus is not there ({given.data.name}); give one with --data.")
    # one core: threads of the linear algebra would only be counted as processor time
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _measure(given.data, given.documents, given.teach, given.long)


def _measure(data: Path, count: int, teach: int, long: int) -> None:
    from tm.align import align_segments, prepare
    from tm.align.knowledge import Learned
    from tm.match.lexicon.training import train
    from tm.text.tokens import tokens

    before = time.perf_counter()
    prepare()
    print(f"compiled or loaded in {time.perf_counter() - before:.1f} s")
    learned = Learned(train((french, english) for _, french, english in islice(rows(data), teach)))
    texts = documents(data, count, teach)
    segments = sum(len(french) + len(english) for french, english in texts)

    def read() -> None:
        for french, english in texts:
            for text in french:
                tokens(text, "fr")
            for text in english:
                tokens(text, "en")

    plain = per_second(read, segments)
    print(f"{len(texts)} documents, {segments} segments; one core, processor time")
    print(f"{'tokens alone':<32}{plain:>9.0f} segments/s")
    for name, knowledge in (("aligned, lexicon of a memory", learned), ("aligned, nothing known", None)):
        speed = per_second(
            lambda known=knowledge: [align_segments(*pair, knowledge=known) for pair in texts],
            segments,  # type: ignore[misc]
        )
        print(f"{name:<32}{speed:>9.0f} segments/s, {plain / speed:.1f} times as long as tokens alone")
    part = list(islice(rows(data), teach, teach + long))
    pair = disturbed(([row[1] for row in part], [row[2] for row in part]))
    before = time.process_time()
    beads = align_segments(*pair, knowledge=learned)
    spent = time.process_time() - before
    size = len(pair[0]) + len(pair[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"one text of {len(pair[0])} + {len(pair[1])} segments: {spent:.1f} s, {size / spent:.0f} segments/s, "
          f"{len(beads)} beads, {peak} MB at most")  # fmt: skip


if __name__ == "__main__":
    main()
