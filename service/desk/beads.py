"""Beads as values: what a bead says, where it belongs in its document, and the pair that it is for the memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from service.storage.alignments import Bead, PairSegment
from tm.align.beads import Place
from tm.store.base import new_id
from tm.text.normalise import fingerprint
from tm.types import Context, Pair, Provenance, Role


@dataclass(frozen=True, slots=True)
class Row:
    """A bead as it stands, or is to stand: what an act keeps of it before and after."""

    source: tuple[int, ...]
    target: tuple[int, ...]
    confidence: float
    state: str
    edited_source: str | None = None
    edited_target: str | None = None
    settled_by: str | None = None
    id: str = field(default_factory=new_id)

    @classmethod
    def of(cls, bead: Bead) -> Row:
        """The bead as it stands."""
        return cls(
            tuple(bead.source),
            tuple(bead.target),
            bead.confidence,
            bead.state,
            bead.edited_source,
            bead.edited_target,
            bead.settled_by,
            bead.id,
        )

    @classmethod
    def kept(cls, values: dict[str, Any]) -> Row:
        """The bead as an act kept it."""
        return cls(**{**values, "source": tuple(values["source"]), "target": tuple(values["target"])})

    def settled(self, state: str, person_id: str) -> Row:
        """The same bead, settled by somebody."""
        return replace(self, state=state, settled_by=person_id)


@dataclass(frozen=True, slots=True)
class Texts:
    """Both sides of a pair."""

    french: Sequence[PairSegment]
    english: Sequence[PairSegment]

    def source(self, row: Row) -> str:
        """What the bead says in French: the text of its segments, or what somebody has made of it."""
        return _joined(self.french, row.source) if row.edited_source is None else row.edited_source

    def target(self, row: Row) -> str:
        """What the bead says in English."""
        return _joined(self.english, row.target) if row.edited_target is None else row.edited_target

    def whole(self, row: Row) -> bool:
        """Whether the bead could be a unit: it stands somewhere in the French, it says something on both sides, and its
        French is not English already."""
        english = row.edited_source is None and any(self.french[at].language == "en" for at in row.source)
        return bool(row.source and self.target(row)) and not english

    def for_memory(self, row: Row, label: str, person: str | None) -> Pair | None:
        """The pair that an accepted bead is in the memory; None for any other. `person`: who has settled it."""
        if row.state != "accepted" or not self.whole(row):
            return None
        first, last = row.source[0], row.source[-1]
        around = Context(self._mark(first - 1), self._mark(last + 1), cast("Role", self.french[first].role))
        origin = "aligned" if row.settled_by is None else "approved"
        seen = Provenance(label, position=first + 1, origin=origin, person=person, context=around)  # type: ignore[arg-type]
        return Pair(self.source(row), self.target(row), seen)

    def source_key(self, row: Row) -> str:
        """The fingerprint of the source, "" where there is none."""
        return fingerprint(self.source(row)) if row.source else ""

    def place(self, side: str, at: int) -> Place:
        """Where a segment stands, for the aligner."""
        segment = (self.french if side == "fr" else self.english)[at]
        return Place(segment.block, cast("Role", segment.role), segment.level)

    def _mark(self, at: int) -> str:
        return fingerprint(self.french[at].text) if 0 <= at < len(self.french) else ""


def _joined(segments: Sequence[PairSegment], positions: Sequence[int]) -> str:
    texts = [(segments[at].joint if at != positions[0] else "") + segments[at].text for at in positions]
    return "".join(texts)
