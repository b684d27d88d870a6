"""Two documents in, beads over their segments out; pairs for the memory out of beads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tm.align.beads import Place, align_segments
from tm.align.evidence import Evidence
from tm.errors import InputError
from tm.match.context import contexts
from tm.types import Bead, Block, Context, Document, Language, Pair, Provenance, Segment

# Of real pairs that were measured the poorest agreed to 0.5; unrelated documents, 99 in 100, to less than 0.25.
LEAST_AGREEMENT = 0.3
LENGTH_RATIO = 3.0  # one text may be so many times as long as its translation, where nothing else can be said


class AlignmentRefused(InputError):
    """The two documents are no pair. Codes: EMPTY (a side without segments), PAIR_SWAPPED (the first is English, the
    second French), PAIR_LANGUAGE (one side is in the wrong language), ALIGNMENT_POOR (they do not say the same)."""

    code = "ALIGNMENT_POOR"


def align(source: Document, target: Document) -> list[Bead]:
    """Beads over the segments of a French and an English document, numbered through each document from 0.

    Blocks, roles, heading levels, figures, dates, names and lengths count. Raises AlignmentRefused.
    """
    ours, theirs = _placed(source), _placed(target)
    for side, found in (("French", ours), ("English", theirs)):
        if not found:
            raise AlignmentRefused(f"The {side} document has no text.", code="EMPTY", todo="Give the other file.")
    _check_languages([segment for segment, _ in ours], [segment for segment, _ in theirs])
    texts, others = [segment.text for segment, _ in ours], [segment.text for segment, _ in theirs]
    beads = align_segments(texts, others, [place for _, place in ours], [place for _, place in theirs])
    _check_agreement(texts, others, beads)
    return beads


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


def _check_agreement(source: Sequence[str], target: Sequence[str], beads: Sequence[Bead]) -> None:
    agreement = Evidence(source, target).agreement(beads)
    lengths = sorted((sum(map(len, source)), sum(map(len, target))))
    if agreement is not None and agreement < LEAST_AGREEMENT:
        raise AlignmentRefused(
            "The documents do not seem to be translations of each other: "
            f"figures, dates and names agree to {agreement:.2f}, and {LEAST_AGREEMENT} is needed.",
            todo="Check that the files belong together.",
        )
    if agreement is None and lengths[1] > LENGTH_RATIO * lengths[0]:
        raise AlignmentRefused("One document is more than three times as long as the other.", todo="Check the files.")
