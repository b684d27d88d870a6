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


class Tongue:
    """How sentences are said: here in English, as they are written. Doors that speak other languages say them so."""

    def counted(self, number: int, one: str, many: str = "") -> str:
        """A number with its noun."""
        return f"{number:,} {one if number == 1 else many or one + 's'}"

    def decimal(self, number: float) -> str:
        """A number with one place behind the point."""
        return f"{number:,.1f}"

    def say(self, text: str, *values: object) -> str:
        """A sentence with values in it: `{0}` stands for the first."""
        return text.format(*values)


ENGLISH = Tongue()


def tell(kind: str, outcome: Mapping[str, Any], tongue: Tongue = ENGLISH) -> str:
    """What a run of this kind changed, as sentences; "" where nothing is known of it."""
    if not outcome and kind in ("ingest", "propose", "propose-segment", "evaluate", "import", "align"):
        return ""
    return _TOLD.get(kind, _units)(outcome, tongue)


def errors_of(outcome: Mapping[str, Any]) -> dict[str, int]:
    """How often what went wrong with a part of the work, by code."""
    return dict(outcome.get("errors", {}))


def _units(outcome: Mapping[str, Any], tongue: Tongue) -> str:
    parts = _parts(outcome, _UNITS, tongue)
    said = tongue.say("{0}; nothing else changed.", parts) if parts else tongue.say("Nothing changed.")
    if releases := outcome.get("releases"):
        said = tongue.say("Learned from {0}: {1}", tongue.counted(releases, "release"), f"{said[0].lower()}{said[1:]}")
    return said


def _visit(outcome: Mapping[str, Any], tongue: Tongue) -> str:
    said = [_units(outcome, tongue)]
    if fetched := outcome.get("fetched"):
        pages, pairs = tongue.counted(fetched, "page"), outcome.get("pairs")
        aligned = tongue.counted(pairs, "pair") if pairs else ""
        said.append(
            tongue.say("{0} fetched, {1} aligned.", pages, aligned) if pairs else tongue.say("{0} fetched.", pages)
        )
    if trouble := sum(errors_of(outcome).values()):
        said.append(tongue.counted(trouble, "address with trouble", "addresses with trouble") + ".")
    if outcome.get("goes_on"):
        said.append(tongue.say("The visit goes on."))
    return " ".join(said)


def _generation(outcome: Mapping[str, Any], tongue: Tongue) -> str:
    if "number" not in outcome:
        return ""
    units, size = tongue.counted(outcome["units"], "unit"), _megabytes(outcome, tongue)
    return tongue.say("Generation {0} built from {1}, {2} MB; no unit changed.", outcome["number"], units, size)


def _evaluation(outcome: Mapping[str, Any], tongue: Tongue) -> str:
    if "segments" not in outcome:
        return ""
    measured = tongue.counted(outcome["segments"], "segment"), tongue.counted(outcome["documents"], "document")
    if ter := outcome.get("ter"):
        text = "{0} of {1} measured, TER {2} as the memory has them, {3} repaired; no unit changed."
        return tongue.say(text, *measured, tongue.decimal(ter["raw"]), tongue.decimal(ter["repaired"]))
    return tongue.say("{0} of {1} measured, none matched; no unit changed.", *measured)


def _pruned(outcome: Mapping[str, Any], tongue: Tongue) -> str:
    parts = _parts(outcome, _PRUNED, tongue)
    if not parts:
        return tongue.say("Nothing was old enough to go.")
    room = tongue.say(" ({0} MB)", _megabytes(outcome, tongue)) if outcome.get("bytes") else ""
    return tongue.say("Removed: {0}{1}. No unit, no history and no publication was touched.", parts, room)


def _swept(outcome: Mapping[str, Any], tongue: Tongue) -> str:
    parts = _parts(outcome, _SWEPT, tongue)
    return f"{parts}." if parts else tongue.say("Nothing was left behind.")


_TOLD: dict[str, Callable[[Mapping[str, Any], Tongue], str]] = {
    "source": _visit,
    "generation": _generation,
    "evaluate-memory": _evaluation,
    "prune": _pruned,
    "sweep": _swept,
}


def _parts(outcome: Mapping[str, Any], names: tuple[tuple[str, str, str], ...], tongue: Tongue) -> str:
    return ", ".join(tongue.counted(number, one, many) for name, one, many in names if (number := outcome.get(name)))


def _megabytes(outcome: Mapping[str, Any], tongue: Tongue) -> str:
    return tongue.decimal(outcome["bytes"] / 1_000_000)
