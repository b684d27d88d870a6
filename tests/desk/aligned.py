"""Pairs of files for tests of the alignment desk: handed in, aligned for real, and looked at."""

from __future__ import annotations

import textwrap
from contextlib import contextmanager
from types import SimpleNamespace

from sqlalchemy import select

from service.desk import alignments, jobs
from service.desk.alignments import File
from service.storage.alignments import beads_of, get_pair
from service.storage.runs import Run
from tm.store.units import Occurrence, Unit

FRENCH = textwrap.dedent(
    """\
    Réunion du Conseil à Bruxelles

    Le Conseil de l’Atlantique Nord s’est réuni à Bruxelles le 12 mars 2019. Il a pris trois décisions importantes.

    Les ministres se retrouveront au mois de juin prochain. Le Secrétaire général a remercié les 29 pays.
    """
)
ENGLISH = textwrap.dedent(
    """\
    Council meeting in Brussels

    The North Atlantic Council met in Brussels on 12 March 2019. It took three important decisions.

    Ministers will meet again next June. The Secretary General thanked the 29 countries.
    """
)


def submit(session, editor, settings, french=FRENCH, english=ENGLISH, name="a", **more):
    files = File(f"{name}.fr.txt", french.encode()), File(f"{name}.en.txt", english.encode())
    return alignments.submit_pair(session, editor, *files, settings=settings, **more)


def align(session, pair, settings, apart):
    """Carry the job out in the transaction of the test."""
    run = session.scalars(select(Run).where(Run.subject == pair.id, Run.state == "queued")).one()
    claim = jobs.claim(session, run.id, settings)

    @contextmanager
    def here():
        yield session
        session.flush()

    alignments.align_pair(SimpleNamespace(claim=claim, settings=settings, read=here, write=here), apart)
    jobs.finish(session, claim)
    return get_pair(session, pair.id)


def memory_of(session):
    """What stands in the memory: texts, origin and places."""
    rows = session.execute(
        select(Unit.source, Unit.target, Unit.origin, Occurrence.position, Occurrence.origin)
        .join(Occurrence, Occurrence.unit_id == Unit.id)
        .where(Unit.status == "active", Occurrence.withdrawn.is_(False))
    )
    return sorted(tuple(row) for row in rows)


def beads(session, pair):
    return [(tuple(bead.source), tuple(bead.target), bead.state) for bead in beads_of(session, pair.id)]


def seen(session, pair, *numbers):
    found = beads_of(session, pair.id)
    return {found[number].id: found[number].version for number in numbers}


def bead(session, pair, number):
    return beads_of(session, pair.id)[number].id
