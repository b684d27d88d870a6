"""The folder in which generations lie, by number. Loads nothing that is compiled."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from pathlib import Path

_NAME = re.compile(r"generation-(\d+)")
UNFINISHED = "building-"


def numbers(folder: Path) -> list[int]:
    """The numbers of the generations in a folder, ascending."""
    if not folder.is_dir():
        return []
    return sorted(int(match[1]) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)) and path.is_dir())


def named(folder: Path, number: int) -> Path:
    """Where generation `number` is, or would be."""
    return folder / f"generation-{number}"


def number_of(path: Path) -> int:
    """The number of the generation in this folder."""
    return int(path.name.rsplit("-", 1)[1])


def newest(folder: Path) -> Path | None:
    """The generation with the highest number, if there is one."""
    found = numbers(folder)
    return named(folder, found[-1]) if found else None


def remove_older(folder: Path, keep: int = 2, needed: Collection[int] = ()) -> list[Path]:
    """Remove all but the newest `keep` generations and those that are `needed`; who has one open keeps it until
    closing. Returns what is gone."""
    gone = [named(folder, number) for number in numbers(folder)[:-keep] if number not in needed]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return gone


def remove_unfinished(folder: Path, before: float) -> list[Path]:
    """Remove what was begun before then (seconds of the epoch) by who must have died. Returns what is gone."""
    gone = [path for path in folder.glob(f"{UNFINISHED}*") if path.stat().st_mtime < before]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return gone
