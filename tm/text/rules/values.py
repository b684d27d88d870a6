"""Rules of segmentation as values: in order, each says that a sentence ends at a place, or that it goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tm.types import Language


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


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a project, for each language; without any, those that come with the languages decide alone."""

    fr: Rules = field(default_factory=Rules)
    en: Rules = field(default_factory=Rules)

    def of(self, language: Language) -> Rules:
        """The rules for a language."""
        return self.fr if language == "fr" else self.en

    @classmethod
    def read(cls, values: Mapping[str, Mapping[str, Any]]) -> RuleSet:
        """The rule set that `dataclasses.asdict` made these values of."""
        return cls(
            **{
                language: Rules(tuple(Rule(**rule) for rule in rules["rules"]), rules["cascade"])
                for language, rules in values.items()
            }
        )


NO_RULES = RuleSet()


def never_after(*abbreviations: str) -> Rules:
    """Rules of a project by which a sentence never ends after these words, as written: `never_after("S.E.")`.

    Any white space stands for any: `S. E.` is also found with a no-break space.
    """
    return Rules(tuple(_after(word, False) for word in abbreviations if word.strip()))


def always_after(*marks: str) -> Rules:
    """Rules of a project by which a sentence ends after these words or signs wherever white space follows."""
    return Rules(tuple(_after(word, True) for word in marks if word.strip()))


def _after(word: str, ends: bool) -> Rule:
    written = r"\s".join(re.escape(part) for part in word.split())
    edge = r"(?<!\w)" if word.split()[0][:1].isalnum() else ""
    return Rule(ends, edge + written, r"\s", f"{'always' if ends else 'never'} after {' '.join(word.split())}")
