"""How an act on beads is done: pair locked, versions checked, beads before and after kept, the memory taken along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from service.desk.alignments import bead_of, count
from service.desk.beads import Row, Texts
from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.errors import NotFound, WrongState
from service.storage import audit
from service.storage.alignments import Bead, BeadAct, FilePair, beads_of, get_pair, segments_of
from service.storage.people import Person
from tm.store.replacing import replace_places, units_at
from tm.store.units import Import
from tm.types import Pair


@dataclass(slots=True)
class Board:
    """A pair in the hands of somebody, locked until the transaction ends."""

    session: Session
    actor: Actor
    pair: FilePair
    texts: Texts
    beads: list[Bead]
    act: Import

    @property
    def rows(self) -> list[Row]:
        """The beads as values."""
        return [Row.of(bead) for bead in self.beads]

    def stale(self) -> WrongState:
        """The refusal of an act on something that is no longer as its actor saw it."""
        return WrongState(
            "Somebody has changed these beads meanwhile.",
            code="STALE_BEAD",
            todo="Look at them as they stand now, then go on.",
        )


def opened(session: Session, actor: Actor, pair_id: str, *, lock: bool = True) -> Board:
    """The pair with its segments and beads; without `lock`, to look at them only.

    Raises Forbidden, NotFound, and WrongState for a pair without beads (NO_BEADS) or one that was taken out of the
    memory as a whole (PAIR_UNDONE)."""
    require(actor, "alignment.review")
    pair = get_pair(session, pair_id, sight_of(actor), lock=lock)
    if pair.state not in ("aligned", "done") or pair.import_id is None:
        raise WrongState(f"This pair is {pair.state}: it has no beads.", code="NO_BEADS")
    act = session.get_one(Import, pair.import_id)
    if act.state != "done" or act.undone_by is not None:
        raise WrongState("This pair was taken out of the memory.", code="PAIR_UNDONE", todo="Hand it in again.")
    return Board(session, actor, pair, Texts(*segments_of(session, pair.id)), beads_of(session, pair.id), act)


def touched(board: Board, bead_id: str, seen: Mapping[str, int]) -> tuple[int, Row]:
    """Where a bead stands among the others, and the bead. Raises NotFound, and WrongState (STALE_BEAD) unless it is as
    the actor saw it."""
    for at, bead in enumerate(board.beads):
        if bead.id == bead_id:
            if seen.get(bead_id) != bead.version:
                raise board.stale()
            return at, Row.of(bead)
    if bead_id in seen:
        raise board.stale()
    raise NotFound("bead")


def change(
    board: Board, kind: str, start: int, length: int, rows: Sequence[Row], *, undoes: str | None = None
) -> BeadAct:
    """Put the rows in the place of so many beads, write the act down, and let the memory follow."""
    session, pair = board.session, board.pair
    before = board.rows[start : start + length]
    pair.version += 1
    act = BeadAct(pair_id=pair.id, number=pair.version, kind=kind, person_id=board.actor.id, undoes=undoes)
    act.before, act.after = [asdict(row) for row in before], [asdict(row) for row in rows]
    session.add(act)
    units = _follow(board, kind, before, rows)
    _write(board, start, length, rows, units)
    board.beads = beads_of(session, pair.id)
    count(pair, board.rows)
    audit.record(session, board.actor.id, f"{kind} bead", "alignment", pair.id, act=act.number)
    session.flush()
    return act


def _write(board: Board, start: int, length: int, rows: Sequence[Row], units: Mapping[str, int]) -> None:
    session, pair = board.session, board.pair
    session.flush()
    gone = [bead.id for bead in board.beads[start : start + length]]
    session.execute(delete(Bead).where(Bead.id.in_(gone)).execution_options(synchronize_session=False))
    if shift := len(rows) - length:
        behind = update(Bead).where(Bead.pair_id == pair.id, Bead.number >= start + length)
        session.execute(behind.values(number=Bead.number + shift).execution_options(synchronize_session=False))
    for bead in board.beads:
        session.expunge(bead)
    session.add_all([bead_of(pair, board.texts, row, start + at, units.get(row.id)) for at, row in enumerate(rows)])
    session.flush()


def _follow(board: Board, kind: str, before: Sequence[Row], after: Sequence[Row]) -> dict[str, int]:
    """What the memory has of these beads is what they say now; returns the unit of each bead that is in it."""
    was, now_is = _said(board, before), _said(board, after)
    gone = [position for position, pair in was.items() if now_is.get(position) != pair]
    new = [pair for position, pair in now_is.items() if was.get(position) != pair]
    if gone or new:
        reason = f"alignment: {kind}"
        replace_places(board.session, board.act, gone, new, person=board.actor.name, reason=reason)
    units = units_at(board.session, board.act, list(now_is))
    return {row.id: units[row.source[0] + 1] for row in after if row.source and row.source[0] + 1 in units}


def _said(board: Board, rows: Sequence[Row]) -> dict[int, Pair]:
    """The pairs of these beads, by their place in the memory."""
    found: dict[int, Pair] = {}
    for row in rows:
        person = board.session.get(Person, row.settled_by) if row.settled_by else None
        pair = board.texts.for_memory(row, board.pair.label, person.name if person else None)
        if pair is not None:
            found[row.source[0] + 1] = pair
    return found
