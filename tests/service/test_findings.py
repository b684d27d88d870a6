"""What a second reader would find stands beside the segment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.desk import review
from service.storage.session import Sessions
from tests.factories import make_release, operation
from tests.service.conftest import Place, Visitor

pytestmark = pytest.mark.backends("sqlite")


def test_the_panel_says_what_is_wrong_with_the_text_as_saved(
    signed_in: Callable[[str], Visitor], place: Place, sessions: Sessions
) -> None:
    translator = place.actors["translator"]
    with sessions.write() as session:
        release = make_release(session, translator, ["Trente pays ont signé le 12 mars <b>2019</b>."])
        segment = release.segments[0].id
        session.commit()
    visitor = signed_in("translator")
    assert "Findings" not in visitor.get(f"/segments/{segment}/panel").text
    for seen, text, wrong in (
        (0, "30 countries signed on 13 March <b>2019</b>.", True),
        (1, "30 countries signed on 12 March <b>2019</b>.", False),
    ):
        with sessions.write() as session:
            review.save(session, translator, segment, text, seen=seen, operation=operation(), confirm=True)
            session.commit()
        panel = visitor.get(f"/segments/{segment}/panel").text
        assert ("Findings" in panel) is wrong
        assert ("“12 mars” became “13 March”" in panel) is wrong
