"""What every view of one application shares: its settings, its database, its memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, current_app

if TYPE_CHECKING:
    from service.settings import Settings
    from service.storage.session import Sessions
    from tm.store.memory import Memory

KEY = "passerelle"


@dataclass(frozen=True, slots=True)
class House:
    """The settings, sessions and memory of one web application."""

    settings: Settings
    sessions: Sessions
    memory: Memory


def move_in(app: Flask, house: House) -> None:
    """Give an application its house."""
    app.extensions[KEY] = house


def house() -> House:
    """The house of the application that answers now."""
    found: House = current_app.extensions[KEY]
    return found
