"""The scheduler's own beat: everything at once, and then at its interval, whatever the clock says."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from celery import Celery

from service.settings import Settings
from workers.schedule import SKEW, Metronome, beat_schedule


class Heard(Metronome):
    """A metronome that writes down what it would send."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.heard: list[str] = []
        super().__init__(*args, **kwargs)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Write it down."""
        self.heard.append(entry.name)


def metronome(**entries: float) -> Heard:
    app = Celery("beat", broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {name: {"task": name, "schedule": seconds} for name, seconds in entries.items()}
    return Heard(app)


def test_everything_is_sent_at_once_and_then_at_its_interval() -> None:
    beat = metronome(quick=0.6, slow=30)
    wait = beat.tick()
    assert sorted(beat.heard) == ["quick", "slow"]
    assert 0 < wait <= 0.6
    beat.tick()
    assert len(beat.heard) == 2
    time.sleep(0.65)
    beat.tick()
    assert beat.heard.count("quick") == 2
    assert beat.heard.count("slow") == 1


def test_a_clock_that_goes_back_an_hour_silences_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    beat = metronome(quick=0.2)
    beat.tick()
    earlier = time.time() - 3600
    monkeypatch.setattr(time, "time", lambda: earlier)
    time.sleep(0.25)
    beat.tick()
    assert beat.heard == ["quick", "quick"]


def test_messages_outlast_clocks_that_are_an_hour_apart_where_there_are_several(
    make_settings: Callable[..., Settings],
) -> None:
    alone, several = beat_schedule(make_settings()), beat_schedule(make_settings(redis_url="redis://elsewhere"))
    assert (alone["sweep"]["options"]["expires"], alone["due"]["options"]["expires"]) == (5, 60)
    assert {entry["options"]["expires"] for entry in several.values()} == {SKEW}
