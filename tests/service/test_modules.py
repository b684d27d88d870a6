"""The editor's page names every script that it will import, so that none waits for another to be read."""

from __future__ import annotations

from collections.abc import Callable

from service.web.modules import FOLDER, modules_of
from tests.service.conftest import Place, Visitor


def test_what_a_script_imports_is_found_through_all_of_them() -> None:
    found = modules_of("editor")
    assert found[0] == "js/editor.js"
    assert {"js/cutting.js", "js/shelf.js", "js/http.js"} <= set(found)  # by features, by kept, by nearly all
    assert all((FOLDER / name.removeprefix("js/")).is_file() for name in found)
    assert len(set(found)) == len(found)


def test_the_page_names_them(signed_in: Callable[[str], Visitor], place: Place) -> None:
    page = signed_in("translator").get(f"/releases/{place.release}/edit").text
    assert all(f'<link rel="modulepreload" href="/static/{name}">' in page for name in modules_of("editor"))
