"""Eight processes look up while a ninth adds 10,000 units and switches the generation three times.

    scripts/bench switching

Prints whether every answer was right for some moment of its call, and how long a question waited for a switch at most.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from service.settings import load
from service.storage.migrate import ensure
from service.storage.session import make_sessions
from tests.parts.switching import play
from tm.match.generation.index import prepare


def main() -> None:
    """Play the scene on a fresh installation and print what came of it."""
    prepare()
    with tempfile.TemporaryDirectory() as place:
        settings = load(data_dir=Path(place) / "data")
        ensure(settings.database)
        sessions = make_sessions(settings)
        scene = play(sessions, settings, Path(place), units=10_000, batch=250, switches=3)
        sessions.close()
    seconds = sorted(answer.seconds for answer in scene.answers)
    print(f"{len(seconds)} answers of 8 processes, {len(scene.wrong())} of them right at no moment of their call")
    print(f"generations that answered: {sorted({answer.generation for answer in scene.answers})}")
    middle, p99 = statistics.median(seconds) * 1000, seconds[int(len(seconds) * 0.99)] * 1000
    print(f"a lookup: median {middle:.1f} ms, p99 {p99:.1f} ms")
    print(f"longest wait for a switch: {max(answer.waited for answer in scene.answers) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
