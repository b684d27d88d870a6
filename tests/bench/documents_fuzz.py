"""Documents of the corpus made wrong by chance are read, and written where they can be read: a refusal, or nothing.

    scripts/bench documents_fuzz [--files 200000] [--seed 1] [--workers 2] [--only NUMBER --keep FILE]

Workers may take 512 MB beyond what is loaded, and ten seconds of processor for a file. Whatever is no refusal of ours
is printed with its number, by which `--only` makes the same file again, and the run fails.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from tests.parts.mutations import mutated
from tm.documents import registry
from tm.errors import InputError, PasserelleError
from tm.text.language import identify
from tm.types import Media

FOLDER = Path(__file__).resolve().parents[1] / "documents"
MEDIA: tuple[Media, ...] = ("docx", "odt", "html", "md", "txt")
MORE_MEMORY = 512 << 20
SECONDS = 10
CHUNK = 5_000
HANGS = 120  # seconds after which a worker that does not get on is ended


@dataclass(slots=True)
class Told:
    """What came of some files."""

    files: int = 0
    read: int = 0
    otherwise: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)
    megabytes: float = 0.0

    def add(self, other: Told) -> None:
        """Take in what came of others."""
        self.files += other.files
        self.read += other.read
        self.otherwise += other.otherwise
        self.codes += other.codes
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)
        self.megabytes = max(self.megabytes, other.megabytes)

    def lines(self) -> Iterator[str]:
        """What is printed of it."""
        yield f"files {self.files:,}, read and written {self.read:,}, refused {self.codes.total():,}"
        yield f"of those written, with other texts when they were read again {self.otherwise:,}"
        yield from (f"  {code:<24} {count:>8,}" for code, count in self.codes.most_common())
        yield f"slowest {self.slowest[0]:.2f} s (number {self.slowest[1]}), peak {self.megabytes:.0f} MB"
        yield f"failures {len(self.failures)}"


class Slow(BaseException):
    """A file takes too long."""


def corpus() -> list[tuple[Media, bytes]]:
    """All documents, in an order of their own."""
    return [(media, path.read_bytes()) for media in MEDIA for path in sorted((FOLDER / media).iterdir())]


def made(number: int, seed: int, known: list[tuple[Media, bytes]]) -> tuple[Media, bytes]:
    """The file of a number."""
    dice = random.Random(f"{seed}/{number}")
    media, data = dice.choice(known)
    return media, mutated(data, media, dice)


def tried(media: Media, data: bytes) -> tuple[str, bool]:
    """Read a file, write it in capitals and read it again: the code of a refusal, "" where there is none, and whether
    it came back in capitals."""
    try:
        document = registry.read(data, media=media, coded=True)
    except PasserelleError as error:
        return error.code, True
    texts = [block.text for block in document.blocks]
    targets = [text.upper() for text in texts]
    written = registry.write(data, texts, targets, media=media)
    if media == "txt":  # capitals may part its lines otherwise
        return "", True
    try:
        registry.write(written, targets, targets, media=media)
    except InputError as error:
        # capitals of Windows-1252 may look like UTF-8
        if error.code not in ("DOCUMENT_CHANGED", "ENCODING_UNCLEAR"):
            raise
        return "", False
    return "", True


def run(numbers: range, seed: int, at: multiprocessing.sharedctypes.Synchronized[int], answer: Connection) -> None:
    """A worker: try the files of these numbers, and tell what came of them."""
    signal.signal(signal.SIGPROF, _too_slow)
    told, known = Told(), corpus()
    identify("le modèle passe par un fichier provisoire")
    for media, data in known:  # so that all that is needed is loaded before the limit is set
        tried(media, data)
    limit = _size() + MORE_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    parent = os.getppid()
    for number in numbers:
        if os.getppid() != parent:
            return  # nobody waits any more
        at.value = number
        media, data = made(number, seed, known)
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            code, same = tried(media, data)
            told.codes.update([code] if code else [])
            told.read += not code
            told.otherwise += not same
        except Slow:
            told.failures.append((number, f"{media}: more than {SECONDS} seconds"))
        except BaseException as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {error}"[:200]
            told.failures.append((number, f"{media}: {said} ({Path(where.filename).name}, line {where.lineno})"))
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        told.files += 1
        told.slowest = max(told.slowest, (time.process_time() - started, number))
    told.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send(told)


def _too_slow(number: int, frame: object) -> None:
    raise Slow


def _size() -> int:
    """The bytes of address space that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


class Worker:
    """A process that tries some numbers."""

    def __init__(self, numbers: range, seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.numbers, self.seed = numbers, seed
        self.at = context.Value("q", numbers.start, lock=False)
        self.answer, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=run, args=(numbers, seed, self.at, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.seen = (numbers.start, time.monotonic())

    def told(self) -> tuple[Told, range] | None:
        """What came of it, and which numbers are still to be tried; None while it works."""
        if self.answer.poll(0.05):
            with suppress(EOFError):
                told = self.answer.recv()
                self.process.join()
                return told, range(0)
        if self.at.value != self.seen[0]:
            self.seen = (self.at.value, time.monotonic())
        if self.process.is_alive() and time.monotonic() - self.seen[1] < HANGS:
            return None
        hung = self.process.is_alive()
        self.process.kill()
        self.process.join()
        number = self.at.value
        what = f"hangs for {HANGS} seconds" if hung else f"the process ends with {self.process.exitcode}"
        return Told(files=1, failures=[(number, what)]), range(number + 1, self.numbers.stop)


def fuzz(files: int, seed: int = 1, workers: int = 2) -> Told:
    """Try so many files, the same for the same seed."""
    chunk = min(CHUNK, -(-files // workers))
    left = [range(start, min(start + chunk, files)) for start in range(0, files, chunk)][::-1]
    whole, at_work = Told(), []
    while left or at_work:
        while left and len(at_work) < workers:
            at_work.append(Worker(left.pop(), seed))
        for worker in list(at_work):
            if answer := worker.told():
                at_work.remove(worker)
                whole.add(answer[0])
                for number, what in answer[0].failures:
                    print(f"number {number}: {what}", flush=True)
                if files > CHUNK:
                    print(f"… {whole.files:,} files, {len(whole.failures)} failures", file=sys.stderr, flush=True)
                left += [answer[1]] if answer[1] else []
    return whole


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    if arguments.only is not None:
        media, data = made(arguments.only, arguments.seed, corpus())
        if arguments.keep:
            arguments.keep.write_bytes(data)
        print(media, tried(media, data))
        return
    started = time.monotonic()
    told = fuzz(arguments.files, arguments.seed, arguments.workers)
    print("\n".join(told.lines()))
    print(f"seconds {time.monotonic() - started:.0f}")
    raise SystemExit(bool(told.failures))


if __name__ == "__main__":
    main()
