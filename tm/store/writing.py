"""Writing to the memory: pairs in, units and occurrences kept, nothing twice and nothing deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from tm.store.units import Clock, Import, Occurrence, Unit
from tm.text.normalise import fingerprint
from tm.types import Pair

BATCH = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import changed: units new to the memory, pairs it knew already, units superseded, pairs left out."""

    added: int = 0
    seen_again: int = 0
    superseded: int = 0
    left_out: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.added + other.added,
            self.seen_again + other.seen_again,
            self.superseded + other.superseded,
            self.left_out + other.left_out,
        )

    def as_dict(self) -> dict[str, int]:
        """The counts by name, for a record or for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def tick(session: Session) -> int:
    """Move the memory's clock and return the new tick; the clock's lock is held until the transaction ends."""
    value = session.scalar(update(Clock).where(Clock.id == 1).values(tick=Clock.tick + 1).returning(Clock.tick))
    if value is None:
        raise LookupError("the memory has no clock: the database is not migrated")
    return int(value)


def add_pairs(
    session: Session, pairs: Iterable[Pair], *, kind: str, label: str, document_key: str, person: str | None = None
) -> Counts:
    """Add aligned, approved or imported pairs to the memory, as one `Import`.

    `kind` is the act (`pair`, `tmx`, `po`, `tsv`, `publication`), `label` what people call it, `document_key` names
    the document for good: adding the same pairs with the same key again changes nothing. A pair with an empty side is
    left out and counted. Memory use does not grow with the number of pairs.
    """
    moment = tick(session)
    act = Import(kind=kind, label=label, person=person)
    session.add(act)
    session.flush()
    counts, position = Counts(), 0
    for batch in _batches(pairs):
        batch = [_placed(pair, position + offset, person) for offset, pair in enumerate(batch)]
        position += len(batch)
        counts += _add_batch(session, batch, act.id, document_key, moment)
    act.counts = counts.as_dict()
    session.flush()
    return counts


def _batches(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    source = iter(pairs)
    while batch := list(islice(source, BATCH)):
        yield batch


def _placed(pair: Pair, position: int, person: str | None) -> Pair:
    """The pair with a place in its document and a person, where it brings none of its own."""
    seen = pair.seen
    if seen.position is None:
        seen = replace(seen, position=position)
    return replace(pair, seen=replace(seen, person=seen.person or person))


def _add_batch(session: Session, batch: list[Pair], import_id: str, document_key: str, moment: int) -> Counts:
    keyed = [(fingerprint(pair.source), fingerprint(pair.target), pair) for pair in batch]
    usable = [item for item in keyed if item[0] and item[1]]
    known = _known(session, {(source, target) for source, target, _ in usable})
    fresh = _insert_units(session, usable, known, moment)
    superseded = _place(session, usable, known, import_id, document_key, moment)
    return Counts(fresh, len(usable) - fresh, superseded, len(keyed) - len(usable))


def _known(session: Session, keys: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(Unit.source_key, Unit.target_key, Unit.id).where(
            tuple_(Unit.source_key, Unit.target_key).in_(sorted(keys))
        )
    )
    return {(source, target): unit_id for source, target, unit_id in rows}


def _insert_units(
    session: Session, usable: list[tuple[str, str, Pair]], known: dict[tuple[str, str], int], moment: int
) -> int:
    new: dict[tuple[str, str], dict[str, object]] = {}
    for source, target, pair in usable:
        if (source, target) not in known and (source, target) not in new:
            new[source, target] = {
                "source": pair.source,
                "target": pair.target,
                "source_key": source,
                "target_key": target,
                "origin": pair.seen.origin,
                "status": "active",
                "changed": moment,
            }
    if new:
        session.execute(insert(Unit), list(new.values()))
        known.update(_known(session, set(new)))
    return len(new)


def _place(
    session: Session,
    usable: list[tuple[str, str, Pair]],
    known: dict[tuple[str, str], int],
    import_id: str,
    document_key: str,
    moment: int,
) -> int:
    """Write where each unit was seen, lift its origin if that is better now, supersede what stood in its place."""
    placed = {
        (row.unit_id, row.position)
        for row in session.execute(
            select(Occurrence.unit_id, Occurrence.position).where(Occurrence.document_key == document_key)
        )
    }
    rows, approved, places = [], set(), set()
    for source, target, pair in usable:
        unit_id, seen = known[source, target], pair.seen
        if seen.origin == "approved":
            approved.add(unit_id)
        if (unit_id, seen.position) in placed:
            continue
        placed.add((unit_id, seen.position))
        places.add((unit_id, seen.position))
        rows.append(_occurrence(unit_id, pair, import_id, document_key))
    if rows:
        session.execute(insert(Occurrence), rows)
    _approve(session, approved, moment)
    _touch(session, {unit_id for unit_id, _ in places}, moment)
    return _supersede(session, places, document_key, moment)


def _occurrence(unit_id: int, pair: Pair, import_id: str, document_key: str) -> dict[str, object]:
    seen = pair.seen
    return {
        "unit_id": unit_id,
        "import_id": import_id,
        "document": seen.document,
        "document_key": document_key,
        "position": seen.position,
        "role": seen.context.role,
        "previous_key": seen.context.previous,
        "next_key": seen.context.next,
        "origin": seen.origin,
        "person": seen.person,
        "dated": seen.date,
    }


def _approve(session: Session, unit_ids: set[int], moment: int) -> None:
    """A person approved these: that outweighs how they first came in, and brings a superseded one back."""
    if unit_ids:
        session.execute(
            update(Unit)
            .where(Unit.id.in_(unit_ids))
            .values(origin="approved", status="active", changed=moment)
            .execution_options(synchronize_session=False)
        )


def _touch(session: Session, unit_ids: set[int], moment: int) -> None:
    if unit_ids:
        session.execute(
            update(Unit)
            .where(Unit.id.in_(unit_ids))
            .values(changed=moment)
            .execution_options(synchronize_session=False)
        )


def _supersede(session: Session, places: set[tuple[int, int | None]], document_key: str, moment: int) -> int:
    """Units that stood at one of these places with another target, and stand nowhere else, are superseded."""
    positions = {position for _, position in places}
    if not positions:
        return 0
    current = {unit_id for unit_id, _ in places}
    old = set(
        session.scalars(
            select(Occurrence.unit_id).where(
                Occurrence.document_key == document_key,
                Occurrence.position.in_(positions),
                Occurrence.unit_id.not_in(current),
            )
        )
    )
    elsewhere = set(
        session.scalars(
            select(Occurrence.unit_id)
            .where(Occurrence.unit_id.in_(old))
            .group_by(Occurrence.unit_id)
            .having(func.count() > 1)
        )
    )
    gone = old - elsewhere
    if gone:
        session.execute(
            update(Unit)
            .where(Unit.id.in_(gone), Unit.status != "superseded")
            .values(status="superseded", changed=moment)
            .execution_options(synchronize_session=False)
        )
    return len(gone)
