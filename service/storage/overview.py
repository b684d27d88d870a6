"""Questions that pages ask over many rows at once, each answered in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.storage.projects import Project
from service.storage.proposals import Proposal, ProposalSet
from service.storage.publications import Publication
from service.storage.releases import Block, Release, Segment
from service.storage.runs import Run
from tm.store.units import Unit


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a segment stands: enough to see that a page is behind. `rate` and `origin` are the best proposal's."""

    id: str
    version: int
    proposed: bool
    rate: int | None
    origin: str | None


def pulse(session: Session, release_id: str) -> list[Pulse]:
    """How the segments of a release stand, in order."""
    rows = session.execute(
        select(Segment.id, Segment.version, ProposalSet.segment_id, Proposal.rate, Proposal.origin)
        .outerjoin(ProposalSet, ProposalSet.segment_id == Segment.id)
        .outerjoin(Proposal, (Proposal.segment_id == Segment.id) & (Proposal.rank == 1))
        .where(Segment.release_id == release_id)
        .order_by(Segment.position)
    )
    return [Pulse(id_, version, made is not None, rate, origin) for id_, version, made, rate, origin in rows]


def live_subjects(session: Session, subjects: Sequence[str]) -> set[str]:
    """Those of the subjects that a queued or running run is about."""
    return set(
        session.scalars(select(Run.subject).where(Run.subject.in_(subjects), Run.state.in_(("queued", "running"))))
    )


def latest_run(session: Session, kind: str, subject: str) -> Run | None:
    """The latest run of this kind about this subject."""
    asked = select(Run).where(Run.kind == kind, Run.subject == subject)
    return session.scalar(asked.order_by(Run.created_at.desc(), Run.id).limit(1))


def runs_of(session: Session, person_id: str, limit: int = 100) -> list[Run]:
    """The latest runs that a person asked for."""
    return list(
        session.scalars(
            select(Run).where(Run.requested_by == person_id).order_by(Run.created_at.desc(), Run.id).limit(limit)
        )
    )


def titles(session: Session, release_ids: Sequence[str]) -> dict[str, str]:
    """The titles of releases by id; ids of other things are left out."""
    rows = session.execute(select(Release.id, Release.title).where(Release.id.in_(release_ids))).all()
    return {row.id: row.title for row in rows}


def projects_of(session: Session, unit_ids: Sequence[int]) -> dict[int, str]:
    """The names of the projects that keep these units to themselves, by unit; shared units are left out."""
    rows = session.execute(
        select(Unit.id, Project.name).join(Project, Project.number == Unit.scope).where(Unit.id.in_(unit_ids))
    ).all()
    return {row.id: row.name for row in rows}


def latest_publications(session: Session, limit: int = 200) -> list[Publication]:
    """The latest publications of all releases, the newest first, with who published them."""
    return list(
        session.scalars(
            select(Publication)
            .options(joinedload(Publication.publisher))
            .order_by(Publication.published_at.desc(), Publication.id)
            .limit(limit)
        )
    )


def blocks_of(session: Session, release_id: str) -> list[Block]:
    """The blocks of a release that have segments, in order, with their segments and who answers for them at hand: a few
    queries, however long the release is."""
    segments = selectinload(Block.segments)
    people = (segments.joinedload(Segment.translator), segments.joinedload(Segment.approver))
    query = select(Block).where(Block.release_id == release_id).order_by(Block.position)
    return [block for block in session.scalars(query.options(segments, *people)) if block.segments]
