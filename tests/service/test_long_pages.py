"""A long page is on its way while its end is made; what is sent asks the database nothing any more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from service.storage.session import Sessions
from service.web.pages import Editor
from service.web.rendering import PART
from tests.factories import make_release
from tests.service.conftest import Place, Visitor

SIZE = 400


@pytest.fixture
def visitor(signed_in: Callable[[str], Visitor]) -> Visitor:
    return signed_in("translator")


@pytest.fixture
def editor(sessions: Sessions, place: Place) -> Callable[[int], str]:
    """The address of the editor of a release of so many segments."""

    def make(size: int) -> str:
        with sessions.write() as session:
            sources = [f"Point {number + 1} adopté." for number in range(size)]
            release = make_release(session, place.actors["editor"], sources)
            session.commit()
            return f"/releases/{release.id}/edit"

    return make


def test_a_long_page_comes_in_parts_and_whole(visitor: Visitor, editor: Callable[[int], str]) -> None:
    answer = visitor.client.get(editor(SIZE))
    asked: list[str] = []

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        parts = [part.decode() for part in answer.iter_encoded()]
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    page = "".join(parts)
    assert len(parts) > 3
    assert min(map(len, parts[:-1])) > PART
    assert asked == []
    assert re.findall(r'id="s(\d+)"', page) == [str(number + 1) for number in range(SIZE)]
    assert page.endswith("</html>")
    assert page.count("</html>") == 1
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_short_page_comes_at_once(visitor: Visitor, editor: Callable[[int], str]) -> None:
    assert len(list(visitor.client.get(editor(3)).iter_encoded())) == 1


def test_the_token_of_a_long_page_is_kept_before_it_is_sent(visitor: Visitor, editor: Callable[[int], str]) -> None:
    address = editor(SIZE)
    with visitor.client.session_transaction() as kept:
        kept.clear()
    answer = visitor.get(address)  # the visitor takes the token of this page
    segment = re.search(r'id="s1" data-id="([^"]+)"', answer.text)
    assert segment
    body = {"text": "Item 1 was adopted.", "seen": 0}
    assert visitor.open("PUT", f"/segments/{segment[1]}/draft", json=body).status_code == 200


def test_a_fault_in_the_beginning_is_told_as_on_any_page(
    app: Flask, visitor: Visitor, editor: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(Editor, "template", "pages/no_such.html")
    answer = visitor.client.get(editor(SIZE))
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "no_such" not in answer.text
