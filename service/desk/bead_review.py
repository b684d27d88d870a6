"""What people do to beads: accept, reject, edit, merge, split, move segments, align again, undo.

Every act names the beads that it touches with the versions that its actor saw; it is saved at once, written down as
beads before and after, and the memory follows it in the same transaction. A bead whose segments have changed waits
until somebody accepts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from sqlalchemy.orm import Session

from service.desk import knowing
from service.desk.bead_acts import Board, change, opened, touched
from service.desk.beads import Row
from service.desk.moves import check_text
from service.desk.policy import Actor
from service.desk.realigning import between_accepted
from service.errors import WrongState
from service.storage.alignments import BeadAct, last_act
from tm.errors import InputError
from tm.text.normalise import fingerprint

if TYPE_CHECKING:
    from service.settings import Settings

Seen = Mapping[str, int]  # beads that an act touches, each with the version that its actor saw
Side = Literal["fr", "en"]


def accept(session: Session, actor: Actor, pair_id: str, bead_id: str, *, seen: Seen) -> BeadAct:
    """Let a bead stand in the memory, on the actor's word. Raises WrongState for a bead with one side alone."""
    board = opened(session, actor, pair_id)
    at, row = touched(board, bead_id, seen)
    return change(board, "accept", at, 1, [_accepted(board, row, actor)])


def _accepted(board: Board, row: Row, actor: Actor) -> Row:
    if not board.texts.whole(row):
        raise WrongState(
            "This bead has only one side, or its French is English already.",
            code="NO_UNIT",
            todo="Merge it with its neighbour, edit it, or reject it.",
        )
    return row.settled("accepted", actor.id)


def reject(session: Session, actor: Actor, pair_id: str, bead_id: str, *, seen: Seen) -> BeadAct:
    """Keep a bead out of the memory for good; if it is in it, it goes."""
    board = opened(session, actor, pair_id)
    at, row = touched(board, bead_id, seen)
    return change(board, "reject", at, 1, [row.settled("rejected", actor.id)])


def edit(
    session: Session, actor: Actor, pair_id: str, bead_id: str, *, seen: Seen, source: str, target: str
) -> BeadAct:
    """Accept a bead with other texts than those of its segments. Raises InputError (EMPTY_TEXT, and what a target is
    refused for)."""
    board = opened(session, actor, pair_id)
    at, row = touched(board, bead_id, seen)
    for text in (source, target):
        check_text(text)
        if not fingerprint(text):
            raise InputError("A unit needs a French and an English text.", code="EMPTY_TEXT")
    plain = replace(row, edited_source=None, edited_target=None)
    edited = replace(
        row,
        edited_source=None if source.strip() == board.texts.source(plain) else source.strip(),
        edited_target=None if target.strip() == board.texts.target(plain) else target.strip(),
    )
    return change(board, "edit", at, 1, [_accepted(board, edited, actor)])


def merge(session: Session, actor: Actor, pair_id: str, bead_id: str, *, seen: Seen) -> BeadAct:
    """Join a bead with the next one."""
    board = opened(session, actor, pair_id)
    at, row = touched(board, bead_id, seen)
    following = _beside(board, at + 1, seen)
    joined = replace(
        row,
        source=row.source + following.source,
        target=row.target + following.target,
        confidence=min(row.confidence, following.confidence),
        edited_source=_edited(board, "source", row, following),
        edited_target=_edited(board, "target", row, following),
    )
    return change(board, "merge", at, 2, [_open_again(joined)])


def _edited(board: Board, side: Literal["source", "target"], *rows: Row) -> str | None:
    """What somebody has written stays when beads are joined."""
    if all(getattr(row, f"edited_{side}") is None for row in rows):
        return None
    return " ".join(filter(None, (getattr(board.texts, side)(row) for row in rows)))


def split(
    session: Session, actor: Actor, pair_id: str, bead_id: str, *, seen: Seen, french: int, english: int
) -> BeadAct:
    """Part a bead in two: the first takes so many of its French and English segments, the second the rest. Texts that
    somebody had written in their place are gone. Raises InputError (SPLIT_NOWHERE)."""
    board = opened(session, actor, pair_id)
    at, row = touched(board, bead_id, seen)
    if not (0 <= french <= len(row.source) and 0 <= english <= len(row.target)):
        raise InputError("The bead has fewer segments.", code="SPLIT_NOWHERE")
    if french + english in (0, len(row.source) + len(row.target)):
        raise InputError("Both parts of a bead need a segment.", code="SPLIT_NOWHERE")
    first = replace(_plain(row), source=row.source[:french], target=row.target[:english])
    second = Row(row.source[french:], row.target[english:], row.confidence, "held")
    return change(board, "split", at, 1, [_open_again(first), _open_again(second)])


def move(session: Session, actor: Actor, pair_id: str, bead_id: str, *, seen: Seen, side: Side, up: bool) -> BeadAct:
    """Give the first segment of one side to the bead before (`up`), or the last one to the bead after. A bead without
    any segment left is gone. Raises InputError (NOTHING_TO_MOVE)."""
    board = opened(session, actor, pair_id)
    at, row = touched(board, bead_id, seen)
    other = _beside(board, at - 1 if up else at + 1, seen)
    name = "source" if side == "fr" else "target"
    mine, theirs = getattr(row, name), getattr(other, name)
    if not mine:
        raise InputError("There is no segment to move.", code="NOTHING_TO_MOVE")
    given, kept = (mine[:1], mine[1:]) if up else (mine[-1:], mine[:-1])
    left = _open_again(replace(_plain(row), **{name: kept}))
    right = _open_again(replace(_plain(other), **{name: theirs + given if up else given + theirs}))
    both = [right, left] if up else [left, right]
    return change(board, "move", at - 1 if up else at, 2, [each for each in both if each.source or each.target])


def realigned(session: Session, actor: Actor, pair_id: str, *, seen: int, settings: Settings) -> list[Row]:
    """The beads that aligning again between the accepted ones would give: for `realign`. It only reads, and it may take
    a second: nobody need wait for it with the pair in his hands. Raises WrongState (STALE_BEAD, NOTHING_TO_ALIGN, and
    TOO_LONG_TO_ALIGN where too much lies between two accepted beads)."""
    board = opened(session, actor, pair_id, lock=False)
    if board.pair.version != seen:
        raise board.stale()
    rows = between_accepted(board.texts, board.rows, settings, knowing.knowledge(session, settings))
    if rows == board.rows:
        raise WrongState("Nothing lies differently between the accepted beads.", code="NOTHING_TO_ALIGN")
    return rows


def realign(session: Session, actor: Actor, pair_id: str, *, seen: int, rows: Sequence[Row]) -> BeadAct:
    """Let the beads be what `realigned` found for the same version of the pair. Raises WrongState (STALE_BEAD)."""
    board = opened(session, actor, pair_id)
    if board.pair.version != seen:
        raise board.stale()
    before = board.rows
    start = next(at for at, (old, new) in enumerate(zip(before, rows, strict=False)) if old != new)
    end = next(at for at, (old, new) in enumerate(zip(before[::-1], rows[::-1], strict=False)) if old != new)
    return change(board, "realign", start, len(before) - end - start, rows[start : len(rows) - end])


def undo(session: Session, actor: Actor, pair_id: str, *, seen: int) -> BeadAct:
    """Take the last act on a pair back, whoever did it; further ones in turn. `seen` is the version of the pair. Raises
    WrongState (NOTHING_TO_UNDO)."""
    board = opened(session, actor, pair_id)
    if board.pair.version != seen:
        raise board.stale()
    last = last_act(session, pair_id)
    if last is None:
        raise WrongState("There is nothing to undo.", code="NOTHING_TO_UNDO")
    at = [row.id for row in board.rows].index(last.after[0]["id"])
    return change(board, "undo", at, len(last.after), [Row.kept(values) for values in last.before], undoes=last.id)


def _beside(board: Board, at: int, seen: Seen) -> Row:
    if not 0 <= at < len(board.beads):
        raise WrongState("There is no bead beside this one.", code="NO_NEIGHBOUR")
    return touched(board, board.beads[at].id, seen)[1]


def _plain(row: Row) -> Row:
    return replace(row, edited_source=None, edited_target=None)


def _open_again(row: Row) -> Row:
    return replace(row, state="waiting" if row.source and row.target else "held", settled_by=None)
