"""What a project says about its sentences, as people write it: words, marks, and patterns for whatever else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tm.errors import InputError
from tm.text.rules.program import compiled
from tm.text.rules.shipped import shipped
from tm.text.rules.values import Rule, Rules, always_after, never_after
from tm.types import Language

LONGEST = 60  # characters of a word or mark
MOST = 500  # words, and as many marks


@dataclass(frozen=True, slots=True)
class OwnRules:
    """Words after which no sentence ends, words or marks after which one does, and rules with patterns, asked in this
    order. `cascade`: what none of them decides, the rules that come with the language do."""

    never: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    cascade: bool = True

    @classmethod
    def read(cls, rules: Rules, language: Language) -> OwnRules:
        """The same rules, with words as words again, and without those of the language at their end."""
        never, rest = _words(rules.rules, "never after ", never_after)
        always, rest = _words(rest, "always after ", always_after)
        ours = shipped(language).rules
        parted = _sayings(rest[-len(ours) :]) == _sayings(ours)
        return cls(never, always, rest[: -len(ours)] if parted else rest, rules.cascade or parted)

    def values(self) -> Rules:
        """The rules as the segmenter takes them. Raises InputError LINE_TOO_LONG, TOO_MANY_LINES, RULE_PATTERN."""
        for lines in (self.never, self.always):
            _check(lines)
        rules = Rules(never_after(*self.never).rules + always_after(*self.always).rules + self.rules, self.cascade)
        compiled(rules.rules)
        return rules

    def whole(self, language: Language) -> tuple[Rule, ...]:
        """All rules that cut texts of the project, those of the language included: what other tools can work with."""
        own = self.values()
        return own.rules + (shipped(language).rules if own.cascade else ())


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text that say something, each once, without white space around them."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _check(lines: Iterable[str]) -> None:
    for number, line in enumerate(lines, 1):
        if number > MOST:
            raise InputError(f"There are more than {MOST} lines.", code="TOO_MANY_LINES", todo="Write patterns.")
        if len(line) > LONGEST:
            what = f"A line has {len(line)} characters; at most {LONGEST} are read."
            raise InputError(what, code="LINE_TOO_LONG", where=line[:LONGEST], todo="Name the abbreviation alone.")


def _words(
    rules: tuple[Rule, ...], start: str, made: Callable[[str], Rules]
) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
    """The words that the first of these rules were made of, and the other rules."""
    words: list[str] = []
    for rule in rules:
        word = rule.name.removeprefix(start)
        if word == rule.name or made(word).rules != (rule,):
            break
        words.append(word)
    return tuple(words), rules[len(words) :]


def _sayings(rules: tuple[Rule, ...]) -> list[tuple[bool, str, str]]:
    return [(rule.ends, rule.before, rule.after) for rule in rules]
