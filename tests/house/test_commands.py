"""Every command of the command line is run by a test, in its own process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from service.cli.main import passerelle

TESTS = Path(__file__).parents[1]
# what scripts/run starts: the journey runs it with the product around it
ELSEWHERE = frozenset({("run",)})


def commands(group: click.Group, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*names, name))
        else:
            yield (*names, name)


def test_every_command_is_run_by_a_test() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py"))
    found = list(commands(passerelle))
    assert len(found) > 50
    called = {words: re.search(r'[("\s]' + r",\s*".join(f'"{word}"' for word in words), text) for words in found}
    assert [words for words, call in called.items() if not call and words not in ELSEWHERE] == []
