"""A lexicon in a folder: one file per array, and a manifest with the checksum of each.

The arrays are used only after their checksums were found right, by this process or by another that left its mark: the
mark names the very files, by inode, size and times, so that one that was touched since is read and checked again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tm.errors import MemoryUnavailable

Array = np.ndarray[Any, Any]
MANIFEST, CHECKED = "lexicon.json", "checked.json"
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
    """The arrays, mapped read-only, and the facts. Every byte is checked first, unless somebody on this machine has
    checked these very files: LexiconDamaged where one is not as it was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        body = {key: manifest[key] for key in ("version", "facts", "files")}
        if manifest["seal"] != _seal(body) or body["version"] != VERSION:
            raise _damaged(folder / MANIFEST)
        mark = _mark(folder, body["files"], manifest["seal"])
        if not _is_marked(folder, mark):
            for name, digest in body["files"].items():
                if _digest(folder / name) != digest:
                    raise _damaged(folder / name)
            _leave(folder, mark)
        arrays = {Path(name).stem: np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in body["files"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder) from error
    return arrays, body["facts"]


def _mark(folder: Path, names: Iterable[str], seal: str) -> dict[str, Any]:
    """What says that these very files are meant; taken before they are read."""
    stats = {name: (folder / name).stat() for name in names}
    return {
        "seal": seal,
        "files": {
            name: [stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
            for name, stat in stats.items()
        },
    }


def _is_marked(folder: Path, mark: dict[str, Any]) -> bool:
    try:
        return bool(json.loads((folder / CHECKED).read_bytes()) == mark)
    except (OSError, ValueError):
        return False


def _leave(folder: Path, mark: dict[str, Any]) -> None:
    """Leave the mark; a folder that cannot be written to goes without."""
    new = folder / f".{CHECKED}-{os.getpid()}"
    with contextlib.suppress(OSError):
        new.write_text(json.dumps(mark) + "\n", encoding="utf-8")
        os.replace(new, folder / CHECKED)


def _damaged(path: Path) -> LexiconDamaged:
    return LexiconDamaged("The lexicon is not as it was written.", where=path.name, todo="Rebuild the memory.")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _seal(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
