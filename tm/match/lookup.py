"""The matches of a text: units rated, localised, merged and put in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tm.match.difference import difference
from tm.match.house import DEFAULT_STYLE, HouseStyle
from tm.match.score import SAME, Assessment, assess, context_rate
from tm.text.normalise import normal
from tm.text.tokens import tokens
from tm.types import Context, Entry, Match, Penalty, Provenance, UnitOrigin

# what a person approved is worth more than what a machine aligned, and that more than what came from elsewhere
STANDING: dict[UnitOrigin, int] = {"approved": 2, "aligned": 1, "imported": 0}
SHARED = 0  # the scope of what belongs to no project
_ACTIVE = {"active": 2, "pending": 1, "superseded": 0}


@dataclass(frozen=True, slots=True)
class Penalties:
    """Points taken off a base rate. They add up; the rate never falls below 0.

    `aligned`: aligned by machine and never approved. `imported`: from elsewhere, never approved. `pending`: waits for
    somebody's judgement. `superseded`: a newer approval stands in its place. `ambiguous`: the memory holds several
    translations of equal standing for the same source in the same context. `other_project`: kept by another project.
    """

    aligned: int = 1
    imported: int = 0
    pending: int = 5
    superseded: int = 10
    ambiguous: int = 1
    other_project: int = 2


DEFAULT_PENALTIES = Penalties()


@dataclass(frozen=True, slots=True)
class _Rated:
    entry: Entry
    assessment: Assessment
    base: int
    seen: Provenance | None


def rank(
    query: str,
    context: Context,
    entries: Iterable[Entry],
    *,
    threshold: int,
    limit: int,
    penalties: Penalties = DEFAULT_PENALTIES,
    style: HouseStyle = DEFAULT_STYLE,
    scope: int = SHARED,
) -> list[Match]:
    """The matches of `query`, standing in `context`, among `entries`; the best first, at most `limit`. `scope` is the
    project that the query belongs to.

    `threshold` applies to the base rate, before penalties. Entries with the same source and target are one match,
    with the place that speaks best for it. `alternatives` counts the other targets that the entries give for the
    same source. The order is the same whatever the order of `entries`: by rate, base rate, approved first, newest,
    id.
    """
    sample = tokens(query)
    rated = []
    for entry in _merged(entries):
        assessment = assess(query, entry.source, entry.target, style, query_tokens=sample)
        seen = _best_place(context, assessment.rate, entry)
        base = context_rate(assessment.rate, context, seen.context) if seen else assessment.rate
        if base >= threshold:
            rated.append(_Rated(entry, assessment, base, seen))
    penalised = [(each, _penalties(each, rated, penalties, scope)) for each in rated]
    penalised.sort(key=lambda pair: (-_left(*pair), -pair[0].base, *_order(pair[0].entry, pair[0].seen)))
    return [_match(query, each, taken, rated) for each, taken in penalised[:limit]]


def _merged(entries: Iterable[Entry]) -> list[Entry]:
    groups: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.source, entry.target].append(entry)
    return [_one(sorted(group, key=lambda entry: entry.id)) for group in groups.values()]


def _one(group: Sequence[Entry]) -> Entry:
    first = max(group, key=lambda entry: (_ACTIVE[entry.status], STANDING[_origin(entry)]))
    seen = tuple(place for entry in group for place in entry.seen)
    return replace(first, origin=_origin(first), seen=seen)


def _origin(entry: Entry) -> UnitOrigin:
    """An aligned unit that was approved anywhere has been read by a person."""
    return max([entry.origin, *(place.origin for place in entry.seen)], key=lambda origin: STANDING[origin])


def _best_place(context: Context, rate: int, entry: Entry) -> Provenance | None:
    return max(
        entry.seen,
        key=lambda place: (
            context_rate(rate, context, place.context), STANDING[place.origin], place.date or "", place.document
        ),
        default=None,
    )  # fmt: skip


def _order(entry: Entry, seen: Provenance | None) -> tuple[int, int, list[int], int]:
    newest = (seen.date or "") if seen else ""
    # dates descend: no date is the oldest
    return -STANDING[entry.origin], 0 if newest else 1, [-ord(sign) for sign in newest], entry.id


def _penalties(each: _Rated, rated: Sequence[_Rated], penalties: Penalties, scope: int) -> tuple[Penalty, ...]:
    entry = each.entry
    taken = {
        "aligned": penalties.aligned if entry.origin == "aligned" else 0,
        "imported": penalties.imported if entry.origin == "imported" else 0,
        "pending": penalties.pending if entry.status == "pending" else 0,
        "superseded": penalties.superseded if entry.status == "superseded" else 0,
        "ambiguous": penalties.ambiguous if entry.status == "active" and _contradicted(each, rated) else 0,
        "other_project": penalties.other_project if entry.scope not in (SHARED, scope) else 0,
    }
    return tuple(Penalty(code, points) for code, points in taken.items() if points)


def _contradicted(each: _Rated, rated: Sequence[_Rated]) -> bool:
    """Whether another translation of the same source, in as good a context and of no lower standing, is held."""
    return any(
        other.base == each.base
        and other.entry.status == "active"
        and STANDING[other.entry.origin] >= STANDING[each.entry.origin]
        and normal(other.entry.source) == normal(each.entry.source)
        and normal(other.entry.target) != normal(each.entry.target)
        for other in rated
    )


def _left(each: _Rated, taken: Sequence[Penalty]) -> int:
    return max(0, each.base - sum(penalty.points for penalty in taken))


def _match(query: str, each: _Rated, taken: tuple[Penalty, ...], rated: Sequence[_Rated]) -> Match:
    entry, localised = each.entry, each.assessment.localised
    targets = {normal(other.entry.target) for other in rated if normal(other.entry.source) == normal(entry.source)}
    return Match(
        entry=entry,
        base_rate=each.base,
        rate=_left(each, taken),
        target=localised.target,
        raw_target=entry.target,
        origin="tm" if localised.target == entry.target else "tm-localised",
        penalties=taken,
        difference=difference(entry.source, query) if each.base < SAME else (),
        stale=localised.stale,
        provenance=each.seen,
        alternatives=len(targets) - 1,
    )
