"""What the memory has to say about each segment of a release.

`look` finds matches for the next segments and writes nothing, so that on SQLite nobody waits for the search;
`keep` writes them under the run's fence. A worker that dies in between leaves nothing half-done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from service.desk import states
from service.desk.jobs import Claim
from service.desk.terms import glossary_for
from service.storage.proposals import Proposal, ProposalSet
from service.storage.releases import Block, History, Segment, get_release
from tm.store.base import new_id
from tm.store.memory import Known, Memory, Query, Suggestions, Wanted
from tm.store.units import SHARED
from tm.text.codes import placed, plain
from tm.types import Context, Match, Role

if TYPE_CHECKING:
    from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one segment: matches, best first, or known fragments where there is none; at which tick."""

    segment_id: str
    source: str
    carried_over: bool
    matches: tuple[Match, ...]
    known: tuple[Known, ...]
    tick: int


class Progress(NamedTuple):
    """How far a run is: segments proposed for, and segments in all."""

    done: int
    total: int


def look(session: Session, claim: Claim, memory: Memory, settings: Settings) -> list[Found]:
    """Find matches for the next segments of the run's release, or for its segment; an empty list when every one has its
    set."""
    segments = _pending(session, claim, settings.propose_batch)
    if not segments:
        return []
    tick = memory.follow(session)
    texts = [segment for segment in segments if not segment.carried_over]
    project = get_release(session, segments[0].release_id).project
    scope = project or SHARED
    wanted = Wanted(
        settings.match_threshold,
        settings.proposals_per_segment,
        frozenset({SHARED, scope}),  # what its readers may see, whoever they are
        style=settings.house_style,
        terms=glossary_for(session, project).mapping,
    )
    suggested = memory.suggest(session, _queries(session, texts, scope), wanted)
    by_id = {segment.id: found for segment, found in zip(texts, suggested, strict=True)}
    return [_found(segment, by_id.get(segment.id, Suggestions()), tick) for segment in segments]


def _pending(session: Session, claim: Claim, size: int) -> list[Segment]:
    return list(
        session.scalars(
            select(Segment)
            .outerjoin(ProposalSet, ProposalSet.segment_id == Segment.id)
            .where(
                _concerned(claim),
                or_(ProposalSet.segment_id.is_(None), ProposalSet.run_id != claim.run_id),
            )
            .order_by(Segment.position)
            .limit(size)
        )
    )


def _concerned(claim: Claim) -> ColumnElement[bool]:
    return (Segment.id if claim.kind == "propose-segment" else Segment.release_id) == claim.subject


def _queries(session: Session, segments: Sequence[Segment], scope: int) -> list[Query]:
    if not segments:
        return []
    release_id = segments[0].release_id
    wanted = {segment.position + step for segment in segments for step in (-1, 1)}
    neighbours = dict(
        session.execute(
            select(Segment.position, Segment.source_key).where(
                Segment.release_id == release_id, Segment.position.in_(wanted)
            )
        ).all()
    )
    roles = dict(session.execute(select(Block.id, Block.role).where(Block.release_id == release_id)).all())
    return [
        Query(
            plain(segment.source),
            Context(
                neighbours.get(segment.position - 1, ""),
                neighbours.get(segment.position + 1, ""),
                cast("Role", roles[segment.block_id]),
            ),
            scope,
        )
        for segment in segments
    ]


def _found(segment: Segment, said: Suggestions, tick: int) -> Found:
    return Found(segment.id, segment.source, segment.carried_over, said.matches, said.known, tick)


def keep(session: Session, claim: Claim, found: Sequence[Found], settings: Settings) -> Progress:
    """Write what was found: exactly one set for each segment, in place of an older run's; nothing for one that was cut
    anew meanwhile. The caller renews the lease.

    Empty targets of segments that nobody has touched are filled in: with the source where it is English already, or
    with the best match at or above `pretranslate_from`.
    """
    found = _as_they_were(session, found)
    ids = [item.segment_id for item in found]
    session.execute(delete(Proposal).where(Proposal.segment_id.in_(ids)))
    session.execute(delete(ProposalSet).where(ProposalSet.segment_id.in_(ids)))
    for item in found:
        session.add(_set_of(item, claim))
    session.flush()
    for item in found:
        _fill_in(session, item, settings)
    return _progress(session, claim)


def _as_they_were(session: Session, found: Sequence[Found]) -> list[Found]:
    """What was found for segments whose source is still the same; they stay so until the transaction ends."""
    query = select(Segment.id, Segment.source).where(Segment.id.in_([item.segment_id for item in found]))
    now_are = dict(session.execute(query.order_by(Segment.id).with_for_update()).all())
    return [item for item in found if now_are.get(item.segment_id) == item.source]


def _progress(session: Session, claim: Claim) -> Progress:
    of_release = select(func.count()).select_from(Segment).where(_concerned(claim))
    total = session.scalar(of_release) or 0
    done = session.scalar(
        of_release.join(ProposalSet, ProposalSet.segment_id == Segment.id).where(ProposalSet.run_id == claim.run_id)
    )
    return Progress(done or 0, total)


def _set_of(item: Found, claim: Claim) -> ProposalSet:
    made = ProposalSet(segment_id=item.segment_id, run_id=claim.run_id, attempt=claim.attempt, tick=item.tick)
    made.fragments = [asdict(known) for known in item.known]
    made.proposals = [_proposal(rank, match) for rank, match in enumerate(item.matches, 1)]
    return made


def _proposal(rank: int, match: Match) -> Proposal:
    return Proposal(
        rank=rank,
        unit_id=match.entry.id,
        origin=match.origin,
        source=match.entry.source,
        target=match.target,
        raw_target=match.raw_target,
        base_rate=match.base_rate,
        rate=match.rate,
        penalties=_plain(match.penalties),
        difference=_plain(match.difference),
        stale=_plain(match.stale),
        hints=_plain(match.hints),
        repair=asdict(match.repair) if match.repair else None,
        provenance=_provenance(match),
        alternatives=match.alternatives,
    )


def _provenance(match: Match) -> dict[str, Any]:
    return (asdict(match.provenance) if match.provenance else {}) | {"scope": match.entry.scope}


def _plain(values: Sequence[Any]) -> list[dict[str, Any]]:
    return [asdict(value) for value in values]


def _fill_in(session: Session, item: Found, settings: Settings) -> None:
    best = item.matches[0] if item.matches else None
    values: dict[str, Any]
    if item.carried_over:
        values = {"target": item.source, "origin": "carried-over", "match_rate": None}
    elif best is not None and best.rate >= settings.pretranslate_from and not best.stale:
        values = {"target": placed(item.source, best.target), "origin": best.origin, "match_rate": best.rate}
    else:
        return
    state = states.segment_after("untranslated", "pretranslate")
    filled = session.execute(
        update(Segment)
        .where(Segment.id == item.segment_id, Segment.state == "untranslated")
        .values(state=state, distance=0, version=Segment.version + 1, **values)
        .returning(Segment.version)
        .execution_options(synchronize_session=False)
    ).scalar()
    if filled is not None:
        session.add(
            History(
                segment_id=item.segment_id,
                version=filled,
                operation=new_id(),
                action="pretranslate",
                target=values["target"],
                state=state,
            )
        )


def conclude(session: Session, claim: Claim) -> None:
    """Every segment has its proposals: say so on the release, unless people are ahead already."""
    release = get_release(session, claim.subject)
    if states.release_moves(release.state, "propose"):
        release.state = states.release_after(release.state, "propose")
