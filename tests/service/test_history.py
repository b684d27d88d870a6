"""The history of a segment: how each text became the next, and which lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.desk import review
from service.errors import StaleVersion
from service.storage.session import Sessions
from service.web.pieces import reworded
from tests.factories import operation
from tests.service.conftest import Place, Visitor


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("The Council met.", "The Council has met.", [("", "The Council "), ("insert", "has "), ("", "met.")]),
        ("on Friday", "on Monday", [("", "on "), ("delete", "Friday"), ("insert", "Monday")]),
        ("same", "same", [("", "same")]),
        ("", "new", [("insert", "new")]),
    ],
)
def test_what_went_and_what_came_is_told_word_by_word(before, after, expected) -> None:
    assert [(piece.kind, piece.text) for piece in reworded(before, after)] == expected


def test_versions_are_compared_and_a_lost_text_with_what_stood(
    signed_in: Callable[[str], Visitor], sessions: Sessions, place: Place
) -> None:
    translator, second = place.actors["translator"], place.actors["second"]
    segment = place.segments[2]
    with sessions.write() as session:
        for seen, text in enumerate(("One text", "One other text")):
            review.save(session, translator, segment, text, seen=seen, operation=operation())
        with pytest.raises(StaleVersion):
            review.save(session, second, segment, "A lost text", seen=0, operation=operation())
        session.commit()
    panel = signed_in("reviewer").get(f"/segments/{segment}/panel").text
    assert "<ins>" in panel
    assert panel.index("lost a conflict") < panel.index("edited")
    assert panel.count('data-act="reuse"') == 3
    assert 'data-text="A lost text"' in panel


def test_what_is_older_is_folded_away(signed_in: Callable[[str], Visitor], sessions: Sessions, place: Place) -> None:
    with sessions.write() as session:
        for seen in range(7):
            actor = place.actors["translator"]
            review.save(session, actor, place.segments[2], f"Text {seen}", seen=seen, operation=operation())
        session.commit()
    panel = signed_in("translator").get(f"/segments/{place.segments[2]}/panel").text
    assert "3 older acts" in panel
    assert panel.index('class="older"') < panel.index('data-text="Text 2"')
    assert panel.index('data-text="Text 3"') < panel.index('class="older"')
