"""`passerelle memory`: ask it, and keep it in order. How it is filled: `service.cli.imports`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from itertools import islice
from typing import Any

import click

from service.cli.common import answer, as_json, as_person, house
from service.desk import generations
from service.desk import memory as desk
from tm.store.generations import Built
from tm.store.memory import Memory
from tm.types import Match

TOGETHER = 250  # queries that are looked up at a time


@click.group()
def memory() -> None:
    """The translation memory."""


@memory.command()
@click.argument("text", required=False)
@click.option("--threshold", type=click.IntRange(50, 100), default=70, show_default=True)
@click.option("--limit", type=click.IntRange(1, 50), default=5, show_default=True)
@as_person
@as_json
def lookup(text: str | None, threshold: int, limit: int, email: str | None, wants_json: bool) -> None:
    """Find matches for TEXT, or for each line of standard input."""
    lines = iter([text]) if text is not None else (line.rstrip("\r\n") for line in sys.stdin)
    with house() as place:
        with place.write(email) as (_, actor):
            memory = Memory(place.settings.index_folder)
        while some := list(islice(lines, TOGETHER)):
            with place.sessions.read() as session:
                found = desk.lookup(
                    session, actor, memory, some, threshold=threshold, limit=limit, settings=place.settings
                )
            for line, matches in zip(some, found, strict=True):
                data = {"query": line, "matches": [_match(match) for match in matches]}
                click.echo(json.dumps(data, ensure_ascii=False) if wants_json else _shown(data))
    if memory.warning:
        click.echo(memory.warning, err=True)


def _match(match: Match) -> dict[str, Any]:
    data = asdict(match)
    entry = data.pop("entry")
    return {
        "source": match.entry.source,
        "target": match.target,
        "rate": match.rate,
        "base_rate": match.base_rate,
        "origin": match.origin,
        "penalties": data["penalties"],
        "raw_target": match.raw_target,
        "difference": data["difference"],
        "stale": data["stale"],
        "hints": data["hints"],
        "repair": data["repair"],
        "provenance": data["provenance"],
        "alternatives": match.alternatives,
        "unit": {"id": entry["id"], "origin": entry["origin"], "status": entry["status"]},
    }


def _shown(data: dict[str, Any]) -> str:
    rows = [f"{match['rate']:4d} %  {match['source']}\n        {match['target']}" for match in data["matches"]]
    return "\n".join([data["query"], *(rows or ["        no match"])])


@memory.command()
@as_json
def stats(wants_json: bool) -> None:
    """How much the memory holds."""
    with house() as place, place.sessions.read() as session:
        data = desk.statistics(session)
    answer(data, wants_json, "\n".join(f"{name:12} {number}" for name, number in data.items()))


@memory.command()
@as_person
@as_json
def rebuild(email: str | None, wants_json: bool) -> None:
    """Make anew what is derived from the units: their keys, and a generation of the index with its lexicon."""
    with house() as place:
        with place.write(email) as (session, actor):
            changed = desk.rebuild(session, actor)
        with place.sessions.read() as session:
            built = generations.make(session, place.settings, anew=True)
        with place.write(email) as (session, _):
            generations.keep(session, place.settings, built)
    data = {"rebuilt": changed, "generation": built.number, **_facts(built)}
    answer(data, wants_json, _built(changed, built))


def _facts(built: Built) -> dict[str, int]:
    names = ("units", "bytes", "milliseconds", "lexicon_pairs", "lexicon_milliseconds")
    return {name: getattr(built, name) for name in names}


def _built(changed: int, built: Built) -> str:
    return (
        f"{changed} units had old keys. Generation {built.number}: {built.units} units in "
        f"{built.milliseconds / 1000:.1f} s, {built.bytes / 1e6:.0f} MB; "
        f"lexicon of {built.lexicon_pairs} pairs in {built.lexicon_milliseconds / 1000:.1f} s."
    )
