"""What the scheduler sends, and how often. Which hour has come is decided by rows in the database, not here."""

from __future__ import annotations

from typing import Any

from service.settings import Settings


def beat_schedule(settings: Settings) -> dict[str, dict[str, Any]]:
    """The beat table. Messages expire before the next one is due, so that none pile up while no worker runs."""
    return {
        "sweep": _every(settings.sweep_seconds, "passerelle.sweep"),
        "due": _every(60, "passerelle.due"),
    }


def _every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": float(seconds), "options": {"expires": max(seconds, 2)}}
