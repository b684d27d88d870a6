"""How fast sentences are found, beside pysbd and sentencex, in one run and on one core.

    scripts/bench segmentation [--characters 2000000] [--data FILE]

Paragraphs of five lines of the corpus, each text seen once by each tool, French and English in turn; processor time.
The other tools are there for this comparison alone. Their share of our hard cases is shown beside their speed.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import lzma
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from tm.text.segment import split
from tm.types import Language

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = CHECKOUT.parent / "shared" / "data" / "europarl-1m.tsv.xz"
CASES = CHECKOUT / "tests" / "quality" / "data"
LANGUAGES: tuple[Language, ...] = ("fr", "en")
SLICES = 5
SLOW = {"pysbd": 20}  # measured on one part of so many: it needs minutes for what the others do in a second

Segmenter = Callable[[str], Sequence[str]]


def paragraphs(data: Path, language: Language, characters: int) -> list[str]:
    """Texts of five lines each, `characters` together, of documents that the rules were not looked at on."""
    texts: list[str] = []
    with lzma.open(data, "rt", encoding="utf-8") as stream:
        rows = (line.rstrip("\n").split("\t")[1 if language == "fr" else 2] for line in islice(stream, 700_000, None))
        while characters > 0 and (lines := list(islice(rows, 5))):
            texts.append(" ".join(lines))
            characters -= len(texts[-1])
    return texts


def ours(language: Language) -> Segmenter:
    """Our own, with its rules made ready."""
    split("", language)
    return lambda text: [text[span.start : span.end] for span in split(text, language)]


def others(language: Language) -> Iterator[tuple[str, Segmenter]]:
    """The other tools that are installed."""
    for name in ("pysbd", "sentencex"):
        try:
            tool = importlib.import_module(name)
        except ModuleNotFoundError:
            print(f"{name} is not installed: uv pip install --python .venv/bin/python {name}")
            continue
        if name == "pysbd":
            yield name, tool.Segmenter(language=language, clean=False).segment
        else:
            yield name, lambda text, at=tool: list(at.segment(language, text))  # type: ignore[misc]


def speed(segment: Segmenter, texts: Sequence[str]) -> list[float]:
    """Million characters a second of processor time, one figure for each slice of the texts."""
    size = max(1, len(texts) // SLICES)
    figures = []
    gc.collect()
    for start in range(0, size * SLICES, size):
        some = texts[start : start + size]
        begun = time.process_time()
        for text in some:
            segment(text)
        figures.append(sum(map(len, some)) / max(time.process_time() - begun, 1e-6) / 1e6)
    return figures


def right(segment: Segmenter, language: Language) -> str:
    """How many of our own hard cases come out wholly right."""
    cases = [
        json.loads(line)
        for path in sorted(CASES.glob(f"segmentation*.{language}.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    good = sum(
        [found.strip() for line in case["text"].split("\n") for found in segment(line) if found.strip()]
        == case["segments"]
        for case in cases
    )
    return f"{good} of {len(cases)}"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=2_000_000)
    parser.add_argument("--data", type=Path, default=DATA)
    arguments = parser.parse_args()
    if not arguments.data.is_file():
        raise SystemExit(f"{arguments.data.name} is not there: it is not part of the project; name it with --data")
    print("| language | segmenter | Mchar/s, median of 5 | slowest | hard cases right |\n|---|---|---|---|---|")
    for language in LANGUAGES:
        texts = paragraphs(arguments.data, language, arguments.characters)
        for name, segment in [("this one", ours(language)), *others(language)]:
            figures = speed(segment, texts[: max(SLICES, len(texts) // SLOW.get(name, 1))])
            middle, least = statistics.median(figures), min(figures)
            print(f"| {language} | {name} | {middle:.2f} | {least:.2f} | {right(segment, language)} |", flush=True)


if __name__ == "__main__":
    main()
