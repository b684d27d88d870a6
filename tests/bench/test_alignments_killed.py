"""A folder of pairs is aligned by one command while its worker is killed again and again; the memory is as without it.

`ALIGN_PAIRS` and `ALIGN_KILLS` make it larger or smaller. It takes minutes: scripts/bench runs it, scripts/test runs a
short one (`tests/workers/test_alignments_killed.py`).
"""

from __future__ import annotations

import os

import pytest

from tests.parts.killing import compare

PAIRS = int(os.environ.get("ALIGN_PAIRS", "200"))
KILLS = int(os.environ.get("ALIGN_KILLS", "10"))


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_a_worker_killed_ten_times_leaves_the_memory_of_an_undisturbed_run(
    make_settings, database_url, broker_url, sqlite_template, tmp_path
):
    settings = make_settings(database_url=database_url, redis_url=broker_url)
    figures = compare(make_settings(), settings, sqlite_template, tmp_path, pairs=PAIRS, kills=KILLS)
    print(
        f"{PAIRS} pairs: {figures['undisturbed']:.0f} s undisturbed, with {figures['cores']:.2f} cores in use; "
        f"{figures['killed']:.0f} s with {KILLS} kills"
    )
