"""A generation on disk: a folder with one file of arrays, and a manifest of what they are and what they add up to.

The arrays are used only after their checksums were found right, by this process or by another that left its mark: the
mark (`checked.json`) names the very file, by inode, size and times, so that a file that was touched since is read and
checked again. A generation is never repaired: it is built anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tm.errors import MemoryUnavailable
from tm.match.generation.jit import Array
from tm.match.generation.rows import Rows
from tm.match.generation.texts import RULES
from tm.match.generation.vocabulary import Vocabulary
from tm.types import Language

VERSION = 1
ARRAYS, MANIFEST, CHECKED = "arrays.bin", "manifest.json", "checked.json"
NAMES = (*Rows._fields, *Vocabulary._fields)


@dataclass(frozen=True, slots=True)
class Layout:
    """What one set of arrays is called on disk, which arrays it has, and what its words depend on. A generation may
    hold several sets, each with its own manifest and mark."""

    arrays: str
    manifest: str
    checked: str
    version: int
    names: tuple[str, ...]
    rules: str


UNITS = Layout(ARRAYS, MANIFEST, CHECKED, VERSION, NAMES, RULES)
_STEP = 1 << 24


class GenerationDamaged(MemoryUnavailable):
    """A generation is missing, incomplete, changed or of another version; the memory must be asked without it."""

    code = "GENERATION_DAMAGED"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds. `tick` is the memory's clock when its units were read, `language` that of their sources,
    `rules` what its words depend on (`Layout.rules`); `arrays` gives for each array its type, offset, size and SHA-256.
    """

    tick: int
    units: int
    language: Language
    rules: str
    arrays: dict[str, tuple[str, int, int, str]]

    def text(self, version: int = VERSION) -> str:
        """The manifest as it is written, with its own checksum."""
        body = json.dumps({"version": version} | asdict(self), indent=1)
        return json.dumps({"sha256": digest(body.encode()), "content": body}, indent=1) + "\n"


def digest(data: Any) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def damaged(folder: Path, why: str) -> GenerationDamaged:
    """The error that says so."""
    return GenerationDamaged(f"The memory's index {why}.", where=folder.name, todo="Rebuild it.")


def write(path: Path, text: str) -> None:
    """Replace a small file at once, on disk when this returns."""
    new = path.with_name(f".{path.name}-{os.getpid()}")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def _mark_of(stat: os.stat_result, manifest: str) -> dict[str, Any]:
    file = [stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
    return {"manifest": digest(manifest.encode()), "file": file}


def mark(folder: Path, stat: os.stat_result, manifest: str, layout: Layout = UNITS) -> None:
    """Leave the mark that this very file was found right; a folder that cannot be written to goes without."""
    with contextlib.suppress(OSError):
        write(folder / layout.checked, json.dumps(_mark_of(stat, manifest)) + "\n")


def is_marked(folder: Path, stat: os.stat_result, manifest: str, layout: Layout = UNITS) -> bool:
    """Whether somebody found this very file right."""
    try:
        return bool(json.loads((folder / layout.checked).read_bytes()) == _mark_of(stat, manifest))
    except (OSError, ValueError):
        return False


def read_manifest(folder: Path, layout: Layout = UNITS) -> tuple[Manifest, str]:
    """The manifest and its text, whose checksum is right; else GenerationDamaged."""
    try:
        text = (folder / layout.manifest).read_bytes().decode()
        outer = json.loads(text)
        body = outer["content"]
        if outer["sha256"] != digest(body.encode()):
            raise ValueError("the checksum is wrong")
        content = json.loads(body)
        if content["version"] != layout.version:
            raise damaged(folder, f"is of version {content['version']}, not {layout.version}")
        arrays = {name: (str(a[0]), int(a[1]), int(a[2]), str(a[3])) for name, a in content["arrays"].items()}
        if set(arrays) != set(layout.names):
            raise ValueError("the arrays are others")
        if content["rules"] != layout.rules:
            raise damaged(folder, "was built by other rules of reading")
        return Manifest(content["tick"], content["units"], content["language"], content["rules"], arrays), text
    except FileNotFoundError as error:
        raise damaged(folder, "is missing") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(folder, "has a manifest that cannot be read") from error


def mapped(file: int, size: int, manifest: Manifest) -> Iterator[tuple[str, Array]]:
    """The arrays by name, read-only. ValueError where they do not lie in the file."""
    memory = np.frombuffer(mmap.mmap(file, size, access=mmap.ACCESS_READ), np.uint8) if size else np.zeros(0, np.uint8)
    for name, (kind, start, count, _) in manifest.arrays.items():
        dtype = np.dtype(kind)
        stop = start + count * dtype.itemsize
        if not 0 <= start <= stop <= size:
            raise ValueError("the file is too short")
        array = memory[start:stop].view(dtype)
        array.flags.writeable = False
        yield name, array


def is_whole(array: Array, checksum: str) -> bool:
    """Whether the bytes of an array add up."""
    digest = hashlib.sha256()
    data = array.view(np.uint8)
    for start in range(0, len(data), _STEP):
        digest.update(data[start : start + _STEP].data)
    return digest.hexdigest() == checksum


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
