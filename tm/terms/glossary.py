"""A glossary: its concepts found in a French text, and an English one judged by what it calls them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

from tm.terms.finder import Finder, Hit, longest
from tm.text.normalise import folded
from tm.types import Concept, Span, Term

Standing = Literal["missing", "ok", "undefined", "forbidden"]


@dataclass(frozen=True, slots=True)
class Found:
    """A place of a French text where terms stand. `concepts` are those of the longest term there: several where the
    word has several senses."""

    span: Span
    concepts: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """An English term of a concept at a place of a translation. `plain`: it stands there as the glossary writes it, but
    for a capital at its beginning."""

    span: Span
    term: Term
    concept: Concept
    plain: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a translation makes of a place of its source: how it stands, and the English terms found for it.

    `missing`: none of the terms to write is there. `ok`: one is. `undefined`: there is none to write. `forbidden`: one
    is there that must not be.
    """

    found: Found
    standing: Standing
    used: tuple[Used, ...] = ()

    @property
    def forbidden(self) -> tuple[Used, ...]:
        """The terms that must not be there."""
        return tuple(use for use in self.used if use.term.status == "forbidden")


def rendering(concept: Concept, written: str) -> str:
    """What to write where the French has `written`: for an acronym an acronym, if there is one that may be written;
    else the best term; "" where there is none."""
    if _is_acronym(written):
        terms = (*concept.called("preferred"), *concept.called("allowed"))
        return next((text for text in terms if _is_acronym(text)), concept.best)
    return concept.best


def _is_acronym(text: str) -> bool:
    return text.isupper() and text.replace(".", "").isalnum()


class Glossary:
    """Concepts, ready to be found: built once, asked often; a segment takes some dozen microseconds whatever its size.

    Words are found in every form that number, gender or a verb gives them, in any case but for acronyms, and for single
    words with a capital, which are names.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._french, self._english = Finder("fr"), Finder("en")
        self._terms: dict[tuple[int, str], Term] = {}
        for number, concept in enumerate(self.concepts):
            for text in concept.french:
                self._french.add(text, number)
            for term in concept.english:
                self._terms.setdefault((number, term.text), term)
                self._english.add(term.text, number, strict=term.status == "forbidden")

    def __len__(self) -> int:
        return len(self.concepts)

    @cached_property
    def mapping(self) -> dict[str, str]:
        """What to write for each French term that has one agreed rendering: as `tm.match.repair` takes it."""
        found: dict[str, set[str]] = {}
        for concept in self.concepts:
            for text in concept.french if concept.agreed and concept.best else ():
                found.setdefault(folded(text), set()).add(concept.best)
        return {french: next(iter(english)) for french, english in found.items() if len(english) == 1}

    def find(self, source: str) -> list[Found]:
        """The terms of a French text in its order, the longest where they overlap."""
        return [self._found(span, numbers) for span, numbers in self._places(source)]

    def _places(self, source: str) -> list[tuple[Span, list[int]]]:
        hits = longest(self._french.hits(source))
        return [
            (span, list(dict.fromkeys(hit.entry.owner for hit in here)))
            for span, here in groupby(hits, key=lambda hit: hit.span)
        ]

    def _found(self, span: Span, numbers: Sequence[int]) -> Found:
        return Found(span, tuple(self.concepts[number] for number in numbers))

    def judge(self, source: str, target: str) -> list[Said]:
        """What an English translation makes of each term of its source. What was only proposed is neither missed nor
        forbidden."""
        places = self._places(source)
        owners = {number for _, numbers in places for number in numbers}
        hits = longest(self._english.hits(target, owners.__contains__)) if owners else []
        used = self._used(hits, target)
        return [
            _said(self._found(span, numbers), [use for number, use in used if number in numbers])
            for span, numbers in places
        ]

    def _used(self, hits: Sequence[Hit], target: str) -> list[tuple[int, Used]]:
        """The closest term of each concept at each place."""
        best: dict[tuple[Span, int], Used] = {}
        for hit in hits:
            owner = hit.entry.owner
            written = target[hit.span.start : hit.span.end]
            plain = written in (hit.entry.text, hit.entry.text[:1].upper() + hit.entry.text[1:])
            term = self._terms[owner, hit.entry.text]
            best.setdefault((hit.span, owner), Used(hit.span, term, self.concepts[owner], plain))
        return [(owner, use) for (_, owner), use in best.items()]


def _said(found: Found, used: Sequence[Used]) -> Said:
    agreed = [concept for concept in found.concepts if concept.agreed]
    good = {use.span for use in used if use.term.status != "forbidden"}
    # what one sense forbids, another may have
    bad = [use for use in used if use.term.status == "forbidden" and use.span not in good and use.concept.agreed]
    kept = tuple(use for use in used if use.term.status != "forbidden" or use in bad)
    if bad:
        return Said(found, "forbidden", kept)
    if good:
        return Said(found, "ok", kept)
    # where a sense leaves the translation open, nothing is missed
    if not agreed or not all(concept.best for concept in agreed):
        return Said(found, "undefined", kept)
    return Said(found, "missing", kept)
