"""A million units out of a TMX file into a new memory and out of it again, by the commands, beside plain lxml reading.

    python -m tests.bench.tmx [--units 1000000] [--data FILE] [--database postgresql://…]

Each command is a process of its own in a new DATA_DIR. Beside the import, somebody else writes ten times a second and
is timed. What comes out must be, as a set of pairs, what went in, as `fingerprint` tells texts apart.
"""

from __future__ import annotations

import argparse
import lzma
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from sqlalchemy import text

from service.settings import Settings
from service.storage.session import make_engine
from tm.exchange import tmx
from tm.text.normalise import fingerprint
from tm.types import Context, Pair, Provenance

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = CHECKOUT.parent / "shared" / "data" / "europarl-1m.tsv.xz"
MOST = 1024  # megabytes that a process may take


@dataclass(slots=True)
class Run:
    """A process that was waited for: how long it took by the clock and of processors, and the most memory it held."""

    name: str
    seconds: float
    processor: float
    megabytes: float

    def line(self, units: int) -> str:
        """The row of the table."""
        return (
            f"{self.name:<34} {self.seconds:8.1f} s {units / self.seconds:10,.0f} units/s "
            f"{self.processor:8.1f} s of processor {self.megabytes:7.0f} MB at most"
        )


def pairs(data: Path, units: int) -> Iterator[Pair]:
    """Pairs of the corpus, each with its place and neighbours as a release has them."""
    document, position, before = "", 0, ""
    with lzma.open(data, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number == units:
                return
            name, french, english = line.rstrip("\n").split("\t")
            position, before = (position + 1, before) if name == document else (1, "")
            document, key = name, fingerprint(french)
            yield Pair(
                french, english, Provenance(name, position, "imported", None, None, Context(before, None, "paragraph"))
            )
            before = key


def plainly(path: Path) -> int:
    """What reading costs at the very least: lxml alone, elements let go."""
    count = 0
    for _, element in etree.iterparse(path, tag="tu"):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def process(name: str, line: list[str], env: dict[str, str]) -> Run:
    """Run a command and see what it took."""
    started = time.perf_counter()
    child = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{name} ended with {child.returncode}")
    return Run(name, time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@dataclass(slots=True)
class Neighbour:
    """Somebody who writes to the same database now and then, and how long they wait for it each time."""

    url: str
    waits: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Write until it is over."""
        engine = make_engine(self.url)
        while not self.over.wait(0.1):
            started = time.perf_counter()
            with suppress(Exception), engine.begin() as connection:  # before the tables are there, it fails
                connection.execute(text("UPDATE person SET name = name"))
                self.waits.append(time.perf_counter() - started)
        engine.dispose()


def texts(found: Iterator[Pair]) -> set[tuple[str, str]]:
    """The pairs as a set of fingerprints: what has the same is the same text for the memory."""
    return {(fingerprint(pair.source), fingerprint(pair.target)) for pair in found}


def measure(data: Path, units: int, database: str, folder: Path) -> None:
    """The whole way, and what it took."""
    file, out = folder / "memory.tmx", folder / "out.tmx"
    started = time.perf_counter()
    with file.open("wb") as stream:
        tmx.write(pairs(data, units), stream, tool_version="1")
    print(f"{units:,} units written in {time.perf_counter() - started:.1f} s, {file.stat().st_size / 1e6:.0f} MB")
    used = time.process_time()
    count = plainly(file)
    plain = time.process_time() - used
    print(f"plain lxml reads {count:,} in {plain:.1f} s of processor ({count / plain:,.0f} units/s)", flush=True)

    settings = Settings(_env_file=None, data_dir=folder / "var", database_url=database)
    env = {**os.environ, **settings.environment()}
    program = str(Path(sys.executable).with_name("passerelle"))
    process("migration", [program, "db", "upgrade"], env)
    neighbour = Neighbour(settings.database)
    thread = threading.Thread(target=neighbour.work)
    thread.start()
    runs = [process("memory import", [program, "memory", "import", str(file)], env)]
    neighbour.over.set()
    thread.join()
    runs.append(process("memory export", [program, "memory", "export", "--output", str(out)], env))
    runs.append(process("memory import, the same again", [program, "memory", "import", str(file)], env))
    runs.append(process("memory contradictions", [program, "memory", "contradictions"], env))
    for run in runs:
        print(f"{run.line(count)}   = {run.processor / plain:5.1f} times plain reading")
    waits = sorted(neighbour.waits)
    print(
        f"who else wrote meanwhile ({len(waits)} times) waited {statistics.median(waits) * 1000:.0f} ms (median), "
        f"{waits[int(len(waits) * 0.99)] * 1000:.0f} ms (p99), {waits[-1] * 1000:.0f} ms (most; aim: 1000)"
    )
    with out.open("rb") as stream:
        equal = texts(tmx.read(stream)) == texts(pairs(data, units))
    print("what came out is what went in" if equal else "WHAT CAME OUT IS NOT WHAT WENT IN")
    largest = max(run.megabytes for run in runs)
    print(f"most memory of a process: {largest:.0f} MB (aim: less than {MOST})")
    if not equal or largest >= MOST:
        raise SystemExit(1)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database instead of SQLite")
    arguments = parser.parse_args()
    if not arguments.data.is_file():
        raise SystemExit(f"{arguments.data.name} is not there: it is not part of the project; name it with --data")
    with tempfile.TemporaryDirectory() as folder:
        measure(arguments.data, arguments.units, arguments.database, Path(folder))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{most:.0f} MB at most in this process")


if __name__ == "__main__":
    main()
