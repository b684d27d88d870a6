"""Two pages of a watched source as a pair with beads: kept the first time, and brought up to date when a text changes.

What somebody has settled stays settled where its texts are on the pages still; everything else is as the aligner finds
it now. The memory follows: what a changed page says no more is withdrawn, what it says now comes in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.desk.alignments import bead_of, count, import_of, new_row, write_segments
from service.desk.beads import Row, Texts
from service.storage import alignments as storage
from service.storage import audit
from service.storage.alignments import Bead, BeadAct, FilePair, PairSegment
from service.storage.people import Person
from tm.store.base import new_id
from tm.store.replacing import replace_places, units_at
from tm.store.units import SHARED
from tm.types import Pair

if TYPE_CHECKING:
    from service.settings import Settings

Beads = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Pages:
    """Two pages that belong together: their key for good, whose they are, and each side's address and bytes."""

    key: str
    scope: int
    title: str
    date: str
    french: tuple[str, str]
    english: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Before:
    """A pair as it stands: nothing, where the two are met for the first time."""

    texts: Texts
    rows: Sequence[Row]


def before(session: Session, key: str, scope: int) -> Before:
    """What there is of two pages."""
    pair = storage.find_pair(session, key, scope)
    if pair is None:
        return Before(Texts((), ()), ())
    rows = [Row.of(bead) for bead in storage.beads_of(session, pair.id)]
    return Before(Texts(*storage.segments_of(session, pair.id)), rows)


def still_settled(was: Before, found: dict[str, Any]) -> dict[Beads, Row]:
    """The beads that somebody has settled and whose texts still stand on both pages, by where they stand now.

    `found` are the segments of both pages as the process apart gives them.
    """
    if not any(row.settled_by for row in was.rows):
        return {}
    french = _moved([each.text for each in was.texts.french], [each[0] for each in found["fr"]])
    english = _moved([each.text for each in was.texts.english], [each[0] for each in found["en"]])
    kept: dict[Beads, Row] = {}
    for row in was.rows:
        source, target = _at(row.source, french), _at(row.target, english)
        if row.settled_by and source is not None and target is not None:
            kept[source, target] = replace(row, source=source, target=target, id=new_id())
    return kept


def _moved(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Where each text that is still there stands now, in the same order."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {one + step: other + step for one, other, size in blocks for step in range(size)}


def _at(positions: Sequence[int], moved: dict[int, int]) -> tuple[int, ...] | None:
    """Where segments that stood beside each other stand now, None unless all are there and beside each other."""
    found = [moved.get(at, -1) for at in positions]
    whole = all(at >= 0 for at in found) and found == list(range(found[0], found[0] + len(found))) if found else True
    return tuple(found) if whole else None


def keep(session: Session, pages: Pages, found: dict[str, Any], settings: Settings) -> dict[str, int]:
    """Let the pair and the memory be what the pages say now; returns counts for the visit's record."""
    pair = _pair(session, pages)
    was = before(session, pages.key, pages.scope)
    settled = still_settled(was, found)
    label = found["title"] or pages.title
    said = {place: seen for _, place, seen in _said(session, was.texts, was.rows, label)}
    _clear(session, pair)
    pair.label, pair.version = label, pair.version + 1
    texts = Texts(*(write_segments(session, pair.id, side, found[side]) for side in ("fr", "en")))
    rows = [
        settled.get((tuple(source), tuple(target))) or new_row(texts, source, target, sure, settings)
        for source, target, sure in found["beads"]
    ]
    new = {row.id: (place, seen) for row, place, seen in _said(session, texts, rows, label)}
    counts, units = _follow(session, pair, said, dict(new.values()), pages.date)
    places = {row_id: place for row_id, (place, _) in new.items()}
    beads = [bead_of(pair, texts, row, at, units.get(places.get(row.id, 0))) for at, row in enumerate(rows)]
    session.add_all(beads)
    count(pair, rows)
    audit.record(session, None, "aligned pair", "alignment", pair.id, **pair.counts)
    return {"doubtful": pair.counts["waiting"], **counts}


def _pair(session: Session, pages: Pages) -> FilePair:
    known = storage.find_pair(session, pages.key, pages.scope)
    pair = known or FilePair(document_key=pages.key, source="source", scope=pages.scope, version=0)
    if known is not None:
        pair = storage.get_pair(session, known.id, lock=True)
    pair.label, pair.project = pages.title, None if pages.scope == SHARED else pages.scope
    pair.french_name, pair.french_blob = pages.french
    pair.english_name, pair.english_blob = pages.english
    pair.state, pair.code, pair.reason = "received", None, None
    session.add(pair)
    session.flush()
    return pair


def _clear(session: Session, pair: FilePair) -> None:
    """The beads of the old texts go, and the acts on them: what they say can be put back no more."""
    session.flush()
    for table in (BeadAct, Bead, PairSegment):
        gone = delete(table).where(table.pair_id == pair.id)
        session.execute(gone.execution_options(synchronize_session=False))


def _said(session: Session, texts: Texts, rows: Sequence[Row], label: str) -> Iterator[tuple[Row, int, Pair]]:
    """The pairs that these beads are in the memory, each with its place."""
    for row in rows:
        person = session.get(Person, row.settled_by) if row.settled_by else None
        seen = texts.for_memory(row, label, person.name if person else None)
        if seen is not None:
            yield row, row.source[0] + 1, seen


def _follow(
    session: Session, pair: FilePair, was: dict[int, Pair], now_is: dict[int, Pair], date: str
) -> tuple[dict[str, int], dict[int, int]]:
    """Bring the memory from what the beads said to what they say, as an act of its own; returns what that changed, and
    the unit at each place."""
    gone = [place for place, seen in was.items() if now_is.get(place) != seen]
    new = [
        replace(seen, seen=replace(seen.seen, date=date or None))
        for place, seen in now_is.items()
        if was.get(place) != seen
    ]
    act = import_of(session, pair, "source")
    counts = replace_places(session, act, gone, new, reason="page changed" if was else None).as_dict()
    act.counts = counts
    return counts, units_at(session, act, list(now_is))
