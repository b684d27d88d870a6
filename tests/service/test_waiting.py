"""What waits for each person stands on the first page; nothing does for who sees no text."""

from __future__ import annotations

from collections.abc import Callable

from service.desk import review
from service.storage.session import Sessions
from service.storage.work import waiting_for
from tests.factories import make_release, operation
from tests.service.conftest import Place, Visitor


def counts(sessions: Sessions, place: Place, who: str, **more: bool) -> list[tuple[int, int, int, bool, int | None]]:
    with sessions.read() as session:
        found = waiting_for(session, place.actors[who].id, **{"reviews": False, "publishes": False} | more)
        return [(one.sent_back, one.drafts, one.to_review, one.ready, one.first) for one in found]


def test_each_is_told_what_is_theirs_and_where_it_begins(sessions: Sessions, place: Place) -> None:
    assert counts(sessions, place, "translator") == []
    assert counts(sessions, place, "reviewer", reviews=True) == [(0, 0, 1, False, 4)]
    with sessions.write() as session:
        translator, reviewer = place.actors["translator"], place.actors["reviewer"]
        review.send_back(session, reviewer, place.segments[3], seen=1, operation=operation(), reason="No")
        review.save_draft(session, translator, place.segments[1], "Half", 0)
        review.save_draft(session, place.actors["second"], place.segments[2], "Somebody else's", 0)
        session.commit()
    assert counts(sessions, place, "translator") == [(1, 1, 0, False, 2)]
    assert counts(sessions, place, "reviewer", reviews=True) == []


def test_nobodys_own_text_waits_for_their_own_review(sessions: Sessions, place: Place) -> None:
    assert counts(sessions, place, "translator", reviews=True) == []


def test_an_editor_is_told_what_is_ready_to_publish(sessions: Sessions, place: Place) -> None:
    with sessions.write() as session:
        translator, reviewer = place.actors["translator"], place.actors["reviewer"]
        segment = make_release(session, translator, ["Une phrase."]).segments[0]
        review.save(session, translator, segment.id, "A sentence.", seen=0, operation=operation(), confirm=True)
        review.approve(session, reviewer, segment.id, seen=1, operation=operation())
        session.commit()
    assert (0, 0, 0, True, None) in counts(sessions, place, "editor", reviews=True, publishes=True)


def test_it_stands_on_the_first_page_with_a_link_to_the_place(
    signed_in: Callable[[str], Visitor], place: Place
) -> None:
    page = signed_in("reviewer").get("/releases").text
    assert "What waits for you" in page
    assert f"/releases/{place.release}/edit#s4" in page
    assert "1 to review" in page
    assert "1 job of yours failed" in signed_in("translator").get("/releases").text
    assert "What waits for you" not in signed_in("admin").get("/releases").text
