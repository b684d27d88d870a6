"""What the memory knows of words when documents are aligned: the lexicon of a generation, chosen once for each job.

A job aligns with the lexicon that was the newest when the job was made. So what comes of it does not depend on how long
it waited, how often it was begun, or which other jobs have taught the memory meanwhile. A memory without a lexicon
knows nothing: then each pair is taught by its own texts alone, which needs no order among pairs either.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.storage.runs import Run
from tm.align.knowledge import Knowledge, opened
from tm.store import generations

if TYPE_CHECKING:
    from service.settings import Settings

ALIGNING = ("align", "source")  # kinds of jobs that align


def lexicon(session: Session, settings: Settings) -> Path | None:
    """The folder of the memory's newest lexicon, for a process apart; None where there is none."""
    return generations.lexicon_folder(session, settings.index_folder)


def lexicon_of_run(session: Session, settings: Settings, run_id: str) -> Path | None:
    """The folder of the lexicon with which a job aligns, however often it is begun anew."""
    made_at = session.get_one(Run, run_id).created_at
    return generations.lexicon_folder(session, settings.index_folder, made_at)


def knowledge(session: Session, settings: Settings) -> Knowledge | None:
    """The memory's newest lexicon, opened in this process; None where there is none or it is not whole."""
    return opened(lexicon(session, settings))


def needed(session: Session) -> set[int]:
    """The numbers of the generations with which jobs under way align."""
    live = select(Run.created_at).where(Run.kind.in_(ALIGNING), Run.state.in_(("queued", "running")))
    return generations.teaching_at(session, session.scalars(live).all())
