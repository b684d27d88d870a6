"""Documents made wrong by chance end in a refusal of ours, or in a written document; `scripts/bench` tries far more."""

from __future__ import annotations

import pytest

from tests.bench.documents_fuzz import fuzz


@pytest.mark.timeout(300)
def test_whatever_is_wrong_with_a_document_is_a_refusal() -> None:
    told = fuzz(1_500, seed=20310514)
    assert told.failures == []
    assert told.files == 1_500
    assert told.read > 700
    assert len(told.codes) > 8
