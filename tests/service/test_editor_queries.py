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
        made = [make_release(session, place.actors["editor"], [f"Point {n}." for n in range(size)]) for size in (4, 40)]
        short, long = (f"/releases/{release.id}/edit" for release in made)
        session.commit()
    visitor = signed_in("translator")
    visitor.get(short)
    assert asked(visitor, long) == asked(visitor, short)
