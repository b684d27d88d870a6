"""Eight processes look up while a ninth adds units and switches the generation three times."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import Settings
from service.storage.session import Sessions
from tests.parts.switching import play


@pytest.mark.faults
@pytest.mark.timeout(400)
def test_every_answer_is_right_for_some_moment_of_its_call(
    sessions: Sessions, settings: Settings, tmp_path: Path
) -> None:
    scene = play(sessions, settings, tmp_path, units=10_000, batch=250, switches=3)
    assert scene.wrong() == []
    found = [answer for answer in scene.answers if answer.found]
    assert len(found) > 100
    assert len(found) < len(scene.answers)
    assert {answer.generation for answer in scene.answers} >= {1, 4}
