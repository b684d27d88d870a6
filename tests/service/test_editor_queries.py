"""The editor asks the database as often for a long release as for a short one."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.engine import Engine

from service.storage.session import Sessions
from tests.factories import make_release
from tests.service.conftest import Place, Visitor


def asked(visitor: Visitor, address: str) -> int:
    """How many statements a page takes."""
    statements: list[str] = []

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        assert visitor.get(address).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(statements)


def test_the_page_takes_as_many_questions_for_forty_segments_as_for_four(
    signed_in: Callable[[str], Visitor], sessions: Sessions, place: Place
) -> None:
    with sessions.write() as session:
        long = make_release(session, place.actors["editor"], [f"Point {number}." for number in range(40)])
        session.commit()
        address = f"/releases/{long.id}/edit"
    visitor = signed_in("translator")
    visitor.get(f"/releases/{place.release}/edit")
    assert asked(visitor, address) <= asked(visitor, f"/releases/{place.release}/edit")
