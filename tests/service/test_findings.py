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
    assert 'class="finding"' not in visitor.get(f"/segments/{segment}/panel").text
    for seen, text, wrong in (
        (0, "30 countries signed on 13 March <b>2019</b>.", True),
        (1, "30 countries signed on 12 March <b>2019</b>.", False),
    ):
        with sessions.write() as session:
            review.save(session, translator, segment, text, seen=seen, operation=operation(), confirm=True)
            session.commit()
        panel = visitor.get(f"/segments/{segment}/panel").text
        assert ('class="finding"' in panel) is wrong
        assert ("“12 mars” became “13 March”" in panel) is wrong


def test_a_draft_is_answered_with_what_is_wrong_in_it_and_shown_to_its_author_alone(
    signed_in: Callable[[str], Visitor], place: Place, sessions: Sessions
) -> None:
    with sessions.write() as session:
        release = make_release(session, place.actors["translator"], ["Trente pays ont signé le 12 mars 2019."])
        segment = release.segments[0].id
        session.commit()
    visitor = signed_in("translator")
    # the place is counted as a browser counts: the face is one character, and two of its units
    sent = {"text": "😀 30 countries signed on 13 March 2019.", "seen": 0}
    told = visitor.open("PUT", f"/segments/{segment}/draft", json=sent).json["findings"]
    assert "“12 mars 2019” became “13 March 2019”" in told
    assert 'data-start="26"' in told
    assert "in your draft" in told
    assert "13 March 2019" in visitor.get(f"/segments/{segment}/panel").text
    assert "13 March 2019" not in signed_in("reviewer").get(f"/segments/{segment}/panel").text
    right = visitor.open(
        "PUT", f"/segments/{segment}/draft", json=sent | {"text": "30 countries signed on 12 March 2019."}
    )
    assert 'class="finding"' not in right.json["findings"]
