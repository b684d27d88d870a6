"""Where a segment stands, and what counts how much when two texts are aligned."""

from __future__ import annotations

from dataclasses import dataclass

from tm.types import Role


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands: the number of its block, the role and the heading level of the block."""

    block: int
    role: Role
    level: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the score of a bead, natural logarithms of odds unless said otherwise.

    `length` is how much the ratio of lengths counts, `length_alone` the same where no lexicon helps; the standard
    deviation of the ratio is `spread` for long segments and grows with `short_spread` for short ones, `chance_spread`
    is that of any two segments. `merged` to `merged_four` are for two to four segments of one text to one of the other,
    `merged_both` for two to two, `merged_more` for larger beads; `joint` is added where marks stand at which they may
    have been joined. `order` counts where the counterparts of merged segments stand one after another. `gap` is for a
    segment left alone.

    Plain figures, set once on a development set: finer steps change F1 by a tenth of a point, which is less than what
    other texts differ by.
    """

    length: float = 0.8
    length_alone: float = 1.0
    spread: float = 0.1
    short_spread: float = 1.2
    chance_spread: float = 0.8
    merged: float = -2.5
    merged_three: float = -4.5
    merged_four: float = -6.5
    merged_both: float = -5.5
    merged_more: float = -7.5
    joint: float = 1.0
    order: float = 4.0
    gap: float = -3.5
    block_starts: float = 2.0
    block_crossed: float = -3.0
    role: float = 1.0

    def prior(self, a: int, b: int) -> float:
        """What is said for a shape before anything is known of the segments."""
        few, many = min(a, b), max(a, b)
        if few == 1:
            return {1: 0.0, 2: self.merged, 3: self.merged_three}.get(many, self.merged_four)
        return self.merged_both if many == 2 else self.merged_more


DEFAULT_WEIGHTS = Weights()
