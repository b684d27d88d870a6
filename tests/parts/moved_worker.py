"""The real worker, on a machine whose clock a test moves (`tests.parts.clock`)."""

from __future__ import annotations

from datetime import datetime

from service.desk import slots
from tests.parts.clock import shift
from tm.store.base import now
from workers.app import app, settings

__all__ = ["app"]


def moved() -> datetime:
    """The moment by the moved clock."""
    return now() + shift(settings.data_dir)


slots.now = moved  # type: ignore[attr-defined]
