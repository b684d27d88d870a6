"""BLEU, chrF and TER, as sacrebleu computes them with its usual settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Scores:
    """How close texts come to what people wrote. BLEU and chrF: 0 to 100, higher is closer; TER: edits per hundred
    words of the reference, lower is closer."""

    bleu: float
    chrf: float
    ter: float


def scores(texts: Sequence[str], references: Sequence[str]) -> Scores:
    """The scores of texts as one corpus, to one decimal place; ValueError where there is none."""
    from sacrebleu import corpus_bleu, corpus_chrf

    if not texts:
        raise ValueError("no texts to score")
    return Scores(
        round(corpus_bleu(texts, [references]).score, 1),
        round(corpus_chrf(texts, [references]).score, 1),
        round(corpus_ter(texts, references), 1),
    )


def corpus_ter(texts: Sequence[str], references: Sequence[str]) -> float:
    """TER of texts as one corpus: the edits of all, by the words of all references."""
    counted = [ter_edits(*pair) for pair in zip(texts, references, strict=True)]
    words = sum(length for _, length in counted)
    return 100 * sum(edits for edits, _ in counted) / words if words else 0.0


@lru_cache(maxsize=50_000)
def ter_edits(text: str, reference: str) -> tuple[float, float]:
    """Edits that make `reference` of `text`, and the words of the reference. Kept, since it costs milliseconds and the
    same text is asked about in several roles."""
    from sacrebleu.metrics.ter import TER

    score = TER().sentence_score(text, [reference])
    return float(score.num_edits), float(score.ref_length)
