"""What compiled functions have in common: how they are compiled, hashed and typed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core import types
from numba.extending import intrinsic

Array = np.ndarray[Any, Any]
Function = TypeVar("Function", bound=Callable[..., Any])
whole: Callable[[Any], int] = cast(Any, np.int64)  # any integer as the compiled code's ordinary one

_WHOLE, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
_FIRST, _SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)


_CONFIG: Any = numba.config
_HERE = Path(__file__).parent


@cache
def _folder(package: Path) -> str:
    """Where the machine code of a package is kept, "" if nowhere: for each state of its source and of this package's a
    folder of its own, because numba itself sees that a function has changed, but not that one it calls has.
    `NUMBA_CACHE_DIR` says where the folders are."""
    sources = [path for folder in dict.fromkeys((_HERE, package)) for path in sorted(folder.glob("*.py"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    given = [_CONFIG.CACHE_DIR] if _CONFIG.CACHE_DIR else []
    bases = given or [package / "__pycache__", os.path.expanduser("~/.cache/passerelle")]
    for base in bases:
        with contextlib.suppress(OSError):
            folder = Path(base, digest)
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return str(folder)
    return ""


def compiled(function: Function) -> Function:
    """`function`, compiled when it is first called and kept on disk; it runs without the interpreter's lock.

    Array bounds are not checked: who calls makes sure that what it hands in is whole. Where no folder can be written
    to, each process compiles anew.
    """
    folder = _folder(Path(function.__code__.co_filename).parent)
    before, _CONFIG.CACHE_DIR = _CONFIG.CACHE_DIR, folder
    try:
        made = cast(Function, numba.njit(cache=bool(folder), nogil=True)(function))
    finally:
        _CONFIG.CACHE_DIR = before
    return made


def _popcount(typing: Any, value: Any) -> Any:
    """How many bits of a uint64 are set."""
    return types.uint64(types.uint64), lambda context, builder, signature, arguments: builder.ctpop(arguments[0])


popcount: Callable[[Any], Any] = cast(Any, intrinsic(_popcount))


@compiled
def mixed(value: np.uint64) -> np.uint64:
    """A uint64 whose every bit depends on every bit of `value`."""
    value = (value ^ (value >> _HALF)) * _FIRST
    value = (value ^ (value >> _HALF)) * _SECOND
    return value ^ (value >> _HALF)


@compiled
def paired(one: np.uint64, other: np.uint64) -> np.uint64:
    """A hash of two numbers in their order."""
    return mixed(mixed(one + _WHOLE) + other)
