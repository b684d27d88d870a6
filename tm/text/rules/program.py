"""Rules made ready for use: each pattern compiled to be matched at one place of a text, forwards or backwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tm.errors import InputError, TooLarge
from tm.text.rules.bounds import MOST, firsts, ways
from tm.text.rules.pattern import Edge, Node, anchored, source
from tm.text.rules.reading import read
from tm.text.rules.values import Rule

MOST_RULES = 2_000

Matcher = re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Step:
    """A rule ready for use. `before` is matched in the text written backwards; None fits anywhere.

    `within`: `before` sees no further back than the beginning of the sentence.
    """

    ends: bool
    before: Matcher
    after: Matcher
    within: bool
    last: Matcher


@dataclass(frozen=True, slots=True)
class Program:
    """All rules of a text. `places` finds where a sentence might end, `steps` say whether it does.

    `follows`: what must follow for any rule to end a sentence; it spares the steps most places of a hostile text.
    """

    places: re.Pattern[str] | None
    follows: Matcher
    steps: tuple[Step, ...]
    by_letter: dict[str, tuple[Step, ...]] = field(default_factory=dict)

    def after_letter(self, letter: str) -> tuple[Step, ...]:
        """The steps that can fit a place before which `letter` stands."""
        found = self.by_letter.get(letter)
        if found is None:
            found = tuple(step for step in self.steps if step.last is None or step.last.match(letter))
            if len(self.by_letter) < 1000:
                self.by_letter[letter] = found
        return found


def compiled(rules: Sequence[Rule]) -> Program:
    """The program of these rules, in their order.

    Raises InputError RULE_PATTERN for a pattern that cannot be used, TooLarge RULES_TOO_MANY.
    """
    if len(rules) > MOST_RULES:
        raise TooLarge(f"There are {len(rules):,} rules; at most {MOST_RULES:,} are used.", code="RULES_TOO_MANY")
    steps = tuple(_step(rule) for rule in rules)
    ending = [(step, rule) for step, rule in zip(steps, rules, strict=True) if step.ends]
    afters = dict.fromkeys(source(read(rule.after)) for _, rule in ending)
    follows = None if "" in afters or not afters else re.compile("|".join(afters))
    return Program(_places(ending), follows, steps)


def _places(ending: Sequence[tuple[Step, Rule]]) -> re.Pattern[str] | None:
    """Finds the places where a rule may end a sentence, by the characters on both sides alone."""
    sides: dict[str, dict[str, None]] = {}  # in order, so that the same rules always give the same pattern
    for step, rule in ending:
        classes, empty = firsts(read(rule.after))
        ahead = "" if empty else f"(?={'|'.join(sorted(classes))})"
        sides.setdefault(ahead, {})[f"(?<={step.last.pattern})" if step.last else ""] = None
    found = [f"{ahead}(?:{'|'.join(behind)})" for ahead, behind in sides.items()]
    return re.compile("|".join(found)) if found else None


def _step(rule: Rule) -> Step:
    if anchored(read(rule.after)):
        raise _refusal(rule.after, "\\G says where the sentence begins; it can stand in what comes before only.")
    before = read(rule.before)
    return Step(rule.ends, _matcher(rule.before, True), _matcher(rule.after, False), anchored(before), _last(before))


@lru_cache(maxsize=4096)
def _matcher(pattern: str, back: bool) -> Matcher:
    node = read(pattern)
    if ways(node, back=back) > MOST:
        raise _refusal(
            pattern, "It could be tried in too many ways; repeat less, or a part that what follows cannot be."
        )
    try:
        return re.compile(source(node, back=back)) if pattern else None
    except re.error as error:
        raise _refusal(pattern, f"{str(error).capitalize()}.") from None


def _last(before: Node) -> Matcher:
    """What the character before the place must be, where the pattern says so."""
    classes, empty = firsts(before, back=True)
    return None if empty or isinstance(before, Edge) else re.compile("|".join(sorted(classes)))


def _refusal(pattern: str, why: str) -> InputError:
    shown = pattern if len(pattern) <= 80 else pattern[:77] + "…"
    return InputError(
        f"A rule of segmentation has a pattern that cannot be used. {why}",
        code="RULE_PATTERN",
        where=f"pattern {shown}",
    )
