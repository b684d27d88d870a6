"""How close the proposals were to what people approved: BLEU, chrF and TER by match band (sacrebleu)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.storage.proposals import Proposal
from service.storage.publications import Evaluation
from service.storage.releases import Segment
from tm.match.evaluation import table
from tm.match.evaluation.scores import scores
from tm.store.base import now
from tm.text.codes import plain

# as the memory's own evaluation has them, but with matches of the same text told apart by their context
BANDS = (("102", 102, 102), ("101", 101, 101), ("100", 100, 100), *table.BANDS[1:])


def evaluate(session: Session, release_id: str) -> Evaluation:
    """Compare the best proposal of each segment with the approved target; one row per release, written anew."""
    rows = session.execute(
        select(Segment.target, Proposal.target, Proposal.rate)
        .outerjoin(Proposal, (Proposal.segment_id == Segment.id) & (Proposal.rank == 1))
        .where(Segment.release_id == release_id, Segment.state == "approved")
        .where(Segment.origin.is_distinct_from("carried-over"))
    ).all()
    made = session.get(Evaluation, release_id) or Evaluation(release_id=release_id)
    made.bands, made.made_at = bands_of([(plain(approved), proposed, rate) for approved, proposed, rate in rows]), now()
    session.add(made)
    session.flush()
    return made


def bands_of(rows: Sequence[tuple[str, str | None, int | None]]) -> list[dict[str, Any]]:
    """Scores by band from `(approved, proposed or None, rate or None)`; bands without a segment are left out.

    BLEU and chrF run from 0 to 100, higher is closer; TER is the share of edits in percent, lower is closer.
    """
    matched = [(approved, proposed, rate) for approved, proposed, rate in rows if proposed and rate is not None]
    found = [
        _band(name, [(approved, proposed) for approved, proposed, rate in matched if low <= rate <= high])
        for name, low, high in BANDS
    ]
    found.append(_band(table.ALL, [(approved, proposed) for approved, proposed, _ in matched]))
    without = len(rows) - len(matched)
    if without:
        found.append({"band": table.NO_MATCH, "segments": without, "bleu": None, "chrf": None, "ter": None})
    return [band for band in found if band["segments"]]


def _band(name: str, texts: list[tuple[str, str]]) -> dict[str, Any]:
    if not texts:
        return {"band": name, "segments": 0, "bleu": None, "chrf": None, "ter": None}
    found = scores([proposed for _, proposed in texts], [approved for approved, _ in texts])
    return {"band": name, "segments": len(texts), "bleu": found.bleu, "chrf": found.chrf, "ter": found.ter}
