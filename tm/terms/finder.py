"""Many terms of one language, found in a text in one pass: a tree of words in the singular, walked from every word of
the text. What it costs grows with the text, hardly with the number of terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tm.terms.inflection import agreeing, base, bases
from tm.terms.words import Word, bare, words
from tm.types import Language, Span

_ARTICLES: dict[Language, frozenset[str]] = {
    "fr": frozenset("le la les l un une des".split()),
    "en": frozenset("the a an to".split()),
}
# hang on a French word without making another of it: peut-il, ce traité-ci
_HANGING = frozenset("t il ils elle elles on je tu nous vous ce ci là".split())
LONGEST = 12  # words of a term


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as it is looked for. `owner` is whose it is, `strict`: hyphens must stand as they are written."""

    text: str
    owner: int
    words: tuple[Word, ...]
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at a place of a text. `closeness` orders terms of one place: how much of it stands as it is written."""

    entry: Entry
    span: Span
    count: int
    closeness: tuple[bool, int, int]


@dataclass(slots=True)
class _Node:
    further: dict[str, _Node] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


class Finder:
    """Terms of a language, ready to be found."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._root = _Node()
        self._bare: dict[str, set[str]] = defaultdict(set)  # words without accents, for texts in capitals

    def add(self, text: str, owner: int, *, strict: bool = False) -> None:
        """Look for this term from now on; an article or `to` at its beginning is left out, as texts may have another.
        A term without a word, or of more than 12, is never found."""
        found, keys = _prepared(text, self._language)
        if not found:
            return
        node = self._root
        for key in keys:
            if not key.isascii():
                self._bare[bare(key)].add(key)
            if key not in node.further:
                node.further[key] = _Node()
            node = node.further[key]
        node.entries.append(Entry(text, owner, found, strict))

    def hits(self, text: str, wanted: Callable[[int], bool] = lambda owner: True) -> Iterator[Hit]:
        """Every place of every term whose owner is wanted, overlapping ones too."""
        found = words(text)
        keys = [self._keys(word) for word in found]
        for start in range(len(found)):
            for end, entry in self._from(found, keys, start):
                if self._language == "fr" and _is_cut(found, start, end):
                    continue
                if wanted(entry.owner) and (closeness := _closeness(entry, found[start:end], text)):
                    yield Hit(entry, Span(found[start].start, found[end - 1].end), end - start, closeness)

    def _keys(self, word: Word) -> Sequence[str]:
        keys = bases(word.folded, self._language)
        if not self._bare or not word.text[0].isupper() or not (word.text.isupper() or word.text[0].isascii()):
            return keys
        # `SECRETAIRE`, `Etat`: capitals without their accents
        fitting = [one for key in keys for one in self._bare.get(bare(key), ()) if _may_be(word.text, key, one)]
        return (*keys, *(one for one in fitting if one not in keys))

    def _from(self, found: list[Word], keys: list[Sequence[str]], start: int) -> Iterator[tuple[int, Entry]]:
        nodes, at = [self._root], start
        while nodes and at < len(found) and (at == start or found[at].joint):
            here = keys[at] if at == start else (*keys[at], *agreeing(found[at].folded, self._language))
            nodes = [node.further[key] for node in nodes for key in here if key in node.further]
            at += 1
            for node in nodes:
                for entry in node.entries:
                    yield at, entry


@lru_cache(maxsize=65_536)  # a glossary that has changed is built anew from terms that mostly have not
def _prepared(text: str, language: Language) -> tuple[tuple[Word, ...], tuple[str, ...]]:
    """The words that a term is looked for by, and their keys; none where it cannot be found."""
    found = words(text)
    while len(found) > 1 and found[0].folded in _ARTICLES[language] and not _is_acronym(found[0].text):
        del found[0]
    if len(found) > LONGEST:
        return (), ()
    return tuple(found), tuple(base(word.folded, language) for word in found)


def _is_cut(found: Sequence[Word], start: int, end: int) -> bool:
    """Whether a French place is a piece of a longer word: the `chef d’état` of a `chef d’état-major`, the `ministre` of
    a `vice-ministre`. What hangs on an acronym does not change it."""
    before = found[start - 1].text if start and found[start].joint == "-" else ""
    after = found[end] if end < len(found) and found[end].joint == "-" else None
    if before[:1].islower() and not _is_acronym(found[start].text):
        return True
    return after is not None and after.text[0].islower() and after.folded not in _HANGING


def _may_be(written: str, key: str, entry: str) -> bool:
    """Whether a word in capitals may be one with accents: all of it in capitals, or the first letter alone."""
    return written.isupper() or key[1:] == entry[1:]


def _is_acronym(word: str) -> bool:
    return sum(mark.isupper() for mark in word) > 1


def _closeness(entry: Entry, there: Sequence[Word], text: str) -> tuple[bool, int, int] | None:
    """How alike a place and a term are; None where capitals or hyphens say that it is not the term."""
    if not all(map(_case_fits, entry.words, there)) or (len(there) == 1 and not _capital_fits(entry, there[0])):
        return None
    joints = sum(one.joint == other.joint for one, other in zip(entry.words[1:], there[1:], strict=True))
    if entry.strict and joints < len(there) - 1:
        return None
    case = sum(one.text[0].isupper() == other.text[0].isupper() for one, other in zip(entry.words, there, strict=True))
    return entry.text == text[there[0].start : there[-1].end], joints, case


def _case_fits(wanted: Word, there: Word) -> bool:
    """An acronym stands as it is written, but for an `s` of the plural."""
    return not _is_acronym(wanted.text) or there.text.removesuffix("s") == wanted.text.removesuffix("s")


def _capital_fits(entry: Entry, there: Word) -> bool:
    """A single word with a capital is a name: `the Alliance` is one, `an alliance` is not."""
    return not entry.words[0].text[0].isupper() or there.text[0].isupper()


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits that overlap the longest alone, in the order of the text; those of one place all together, the closest
    first."""
    taken: dict[Span, list[Hit]] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.count, -(hit.span.end - hit.span.start), hit.span.start)):
        if hit.span in taken:
            taken[hit.span].append(hit)
        elif not any(hit.span.start < other.end and other.start < hit.span.end for other in taken):
            taken[hit.span] = [hit]
    ordered = sorted(taken, key=lambda span: span.start)
    return [hit for span in ordered for hit in sorted(taken[span], key=lambda hit: hit.closeness, reverse=True)]
