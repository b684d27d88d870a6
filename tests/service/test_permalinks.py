"""The lasting address of a segment: it leads to the segment wherever it stands now."""

from __future__ import annotations

from collections.abc import Callable

from service.storage.releases import get_segment
from service.storage.session import Sessions
from tests.service.conftest import Place, Visitor


def test_the_address_leads_to_the_number_that_the_segment_has_now(
    signed_in: Callable[[str], Visitor], place: Place, sessions: Sessions
) -> None:
    visitor, address = signed_in("translator"), f"/segments/{place.segments[3]}"
    answer = visitor.get(address)
    assert (answer.status_code, answer.location) == (303, f"/releases/{place.release}/edit#s4")
    with sessions.write() as session:
        get_segment(session, place.segments[3]).position = 9
        session.commit()
    assert visitor.get(address).location == f"/releases/{place.release}/edit#s9"


def test_who_is_not_signed_in_comes_back_to_it(visitor: Visitor, place: Place) -> None:
    address = f"/segments/{place.segments[3]}"
    asked = visitor.get(address)
    assert (asked.status_code, asked.location) == (303, f"/sign-in?next={address}")
