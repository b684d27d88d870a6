"""Documents held out by date: the newest, so that the memory is asked about what it could not know."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Split(Generic[Name]):
    """Which documents are held out; the rest is the memory. `since`: the date of the oldest of them, "" without any."""

    since: str
    held: frozenset[Name]


def split(dates: Mapping[Name, str], *, since: str | None = None, share: float = 10.0) -> Split[Name]:
    """Hold out the documents dated `since` or later; unless it is given, the newest `share` per cent of them.

    Dates are ISO (`2024-03-12`), and so is `since`; a shorter one is a month or a year. Of two documents of one date
    the one with the later name counts as newer. A share holds out at least one document and leaves at least one.
    """
    if since is not None:
        held = [name for name, date in dates.items() if date >= since]
    else:
        ordered = sorted(dates, key=lambda name: (dates[name], str(name)))
        count = min(max(1, round(len(ordered) * share / 100)), max(0, len(ordered) - 1))
        held = ordered[len(ordered) - count :]
    return Split(min((dates[name] for name in held), default=""), frozenset(held))
