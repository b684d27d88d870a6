"""How much is read at all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one document: bytes of the file, characters of a segment, number of segments."""

    upload: int = 20_000_000
    segment: int = 10_000
    segments: int = 20_000
