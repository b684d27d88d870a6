"""What the scheduler sends, and how often. Which hour has come is decided by rows in the database, not here.

So there may be any number of schedulers, and each may be killed and started again at any moment: it keeps nothing.
"""

from __future__ import annotations

import time
from typing import Any

from celery.beat import Scheduler

from service.settings import Settings

SKEW = 3900  # seconds: a worker whose clock is ahead by more than a message lasts would throw all of them away


class Metronome(Scheduler):
    """Sends each message at its interval, by a clock that nobody can move: when the machine's clock goes back an hour,
    a scheduler that goes by it is silent for an hour. A new one sends everything at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._sent: dict[str, float] = {}
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Take the table as it is; nothing is read from a file."""
        self.merge_inplace(self.app.conf.beat_schedule)

    def tick(self, *_: Any, **__: Any) -> float:
        """Send what is due; returns the seconds until the next is."""
        waits = [self._beat(name, entry) for name, entry in self.schedule.items()]
        return min(waits)

    def _beat(self, name: str, entry: Any) -> float:
        every = entry.schedule.run_every.total_seconds()
        moment = time.monotonic()
        wait = float(self._sent.get(name, moment - every) + every - moment)
        if wait > 0:
            return wait
        self._sent[name] = moment
        self.apply_entry(entry, producer=self.producer)
        return float(every)


def beat_schedule(settings: Settings) -> dict[str, dict[str, Any]]:
    """The beat table. Messages expire, so that not too many pile up while no worker runs: before the next one is due on
    one machine; where there may be several, after an hour, which is how far their clocks may be apart."""
    least = 2 if settings.embedded else SKEW
    return {
        name: {"task": f"passerelle.{name}", "schedule": float(seconds), "options": {"expires": max(seconds, least)}}
        for name, seconds in (("sweep", settings.sweep_seconds), ("due", settings.schedule_seconds))
    }
