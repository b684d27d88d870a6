"""Every task: the whole asynchronous surface on one page."""

from __future__ import annotations

import time

from celery.signals import worker_ready

from service.desk import (
    alignments,
    fetching,
    generations,
    imports,
    jobs,
    learn,
    outcomes,
    propose,
    refresh,
    rendering,
    schedule,
    visiting,
)
from service.desk import evaluate as evaluating
from service.desk import evaluate_memory as evaluating_memory
from service.desk import ingest as ingesting
from service.desk import prune as pruning
from service.storage.alignments import get_pair
from service.storage.sources import visit_of
from workers.app import app, settings
from workers.base import Job, aligner, job, sessions


@job("ingest")
def ingest(work: Job) -> None:
    """Make the blocks and segments of a release."""
    with work.write() as session:
        ingesting.parse(session, work.subject, work.settings)


@job("fetch")
def fetch_release(work: Job) -> None:
    """Fetch the page of a release from its address."""
    with aligner().lent() as apart:
        fetching.fetch(work, work.subject, apart)


@job("propose")
def propose_release(work: Job) -> None:
    """Propose for every segment of a release, batch by batch."""
    _propose(work)
    with work.write() as session:
        propose.conclude(session, work.claim)


@job("propose-segment")
def propose_for_segment(work: Job) -> None:
    """Propose for a segment that was cut anew."""
    _propose(work)


def _propose(work: Job) -> None:
    while True:
        with work.read() as session:
            found = propose.look(session, work.claim, work.memory, work.settings)
        if not found:
            break
        with work.write() as session:
            work.done, work.total = propose.keep(session, work.claim, found, work.settings)
        time.sleep(work.settings.propose_pause_ms / 1000)


@job("evaluate")
def evaluate(work: Job) -> None:
    """Compare proposals with what was approved."""
    with work.write() as session:
        evaluating.evaluate(session, work.subject)


@job("render")
def render_publication(work: Job) -> None:
    """Make the files of a publication."""
    with work.read() as session:
        publication_id, files = rendering.missing(session, work.subject, work.settings)
    with work.write() as session:
        work.done = work.total = rendering.keep(session, publication_id, files, work.settings)


@job("learn")
def learn_release(work: Job) -> None:
    """Take a published release into the memory."""
    with work.write() as session:
        work.outcome = outcomes.of_counts(learn.learn_release(session, work.subject))


@job("refresh")
def refresh_memory(work: Job) -> None:
    """Refresh the memory and keep a record of what changed."""
    with work.write() as session:
        work.outcome = outcomes.of_refresh(refresh.refresh(session, work.claim))


@job("generation")
def build_generation(work: Job) -> None:
    """Build a generation of the memory's index."""
    with work.read() as session:
        built = generations.make(session, work.settings)
    with work.write() as session:
        work.outcome = outcomes.of_generation(generations.keep(session, work.settings, built))


@job("evaluate-memory")
def evaluate_memory(work: Job) -> None:
    """See what the memory proposes for documents that were held out of it."""
    with work.read() as session:
        found = evaluating_memory.look(session, evaluating_memory.Wanted())
    with work.write() as session:
        evaluating_memory.keep(session, found, work.claim.run_id)
        work.outcome = outcomes.of_evaluation(found)


@job("source")
def visit_source(work: Job) -> None:
    """Visit a source of pairs."""
    visiting.visit(work)
    with work.write() as session:
        work.outcome = outcomes.of_visit(visit_of(session, work.claim.run_id))


@job("align")
def align_pair(work: Job) -> None:
    """Align two files and let the memory learn what is certain."""
    with aligner().lent() as apart:
        alignments.align_pair(work, apart)
    with work.write() as session:
        work.outcome = outcomes.of_pair(get_pair(session, work.subject))


@job("import")
def carry_on_import(work: Job) -> None:
    """Write an exchange file into the memory, or take an import back."""

    def report(done: int, total: int) -> None:
        work.done, work.total = done, total

    counts = imports.carry_on(work.write, work.subject, settings=work.settings, report=report)
    with work.write():
        work.outcome = outcomes.of_counts(counts)


@job("prune")
def prune(work: Job) -> None:
    """Remove what has been kept long enough."""
    found = pruning.prune(work)
    with work.write():
        work.outcome = found


@app.task(name="passerelle.sweep")
def sweep() -> dict[str, int]:
    """Give runs of dead workers back, send lost messages again, and show that this worker works."""
    with sessions().write() as session:
        swept = schedule.sweep(session, settings)
        jobs.show_life(session, "worker")
        session.commit()
    return swept


@app.task(name="passerelle.due")
def due() -> None:
    """Start what the schedule has due."""
    with sessions().write() as session:
        schedule.due(session, settings)
        session.commit()


@worker_ready.connect
def look_round(**_: object) -> None:
    """A worker that starts takes up at once what the one before it left behind."""
    sweep()
    sessions().close()
