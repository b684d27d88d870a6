"""The short form of `tests/bench/test_alignments_killed.py`: a folder of pairs, and a worker that is killed twice."""

from __future__ import annotations

import pytest

from tests.parts.killing import compare


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_a_worker_killed_twice_leaves_the_memory_of_an_undisturbed_run(
    make_settings, database_url, broker_url, sqlite_template, tmp_path
):
    settings = make_settings(database_url=database_url, redis_url=broker_url)
    compare(make_settings(), settings, sqlite_template, tmp_path, pairs=12, kills=2)
