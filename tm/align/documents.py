"""Two documents in, beads over their segments out; pairs for the memory out of beads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tm.align.beads import align_sides
from tm.align.weights import DEFAULT_WEIGHTS, Place
from tm.errors import InputError
from tm.match.context import contexts
from tm.types import Bead, Block, Context, Document, Language, Pair, Provenance, Segment

if TYPE_CHECKING:
    from tm.align.knowledge import Knowledge
    from tm.align.reading import Side

# Of real pairs that were measured the poorest reached 0.57; of documents that have nothing to do with each other, 276
# in 276 stayed below 0.46.
LEAST_LIKENESS = 0.5
LEAST_ALIGNED = 0.7  # the same where there is nothing to compare but lengths
SHORT = 3  # segments of a text that is too short to be judged so
LENGTH_RATIO = 3.0  # one text may be so many times as long as its translation, where nothing else can be said


class AlignmentRefused(InputError):
    """The two documents are no pair. Codes: EMPTY (a side without segments), PAIR_SWAPPED (the first is English, the
    second French), PAIR_LANGUAGE (one side is in the wrong language), ALIGNMENT_POOR (they do not say the same)."""

    code = "ALIGNMENT_POOR"


def align(
    source: Document, target: Document, *, knowledge: Knowledge | None = None, fixed: Sequence[Bead] = ()
) -> list[Bead]:
    """Beads over the segments of a French and an English document, numbered through each document from 0.

    Blocks, roles, heading levels, figures, dates, names, words and lengths count; `knowledge` is what a memory has
    taught (`tm.align.knowledge.Learned`), without it words are learned from the documents themselves. Beads in `fixed`
    are kept as they are (see `tm.align.fixed.gaps`), and only what lies between them is aligned. Raises
    AlignmentRefused; with fixed beads somebody has judged the pair, and it is taken for one.
    """
    ours, theirs = _placed(source), _placed(target)
    for side, found in (("French", ours), ("English", theirs)):
        if not found:
            raise AlignmentRefused(f"The {side} document has no text.", code="EMPTY", todo="Give the other file.")
    _check_languages([segment for segment, _ in ours], [segment for segment, _ in theirs])
    sides = _sides(ours, theirs)
    places = [place for _, place in ours], [place for _, place in theirs]
    beads = align_sides(sides, places, DEFAULT_WEIGHTS, knowledge=knowledge, fixed=fixed)
    if not fixed:
        _check_likeness(*sides, beads)
    return beads


def likeness(source: Document, target: Document, beads: Sequence[Bead]) -> float:
    """From 0 to 1: how sure it is that two documents, aligned as `beads`, are a pair; `align` refuses below 0.5.

    See `tm.align.guard.likeness`.
    """
    from tm.align.guard import likeness as of_sides

    return of_sides(*_sides(_placed(source), _placed(target)), beads)[0]


def pairs(
    source: Document,
    target: Document,
    beads: Iterable[Bead],
    *,
    document: str,
    date: str | None = None,
    least_confidence: float = 0.0,
) -> list[Pair]:
    """The pairs that `beads` of `align` stand for, as units seen in `document` on `date`, in the order of the source.

    Left out are beads with one side only, below `least_confidence`, or with a source segment that is English already.
    Joined segments keep the white space that stood between them. The position is that of the first source segment,
    counted from 1.
    """
    ours = [segment for block in source.blocks for segment in block.segments]
    places = contexts(source)
    found = []
    for bead in beads:
        if not bead.source or not bead.target or bead.confidence < least_confidence:
            continue
        if any(ours[at].language == "en" for at in bead.source):
            continue
        first, last = bead.source[0], bead.source[-1]
        context = Context(places[first].previous, places[last].next, places[first].role)
        seen = Provenance(document, position=first + 1, origin="aligned", date=date, context=context)
        found.append(Pair(_joined(source, bead.source), _joined(target, bead.target), seen))
    return found


def _placed(document: Document) -> list[tuple[Segment, Place]]:
    return [
        (segment, Place(number, block.role, block.level))
        for number, block in enumerate(document.blocks)
        for segment in block.segments
    ]


def _sides(ours: Sequence[tuple[Segment, Place]], theirs: Sequence[tuple[Segment, Place]]) -> tuple[Side, Side]:
    from tm.align.reading import read

    return read([segment.text for segment, _ in ours], "fr"), read([segment.text for segment, _ in theirs], "en")


def _joined(document: Document, chosen: Sequence[int]) -> str:
    flat = [(block, segment) for block in document.blocks for segment in block.segments]
    parts: list[tuple[Block, int, int]] = []
    for at in chosen:
        block, segment = flat[at]
        if parts and parts[-1][0] is block:
            parts[-1] = (block, parts[-1][1], segment.end)
        else:
            parts.append((block, segment.start, segment.end))
    return " ".join(block.text[start:end] for block, start, end in parts)


def _majority(segments: Iterable[Segment]) -> Language | None:
    amount: Counter[Language] = Counter()
    for segment in segments:
        if segment.language is not None:
            amount[segment.language] += len(segment.text)
    return amount.most_common(1)[0][0] if amount else None


def _check_languages(source: Sequence[Segment], target: Sequence[Segment]) -> None:
    found = (_majority(source), _majority(target))
    if found == ("en", "fr"):
        raise AlignmentRefused(
            "The first document is English and the second French.",
            code="PAIR_SWAPPED",
            todo="Give the French one first.",
        )
    for side, language, wrong in (("first", found[0], "en"), ("second", found[1], "fr")):
        if language == wrong:
            name = "English" if wrong == "en" else "French"
            raise AlignmentRefused(f"The {side} document is in {name}.", code="PAIR_LANGUAGE", todo="Check the files.")


def _check_likeness(source: Side, target: Side, beads: Sequence[Bead]) -> None:
    from tm.align.guard import likeness as of_sides

    found, compared = of_sides(source, target, beads)
    lengths = sorted((source.lengths.sum(), target.lengths.sum()))
    short = min(len(source.lengths), len(target.lengths)) <= SHORT
    needed = LEAST_LIKENESS if compared else 0.0 if short else LEAST_ALIGNED
    if found < needed:
        raise AlignmentRefused(
            "The documents do not seem to be translations of each other: "
            f"what was aligned and what it has in common come to {found:.2f}, and {needed} is needed.",
            todo="Check that the files belong together.",
        )
    if not compared and lengths[1] > LENGTH_RATIO * lengths[0]:
        raise AlignmentRefused("One document is more than three times as long as the other.", todo="Check the files.")
