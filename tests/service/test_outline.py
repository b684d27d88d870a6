"""The outline of a release: a section that is too long to take in is shown in parts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.storage.session import Sessions
from tests.factories import make_release
from tests.service.conftest import Place, Visitor


@pytest.mark.parametrize(("language", "part"), [("en", "51 to 100"), ("fr", "51 à 100")])
def test_a_long_section_is_shown_in_parts(
    signed_in: Callable[[str], Visitor], sessions: Sessions, place: Place, language: str, part: str
) -> None:
    with sessions.write() as session:
        release = make_release(session, place.actors["editor"], [f"Point {n}." for n in range(120)])
        address = f"/releases/{release.id}/edit"
        session.commit()
    page = signed_in("translator").get(address, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert part in page.get_data(as_text=True)
