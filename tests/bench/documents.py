"""A Word document of 60 segments on its way: from the upload to all proposals, and from “publish” to all files.

    scripts/bench documents [--segments 60]

The share of each step is told, and the whole beside the same text as plain text in the same run. The web's part of it
(what its sender waits for) is told apart from what a worker does.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from docx import Document
from sqlalchemy.orm import Session

from service.desk import ingest, jobs, people, propose, publish, rendering, samples
from service.desk.policy import Actor
from service.settings import Settings, load
from service.storage.migrate import ensure
from service.storage.people import Person, by_email
from service.storage.publications import get_publication
from service.storage.releases import get_release
from service.storage.runs import runs_about
from service.storage.session import Sessions, make_sessions
from tests.bench.lookup import command
from tests.desk.published import approve_all
from tm.store.memory import Memory

Steps = dict[str, float]
SENTENCES = (
    "Le Conseil a adopté le point {n} de l’ordre du jour à l’issue de sa session du 12 mars 2024.",
    "Les ministres ont décidé d’affecter {n} millions d’euros aux travaux du port de Valmer.",
    "Le Secrétaire général a remercié les {n} délégations pour leur contribution à l’exercice Boréal.",
)


def word(segments: int) -> bytes:
    """A release of so many segments, with emphasis, a list and a table."""
    document = Document()
    document.add_heading("Le Conseil ministériel achève sa session", 0)
    for number in range(2, segments + 1):
        text = SENTENCES[number % 3].format(n=number)
        paragraph = document.add_paragraph(style="List Bullet" if number % 7 == 0 else None)
        first, _, rest = text.partition(" a ")
        paragraph.add_run(first).bold = number % 4 == 0
        paragraph.add_run(f" a {rest}" if rest else "")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def plain(segments: int) -> bytes:
    """The same as plain text."""
    texts = [SENTENCES[number % 3].format(n=number) for number in range(2, segments + 1)]
    return "\n\n".join(["Le Conseil ministériel achève sa session", *texts]).encode()


@contextmanager
def timed(steps: Steps, name: str) -> Iterator[None]:
    """Add what the context takes to a step."""
    began = time.perf_counter()
    yield
    steps[name] = steps.get(name, 0.0) + time.perf_counter() - began


def through(
    sessions: Sessions, settings: Settings, who: dict[str, Actor], data: bytes, name: str
) -> tuple[Steps, Steps]:
    """Bring a release from bytes to its files; the seconds of each step until the proposals, and after “publish”."""
    before: Steps = {}
    after: Steps = {}
    with timed(before, "upload: read, kept (web)"), sessions.write() as session:
        release = ingest.submit(session, who["editor"], data, filename=name, media=None, settings=settings, again=True)
        release_id = release.id
        session.commit()
    with timed(before, "cut into segments (worker)"), sessions.write() as session:
        ingest.parse(session, release_id, settings)
        session.commit()
    with timed(before, "proposals (worker)"):
        _propose(sessions, settings, release_id)
    with sessions.write() as session:
        approve_all(session, who["translator"], who["reviewer"], get_release(session, release_id))
        session.commit()
    with timed(after, "publish (web)"), sessions.write() as session:
        made = publish.publish(session, who["editor"], release_id, settings=settings)
        publication_id = made.id
        session.commit()
    with sessions.read() as session:
        publication = get_publication(session, publication_id)
        files = []
        for each in rendering.NAMES:
            with timed(after, f"{each} (worker)"):
                files.append((each, rendering.rendered(publication, each, settings)))
    with timed(after, "kept (worker)"), sessions.write() as session:
        rendering.keep(session, publication_id, files, settings)
        session.commit()
    return before, after


def _propose(sessions: Sessions, settings: Settings, release_id: str) -> None:
    memory = Memory(settings.index_folder)
    with sessions.write() as session:
        run = next(run for run in runs_about(session, release_id) if run.kind == "propose")
        claim = jobs.claim(session, run.id, settings)
        session.commit()
    assert claim is not None
    while True:
        with sessions.read() as session:
            found = propose.look(session, claim, memory, settings)
        if not found:
            return
        with sessions.write() as session:
            propose.keep(session, claim, found, settings)
            session.commit()


def _person(session: Session, email: str) -> Person:
    found = by_email(session, email)
    assert found is not None
    return found


def told(title: str, steps: Steps) -> float:
    """Print the steps with their shares; their sum."""
    whole = sum(steps.values())
    print(f"{title}: {whole:.2f} s")
    for name, took in steps.items():
        print(f"  {name:30} {1000 * took:8.1f} ms  {100 * took / whole:5.1f} %")
    return whole


def measure(settings: Settings, segments: int) -> None:
    """Fill a memory from the samples, bring both documents through, print the figures."""
    ensure(settings.database)
    sessions = make_sessions(settings)
    with sessions.write() as session:
        samples.settle_in(session, settings)
        roles = ("translator", "reviewer", "editor")
        who = {role: people.actor_of(_person(session, f"{role}@{samples.DOMAIN}")) for role in roles}
        session.commit()
    built = json.loads(command(settings, "memory", "rebuild", "--json")[0])
    print(f"a memory of {built['units']:,} units")
    results: dict[str, tuple[float, float]] = {}
    kinds: dict[str, Callable[[int], bytes]] = {"txt": plain, "docx": word}
    for ending, make in kinds.items():
        through(sessions, settings, who, make(5), f"warm.{ending}")
        before, after = through(sessions, settings, who, make(segments), f"release.{ending}")
        title = f"{ending} of {segments} segments, from the upload to all proposals"
        results[ending] = (told(title, before), told(f"{ending}, from “publish” to all files", after))
    sessions.close()
    ratios = [word / text for word, text in zip(results["docx"], results["txt"], strict=True)]
    print(f"Word beside plain text: {ratios[0]:.2f} × until the proposals, {ratios[1]:.2f} × until all files")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        measure(load(data_dir=Path(place), port=8764), arguments.segments)


if __name__ == "__main__":
    main()
