"""The rules that come with each language, read from the data files of this folder.

A file has three kinds of entries. `[words]`: lists of words, written without their last full stop. `[patterns]`: parts
of patterns that have a name. `[[rule]]`: the rules in order. In a pattern, `{name}` stands for one of the words of that
list as written, `{^name}` for one of them with a capital or in capitals, `{~name}` for either; or `{name}` for the part
of that name. `opening.toml` is asked first, then the file of the language, then `general.toml`; `common.toml` has what
all of them use.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any, get_args

from tm.text.rules.program import Program, compiled
from tm.text.rules.values import Rule, Rules
from tm.types import Language

_NAME = re.compile(r"\{([~^]?)([a-z_]+)\}")


@cache
def files() -> dict[str, tuple[Rule, ...]]:
    """The rules of each file of this folder."""
    common = _parts(_data("common"), {})
    found = {name: _rules(_data(name), common) for name in ("opening", "general")}
    for language in get_args(Language):
        data = _data(language)
        found[language] = _rules(data, _parts(data, common))
    return found


def shipped(language: Language) -> Rules:
    """The rules of a language, in the order in which they are asked."""
    found = files()
    return Rules(found["opening"] + found[language] + found["general"], cascade=False)


@lru_cache(maxsize=64)
def program(language: Language, own: Rules) -> Program:
    """The rules of a project, if any, and those of the language, ready for use. Raises what `compiled` raises."""
    return compiled(own.rules + (shipped(language).rules if own.cascade else ()))


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _parts(data: dict[str, Any], common: dict[str, str]) -> dict[str, str]:
    """What each name in braces stands for."""
    parts = dict(common)
    for name, words in data.get("words", {}).items():
        known = words.split()
        capital = [form for word in known for form in (word[:1].upper() + word[1:], word.upper())]
        parts[name], parts["^" + name], parts["~" + name] = _one_of(known), _one_of(capital), _one_of(known + capital)
    for name, pattern in data.get("patterns", {}).items():
        parts[name] = f"(?:{_filled(pattern, parts)})"
    return parts


def _one_of(words: list[str]) -> str:
    forms = [form for word in words for form in (word, word.replace("'", "’"))]
    return f"(?:{'|'.join(re.escape(form) for form in dict.fromkeys(forms))})"


def _filled(pattern: str, parts: dict[str, str]) -> str:
    return _NAME.sub(lambda found: parts[found[1] + found[2]], pattern)


def _rules(data: dict[str, Any], parts: dict[str, str]) -> tuple[Rule, ...]:
    return tuple(
        Rule(rule["ends"], _filled(rule.get("before", ""), parts), _filled(rule.get("after", ""), parts), rule["name"])
        for rule in data["rule"]
    )
