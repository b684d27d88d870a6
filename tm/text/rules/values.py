"""Rules of segmentation as values: in order, each says that a sentence ends at a place, or that it goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """What the text looks like just before and just after a place, and whether a sentence ends there.

    The patterns are read by `tm.text.rules.reading`; an empty one fits anywhere.
    """

    ends: bool
    before: str
    after: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules in order: at each place the first that fits decides, and where none fits the sentence goes on.

    `cascade`: what none of these rules decides is asked of the rules that come with the language.
    """

    rules: tuple[Rule, ...] = ()
    cascade: bool = True


def never_after(*abbreviations: str) -> Rules:
    """Rules of a project by which a sentence never ends after these words, as written: `never_after("S.E.")`."""
    return Rules(
        tuple(
            Rule(False, rf"(?<!\w){re.escape(word.strip())}", r"\s", f"after {word.strip()}")
            for word in abbreviations
            if word.strip()
        )
    )
