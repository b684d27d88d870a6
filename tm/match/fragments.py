"""Where no unit is similar: the longest pieces of a text that the memory has seen, each with the English beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tm.match.concordance import FUNCTION_WORDS
from tm.text.normalise import folded
from tm.text.tokens import Token, tokens
from tm.types import Language, Span

if TYPE_CHECKING:
    from tm.match.lexicon.model import Lexicon
    from tm.match.lexicon.words import Array

SHORTEST = 2  # words of a fragment
CLAIMED = 0.35  # what the fragment's words together must claim of a target word
READ = 40  # pairs whose English is looked at for one fragment


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of words of the query that the memory knows.

    `span` is where it stands in the query; `target` is its commonest English, found `count` times; `seen` in how many
    of the pairs the French stands. `pair` is the place of a pair that shows it, `source_span` and `target_span` where.
    """

    span: Span
    source: str
    target: str
    count: int
    seen: int
    pair: int
    source_span: Span
    target_span: Span


@dataclass(frozen=True, slots=True)
class _Run:
    """Words `start` to `end` of the query stand in a text from its word `there` on."""

    start: int
    end: int
    there: int


@dataclass(frozen=True, slots=True)
class _Pair:
    source: Sequence[Token]
    target: str
    runs: Sequence[_Run]


def fragments(
    query: str, pairs: Sequence[tuple[str, str]], lexicon: Lexicon, *, limit: int = 8, shortest: int = SHORTEST
) -> tuple[Fragment, ...]:
    """The longest runs of words that the French `query` shares with `pairs` (French, English), each with its English;
    the longest first, at most `limit`, none inside another.

    A run crosses no punctuation but a hyphen, neither begins nor ends with a function word or a figure, and has at
    least `shortest` words. It is left out where no pair shows clearly which English words belong to it. Time grows with
    the number of pairs: a caller hands in those that its index found for parts of the query, a few hundred at most.
    """
    wanted = _words(query, "fr")
    places = defaultdict(list)
    for at, token in enumerate(wanted):
        places[_key(token, at)].append(at)
    held = [_held(source, target, places) for source, target in pairs]
    spans = {_trimmed(wanted, run) for pair in held for run in pair.runs}
    found: list[Fragment] = []
    taken: list[range] = []
    aligned: dict[int, _Aligned] = {}
    for span in sorted(spans, key=lambda each: (-len(each), each.start)):
        if len(span) < shortest or any(span.start >= each.start and span.stop <= each.stop for each in taken):
            continue
        fragment = _fragment(query, wanted, span, held, lexicon, aligned)
        if fragment:
            found.append(fragment)
            taken.append(span)
        if len(found) == limit:
            break
    return tuple(found)


def _words(text: str, language: Language) -> list[Token]:
    """The tokens of a text without hyphens: what other punctuation stands for is a break."""
    return [token for token in tokens(text, language) if token.text != "-"]


def _key(token: Token, at: int) -> Hashable:
    """What makes two tokens the same; punctuation is the same as nothing."""
    return ("", at) if token.kind == "punctuation" else (token.kind, token.value)


def _held(source: str, target: str, places: dict[Hashable, list[int]]) -> _Pair:
    found = _words(source, "fr")
    return _Pair(found, target, list(_runs(found, places)))


def _runs(text: Sequence[Token], places: dict[Hashable, list[int]]) -> Iterator[_Run]:
    """The runs of a text that stand in the query too and cannot be made longer."""
    open_runs: dict[int, int] = {}  # the last word in the query, and how many words
    for at, token in enumerate(text):
        here = places.get(_key(token, -1), ())
        longer = {place: open_runs.get(place - 1, 0) + 1 for place in here}
        yield from _closed(open_runs, longer, at)
        open_runs = longer
    yield from _closed(open_runs, {}, len(text))


def _closed(before: dict[int, int], after: dict[int, int], at: int) -> Iterator[_Run]:
    for last, length in before.items():
        if last + 1 not in after:
            yield _Run(last + 1 - length, last + 1, at - length)


def _trimmed(text: Sequence[Token], run: _Run) -> range:
    start, end = run.start, run.end
    while start < end and not _telling(text[start]):
        start += 1
    while end > start and not _telling(text[end - 1]):
        end -= 1
    return range(start, end)


def _telling(token: Token) -> bool:
    return token.kind == "word" and str(token.value) not in FUNCTION_WORDS


@dataclass(frozen=True, slots=True)
class _Aligned:
    source: Sequence[Token]
    target: Sequence[Token]
    posteriors: Array


def _aligned(pair: _Pair, lexicon: Lexicon) -> _Aligned:
    source = [token for token in pair.source if token.kind != "punctuation"]
    target = [token for token in tokens(pair.target, "en") if token.kind != "punctuation"]
    return _Aligned(source, target, lexicon.posteriors(source, target))


def _fragment(
    query: str,
    wanted: Sequence[Token],
    span: range,
    held: Sequence[_Pair],
    lexicon: Lexicon,
    aligned: dict[int, _Aligned],
) -> Fragment | None:
    occurrences = list(_occurrences(span, held))
    shown: list[tuple[str, int, Span, Span]] = []
    for number, there in occurrences[:READ]:
        pair = held[number]
        if number not in aligned:
            aligned[number] = _aligned(pair, lexicon)
        source = Span(pair.source[there.start].start, pair.source[there.stop - 1].end)
        target = _projected(aligned[number], source)
        if target:
            shown.append((folded(pair.target[target.start : target.end]), number, source, target))
    if not shown:
        return None
    counts = Counter(english for english, *_ in shown)
    english, count = counts.most_common(1)[0]
    _, number, source, target = next(each for each in shown if each[0] == english)
    place = Span(wanted[span.start].start, wanted[span.stop - 1].end)
    return Fragment(
        place,
        query[place.start : place.end],
        held[number].target[target.start : target.end],
        count,
        len({number for number, _ in occurrences}),
        number,
        source,
        target,
    )


def _occurrences(span: range, held: Iterable[_Pair]) -> Iterator[tuple[int, range]]:
    """In which pairs a run of the query stands, and where: once for each pair."""
    for number, pair in enumerate(held):
        for run in pair.runs:
            if run.start <= span.start and span.stop <= run.end:
                there = run.there + span.start - run.start
                yield number, range(there, there + len(span))
                break


def _projected(aligned: _Aligned, source: Span) -> Span | None:
    """The words of the target, in one piece, that stand for those inside a span of the source; None where words of
    elsewhere stand among them, or fewer than half of the telling ones have a counterpart."""
    inside = [at for at, token in enumerate(aligned.source) if source.start <= token.start < source.end]
    ours = aligned.posteriors[inside].sum(axis=0)
    others = aligned.posteriors.sum(axis=0) - ours
    places = [at for at in range(len(aligned.target)) if ours[at] >= CLAIMED and ours[at] > others[at]]
    if not places:
        return None
    first, last = places[0], places[-1]
    if any(others[at] >= CLAIMED for at in range(first, last + 1)):
        return None
    telling = [at for at in inside if _telling(aligned.source[at])]
    linked = sum(aligned.posteriors[at, first : last + 1].max() >= CLAIMED for at in telling)
    if 2 * linked <= len(telling):
        return None
    return Span(aligned.target[first].start, aligned.target[last].end)
