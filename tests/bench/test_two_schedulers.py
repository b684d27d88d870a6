"""Two schedulers for five minutes on one database; one is killed and started again, the clock moves by an hour.

`SCHEDULERS_SECONDS` makes it longer or shorter. scripts/bench runs it, scripts/test a short one
(`tests/workers/test_schedulers.py`).
"""

from __future__ import annotations

import os

import pytest

from tests.workers.test_schedulers import STEP, Trial, go_through_it, trial

__all__ = ["trial"]
SECONDS = float(os.environ.get("SCHEDULERS_SECONDS", "300"))


@pytest.mark.bench
@pytest.mark.timeout(SECONDS + 300)
def test_two_schedulers_for_five_minutes_run_each_slot_once(trial: Trial) -> None:
    counts = go_through_it(trial, SECONDS)
    sent = sum(beat.text().count("Sending due task due") for beat in trial.beats)
    print(f"\n{counts} from {len(trial.asked())} askings; the schedulers sent {sent} messages")
    assert counts["pruning"] == 1
    assert counts["refresh"] > (SECONDS - 60) / STEP / 2
