"""A pair as its reviewers see it: every bead in its order, with the texts of its segments and who has settled it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.desk.beads import Row, Texts
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.storage.alignments import Bead, BeadAct, FilePair, PairSegment, beads_of, get_pair, last_act, segments_of
from service.storage.people import Person
from tm.store.units import Import


@dataclass(frozen=True, slots=True)
class Line:
    """A bead with its segments. `whole`: it could be a unit; `person`: who has settled it; `role`: what it is in its
    document."""

    bead: Bead
    french: list[PairSegment]
    english: list[PairSegment]
    role: str
    whole: bool
    person: str | None


@dataclass(frozen=True, slots=True)
class Last:
    """What undo would take back: an act, its kind, and who did it."""

    kind: str
    person: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A pair with its beads. `closed`: it was taken out of the memory as a whole, and nothing can be done to it."""

    pair: FilePair
    lines: list[Line]
    last: Last | None
    closed: bool


def pair_of(session: Session, actor: Actor, pair_id: str) -> FilePair:
    """A pair without its beads. Raises NotFound."""
    require(actor, "alignment.see")
    return get_pair(session, pair_id, sight_of(actor))


def look(session: Session, actor: Actor, pair_id: str) -> Sheet:
    """The pair as it stands now. Raises NotFound."""
    require(actor, "alignment.see")
    pair = get_pair(session, pair_id, sight_of(actor))
    beads = beads_of(session, pair.id)
    act = session.get(Import, pair.import_id) if pair.import_id else None
    closed = act is not None and (act.state != "done" or act.undone_by is not None)
    return Sheet(pair, _lines(session, pair, beads), _last(session, pair), closed)


def after(session: Session, actor: Actor, act: BeadAct) -> Sheet:
    """The pair after an act, with the beads alone that the act has made."""
    require(actor, "alignment.see")
    pair = get_pair(session, act.pair_id, sight_of(actor))
    made = {row["id"] for row in act.after}
    beads = [bead for bead in beads_of(session, pair.id) if bead.id in made]
    return Sheet(pair, _lines(session, pair, beads), _last(session, pair), closed=False)


def _last(session: Session, pair: FilePair) -> Last | None:
    act = last_act(session, pair.id)
    return Last(act.kind, session.get_one(Person, act.person_id).name) if act else None


def _lines(session: Session, pair: FilePair, beads: Sequence[Bead]) -> list[Line]:
    texts = Texts(*segments_of(session, pair.id))
    ids = {bead.settled_by for bead in beads if bead.settled_by}
    names = {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    return [_line(texts, bead, names) for bead in beads]


def _line(texts: Texts, bead: Bead, names: dict[str, str]) -> Line:
    french = [texts.french[at] for at in bead.source]
    english = [texts.english[at] for at in bead.target]
    role = (french or english)[0].role
    return Line(bead, french, english, role, texts.whole(Row.of(bead)), names.get(bead.settled_by or ""))
