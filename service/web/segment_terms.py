"""The terms of a segment, made ready for the page: what to write, what stands there, and where in the source."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.storage.releases import Segment
from service.web.pages import View
from tm.terms import Glossary, Said, Standing, rendering
from tm.text.codes import Plain, plain
from tm.types import Concept, Span

STANDINGS: dict[Standing, str] = {
    "missing": "not in the translation",
    "ok": "in the translation",
    "undefined": "open",
    "forbidden": "forbidden term used",
}


@dataclass(frozen=True)
class TermCard:
    """A term of the segment. `rank` is the digit that inserts `text`, 0 where there is nothing to insert; `others` are
    its further English terms, `(text, status)`; `used`: forbidden ones that stand in the translation."""

    entry_id: str
    rank: int
    french: str
    text: str
    others: list[tuple[str, str]]
    standing: Standing
    used: list[str]
    domain: str
    note: str
    agreed: bool


@dataclass(frozen=True)
class Terms(View):
    """The terms of a segment. `marks` are their places in the source, `[start, end, standing]` in the UTF-16 units that
    a browser counts in; `words_of` says what a standing is. `begun`: there is a translation."""

    template = "partials/terms.html"
    cards: list[TermCard]
    marks: list[tuple[int, int, Standing]]
    begun: bool = True
    words_of: dict[Standing, str] = field(default_factory=lambda: STANDINGS)


def terms_of(segment: Segment, glossary: Glossary, draft: str | None = None) -> Terms:
    """The terms of a segment, held against its text, or `draft` in its place."""
    if segment.carried_over:
        return Terms([], [])
    target = draft if draft is not None else segment.target
    seen, made = Plain(segment.source), plain(target)
    said = glossary.judge(seen.text, made)
    marks = [(*_counted(segment.source, seen.span(one.found.span)), one.standing) for one in said]
    return Terms(_cards(said, seen.text, made), marks, bool(made.strip()))


def _cards(said: list[Said], source: str, target: str) -> list[TermCard]:
    """One for each entry, in the order of the source."""
    cards: list[TermCard] = []
    rank = 0
    done: set[str] = set()
    for one in said:
        for concept in one.found.concepts:
            if concept.id not in done:
                done.add(concept.id)
                card = _card(concept, one, source, target, rank + 1)
                rank = card.rank or rank
                cards.append(card)
    return cards


def _card(concept: Concept, said: Said, source: str, target: str, rank: int) -> TermCard:
    french = source[said.found.span.start : said.found.span.end]
    text = rendering(concept, french)
    return TermCard(
        entry_id=concept.id,
        rank=rank if text else 0,
        french=french,
        text=text,
        others=[(term.text, term.status) for term in concept.english if term.text != text],
        standing=said.standing,
        used=[target[use.span.start : use.span.end] for use in said.forbidden if use.concept == concept],
        domain=concept.domain,
        note=concept.note,
        agreed=concept.agreed,
    )


def _counted(text: str, span: Span) -> tuple[int, int]:
    start, end = (len(text[:place].encode("utf-16-le")) // 2 for place in (span.start, span.end))
    return start, end
