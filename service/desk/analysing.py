"""How much of a release the memory knows, before the work; and after it, what each band of matches really cost.

Rows are the bands that translators expect, columns segments, words, characters, placeables and weighted words. A
segment is counted once: in the band of its best proposal, or as a repetition where one like it came before and nothing
of 100 % was found. Where it is asked for, internal matches count too: a segment stands in the band that an earlier
segment of the release will be worth for it, if that is higher. Words are those with a letter or a digit; characters are
those without spaces.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.desk.policy import Actor, require
from service.desk.projects import sight_of
from service.errors import WrongState
from service.storage.analyses import Analysis, analyses_of
from service.storage.proposals import Proposal, ProposalSet
from service.storage.releases import Release, Segment, get_release
from tm.match.internal import internal_rates
from tm.text.codes import plain
from tm.text.edits import edit_distance
from tm.text.placeables import placeables

# name, lowest and highest rate, the share of a new word's work that a word in the band takes, in percent
BANDS: tuple[tuple[str, int, int, int], ...] = (
    ("102", 102, 102, 10),
    ("101", 101, 101, 10),
    ("repetition", -1, -1, 20),
    ("100", 100, 100, 30),
    ("95-99", 95, 99, 40),
    ("85-94", 85, 94, 40),
    ("75-84", 75, 84, 70),
    ("50-74", 50, 74, 70),
    ("new", 0, 49, 100),
)
COLUMNS = ("segments", "words", "characters", "placeables", "weighted")
COSTS = ("segments", "words", "edited", "share")
_WORD = re.compile(r"\S*\w\S*")
WEIGHTS = {name: weight for name, _, _, weight in BANDS}


def analyse(session: Session, actor: Actor, release_id: str, *, internal: bool = False) -> Analysis:
    """Analyse a release with its proposals as they are now, and keep the table; with internal matches where they are
    asked for. Raises WrongState while proposals are still missing."""
    require(actor, "release.analyse")
    release = get_release(session, release_id, sight_of(actor))
    made = _proposed(session, release)
    missing = sum(one.id not in made for one in release.segments)
    if missing or not release.segments:
        raise WrongState("The worker has not proposed for every segment yet.", todo="Try again in a moment.")
    tick = session.scalar(select(func.max(ProposalSet.tick)).where(ProposalSet.segment_id.in_(made)))
    rates = _with_internal(release.segments, made) if internal else made
    found = Analysis(release_id=release.id, tick=tick or 0, internal=internal, rows=table(release.segments, rates))
    session.add(found)
    session.flush()
    return found


def _proposed(session: Session, release: Release) -> dict[str, int | None]:
    """The best rate of each segment for which something was looked for, None where nothing was found."""
    rows = session.execute(
        select(ProposalSet.segment_id, Proposal.rate)
        .join(Segment, Segment.id == ProposalSet.segment_id)
        .outerjoin(Proposal, (Proposal.segment_id == ProposalSet.segment_id) & (Proposal.rank == 1))
        .where(Segment.release_id == release.id)
    )
    return dict(rows.all())


def _with_internal(segments: Sequence[Segment], rates: dict[str, int | None]) -> dict[str, int | None]:
    inside = internal_rates([plain(segment.source) for segment in segments])
    return {one.id: max(rates[one.id] or 0, rate) for one, rate in zip(segments, inside, strict=True)}


def table(segments: Iterable[Segment], rates: dict[str, int | None]) -> list[dict[str, Any]]:
    """The rows of the table, every band and the total."""
    counts = {name: dict.fromkeys(COLUMNS, 0.0) for name, *_ in BANDS}
    seen: set[str] = set()
    for segment in segments:
        if segment.carried_over:
            continue
        name = _band(segment, rates[segment.id], seen)
        seen.add(segment.source_key)
        row, text = counts[name], plain(segment.source)
        words = len(_WORD.findall(text))
        row["segments"] += 1
        row["words"] += words
        row["characters"] += sum(not mark.isspace() for mark in text)
        row["placeables"] += len(placeables(text, "fr"))
        row["weighted"] += words * WEIGHTS[name] / 100
    rows = [{"band": name, **counts[name]} for name, *_ in BANDS]
    total = {"band": "total", **{column: sum(row[column] for row in rows) for column in COLUMNS}}  # type: ignore[misc]
    return [_rounded(row) for row in [*rows, total]]


def _band(segment: Segment, rate: int | None, seen: set[str]) -> str:
    if (rate is None or rate < 100) and segment.source_key in seen:
        return "repetition"
    return next(name for name, low, high, _ in BANDS if low <= (rate or 0) <= high)


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    whole = {key: value if key == "band" else int(value) for key, value in row.items()}
    return whole | {"weighted": round(row["weighted"], 1)}


def costs(session: Session, actor: Actor, release_id: str) -> list[dict[str, Any]]:
    """What each band has cost: of the segments that are translated, how many characters of the best proposal had to be
    changed, in all and as a share of the translation in percent. Bands without a segment are left out."""
    require(actor, "release.see")
    release = get_release(session, release_id, sight_of(actor))
    rows = session.execute(
        select(Segment, Proposal.rate, Proposal.target)
        .outerjoin(Proposal, (Proposal.segment_id == Segment.id) & (Proposal.rank == 1))
        .where(Segment.release_id == release.id, Segment.state.in_(("translated", "approved")))
        .order_by(Segment.position)
    )
    found: dict[str, list[tuple[int, int, int]]] = {name: [] for name, *_ in BANDS}
    seen: set[str] = set()
    for segment, rate, proposed in rows:
        if not segment.carried_over:
            name = _band(segment, rate, seen)
            seen.add(segment.source_key)
            target = plain(segment.target)
            words = len(_WORD.findall(plain(segment.source)))
            found[name].append((words, edit_distance(proposed or "", target), len(target)))
    return [_cost(name, found[name]) for name, *_ in BANDS if found[name]]


def _cost(name: str, segments: list[tuple[int, int, int]]) -> dict[str, Any]:
    words, edited, length = (sum(column) for column in zip(*segments, strict=True))
    share = round(100 * edited / length, 1) if length else 0.0
    return {"band": name, "segments": len(segments), "words": words, "edited": edited, "share": share}


def latest(session: Session, release_id: str) -> Analysis | None:
    """The last analysis of a release, None before the first."""
    return next(iter(analyses_of(session, release_id)), None)


def as_csv(rows: list[dict[str, Any]], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """A table as CSV, a line for each band."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["band", *columns], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")
