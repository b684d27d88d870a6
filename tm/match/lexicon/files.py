"""A lexicon in a folder: one file per array, and a manifest with the checksum of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tm.errors import MemoryUnavailable

Array = np.ndarray[Any, Any]
MANIFEST = "lexicon.json"
VERSION = 1


class LexiconDamaged(MemoryUnavailable):
    """The files of a lexicon are missing, changed or of another version; it must be trained anew."""

    code = "LEXICON_DAMAGED"


def save(folder: Path, arrays: Mapping[str, Array], facts: Mapping[str, int]) -> None:
    """Write the arrays and the facts into `folder`, which is made; the manifest last. Same arrays, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    sums = {}
    for name, array in sorted(arrays.items()):
        path = folder / f"{name}.npy"
        with path.open("wb") as stream:
            np.save(stream, array, allow_pickle=False)
        sums[path.name] = _digest(path)
    body = {"version": VERSION, "facts": dict(sorted(facts.items())), "files": sums}
    sealed = {**body, "seal": _seal(body)}
    (folder / MANIFEST).write_text(json.dumps(sealed, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[dict[str, Array], dict[str, int]]:
    """The arrays, mapped read-only, and the facts. Every byte is checked first: LexiconDamaged where one is not as it
    was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        body = {key: manifest[key] for key in ("version", "facts", "files")}
        if manifest["seal"] != _seal(body) or body["version"] != VERSION:
            raise _damaged(folder / MANIFEST)
        for name, digest in body["files"].items():
            if _digest(folder / name) != digest:
                raise _damaged(folder / name)
        arrays = {Path(name).stem: np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in body["files"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder) from error
    return arrays, body["facts"]


def _damaged(path: Path) -> LexiconDamaged:
    return LexiconDamaged("The lexicon is not as it was written.", where=path.name, todo="Rebuild the memory.")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _seal(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
