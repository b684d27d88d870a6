"""What the segmenter knows of a language: rules in order, as data.

values    Rule and Rules, and the rules of a project
shipped   the rules that come with each language: fr.toml, en.toml, and those common to all
program   rules compiled for use
reading, pattern, bounds, classes   the bounded patterns that rules are written in
"""

from __future__ import annotations

from tm.text.rules.values import Rule, Rules, never_after

__all__ = ["Rule", "Rules", "never_after"]
