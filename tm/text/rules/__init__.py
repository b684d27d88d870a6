"""What the segmenter knows of a language: rules in order, as data.

values    Rule and Rules, and the rules of a project
own       what a project says of its own, as people write it
shipped   the rules that come with each language: fr.toml, en.toml, and those common to all
program   rules compiled for use
reading, pattern, bounds, classes   the bounded patterns that rules are written in
"""

from __future__ import annotations

from tm.text.rules.values import NO_RULES, Rule, Rules, RuleSet, always_after, never_after

__all__ = ["NO_RULES", "Rule", "RuleSet", "Rules", "always_after", "never_after"]
