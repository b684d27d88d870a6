"""Which pages are each other's translation. Values in, values out: the same pages always give the same pairs.

From the strongest evidence to the weakest, each step sees only pages that no step before has paired:

    list      somebody wrote the two addresses side by side
    hreflang  a page, its sitemap or its server declares where it stands in the other language
    link      a link on the page that is called “English” or “Français”
    address   the addresses differ in nothing but the name of a language
    figures   the same date and the same figures, and no other page comes near

Two pages that claim the same partner get none by that claim: a wrong pair does more harm than a missing one. Whatever
is found here is aligned afterwards, and refused where the texts do not say the same.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tm.documents.languageswitch import counterparts

LEAST_COMMON = 3
LEAST_LIKENESS = 0.5
LEAST_LEAD = 0.15
MOST_COMPARED = 1000  # pages of one language: each is compared with each
OTHER = {"fr": "en", "en": "fr"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page as pairing sees it. `names` are all its addresses (asked for, after redirects, canonical), the first one
    its own. `partners` are the addresses that it claims in the other language, by the kind of claim."""

    id: str
    language: str
    names: tuple[str, ...]
    partners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date: str = ""
    figures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """Two pages that belong together, and by what evidence."""

    french: str
    english: str
    how: str


def find_pairs(pages: Iterable[Candidate], never: Collection[tuple[str, str]] = ()) -> list[Found]:
    """The pairs among the pages; every page is in one pair at most. `never`: pairs (French, English) that were tried,
    and whose texts do not say the same."""
    free = {page.id: page for page in _without_doubles(pages)}
    found: list[Found] = []
    steps: list[tuple[str, Callable[[Sequence[Candidate]], set[tuple[str, str]]]]] = [
        *((how, _claims(how)) for how in ("list", "hreflang", "link")),
        ("address", _by_address),
        ("figures", _by_figures),
    ]
    for how, step in steps:
        pairs = step(sorted(free.values(), key=lambda page: page.names[0]))
        for french, english in _unambiguous(pairs.difference(never)):
            found.append(Found(french, english, how))
            del free[french], free[english]
    return found


def _without_doubles(pages: Iterable[Candidate]) -> list[Candidate]:
    """Pages whose canonical address is another page in the same language are that page."""
    ordered = sorted(pages, key=lambda page: page.names[0])
    own = {(page.names[0], page.language): page.id for page in ordered}
    kept, last = [], set()
    for page in ordered:
        others = {own.get((name, page.language), page.id) for name in page.names} - {page.id}
        same_end = (page.names[-1], page.language)  # two addresses that lead to one
        if page.language in OTHER and not others and same_end not in last:
            kept.append(page)
            last.add(same_end)
    return kept


def _claims(how: str) -> Callable[[Sequence[Candidate]], set[tuple[str, str]]]:
    """Claims of one kind that lead to a page in the other language. One that is returned outweighs one that is not."""

    def step(pages: Sequence[Candidate]) -> set[tuple[str, str]]:
        at = _by_name(pages)
        claimed = {
            (page.id, other.id)
            for page in pages
            for url in page.partners.get(how, ())
            if (other := at.get((OTHER[page.language], url))) is not None
        }
        mutual = {pair for pair in claimed if pair[::-1] in claimed}
        settled = {page_id for pair in mutual for page_id in pair}
        lone = {pair for pair in claimed - mutual if not settled & set(pair)}
        return {_ordered(pair, pages) for pair in mutual | lone}

    return step


def _by_address(pages: Sequence[Candidate]) -> set[tuple[str, str]]:
    at = _by_name(pages)
    pairs = set()
    for page in pages:
        there = OTHER[page.language]
        urls = (url for name in page.names for url in counterparts(name, there))
        other = next((at[there, url] for url in urls if (there, url) in at), None)
        if other is not None:
            pairs.add(_ordered((page.id, other.id), pages))
    return pairs


def _by_figures(pages: Sequence[Candidate]) -> set[tuple[str, str]]:
    """Each other's nearest, by figures that few pages share, with nobody else near; dates must not contradict."""
    spread = Counter(figure for page in pages for figure in page.figures)
    weight = {figure: math.log((len(pages) + 1) / number) for figure, number in spread.items()}
    sides = {language: [page for page in pages if page.language == language][:MOST_COMPARED] for language in OTHER}
    best: dict[str, dict[str, float]] = defaultdict(dict)
    for french in sides["fr"]:
        for english in sides["en"]:
            if likeness := _likeness(french, english, weight):
                best[french.id][english.id] = best[english.id][french.id] = likeness
    nearest = {page_id: near for page_id, scores in best.items() if (near := _nearest(scores))}
    return {(page.id, other) for page in sides["fr"] if nearest.get(other := nearest.get(page.id, "")) == page.id}


def _likeness(french: Candidate, english: Candidate, weight: Mapping[str, float]) -> float:
    common = french.figures & english.figures
    if len(common) < LEAST_COMMON or (french.date and english.date and french.date != english.date):
        return 0.0
    whole = sum(weight[figure] for figure in french.figures | english.figures)
    return sum(weight[figure] for figure in common) / whole if whole else 0.0


def _nearest(scores: Mapping[str, float]) -> str | None:
    ordered = sorted(scores.items(), key=lambda item: -item[1])
    lead = ordered[0][1] - (ordered[1][1] if len(ordered) > 1 else 0.0)
    return ordered[0][0] if ordered[0][1] >= LEAST_LIKENESS and lead >= LEAST_LEAD else None


def _by_name(pages: Sequence[Candidate]) -> dict[tuple[str, str], Candidate]:
    """Pages by language and address; a page's own address outweighs the other names of another page."""
    names = {(page.language, name): page for page in reversed(pages) for name in page.names}
    return names | {(page.language, page.names[0]): page for page in pages}


def _ordered(pair: tuple[str, str], pages: Sequence[Candidate]) -> tuple[str, str]:
    french = {page.id for page in pages if page.language == "fr"}
    return pair if pair[0] in french else (pair[1], pair[0])


def _unambiguous(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of which neither side stands in another pair."""
    times = Counter(page_id for pair in pairs for page_id in pair)
    return sorted(pair for pair in pairs if times[pair[0]] == times[pair[1]] == 1)
