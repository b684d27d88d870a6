"""What a run changed: numbers by name, kept with the run, and the same in plain words.

An outcome holds counts and codes, never text: whoever may see that a run was may see its outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from service.desk.evaluate_memory import Finding
from service.desk.visits import counts_of
from service.storage.alignments import FilePair
from service.storage.runs import Refresh
from service.storage.sources import SourceVisit
from tm.store.units import Generation
from tm.store.writing import Counts

Outcome = dict[str, Any]
MOST_CODES = 12  # kinds of errors that are named


def of_counts(counts: Counts) -> Outcome:
    """Of learning, or of an import."""
    return {name: number for name, number in counts.as_dict().items() if number}


def of_refresh(record: Refresh) -> Outcome:
    """Of a refresh."""
    found = {"added": record.added, "seen_again": record.seen_again, "superseded": record.superseded}
    found |= {"rebuilt": record.rebuilt, "releases": len(record.releases)}
    return _kept(found) | {"units": record.units}


def of_visit(visit: SourceVisit) -> Outcome:
    """Of a visit to a source, so far: a long one takes several runs."""
    counts = counts_of(visit)
    found = {name: counts[name] for name in ("added", "seen_again", "superseded", "left_out", "fetched", "unchanged")}
    found |= {"pairs": counts["paired"] + counts["paired_again"], "waiting": counts["doubtful"]}
    errors = Counter(error["code"] for error in visit.errors if error.get("code"))
    if visit.code:
        errors[visit.code] += 1
    return _kept(found | {"errors": dict(errors.most_common(MOST_CODES)), "goes_on": visit.left})


def of_generation(row: Generation) -> Outcome:
    """Of a generation of the index."""
    return {"number": row.number, "units": row.units, "bytes": row.bytes}


def of_evaluation(found: Finding) -> Outcome:
    """Of an evaluation of the memory; the scores are those of all segments with a match."""
    from tm.match.evaluation.table import ALL  # with everything that scores: not for who only reads an outcome

    band = next((band for band in found.bands if band["band"] == ALL), None)
    scores = {step: round(float(band[step]["ter"]), 1) for step in ("raw", "repaired")} if band else {}
    return {"segments": found.segments, "documents": found.documents, "ter": scores}


def of_pair(pair: FilePair) -> Outcome:
    """Of aligning two files: how many of their beads entered the memory, wait for somebody, or are held back."""
    counts = {name: pair.counts.get(name, 0) for name in ("accepted", "waiting", "held")}
    return _kept(counts | {"errors": {pair.code: 1} if pair.code else {}})


def _kept(found: Mapping[str, Any]) -> Outcome:
    return {name: value for name, value in found.items() if value}


# in words

# name, one, many: what changed comes first
_UNITS = (
    ("added", "unit added", "units added"),
    ("accepted", "bead taken into the memory", "beads taken into the memory"),
    ("superseded", "superseded by a later translation", "superseded by later translations"),
    ("seen_again", "unit seen again", "units seen again"),
    ("waiting", "bead waits for review", "beads wait for review"),
    ("held", "bead held back", "beads held back"),
    ("left_out", "pair left out", "pairs left out"),
    ("rebuilt", "key made anew", "keys made anew"),
)
_PRUNED = (
    ("runs", "run", "runs"),
    ("slots", "slot of the schedule", "slots of the schedule"),
    ("visits", "visit to a source", "visits to sources"),
    ("sign_ins", "sign-in that had ended", "sign-ins that had ended"),
    ("generations", "old generation of the index", "old generations of the index"),
    ("files", "file without use", "files without use"),
)
_SWEPT = (
    ("revived", "job of a dead worker given back", "jobs of dead workers given back"),
    ("sent", "lost message sent again", "lost messages sent again"),
    ("given_up", "job given up", "jobs given up"),
)


def tell(kind: str, outcome: Mapping[str, Any]) -> str:
    """What a run of this kind changed, as sentences; "" where nothing is known of it."""
    if not outcome and kind in ("ingest", "propose", "propose-segment", "evaluate", "import", "align"):
        return ""
    return _TOLD.get(kind, _units)(outcome)


def errors_of(outcome: Mapping[str, Any]) -> dict[str, int]:
    """How often what went wrong with a part of the work, by code."""
    return dict(outcome.get("errors", {}))


def _units(outcome: Mapping[str, Any]) -> str:
    parts = _parts(outcome, _UNITS)
    said = f"{_joined(parts)}; nothing else changed." if parts else "Nothing changed."
    if releases := outcome.get("releases"):
        said = f"Learned from {_counted(releases, 'release')}: {said[0].lower()}{said[1:]}"
    return said


def _visit(outcome: Mapping[str, Any]) -> str:
    said = _units(outcome)
    if fetched := outcome.get("fetched"):
        said += f" {_counted(fetched, 'page')} fetched"
        said += f", {_counted(outcome['pairs'], 'pair')} aligned." if outcome.get("pairs") else "."
    trouble = sum(errors_of(outcome).values())
    said += f" {_counted(trouble, 'address with trouble', 'addresses with trouble')}." if trouble else ""
    return said + (" The visit goes on." if outcome.get("goes_on") else "")


def _generation(outcome: Mapping[str, Any]) -> str:
    if "number" not in outcome:
        return ""
    size = f"{outcome['bytes'] / 1_000_000:,.1f} MB"
    return f"Generation {outcome['number']} built from {_counted(outcome['units'], 'unit')}, {size}; no unit changed."


def _evaluation(outcome: Mapping[str, Any]) -> str:
    if "segments" not in outcome:
        return ""
    said = f"{_counted(outcome['segments'], 'segment')} of {_counted(outcome['documents'], 'document')} measured"
    ter = outcome.get("ter") or {}
    scores = f"TER {ter['raw']:.1f} as the memory has them, {ter['repaired']:.1f} repaired" if ter else "none matched"
    return f"{said}, {scores}; no unit changed."


def _pruned(outcome: Mapping[str, Any]) -> str:
    parts = _parts(outcome, _PRUNED)
    if not parts:
        return "Nothing was old enough to go."
    room = f" ({outcome['bytes'] / 1_000_000:,.1f} MB)" if outcome.get("bytes") else ""
    return f"Removed: {', '.join(parts)}{room}. No unit, no history and no publication was touched."


def _swept(outcome: Mapping[str, Any]) -> str:
    parts = _parts(outcome, _SWEPT)
    return f"{_joined(parts)}." if parts else "Nothing was left behind."


_TOLD: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "source": _visit,
    "generation": _generation,
    "evaluate-memory": _evaluation,
    "prune": _pruned,
    "sweep": _swept,
}


def _parts(outcome: Mapping[str, Any], names: tuple[tuple[str, str, str], ...]) -> list[str]:
    return [_counted(number, one, many) for name, one, many in names if (number := outcome.get(name))]


def _joined(parts: list[str]) -> str:
    return ", ".join(parts)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
